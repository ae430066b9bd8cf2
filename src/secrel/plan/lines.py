"""Lines of work by their names: a file of `works`, or a document that is kept by its row (`words.documents`)."""

from __future__ import annotations

from functools import cache, partial

from secrel.evaluate.registry import file_named, names_in
from secrel.plan import works
from secrel.plan.keeping import keep
from secrel.plan.making import Work
from secrel.words.documents import TABLE
from secrel.words.errors import Misused

_KEPT = {identity.kept_by: identity for identity in TABLE.values() if identity.kept_by}


@cache
def work_names() -> tuple[str, ...]:
    """Name every line of work that there is, in alphabetical order."""
    return tuple(sorted({*names_in(works), *_KEPT}))


def work_named(name: str, *, where: str = "") -> Work:
    """Find a line of work; raises `Misused`, at `where`, for a name that is none."""
    if name in names_in(works):
        work: Work = file_named(works, name).work
        return work
    if name in _KEPT:
        return partial(keep, _KEPT[name])
    known = ", ".join(work_names())
    raise Misused(f"there is no line of work {name[:60]!r}", where=where, remedy=f"name one of: {known}")
