"""Every recorded request, asked again of a double that is filled to resemble what was there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.gitlab_double.proofs.replay.comparing import artefacts, reviewed
from tests.gitlab_double.proofs.replay.recordings import recordings
from tests.gitlab_double.proofs.replay.replaying import Difference, replayed
from tests.gitlab_double.rest.register import ROUTES


def test_recorded_requests_are_answered_alike_but_for_what_is_reviewed() -> None:
    known = reviewed()
    met = Counter[Difference]()
    unknown: dict[Difference, str] = {}
    for recording in recordings():
        if recording.id in artefacts():
            continue
        for difference in replayed(recording):
            met[difference] += 1
            if difference not in known:
                unknown.setdefault(difference, recording.id)
    assert unknown == {}, "make the double alike, or review what `generate` writes"
    assert sorted(known.keys() - met.keys()) == [], "no recording differs there any more: run `generate`"


def test_every_difference_has_a_reason() -> None:
    assert [row for row, reason in reviewed().items() if len(reason) < 10] == []
    assert [one for one, reason in artefacts().items() if len(reason) < 10] == []


def test_no_status_envelope_or_refusal_differs() -> None:
    assert [row for row in reviewed() if row[0] in ("value", "type")] == []


def test_every_route_says_where_its_answers_are_from() -> None:
    assert [f"{one.method} {one.pattern}" for one in ROUTES if not one.cites] == []


def test_the_double_knows_nothing_of_the_product() -> None:
    folder = Path(__file__).resolve().parents[1]
    texts = {path.name: path.read_text("utf-8") for path in folder.rglob("*.py") if path.parent.name != "proofs"}
    word = "sec" + "rel"
    assert [name for name, text in texts.items() if f"import {word}" in text or f"from {word}" in text] == []
