"""What labels of a CVE request say against its id: every combination of states and of what is known otherwise."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest

from secrel.verify.requested import ERROR, PUBLISHED, REJECTED, IdKnown, are_stated, state_faults, stated
from secrel.words.ids import CveId
from tests.builders import an_issue

LABELS = {ERROR: "advisory::error", REJECTED: "advisory::rejected", PUBLISHED: "advisory::published"}
OURS, BEFORE = CveId("CVE-2026-0001"), CveId("CVE-2026-0009")


def faults(*states: str, cve_id: CveId | None = OURS, rejected: tuple[CveId, ...] = (), late: bool = True) -> list[str]:
    request = an_issue(1, "acme/cves", labels=frozenset(LABELS.get(state, state) for state in states))
    return list(state_faults(request, LABELS, IdKnown(cve_id, rejected, is_announced=late)))


@pytest.mark.parametrize(
    ("states", "known", "said"),
    [
        (["advisory::queued", "cve request"], {}, []),
        ([PUBLISHED], {}, []),
        ([ERROR], {}, ["error: read what the CNA wrote"]),
        (["Advisory::Error"], {}, ["error: read what the CNA wrote"]),
        ([ERROR], {"cve_id": None}, ["error: read what the CNA wrote"]),
        ([REJECTED], {}, ["rejected, and CVE-2026-0001 is what its fix goes by"]),
        ([REJECTED], {"cve_id": None, "rejected": (BEFORE,)}, ["rejected, as the CNA's note says of CVE-2026-0009"]),
        ([REJECTED], {"cve_id": None}, ["rejected, and no note of the CNA says why"]),
        ([PUBLISHED], {"late": False}, ["published before the release: ask the CNA at once"]),
        ([PUBLISHED], {"cve_id": None}, ["published, and no note of the CNA assigns an id"]),
        (
            [PUBLISHED],
            {"cve_id": None, "rejected": (BEFORE,)},
            ["published, and the CNA's note says that CVE-2026-0009"],
        ),
        ([ERROR, PUBLISHED], {}, ["error and advisory::published at once", "error: read"]),
    ],
)
def test_a_label_is_held_against_what_is_known(states: list[str], known: dict[str, object], said: list[str]) -> None:
    found = faults(*states, **known)  # type: ignore[arg-type]  # rows of words
    assert len(found) == len(said), found
    for fault, words in zip(found, said, strict=True):
        assert f"is labelled advisory::{words}" in fault


def test_error_and_rejection_are_always_said_and_nothing_is_said_without_a_state() -> None:
    sets = chain.from_iterable(combinations(LABELS, count) for count in range(4))
    for states, cve_id, rejected, late in product(sets, (OURS, None), ((), (BEFORE,)), (True, False)):
        found = faults(*states, cve_id=cve_id, rejected=rejected, late=late)
        assert bool(found) or not {ERROR, REJECTED}.intersection(states)
        assert states or not found
        for state in (ERROR, REJECTED):
            assert any(fault.startswith(f"is labelled {LABELS[state]}") for fault in found) is (state in states)


def test_a_process_that_names_no_label_looks_for_none() -> None:
    request = an_issue(1, "acme/cves", labels=frozenset({"", *LABELS.values()}))
    for labels in ({}, {"cve_request": "cve request"}, dict.fromkeys(LABELS, "")):
        assert not are_stated(labels)
        assert stated(request, labels) == ()
    assert are_stated(LABELS)
