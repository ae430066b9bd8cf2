"""The identities of documents: what is theirs follows from one row each."""

from __future__ import annotations

import pytest

from secrel.words.documents import CORRECTION, TABLE, document_of


@pytest.mark.parametrize(
    ("key", "document"),
    [
        ("2026-11/checklist", "checklist"),
        ("2026-11/faults/acme/app!4", "faults/acme/app!4"),
        ("2026-11/faults/acme/app!4/edit/2", "faults/acme/app!4"),
        ("2026-11/comms/edit/4", "comms"),
        ("2026-11/post/draft/edit/12", "draft"),
        ("2026-11/post/release/edit/1", "post"),
        ("2026-11/cve/request/acme/app#4", "cve/acme/app#4"),
        ("2026-11/cve/update/acme/app#4/2", "cve/acme/app#4"),
        ("2026-11/tracking", "tracking"),
        ("2026-11/comms/head/2", "comms"),
        ("2026-11/cve/request/head/acme/app#4/2", "cve/acme/app#4"),
        ("2026-11/email/ask-test", "email/ask-test"),
        ("2026-11/ask/release-managers/again/3", "ask/release-managers"),
        ("2026-11/ask/release-managers/again/x", None),
        ("2026-11/post/draft/close", None),
        ("2026-11/email", None),
    ],
)
def test_keys_tell_which_document_they_write(key: str, document: str | None) -> None:
    assert document_of(key) == document


@pytest.mark.parametrize(
    "key",
    ["2026-11/tracking/close", "2026-11/checklist/edit/x", "2026-11/cve/update/3", "checklist", "email/ask-test"],
)
def test_other_keys_write_no_document_that_is_edited_later(key: str) -> None:
    assert document_of(key) is None


@pytest.mark.parametrize("name", [name for name, identity in TABLE.items() if identity.edits])
def test_every_key_of_a_document_leads_back_to_it(name: str) -> None:
    identity = TABLE[name]
    about = "acme/app#4" if identity.is_per_fix else ""
    for key in (
        identity.opening("2026-11", about),
        f"{identity.editing('2026-11', about)}/3",
        f"{identity.heading_of('2026-11', about)}/3",
    ):
        assert document_of(key) == identity.of(about)


def test_no_two_documents_share_what_tells_them_apart() -> None:
    rows = [
        identity for name, identity in TABLE.items() if name != "next_tracking"
    ]  # a tracking issue of another release
    for told in ([row.key for row in rows], [row.edits for row in rows if row.edits], [row.said for row in rows]):
        assert len(set(told)) == len(told)
    assert all(name == identity.name for name, identity in TABLE.items())


def test_what_is_opened_again_has_a_number_in_its_key_from_the_second_on() -> None:
    correction = TABLE[CORRECTION]
    keys: list[str] = []
    for wanted in ("2026-11/post/correction", "2026-11/post/correction/2", "2026-11/post/correction/3"):
        assert correction.next_opening("2026-11", keys) == wanted
        assert correction.openings("2026-11", keys) == tuple(keys)
        assert document_of(wanted) == CORRECTION
        keys.append(wanted)
    assert document_of("2026-11/post/draft/2") is None, "what is not repeated is opened once"
    assert TABLE["draft"].openings("2026-11", ["2026-11/post/draft"]) == ("2026-11/post/draft",)
