"""Propose: everything whose turn has come, and every document that is behind, as one plan."""

from __future__ import annotations

from collections.abc import Collection

from secrel.desk.desk import Desk
from secrel.papers.scene import Scene
from secrel.plan.plan import Plan
from secrel.plan.planning import plan_release


def propose(_desk: Desk, scene: Scene, only: Collection[str] | None = None) -> Plan:
    """Plan what is open now; `only` keeps to some lines of work, and refuses for those whose turn has not come.

    Raises `Misused` for the name of no line of work.
    """
    return plan_release(scene, only)
