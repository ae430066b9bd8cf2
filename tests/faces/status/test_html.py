"""The page of a release: one whole file, nothing in it but what the desk says, and everything in it escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.verdicts import Assessment, Blocked, Finding, Passed
from secrel.faces.status import Board, board_of, status_html
from secrel.faces.status.board import Milestone
from secrel.faces.status.words import told_at
from secrel.plan.plan import Plan, Refusal
from secrel.words.parts import Unseen
from secrel.words.people import CANCELLED, Claim, Duty
from tests.builders import (
    NAME,
    NOW,
    a_contents,
    a_fix,
    a_live_post,
    a_snapshot,
    an_advisory,
    an_issue,
    changed,
    requests,
    seen,
    with_parts,
)
from tests.faces.terminal.goldens import a_full_board
from tests.faces.terminal.scene import HOSTILE, a_board, a_process, an_assessment
from tests.papers.post.products import spans

VOID = {"meta", "br"}
KNOWN = {
    *("a", "aside", "b", "body", "br", "caption", "code", "details", "div", "h1", "h2", "h3", "head", "header", "html"),
    *("li", "main", "meta", "nav", "ol", "p", "pre", "section", "span", "style", "summary", "table", "tbody", "td"),
    *("th", "thead", "title", "tr", "ul"),
}
ATTRIBUTES = {
    *("aria-current", "aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "content", "href", "id"),
    *("http-equiv", "lang", "name", "open", "role", "scope", "tabindex"),
}


class Page(HTMLParser):
    """A page as a parser that knows nothing of the program sees it: its elements, all closed in order, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], "an element is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), "an attribute stands twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{tag} was never opened"
        assert self.open.pop() == tag, "elements overlap"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def every(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


def hostile_board() -> Board:
    """Everything that people write is an attack."""
    fixes = [changed(a_fix(1), issue=an_issue(1, title=HOSTILE)), a_fix(2)]
    process = a_process()
    gates = tuple(structs.replace(gate, title=HOSTILE) for gate in process.gates)
    judged = tuple(
        replace(one, gate=gate, who=HOSTILE, command=HOSTILE)
        for one, gate in zip(an_assessment().gates, gates, strict=True)
    )
    found = replace(judged[1], verdict=Blocked((Finding(HOSTILE, HOSTILE, HOSTILE),)))
    board = a_board(
        Assessment(NAME, NOW, (judged[0], found, *judged[2:])), a_snapshot(fixes, duty=Duty(NAME, HOSTILE, "bjorn"))
    )
    scene = replace(board.scene, process=structs.replace(process, gates=gates))
    plan = Plan(HOSTILE, a_full_board().plan.effects, (Refusal(HOSTILE, HOSTILE),))  # type: ignore[union-attr]
    return board_of(scene, plan=plan, documents={HOSTILE: HOSTILE})


BOARDS = {
    "full": a_full_board(),
    "hostile": hostile_board(),
    "bare": a_board(Assessment(NAME, NOW, ()), a_snapshot([], duty=None)),
    "unseen": a_board(snapshot=with_parts(a_snapshot(), fixes=Unseen("the forge does not answer"))),
    "nothing waits": board_of(a_board().scene, plan=Plan(NAME, ())),
}


@pytest.mark.parametrize("name", BOARDS)
def test_a_page_is_whole_and_has_what_it_needs_in_itself(name: str) -> None:
    text = status_html(BOARDS[name])
    page = Page(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert {tag for tag, _ in page.elements} <= KNOWN, "no script, picture, frame or form"
    assert {key for _, told in page.elements for key in told} <= ATTRIBUTES, "no handler, style or source"
    assert [ident for ident, count in Counter(page.every("id")).items() if count > 1] == []
    assert all(link.startswith("#") and link[1:] in page.every("id") for link in page.every("href"))
    assert set(page.every("aria-labelledby")) <= set(page.every("id"))
    assert [tag for tag, _ in page.elements].count("h1") == 1
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize("name", BOARDS)
def test_the_policy_allows_the_pages_own_style_and_nothing_else(name: str) -> None:
    text = status_html(BOARDS[name])
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [told["content"] for _, told in Page(text).elements if "http-equiv" in told]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_what_people_write_stands_there_as_they_wrote_it_and_does_nothing() -> None:
    text = status_html(BOARDS["hostile"])
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "</table> **bold**" in "".join(Page(text).texts)
    assert text.count("<table") == text.count("</table>") == 1


def test_it_says_at_its_top_who_may_see_it() -> None:
    before = Page(status_html(a_board())).texts
    told = " ".join(before)
    assert "Only for the team: this page has what is under embargo. Nothing of this release is public yet." in told
    live = a_board(snapshot=a_snapshot([], post=seen(a_live_post())))
    after = " ".join(Page(status_html(live)).texts)
    assert "under embargo" not in after
    assert "Only for the team: the release is public since " in after


def test_it_has_every_part_that_there_is_to_say() -> None:
    page = Page(status_html(BOARDS["full"]))
    ids = ["now", "where", "duty", "plan", "fixes", "gates", "documents"]
    assert [told["id"] for tag, told in page.elements if tag == "section"] == ids
    text = "\n".join(page.texts)
    assert "05:00 on Wed 18 Nov, America/Denver" in text
    assert "# Release\n\nWords & <b>signs</b>.\n" in text
    assert "7 effects, 2 reveal, 1 blind" in text
    assert "in the tag: yes (v18.5.2)" in text
    assert "missing" in text


def test_without_a_plan_and_documents_they_are_left_out() -> None:
    text = "\n".join(Page(status_html(BOARDS["bare"])).texts)
    assert "Plan that waits" not in text
    assert "Documents" not in text
    assert "No fix is linked." in text
    assert "Nothing to do now" in text
    assert "Nothing waits for a person." in "\n".join(Page(status_html(BOARDS["nothing waits"])).texts)
    assert "the forge does not answer" in "\n".join(Page(status_html(BOARDS["unseen"])).texts)


def test_a_phase_that_holds_is_folded_and_one_that_does_not_is_open() -> None:
    held = tuple(
        replace(one, verdict=Passed(())) if one.gate.phase == "fixes" else one for one in an_assessment().gates
    )
    page = Page(status_html(a_board(Assessment(NAME, NOW, held))))
    assert ["open" in told for tag, told in page.elements if tag == "details"] == [False, True, True]


def test_a_turning_point_says_when_it_was_only_where_that_is_known() -> None:
    text = "\n".join(Page(status_html(a_board())).texts)
    assert "Started\ndone, Fri 16 Oct 2026 16:00 UTC, 32 days ago" in text
    assert "Last fix\ndone\n" in text
    assert "Announcement\nto come, due Wed 25 Nov 2026 16:00 UTC, in 7 days" in text
    live = a_board(snapshot=a_snapshot([], post=seen(a_live_post())))
    assert [(one.title, one.was) for one in live.milestones if one.was] == [("Started", True), ("Announcement", True)]
    unknown = a_board(snapshot=with_parts(a_snapshot(), tracking=Unseen("gone")))
    assert unknown.milestones[0] == Milestone("Started", None, holds=False, was=True)


def test_a_branch_that_a_fix_need_not_reach_says_so() -> None:
    first, second = a_fix(1), a_fix(2)
    told = a_contents(advisories=[an_advisory(1), an_advisory(2, affected=spans("18.5<18.5.2"))])
    bare = changed(second, merge_requests=requests(second)[:1])
    text = "\n".join(Page(status_html(a_board(snapshot=a_snapshot([first, bare], contents=told)))).texts)
    assert "not needed" in text


def test_times_are_told_on_the_readers_clock_as_well_where_it_shows_another() -> None:
    assert "for you" not in status_html(board_of(replace(a_board().scene, by="amara"))), "in the zone of the release"
    assert board_of(replace(a_board().scene, by="nobody")).reader is None
    board = board_of(replace(a_board().scene, by="bjorn"))
    assert "Due Wed 25 Nov 2026 16:00 UTC (09:00 for you), in 7 days" in status_html(board)
    at = NOW.replace(hour=3)
    assert told_at(at, board) == "Wed 18 Nov 2026 03:00 UTC (Tue 20:00 for you)"


def test_a_cancelled_release_says_so() -> None:
    gone = Claim(NAME, CANCELLED, "amara", NOW, "not needed")
    assert "Cancelled by amara, Wed 18 Nov 2026 12:00 UTC, now: not needed" in status_html(
        a_board(snapshot=a_snapshot(claims=(gone,)))
    )
