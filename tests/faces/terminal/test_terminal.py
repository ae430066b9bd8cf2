from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from secrel.evaluate.verdicts import Pending, Waiting, Waived
from secrel.faces.terminal import Paint, clipped, padded, visible, width_of, wrapped
from secrel.papers.text import one_line
from secrel.papers.wording import (
    Reason,
    VerdictWord,
    code_block,
    code_span,
    gathered,
    instant,
    reasons,
    relative,
    span,
    word_of,
)
from tests.builders import DUE
from tests.faces.terminal.scene import HOSTILE, a_process, verdicts

TEXTS = st.text() | st.text("ab 漢字\u0301\u200d👩🏽\x1b[0m\n") | st.just(HOSTILE)


@given(TEXTS, st.integers(0, 60))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(width_of(line) <= max(width, 8) for line in lines)
    assert "".join(lines).replace(" ", "") == one_line(text).replace(" ", "")


def test_words_stay_whole_where_they_can() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("abcdefghijkl m", 8) == ["abcdefgh", "ijkl m"]
    assert wrapped("x abcdefghijkl", 8) == ["x", "abcdefgh", "ijkl"]
    assert wrapped(" ", 8) == []
    assert wrapped("漢字漢字漢字", 8) == ["漢字漢字", "漢字"]


@given(TEXTS, st.integers(1, 60))
def test_clipped_text_is_one_line_that_fits(text: str, width: int) -> None:
    line = clipped(text, width)
    assert width_of(line) <= width
    assert not set(line) & {"\n", "\x1b", "\r"}


def test_clipping_says_so() -> None:
    assert clipped("a long title", 6) == "a lon…"
    assert clipped("short", 6) == "short"
    assert padded("漢", 4) == "漢  "


def test_paint_is_off_or_on() -> None:
    assert Paint(on=False)("x", "red") == "x"
    assert Paint(on=True)("x", "alarm") == "\x1b[1;31mx\x1b[0m"
    assert Paint(on=True)("", "bold") == ""


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(days=12, hours=5), "12 days"),
        (timedelta(days=3, hours=1), "3 days"),
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 h"),
        (timedelta(days=2, minutes=4), "2 days"),
        (timedelta(days=1, hours=4), "1 day 4 h"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(hours=-3), "3 h"),
    ],
)
def test_spans_are_said_shortly(length: timedelta, said: str) -> None:
    assert span(length) == said


def test_instants_have_their_zone() -> None:
    assert instant(DUE) == "Wed 25 Nov 2026 16:00 UTC"
    assert instant(DUE, ZoneInfo("America/Denver")) == "Wed 25 Nov 2026 09:00 MST"
    assert instant(DUE, timezone(timedelta(hours=5, minutes=30))) == "Wed 25 Nov 2026 21:30 UTC+05:30"
    assert relative(DUE, DUE) == "now"
    assert relative(DUE, DUE - timedelta(hours=1)) == "in 1 h"
    assert relative(DUE, datetime(2026, 11, 26, 16, tzinfo=UTC)) == "1 day ago"


def test_every_verdict_has_a_word_a_sign_and_reasons() -> None:
    found = verdicts()
    assert {word_of(verdict) for verdict in found.values()} == set(VerdictWord)
    assert len({word.sign for word in VerdictWord}) == len(VerdictWord)
    assert [word for word in VerdictWord if word.holds] == [VerdictWord.PASSED, VerdictWord.WAIVED]
    assert all(width_of(word.sign) == 1 and Paint(on=True)("x", word.style) != "x" for word in VerdictWord)
    said = {name: [str(reason) for reason in reasons(verdict, a_process())] for name, verdict in found.items()}
    assert said["late"] == ["waived by chidi, Tue 17 Nov 2026 12:00 UTC: the package is built with it"]
    assert said["cves"] == ["acme/cves#2: requested, and not assigned yet (the CNA)"]
    assert said["draft"] == ["comes after: Every merge request is ready; Every CVE id is assigned"]
    assert said["public"] == ["its turn comes on Fri 25 Dec 2026 16:00 UTC"]
    assert said["live"] == ["the release post could not be seen: the forge does not answer"]
    assert reasons(found["ready"], a_process())[2].remedy == "secrel fix show 2026-11 'acme/app#2'"


def test_a_long_wait_is_cut_and_unknown_gates_keep_their_names() -> None:
    waiting = Waiting(("linked", "elsewhere", "late"), pending=(Pending("", "built"), Pending("", "built")))
    assert [str(reason) for reason in reasons(waiting, a_process())] == [
        "built",
        "comes after: The fixes are linked; elsewhere (and 1 more)",
    ]
    assert [str(r) for r in reasons(Waived("dewi", DUE, ""), a_process())] == [
        "waived by dewi, Wed 25 Nov 2026 16:00 UTC"
    ]


def test_what_is_said_of_one_thing_is_put_together() -> None:
    found = [
        Reason("a", "1", "run a"),
        Reason("b", "1"),
        Reason("a", "2", "run a"),
        Reason("a", "3", "run a"),
        Reason("r", "whole"),
        Reason("", "free", "run r"),
        Reason("b", "2", "run b"),
    ]
    assert gathered(found, "r") == (
        Reason("a", "1; 2 (and 1 more)", "run a"),
        Reason("b", "1; 2"),
        Reason("", "whole"),
        Reason("", "free", "run r"),
    )


@given(TEXTS)
@example("a\u202eb\ud800\u2028")
def test_visible_text_hides_nothing_and_changes_nothing_else(text: str) -> None:
    shown = visible(text)
    assert all(sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in shown)
    if text.isprintable():
        assert shown == text


def test_visible_text_names_what_was_there() -> None:
    assert visible("a\tb\u202ec\nd") == "a\\tb\\u202ec\nd"
    assert visible("\ud800") == "\\ud800"
    assert visible("plain\n") == "plain\n"


@given(TEXTS)
def test_code_shows_exactly_its_line(text: str) -> None:
    rendered = MarkdownIt().parseInline(code_span(text))[0].children or []
    line = one_line(text).replace("<!--", "<! --").replace("|", "\\|")
    assert [(one.type, one.content) for one in rendered] == ([("code_inline", line)] if line else [])


@given(TEXTS)
def test_no_line_of_a_block_closes_it(text: str) -> None:
    tokens = MarkdownIt().parse(code_block(visible(text), "sh"))
    assert [one.type for one in tokens] == ["fence"]
