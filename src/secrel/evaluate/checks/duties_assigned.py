"""A Primary and a Secondary are named, both are known, and they sit in different regions.

Rule: docs/process/gitlab/duties-assigned.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import duty_of
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot


class Params(Told, frozen=True):
    """`one_region`: true for a team that sits in one region only."""

    one_region: bool = False


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the duty of the release and at the people it names."""
    names, swap = duty_of(snapshot), f"secrel rotation swap {quoted(snapshot.release.name)}"
    if len(names) < 2:  # noqa: PLR2004 - Primary and Secondary
        missing = "Primary and Secondary" if not names else "Primary" if not _primary(snapshot) else "Secondary"
        yield Finding(snapshot.release.name, f"{missing} not named")
        return
    if names[0] == names[1]:
        yield Finding(names[0], "is both Primary and Secondary", f"{swap} {quoted(names[1])}")
        return
    people = [snapshot.person(name) for name in names]
    for name, person in zip(names, people, strict=True):
        if person is None:
            yield Finding(name, "is not in the team", f"{swap} {quoted(name)}")
        else:
            yield Evidence(name, f"{person.name}, {person.region}")
    first, second = people
    same = first is not None and second is not None and first.region == second.region
    if same and not question.params.one_region:
        said = f"sits in the same region as {names[0]}, so that nobody can take over"
        yield Finding(names[1], said, f"{swap} {quoted(names[1])}")


def _primary(snapshot: Snapshot) -> str:
    return snapshot.duty.primary if snapshot.duty else ""
