"""The makers, by the names that the process table uses."""

from __future__ import annotations

from collections.abc import Mapping

from secrel.plan.makers import after, asking, cve, documents, posts, publishing
from secrel.plan.making import Maker

MAKERS: Mapping[str, Maker] = {
    **asking.MAKERS,
    **cve.MAKERS,
    **documents.MAKERS,
    **posts.MAKERS,
    **publishing.MAKERS,
    **after.MAKERS,
}
"""Every maker by its name."""
