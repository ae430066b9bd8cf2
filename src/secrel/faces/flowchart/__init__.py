"""The flowchart of a process, drawn from its table and a release's state (mission M3, style 4.4)."""

from secrel.faces.flowchart.as_mermaid import mermaid

__all__ = ["mermaid"]
