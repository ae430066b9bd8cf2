"""What people opened that could be a document: every sign of it alone, and everything that speaks against it."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from secrel.words.candidates import candidates, leads_to, led_to, requests_for
from secrel.words.forge import Issue, MergeRequest, State
from tests.builders import DUE, FILES, NAME, a_draft, a_release, an_issue

BOARD, OPENING = "acme/board", f"{NAME}/checklist"
SIGNS: dict[str, tuple[dict[str, Any], str]] = {
    "link": ({}, f"Checklist: {BOARD}#7"),
    "day": ({"due": DUE.date()}, ""),
    "version": ({"title": "Patch release 18.5.2 and others"}, ""),
    "name": ({"title": f"Release {NAME}"}, ""),
}
AGAINST: dict[str, dict[str, Any]] = {
    "a desk keeps it as 2026-10/checklist": {"mark": "2026-10/checklist"},
    "it is closed": {"state": State.CLOSED},
    "it is due on 2026-12-09": {"due": DUE.date() + timedelta(days=14)},
    "its title has 18.4.9": {"title": "Patch release 18.4.9"},
    "everybody can read it": {"confidential": False},
}


def theirs(**changes: Any) -> Issue:
    return an_issue(7, BOARD, **{"title": "Patch release", **changes})


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_alone_tells_one(sign: str) -> None:
    changes, leading = SIGNS[sign]
    [found] = candidates(a_release(), OPENING, [theirs(), theirs(**changes)], leading)[-1:]
    assert found.found == theirs(**changes)
    assert len(found.by) == 1
    assert found.against == ""


def test_without_a_sign_nothing_is_one() -> None:
    for title in ("Patch release 18.5.20", "Patch release 118.5.2", "Release 2026-11-critical", "x2026-11", "18.5"):
        assert candidates(a_release(), OPENING, [theirs(title=title)], f"{BOARD}#77 and other{BOARD}#7") == ()


@pytest.mark.parametrize(("against", "sign"), list(product(AGAINST, SIGNS)))
def test_what_speaks_against_one_is_said_where_a_link_leads_to_it_and_else_it_is_none(against: str, sign: str) -> None:
    changes, leading = SIGNS[sign]
    one = theirs(**{**changes, **AGAINST[against]})
    if sign == "version" and "title" in AGAINST[against]:
        one = theirs(title="Patch release 18.4.9")
    if sign == "day" and "due" in AGAINST[against]:
        return
    found = candidates(a_release(), OPENING, [one], leading)
    assert [candidate.against for candidate in found] == ([against] if sign == "link" else [])


def test_one_that_has_the_mark_already_is_one() -> None:
    [found] = candidates(a_release(), OPENING, [theirs(mark=OPENING, due=DUE.date())], "")
    assert found.against == ""


def test_a_draft_changes_one_file_under_whatever_name() -> None:
    leading = "https://forge.test/acme/security/site/-/merge_requests/900"
    draft = a_draft(mark="", files=(("posts/by-hand.md", "text"),))
    ways: list[tuple[MergeRequest, str]] = [
        (draft, ""),
        (a_draft(mark="", files=()), "it changes 0 files, and a post is one"),
        (a_draft(mark="", files=(*FILES, ("a.png", ""))), "it changes 2 files, and a post is one"),
        (a_draft(mark="", is_public=True), "everybody can read it"),
    ]
    for one, against in ways:
        [found] = candidates(a_release(), f"{NAME}/post/draft", [one], leading)
        assert found.against == against


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("see acme/board#7.", ("acme/board#7",)),
        ("https://forge.test/acme/board/-/issues/7#note_1", ("acme/board#7",)),
        ("https://forge.test/acme/board/-/work_items/7 and acme/board!8", ("acme/board#7", "acme/board!8")),
        (
            "https://forge.test/acme/board/issues/7, https://forge.test/acme/board/-/merge_requests/8)",
            ("acme/board#7", "acme/board!8"),
        ),
        ("acme/board#7 acme/board#7", ("acme/board#7",)),
        ("big/acme/board#7 acme/boards#7 acme/board-2#7 acme/board", ()),
        ("nothing", ()),
    ],
)
def test_links_are_read_in_every_form(text: str, refs: tuple[str, ...]) -> None:
    assert led_to(text, BOARD) == refs
    assert led_to(text, BOARD, "acme/other") == refs
    assert leads_to(text, f"{BOARD}#7") == (f"{BOARD}#7" in refs)


@pytest.mark.parametrize(
    ("home", "text", "refs"),
    [
        (BOARD, "- Checklist: #7, draft: !8+", ("acme/board#7", "acme/board!8")),
        (BOARD, "(#7) and board#8", ("acme/board#7", "acme/board#8")),
        ("acme/other", "board#7, and Acme/Board#8", ("acme/board#7", "acme/board#8")),
        ("acme/other", "#7, other#8, x-board#9, sub/board#9", ()),
        ("elsewhere/other", "board#7 and #8", ()),
        ("", "board#7 and #8", ()),
        (BOARD, "## 7, &#7;, a#7, #7a, #0, gl#7, #7-8, https://forge.test/acme/elsewhere/-/issues/1#7", ()),
    ],
)
def test_short_references_are_read_from_where_they_stand(home: str, text: str, refs: tuple[str, ...]) -> None:
    assert led_to(text, BOARD, home) == refs


def test_a_request_called_by_its_short_name_is_that_of_the_fix() -> None:
    fix, request = an_issue(1, "acme/app", body="CVE: cves#7"), an_issue(7, "acme/cves", body="for it")
    assert [one.found for one in requests_for(fix, "k", [request])] == [request]
    number = an_issue(7, "acme/cves", body="see #1")
    assert requests_for(an_issue(1, "acme/app"), "k", [number]) == (), "that is another issue of its own project"


def test_a_cve_request_is_told_by_a_link_from_either_side() -> None:
    fix, other = an_issue(1), an_issue(2)
    to_fix, bare = an_issue(7, "acme/cves", body=f"for {fix.ref}"), an_issue(8, "acme/cves")
    led = an_issue(3, body=bare.url)
    kept = an_issue(9, "acme/cves", body=fix.url, mark="2026-10/cve/request/x")
    found = [to_fix, bare, kept]
    assert [one.found for one in requests_for(fix, "k", found)] == [to_fix]
    assert [one.found for one in requests_for(led, "k", found)] == [bare]
    assert requests_for(other, "k", found) == ()
