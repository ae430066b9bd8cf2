"""What has to be linked beside the fixes: told by project and label, and never passed without having been seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from secrel.evaluate.verdicts import Said
from secrel.words.fixes import Companion
from secrel.words.forge import Issue, State
from secrel.words.parts import NOT_ASKED, Part, Seen, Unseen
from tests.builders import DUE, a_snapshot, a_tracking_issue, an_issue, seen
from tests.evaluate.asking import ask, evidence, findings, hidden

PROJECT = "acme/incidents"
DECLARED, GRAVE = "Incident::Declared", "severity::2"
WANTED = "the incident (in acme/incidents, labelled Incident::Declared and severity::1 or severity::2)"
UNSEEN = Unseen("the forge does not answer")


def incident(number: int = 1, labels: Iterable[str] = (DECLARED, GRAVE), **changes: Any) -> Companion:
    issue = an_issue(number, PROJECT, labels=frozenset(labels), **changes)
    return Companion(issue.ref, seen(issue))


def asked(companions: Part[tuple[Companion, ...]], **more: Any) -> list[Said]:
    params = {"companion": "incident", "said": "the incident", "one_of": ["severity_one", "severity_two"], **more}
    return ask("companion_linked", a_snapshot(companions=companions), **params)


def test_nothing_that_is_linked_is_it() -> None:
    other = Companion("acme/elsewhere#1", seen(an_issue(1, "acme/elsewhere", labels=frozenset({DECLARED, GRAVE}))))
    for there in ((), (other,)):
        said = asked(seen(there))
        assert findings(said) == [("2026-11", f"{WANTED} is not linked")]
        assert not evidence(said)
    [(_, what)] = findings(asked(seen(()), one_of=[]))
    assert what == "the incident (in acme/incidents, labelled Incident::Declared) is not linked"


def test_in_a_project_that_has_nothing_else_it_needs_no_label() -> None:
    """GitLab's own root-cause issues have a project of their own (handbook, Root Cause Analysis)."""
    told = {"companion": "root_cause", "said": "the root-cause issue", "one_of": []}
    assert findings(asked(seen(()), **told)) == [
        ("2026-11", "the root-cause issue (in acme/rcas) is not linked"),
    ]
    issue = an_issue(1, "acme/rcas")
    assert evidence(asked(seen((Companion(issue.ref, seen(issue)),)), **told))


def test_one_with_its_labels_is_it_and_one_is_enough() -> None:
    assert evidence(asked(seen((incident(),)))) == [("acme/incidents#1", "is the incident, and linked")]
    others = (incident(2, [GRAVE]), Companion(f"{PROJECT}#3", UNSEEN))
    said = asked(Seen((*others, incident()), "", "one more is linked that the token may not see"))
    assert said == asked(seen((incident(),)))
    assert evidence(asked(seen((incident(1, [DECLARED]),)), one_of=[]))


@pytest.mark.parametrize(
    ("labels", "lacking"),
    [
        ((GRAVE,), "Incident::Declared"),
        ((DECLARED,), "severity::1 or severity::2"),
        ((DECLARED.lower(), "severity::3"), "Incident::Declared nor severity::1 or severity::2"),
    ],
)
def test_one_that_is_labelled_otherwise_does_not_count(labels: tuple[str, ...], lacking: str) -> None:
    said = asked(seen((incident(labels=labels),)))
    [(about, what)] = findings(said)
    assert about == "acme/incidents#1"
    assert what.startswith(f"is linked, and is not labelled {lacking}: it does not count as the incident: https://")
    assert not evidence(said)


def test_one_that_was_over_before_the_release_began_came_with_a_copied_link() -> None:
    tracking = seen(a_tracking_issue(created_at=DUE - timedelta(days=30)))
    for state, age in product(State, (29, 31)):
        is_of_before = state is State.CLOSED and age == 31
        one = incident(state=state, created_at=DUE - timedelta(days=age))
        snapshot = a_snapshot(companions=seen((one,)), tracking=tracking)
        said = ask("companion_linked", snapshot, companion="incident", said="the incident")
        assert bool(findings(said)) is is_of_before, (state, age)
        assert bool(evidence(said)) is not is_of_before
    for unknown in (seen(a_tracking_issue(created_at=None)), seen(None)):
        snapshot = a_snapshot(companions=seen((incident(state=State.CLOSED),)), tracking=unknown)
        assert evidence(ask("companion_linked", snapshot, companion="incident", said="the incident"))


def unseen_ones() -> Iterator[Part[tuple[Companion, ...]]]:
    yield UNSEEN
    yield NOT_ASKED
    yield Seen((), "", "a link leads to what the token may not see")
    yield seen((Companion(f"{PROJECT}#3", UNSEEN),))
    issue: Issue = an_issue(3, PROJECT, labels=frozenset({DECLARED, GRAVE}))
    yield seen((Companion(issue.ref, Seen(issue, "", "not all of its labels are shown")),))


@pytest.mark.parametrize("part", list(unseen_ones()))
def test_what_could_not_be_seen_is_unseen_and_neither_there_nor_not(part: Part[tuple[Companion, ...]]) -> None:
    said = asked(part)
    assert hidden(said)
    assert not evidence(said)
    assert not findings(said)


def test_what_everybody_can_read_beside_the_fixes_gives_the_release_away_until_its_day() -> None:
    open_one = incident(confidential=False)
    shown = a_snapshot(companions=seen((open_one, Companion(f"{PROJECT}#3", UNSEEN))))
    said = ask("documents_confidential", shown)
    assert [about for about, what in findings(said) if "beside the fixes" in what] == ["acme/incidents#1"]
    assert not findings(ask("documents_confidential", a_snapshot(companions=seen((incident(),)))))
