"""What release managers change in a release: when it is due, and which versions it ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.observe.facts import read_release
from secrel.ports.people import ForgePeople
from secrel.words.errors import Misused
from secrel.words.facts.stated import ReleaseFacts, amended, read_facts
from secrel.words.releases import Release


def move_release(
    desk: Desk, people: ForgePeople, name: str, *, due: str = "", versions: Mapping[str, Sequence[str]] | None = None
) -> Release:
    """Change when a release is due, or the versions of a product (by key), and give the release as it is then.

    Everything that holds day or version follows: file name, address, ranges, email. Raises `Misused` for what is no
    instant, no product of the release or no version, and changes nothing then.
    """
    tracking = look(desk, name).issue("tracking")
    told = tracking.facts.whole(ReleaseFacts, tracking.ref)
    known = [shipped.product for shipped in told.products]
    named = versions or {}
    strange = sorted(set(named) - set(known))
    if strange:
        raise Misused(
            f"the release does not ship {strange[0][:60]!r}", where=name, remedy=f"name one of: {', '.join(known)}"
        )
    products = [
        {"product": s.product, "versions": list(named.get(s.product, map(str, s.versions)))} for s in told.products
    ]
    table = ({"due": due} if due else {}) | ({"products": products} if named else {})
    changes = read_facts(ReleaseFacts, table).whole(ReleaseFacts, name)
    release = read_release(amended(told, changes, table), desk.process, name)
    people.change_facts(tracking.ref, changes, tuple(table))
    people.set_due(tracking.ref, release.due.date())
    return release
