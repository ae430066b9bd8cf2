"""The page of a release: one whole file, nothing in it but what the desk says, and everything in it escaped."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise

import pytest
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.verdicts import Assessment, Blocked, Finding, Passed
from secrel.faces.status.board import Board, Milestone, board_of
from secrel.faces.status.data import status_json
from secrel.faces.status.html import status_html
from secrel.faces.status.words import told_at
from secrel.papers.world import POST
from secrel.plan.plan import Notice, Plan, Refusal
from secrel.words.parts import Unseen
from secrel.words.people import CANCELLED, Absence, Claim, Duty
from secrel.words.vectors import Vector
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
from tests.faces.terminal.plan_scene import a_plan
from tests.faces.terminal.scene import HOSTILE, a_board, a_process, an_assessment
from tests.papers.post.products import spans

VOID = {"meta", "br", "hr"}
KNOWN = {
    *("a", "aside", "b", "body", "br", "caption", "code", "dd", "details", "div", "dl", "dt", "h1", "h2", "h3", "head"),
    *("header", "html", "li", "main", "meta", "nav", "ol", "p", "pre", "rect", "section", "span", "style", "summary"),
    *("svg", "table", "tbody", "td", "th", "thead", "title", "tr", "ul"),
    *("blockquote", "em", "h4", "h5", "h6", "hr", "strong"),
}
ATTRIBUTES = {
    *("aria-current", "aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "content", "data-branch"),
    *("height", "href", "http-equiv", "id", "lang", "name", "open", "preserveaspectratio", "scope", "tabindex"),
    *("viewbox", "width", "x", "y"),
}


UNSTYLED = {"low", "none"}


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


MARKED = """
# Post {#one}

## A *loud* **fix** {#cve-2026-0001}

![a picture](https://outside.test/a.png) and [a script](javascript:alert(1)), [a link](https://outside.test/b "title").
<https://outside.test/c> <img src=x onerror=alert(1)> &lt;script&gt; `code <b>`\\
next

|[Title](#cve-2026-0001)|Severity|
|---|---|
|<script>alert(1)</script>|high|

> # quoted
- tight
1. one

   two

***

    indented <b>

```html
<script>alert(1)</script>
```

###### deep
"""


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
    return board_of(
        scene, plan=plan, documents={HOSTILE: HOSTILE, POST: f"---\ntitle: {HOSTILE}\n---\n{HOSTILE}\n{MARKED}"}
    )


CRITICAL, HIGH = (
    Vector.parse(f"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/{told}") for told in ("S:C/C:H/I:H/A:H", "S:U/C:H/I:N/A:N")
)
TOLD = [
    an_advisory(1, vector=CRITICAL, cve_id=None, affected=spans("18.5<18.5.2")),
    an_advisory(2, vector=HIGH, cve_id=None, no_cve="found before it was released"),
    an_advisory(3, vector=None),
]
SCORED = [changed(a_fix(1), merge_requests=requests(a_fix(1))[:1]), *map(a_fix, range(2, 5))]

BOARDS = {
    "full": a_full_board(),
    "hostile": hostile_board(),
    "bare": a_board(Assessment(NAME, NOW, ()), a_snapshot([], duty=None)),
    "unseen": a_board(snapshot=with_parts(a_snapshot(), fixes=Unseen("the forge does not answer"))),
    "scored": a_board(snapshot=a_snapshot(SCORED, contents=a_contents(advisories=TOLD), tags=Unseen("no git"))),
    "strangers": a_board(snapshot=a_snapshot(duty=Duty(NAME, "nobody-here", "nobody-there"))),
    "embargo": board_of(a_board().scene, plan=replace(a_plan(), notices=(Notice("look at this", ()),))),
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
    assert text.count("<table") == text.count("</table>") == 2, "that of the fixes, and that of the post"


def test_a_post_is_shown_as_its_readers_see_it_and_leads_nowhere() -> None:
    page = Page(status_html(board_of(a_board().scene, documents={POST: f"---\ntitle: Post\n---\n{MARKED}"})))
    tags = [tag for tag, _ in page.elements]
    assert {"h3", "h4", "em", "strong", "table", "blockquote", "ul", "ol", "hr", "br", "code", "pre"} <= set(tags)
    assert "title: Post\n" in page.texts
    told = "".join(page.texts)
    for said in ("A loud fix", "a picture (https://outside.test/a.png)", "a link (https://outside.test/b)"):
        assert said in told
    assert "<img src=x onerror=alert(1)>" in told, "what is no Markdown stands there as it was typed"
    assert f"{MARKED}" in told, "and the source beside it"
    assert all(link.startswith("#") for link in page.every("href"))
    bare = Page(status_html(board_of(a_board().scene, documents={POST: "Words."})))
    assert "Words." in bare.texts


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
    ids = ["now", "duty", "where", "plan", "fixes", "gates", "documents"]
    assert [told["id"] for tag, told in page.elements if tag == "section" and "id" in told] == ids
    text = "\n".join(page.texts)
    assert "05:00\n Wed 18 Nov, America/Denver" in text
    assert "# Release\n\nWords & <b>signs</b>.\n" in text
    assert "7 effects, 2 reveal, 1 blind" in text
    assert "in its tag" in text
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


def test_of_many_reasons_the_first_are_shown_and_the_rest_is_folded() -> None:
    gates = an_assessment().gates
    many = replace(gates[0], verdict=Blocked(tuple(Finding(f"acme/app#{number}", "is late") for number in range(9))))
    text = status_html(a_board(Assessment(NAME, NOW, (many,))))
    assert text.count("<summary>4 more</summary>") == 2, "where it is to be done, and among the gates"
    assert all(text.count(f"acme/app#{number}: is late") == 2 for number in range(9)), "nothing is left out"


def test_a_turning_point_says_when_it_was_only_where_that_is_known() -> None:
    text = "\n".join(Page(status_html(a_board())).texts)
    assert "Started\ndone, Fri 16 Oct 2026 16:00 UTC, 32 days ago" in text
    assert "Last fix\ndone\n" in text, "nobody says when it was due"
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
    text = "\n".join(Page(status_html(board)).texts)
    assert "Due\nin 7 days\nWed 25 Nov 2026 16:00 UTC (09:00 for you)" in text
    at = NOW.replace(hour=3)
    assert told_at(at, board) == "Wed 18 Nov 2026 03:00 UTC (Tue 20:00 for you)"


def test_a_cancelled_release_says_so() -> None:
    gone = Claim(NAME, CANCELLED, "amara", NOW, "not needed")
    text = "\n".join(Page(status_html(a_board(snapshot=a_snapshot(claims=(gone,))))).texts)
    assert "Cancelled\nnow\nWed 18 Nov 2026 12:00 UTC\nby amara: not needed" in text


@pytest.mark.parametrize("name", BOARDS)
def test_headings_and_landmarks_lead_through_the_page(name: str) -> None:
    page = Page(status_html(BOARDS[name]))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(later <= before + 1 for before, later in pairwise(levels)), "a level is left out"
    assert [tag for tag, _ in page.elements].count("main") == 1
    for tag, told in page.elements:
        if tag in ("section", "nav", "aside"):
            assert told.get("aria-label") or told.get("aria-labelledby"), "a landmark has no name"
        if tag == "th":
            assert told["scope"] in ("col", "row")
        if tag == "svg":
            assert told["aria-hidden"] == "true", "what is drawn is said in words beside it"
    first = next(told for tag, told in page.elements if tag == "a")
    assert first["href"] == "#now", "the first thing a keyboard comes to leads to what is to be done"
    scrolled = [told for tag, told in page.elements if tag == "pre" or "scroll" in told.get("class", "").split()]
    assert all(told["tabindex"] == "0" for told in scrolled), "a keyboard can scroll what is cut off"


STYLE = (resources.files("secrel.faces.html") / "page.css").read_text("utf-8")
PAIRS = [
    *((ink, ground) for ink in ("ink", "soft", "accent", "bad") for ground in ("bg", "card")),
    *((name, f"{name}-wash") for name in ("ok", "bad", "wait", "warn")),
    *((ink, "wash") for ink in ("ink", "soft")),
]


def palette(place: int) -> dict[str, str]:
    """Give the colours of the page: the light ones at 0, the dark ones at 1."""
    blocks = re.findall(r":root\{([^}]*--bg[^}]*)\}", STYLE)
    assert len(blocks) == 2
    return {
        name: "".join(sign * 2 for sign in value) if len(value) == 3 else value
        for name, value in re.findall(r"--([a-z-]+):#([0-9a-f]+)", blocks[place])
    }


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour (WCAG 2.2)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
def test_every_text_can_be_read_on_its_ground(place: int) -> None:
    colours = palette(place)
    assert set(colours) == set(palette(0)), "each scheme has every colour"
    assert contrast("000000", "ffffff") == pytest.approx(21)
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}, "WCAG AA"
    assert contrast(colours["bar"], colours["wait-wash"]) >= 2, (
        "working hours stand out; words beside them say the same"
    )


def test_every_class_of_the_page_has_a_style_and_every_style_a_use() -> None:
    used = {one for name in BOARDS for word in Page(status_html(BOARDS[name])).every("class") for one in word.split()}
    styled = set(re.findall(r"\.([a-z]+)(?=[^0-9])", re.sub(r"\{[^}]*\}", "{}", STYLE)))
    assert used - styled <= UNSTYLED
    assert styled - used == set()


def seat_of(username: str, at: datetime, **change: object) -> str:
    """Give what the page says of whoever is Primary, as a reader hears it."""
    team = tuple(structs.replace(one, **change) if one.username == username else one for one in a_snapshot().people)
    snapshot = structs.replace(a_snapshot(duty=Duty(NAME, username, "bjorn")), people=team, at=at)
    page = Page(status_html(a_board(Assessment(NAME, at, ()), snapshot)))
    return "\n".join(page.texts).partition("On duty\n")[2].partition(" Primary\n")[2].partition("\nBjorn")[0]


def test_what_is_not_known_of_a_fix_is_said_and_never_that_it_is_not_needed() -> None:
    text = "\n".join(Page(status_html(BOARDS["scored"])).texts)
    rows = {number: text.partition(f"acme/app#{number}\n")[2].partition("acme/app#")[0] for number in range(1, 5)}
    assert rows[1].startswith("10.0 critical\nnone yet\n")
    assert "missing" in rows[1]
    assert rows[2].startswith("7.5 high\nnone needed\n")
    assert rows[3].startswith("not scored\nCVE-2026-0003\n")
    assert rows[4].startswith("not known\nnot known\n")
    assert "tag not seen" in text
    assert "its tag is unseen" in text


def test_nobody_knows_whether_a_stranger_is_at_work() -> None:
    told = json.loads(status_json(BOARDS["strangers"]))["on_duty"]
    assert [(one["is_at_work"], one["begins"], one["ends"]) for one in told] == [(None, None, None)] * 2


def test_the_plan_is_there_to_the_byte_with_what_is_to_be_read_first() -> None:
    text = "\n".join(Page(status_html(BOARDS["embargo"])).texts)
    plan = BOARDS["embargo"].plan
    assert plan is not None
    assert "To read: look at this" in text
    assert "reveals: makes something public" in text
    assert "line 30 of the post\n" in text
    assert "not before\n2026-11-25 16:00 UTC" in text
    assert f"--approve {plan.digest} --by USERNAME" in text
    refused = "\n".join(Page(status_html(BOARDS["hostile"])).texts)
    assert "To go on: " not in refused
    assert "--approve" not in refused, "a plan that refuses itself is not carried out"
    assert "To go on: say so" in "\n".join(
        Page(status_html(board_of(a_board().scene, plan=Plan(NAME, (), (Refusal("a", "b", (), "say so"),))))).texts
    )


def test_whoever_is_on_duty_is_at_work_until_or_again_from_when() -> None:
    morning, evening = NOW.replace(hour=10), NOW.replace(hour=20)
    assert seat_of("amara", morning) == "10:00\n Wed 18 Nov, UTC\nat work until 17:00"
    assert seat_of("amara", evening) == "20:00\n Wed 18 Nov, UTC\nnot at work; again Thu 09:00"
    lagos = seat_of("amara", morning, zone="Africa/Lagos")
    assert lagos == "11:00\n Wed 18 Nov, Africa/Lagos\nat work until 17:00 (16:00 UTC)"
    away = (Absence(date(2026, 11, 1), date(2026, 12, 24)),)
    assert seat_of("amara", morning, absences=away) == "10:00\n Wed 18 Nov, UTC\nnot at work within a week"
    night = seat_of("amara", NOW.replace(hour=2), begins=time(22), ends=time(6))
    assert night == "02:00\n Wed 18 Nov, UTC\nat work until 06:00"


def test_the_last_fix_is_settled_only_when_its_time_has_come() -> None:
    late = [one for one in an_assessment().gates if one.gate.check == "no_late_fix"]
    due = [replace(one, verdict=Passed(()), due=NOW + timedelta(hours=1)) for one in late]
    [point] = [one for one in a_board(Assessment(NAME, NOW, tuple(due))).milestones if one.title == "Last fix"]
    assert not point.holds
    over = [replace(one, due=NOW) for one in due]
    [point] = [one for one in a_board(Assessment(NAME, NOW, tuple(over))).milestones if one.title == "Last fix"]
    assert point.holds
    assert "done, due Wed 18 Nov 2026 12:00 UTC\n" in "\n".join(
        Page(status_html(a_board(Assessment(NAME, NOW, tuple(over))))).texts
    )


def test_without_a_git_repository_nothing_is_said_of_branches_and_tags() -> None:
    scene = replace(a_board().scene, process=replace(a_process(), lacks=("git",)))
    board = board_of(scene)
    assert (board.tags, board.branches) == ((), ())
    page = status_html(board)
    assert "missing" not in page
    assert "not seen" not in page
    assert "2 fixes</caption>" in page
