from __future__ import annotations

from datetime import datetime, timedelta

from secrel.evaluate.deadlines import What, deadlines
from secrel.evaluate.verdicts import Assessment, Blocked, Judged, Passed, Verdict, Waiting, Waived
from secrel.process.table import Gate
from tests.builders import DUE, NAME, NOW

EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


def judged(name: str, verdict: Verdict, due: datetime | None) -> Judged:
    gate = Gate(name, name, "one", "primary", "claimed")
    return Judged(gate, verdict, due, due is not None and due <= NOW, "amara", "")


def told(*gates: Judged) -> Assessment:
    return Assessment(NAME, NOW, gates)


def test_what_does_not_hold_yet_is_listed_soonest_first() -> None:
    found = deadlines(
        told(
            judged("d", Waiting(("a",), until=DUE), DUE + timedelta(hours=2)),
            judged("c", Blocked(()), LATER),
            judged("b", Passed(()), EARLIER),
            judged("a", Waived("x", NOW, ""), EARLIER),
            judged("e", Blocked(()), None),
            judged("f", Blocked(()), EARLIER),
        )
    )
    assert [(one.gate.name, one.what, one.at, one.is_past) for one in found] == [
        ("f", What.DUE, EARLIER, True),
        ("c", What.DUE, LATER, False),
        ("d", What.OPENS, DUE, False),
        ("d", What.DUE, DUE + timedelta(hours=2), False),
    ]
    assert {one.who for one in found} == {"amara"}
