"""What release managers change in a release: when it is due, and which versions it ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec.structs import replace

from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.desk.questioning import question_versions
from secrel.observe.facts import read_release
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.words.documents import TABLE
from secrel.words.effects import Effect, SetFacts, SetHead
from secrel.words.errors import Misused
from secrel.words.facts.stated import ReleaseFacts, amended, read_facts
from secrel.words.heads import head_of
from secrel.words.releases import Release

_JUST_NOW = timedelta(hours=1)
"""What goes out now is due now: a time is past only when it was that long ago."""


def move_release(
    desk: Desk, name: str, *, due: str = "", versions: Mapping[str, Sequence[str]] | None = None
) -> Release:
    """Change when a release is due, or the versions of a product (by key), and give the release as it is then.

    Everything that holds day or version follows: file name, address, ranges, email. Raises `Misused` for what is no
    instant, no product of the release or no version, for a time that is past, and once the release is announced, and
    changes nothing then; `Refused` for somebody who may not.
    """
    moved: list[Release] = []

    def ordered(seen: Scene) -> Ordered:
        if seen.snapshot.announced_at is not None:
            raise Misused(
                "the release is announced", where=name, remedy="what is public keeps its day and its versions"
            )
        tracking = seen.issue("tracking")
        told = tracking.facts.whole(ReleaseFacts, tracking.ref)
        table = _table(told, name, due, versions or {})
        changes = read_facts(ReleaseFacts, table).whole(ReleaseFacts, name)
        moved[:] = [read_release(amended(told, changes, table), desk.process, name)]
        if due and moved[0].due <= desk.now() - _JUST_NOW:
            raise Misused("it moves to a time that is past", where=f"{name}, due", remedy="name one that is to come")
        question_versions(desk, moved[0], seen.snapshot.release)
        day = moved[0].due.date()
        facts = SetFacts.seen(tracking.ref, tracking.facts, changes, tuple(table))
        key = f"{name}/move/{seen.next_number(f'{name}/move')}"
        effects = [Effect(key, facts, "change what the tracking issue says of the release")]
        if day != tracking.due:
            prefix, last = TABLE["tracking"].heading_of(name), seen.snapshot.written.get("tracking")
            stood = head_of(tracking)
            desk_head = replace((last.head if last else None) or stood, due=day)
            action = SetHead(tracking.ref, replace(stood, due=day), stood, desk_head)
            key = f"{prefix}/{seen.next_number(prefix)}"
            effects.append(Effect(key, action, "give the tracking issue its new day"))
        return Ordered(tuple(effects))

    order(desk, name, Act.MOVE, ordered)
    return moved[0]


def _table(told: ReleaseFacts, name: str, due: str, named: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Give the lines of the tracking issue that change; raises `Misused` for a product that it does not ship."""
    known = [shipped.product for shipped in told.products]
    strange = sorted(set(named) - set(known))
    if strange:
        raise Misused(
            f"the release does not ship {strange[0][:60]!r}", where=name, remedy=f"name one of: {', '.join(known)}"
        )
    products = [
        {"product": s.product, "versions": list(named.get(s.product, map(str, s.versions)))} for s in told.products
    ]
    return ({"due": due} if due else {}) | ({"products": products} if named else {})
