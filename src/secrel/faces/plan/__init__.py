"""A plan as a person reads it before they approve it (design.md, Plan)."""

from secrel.faces.plan.rendering import FORMATS, render_plan

__all__ = ["FORMATS", "render_plan"]
