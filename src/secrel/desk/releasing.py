"""What release managers change in a release: when it is due, and which versions it ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.observe.facts import read_release
from secrel.ports.people import ForgePeople
from secrel.words.errors import Misused
from secrel.words.releases import Release


def move_release(
    desk: Desk, people: ForgePeople, name: str, *, due: str = "", versions: Mapping[str, Sequence[str]] | None = None
) -> Release:
    """Change when a release is due, or the versions of a product (by key), and give the release as it is then.

    Everything that holds day or version follows: file name, address, ranges, email. Raises `Misused` for what is no
    instant, no product of the release or no version, and changes nothing then.
    """
    tracking = look(desk, name).issue("tracking")
    changes: dict[str, Any] = {}
    if due:
        changes["due"] = due
    if versions:
        told: Any = tracking.facts["products"]
        known = [str(product["product"]) for product in told]
        strange = sorted(set(versions) - set(known))
        if strange:
            raise Misused(
                f"the release does not ship {strange[0][:60]!r}", where=name, remedy=f"name one of: {', '.join(known)}"
            )
        changes["products"] = [
            {**product, "versions": list(versions.get(str(product["product"]), product["versions"]))}
            for product in told
        ]
    release, _ = read_release({**tracking.facts, **changes}, desk.process, name)
    people.change_facts(tracking.ref, changes)
    people.set_due(tracking.ref, release.due.date())
    return release
