"""Tables that people write into issues: read as they are written, corrected row by row, and never taken for nothing."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.reading.cells import written
from secrel.reading.rows import NO_ROWS, RowNames, corrected, stated_in
from secrel.reading.tables import lines_of, read_tables, with_lines
from secrel.words.advisories import Credit, CreditSource
from secrel.words.errors import Misused
from secrel.words.facts.stated import UNSTATED, FixFacts, ReleaseFacts, Stated, read_facts, united
from secrel.words.facts.tables import as_table
from secrel.words.ids import CveId, Cwe
from secrel.words.spans import Affected, Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.reading.people import CASES, HEAD, ROWS, VECTOR, mishandled, table
from tests.reading.write_tables import MARK, PAGE
from tests.reading.write_tables import table as the_page

NAMES = {
    "title": "Title",
    "affected": "Versions affected",
    "edition": "GitLab EE only",
    "vector": "CVSS",
    "weakness": "CWE",
    "cve": "CVE",
    "credits": "Thanks",
    "workaround": "Workaround",
}
_VERSIONS = st.builds(lambda *n: Version.parse(".".join(map(str, n))), *[st.integers(1, 99)] * 3)
_LINE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40).filter(str.strip)
_SPANS = st.tuples(_VERSIONS, _VERSIONS).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Span(*pair))
_AFFECTED = st.one_of(
    st.builds(Affected.since, st.none() | _VERSIONS),
    st.lists(_SPANS, min_size=1, max_size=3).map(lambda spans: Affected(tuple(spans))),
)
_CREDITS = st.lists(st.builds(Credit, _LINE, st.sampled_from(CreditSource)), max_size=3).map(tuple)
FACTS = st.builds(
    FixFacts,
    title=_LINE,
    affected=st.none() | _AFFECTED,
    edition=st.sampled_from(["", "GitLab EE", "GitLab CE/EE", "Omnibus | CNG"]),
    vector=st.sampled_from([None, Vector.parse(VECTOR)]),
    weakness=st.sampled_from([None, Cwe(79), Cwe(79, "Cross-site (XSS)")]),
    cve=st.sampled_from([None, CveId.parse("CVE-2026-0001")]),
    credits=_CREDITS,
    workaround=st.text(max_size=60),
)


MISPLACED = [
    case
    for case in CASES
    if case.name
    in {
        "the names as head, two rows",
        "a row that goes on below itself",
        "a table of HTML",
        "pipe not escaped",
        "two rows in one line, one of them too long",
        "no line of dashes",
        "too few dashes",
        "all in the first cell",
        "a row that its aside denies",
        "more cells than one are filled in",
    }
]
"""What stands in no row that could be corrected."""


def same(said: str) -> str:
    return said


def rows_of(facts: FixFacts) -> list[str]:
    """Write facts as rows of a table, as the desk writes them."""
    empty = [f"| {name} | | |" for name in NAMES.values()]
    text, placed = corrected(HEAD + "\n".join(empty), ROWS, facts, tuple(NAMES), same)
    assert placed == set(NAMES)
    return text.removeprefix(HEAD).split("\n")


def told(facts: FixFacts) -> dict[str, Any]:
    return {line: value for line, value in as_table(facts).items() if line in NAMES}


def test_how_people_write_is_what_the_page_says() -> None:
    assert PAGE.read_text("utf-8").partition(MARK)[2].removeprefix("\n") == the_page()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_whatever_is_written_a_correction_is_read_back(case: Any) -> None:
    wanted = FixFacts(title="A", affected=Affected.since(Version.parse("9.1")), weakness=Cwe(1))
    lines = ("title", "affected", "weakness", "credits")
    before = stated_in(case.text, ROWS)
    if case in MISPLACED:
        with pytest.raises(Misused) as told:
            corrected(case.text, ROWS, wanted, lines, same)
        assert told.value.what in {fault.what for fault in before.faults}, "it is for people to put it into a row"
        return
    text, placed = corrected(case.text, ROWS, wanted, lines, same)
    now = stated_in(text, ROWS)
    assert not {fault.line for fault in now.faults}.intersection(lines)
    for line in lines:
        assert as_table(now.facts).get(line) == as_table(wanted if line in placed else before.facts).get(line)
    outside = [line for line in as_table(before.facts) if line not in lines]
    assert [now.table[line] for line in outside] == [before.table[line] for line in outside]


@settings(max_examples=40)
@given(FACTS, st.integers(0, 1_000_000).map(random.Random))
def test_what_people_do_to_a_table_without_meaning_it_changes_nothing(facts: FixFacts, chance: random.Random) -> None:
    text = mishandled(rows_of(facts), chance)
    found = stated_in(text, ROWS)
    assert not found.faults
    assert told(found.of(FixFacts)) == told(facts)


@settings(max_examples=40)
@given(FACTS, FACTS, st.integers(0, 1_000_000).map(random.Random), st.sets(st.sampled_from(sorted(NAMES)), min_size=1))
def test_a_correction_writes_its_rows_and_no_other(
    facts: FixFacts, other: FixFacts, chance: random.Random, lines: set[str]
) -> None:
    text = mishandled(rows_of(facts), chance)
    now, placed = corrected(text, ROWS, other, lines, same)
    assert placed == lines
    found = stated_in(now, ROWS)
    assert not found.faults
    wanted, before = told(other), told(facts)
    assert told(found.of(FixFacts)) == {
        line: value for line in NAMES if (value := wanted.get(line) if line in lines else before.get(line)) is not None
    }
    assert len(lines_of(now)) == len(lines_of(text))
    for one, another in zip(lines_of(text), lines_of(now), strict=True):
        assert one == another or any(NAMES[line].casefold() in one.casefold() for line in lines)
    assert corrected(now, ROWS, other, lines, same)[0] == now


@given(st.text("| \\`\n>-:<!ab1.é", max_size=60))
def test_whatever_stands_there_is_read_or_found(text: str) -> None:
    found = stated_in(table("| CWE | CWE-79 | |") + "\n\n" + text, ROWS)
    assert found.of(FixFacts).weakness == Cwe(79) or found.faults
    with_lines(
        text, {(row.start, row.end): row.rewritten({1: "x"}) for t in read_tables(text).tables for row in t.rows}
    )


def test_endings_stay_what_they_are() -> None:
    text = table("| CWE | | |", "| CVSS | | |").replace("\n", "\r\n")
    now, _ = corrected(text, ROWS, FixFacts(weakness=Cwe(79)), ("weakness",), same)
    assert now == table("| CWE | CWE-79 | |", "| CVSS | | |").replace("\n", "\r\n")


def test_without_rows_and_without_a_table_nothing_is_stated() -> None:
    assert stated_in(table("| CWE | CWE-79 | |"), NO_ROWS) is UNSTATED
    assert stated_in("words", ROWS) is UNSTATED
    assert corrected("words", ROWS, FixFacts(title="A"), ("title",), same) == ("words", frozenset())


def test_a_text_that_is_too_long_is_said_to_be() -> None:
    (fault,) = stated_in("|" + "x" * 400_000, ROWS).faults
    assert "more than 400,000" in fault.what


def test_words_of_people_do_not_stand_in_messages() -> None:
    rows = ("| Title | A secret | |", "| Title | Another secret | |", "| Thanks | a secret; of two: people! | |")
    found = stated_in(table(*rows), ROWS)
    assert [fault.line for fault in found.faults] == ["title", "credits"]
    assert "secret" not in "".join(fault.what + fault.remedy for fault in found.faults)


def test_what_no_row_can_say_is_refused() -> None:
    many = FixFacts(references=tuple(f"https://x.example/{n}" for n in range(501)))
    with pytest.raises(Misused, match="cannot say references"):
        corrected("| x | y |\n|-|-|\n| only | |", RowNames({"only": "references"}), many, ("references",), same)


@pytest.mark.parametrize(
    ("line", "cell", "said"),
    [
        ("affected", "all versions", {"since": "all"}),
        ("affected", "All versions starting from 8.10", {"since": "8.10"}),
        ("affected", ">= 8.10, < 14.1.7", [{"since": "8.10", "fixed": "14.1.7"}]),
        ("vector", f"[6.5](https://x.example/calculator#{VECTOR.removeprefix('CVSS:3.1/')}) `{VECTOR}`", VECTOR),
        ("vector", f"`{VECTOR}` or `{VECTOR.replace('UI:N', 'UI:R')}`", "2 vectors stand in it"),
        ("weakness", "cwe-79 (Cross-site scripting)", "CWE-79: Cross-site scripting"),
        ("weakness", "[CWE-79](https://x.example) \u2013 Cross-site scripting", "CWE-79: Cross-site scripting"),
        ("weakness", "scripting", "is not a weakness"),
        ("cve", "[CVE-2026-0001](https://x.example)", "CVE-2026-0001"),
        ("cve", "cves#12", None),
        ("cve", "asked for", "is not a CVE id"),
        ("cve", "CVE-2026-0001 or CVE-2026-0002", "2 ids stand in it"),
        ("credits", "found internally by the team", [{"source": "internal"}]),
        ("credits", "@amara and Farid El-Amin", [{"name": "amara"}, {"name": "Farid El-Amin"}]),
        ("credits", "amara via HackerOne", [{"name": "amara", "source": "hackerone"}]),
        (
            "credits",
            "https://hackerone.com/amara",
            [{"name": "amara", "source": "hackerone", "profile": "https://hackerone.com/amara"}],
        ),
        ("credits", "[@amara](https://x.example)", [{"name": "amara", "profile": "https://x.example"}]),
        ("credits", "<https://x.example/a>", "does not say who it is"),
        ("credits", "amara, see https://hackerone.com/reports/1", "who is thanked"),
        ("credits", "whoever it was: somebody", "does not say in a way"),
        (
            "credits",
            "amara https://hackerone.com/reports/1",
            [{"name": "amara", "source": "hackerone", "report": "https://hackerone.com/reports/1"}],
        ),
        (
            "credits",
            "[1](https://hackerone.com/reports/1) amara",
            [{"name": "amara", "source": "hackerone", "report": "https://hackerone.com/reports/1"}],
        ),
        ("credits", "a and b https://hackerone.com/reports/1", "does not say who is thanked"),
        ("credits", "https://hackerone.com/reports/1", "does not say who is thanked"),
        (
            "references",
            "[here](https://x.example/a), https://x.example/b.",
            ["https://x.example/a", "https://x.example/b"],
        ),
        ("references", "elsewhere", ["elsewhere"]),
        ("related", "CVE-2026-0001, CVE-2026-0002", ["CVE-2026-0001", "CVE-2026-0002"]),
        ("origins", "abcdef0 1234567", ["abcdef0", "1234567"]),
        ("fixed_already", "1.2.3; 1.2.4", ["1.2.3", "1.2.4"]),
        ("allowed", "FIXME<br>and more", ["FIXME", "and more"]),
        ("disclosure_days", "90 days", 90),
        ("disclosure_days", "later", "no number of days"),
        ("workaround", "`[]`", "has to be a text, and is a list"),
        ("product", "a   b", "a b"),
        ("description", "One.<br/>~~Two~~ ![three](x.png)", "One.\nthree"),
    ],
)
def test_each_line_has_its_own_ways_to_be_said(line: str, cell: str, said: object) -> None:
    found = stated_in(f"| Name | Value |\n|---|---|\n| it | {cell} |", RowNames({"it": line}))
    if isinstance(said, str) and line != "product" and found.faults:
        assert said in found.faults[0].what
    elif said is None:
        assert found is UNSTATED
    else:
        assert not found.faults
        expected = read_facts(FixFacts, {line: said})
        assert found.facts == expected.facts


@pytest.mark.parametrize(
    ("facts", "line", "ways"),
    [
        (FixFacts(), "title", [""]),
        (FixFacts(title="A | B"), "title", [r"A \| B", r'`"A \u007c B"`']),
        (FixFacts(disclosure_days=90), "disclosure_days", ["90", "`90`"]),
        (FixFacts(allowed=("a", "b")), "allowed", ["a<br>b", '`["a", "b"]`']),
        (FixFacts(references=("x", "y")), "references", ["x, y", '`["x", "y"]`']),
        (FixFacts(fixed_already=(Version.parse("1.2"),)), "fixed_already", ["1.2", '`["1.2"]`']),
    ],
)
def test_the_desk_writes_words_and_what_has_none_as_code(facts: FixFacts, line: str, ways: list[str]) -> None:
    assert list(written(line, facts)) == ways


def test_words_that_would_not_read_back_become_code() -> None:
    many = tuple(Span(Version.parse(f"{n}.1"), Version.parse(f"{n}.2.3")) for n in range(1, 250))
    for facts in (FixFacts(affected=Affected(many)), FixFacts(affected=Affected((Span(None, None),)))):
        text, _ = corrected(table("| Versions affected | | |"), ROWS, facts, ("affected",), same)
        assert "`[{" in text
        assert stated_in(text, ROWS).facts == facts


def test_details_and_tables_state_together_and_have_to_agree() -> None:
    rows = stated_in(table("| CWE | CWE-79 | |", "| CVE | CVE-2026-0001 | |", "| Title | B | |"), ROWS)
    details = Stated(FixFacts(title="A", cve=CveId.parse("CVE-2026-0001"), edition="EE"))
    both = united(details, rows)
    assert both.of(FixFacts) == FixFacts(weakness=Cwe(79), cve=CveId.parse("CVE-2026-0001"), edition="EE")
    (fault,) = both.faults
    assert (fault.line, both.table["title"]) == ("title", ["B", "A"])
    assert "say different things" in fault.what
    (ids,) = united(Stated(FixFacts(weakness=Cwe(1))), rows).faults
    assert "'CWE-79'" in ids.what
    assert "'CWE-1'" in ids.what
    release = Stated(ReleaseFacts(release="2026-11"))
    assert united(release, rows) is release
