"""The embargo guard: it reads what would become public as a person does, and finds what must not (docs/embargo.md)."""

from secrel.plan.guard.finding import EmbargoedFact, Leaks
from secrel.plan.guard.folding import folded
from secrel.plan.guard.guarding import Guarded, guard, look_through
from secrel.plan.guard.unread import Unread

__all__ = ["EmbargoedFact", "Guarded", "Leaks", "Unread", "folded", "guard", "look_through"]
