"""Facts: read line by line, written back as they were, and nothing that cannot be read is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.words.advisories import BugFix, Credit, CreditSource, CreditType, UpgradeNote
from secrel.words.effects import SetFacts, values_of
from secrel.words.errors import Misused
from secrel.words.facts.stated import (
    UNSTATED,
    Dependency,
    Facts,
    FixFacts,
    ReleaseFacts,
    Shipped,
    Stated,
    amended,
    read_facts,
    read_json,
)
from secrel.words.facts.tables import as_table
from secrel.words.filling import fill, references
from secrel.words.releases import Kind
from secrel.words.spans import Affected, Span, lower
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.strategies.advisories import cve_ids, cwes, span_lists, versions

LINES = st.sampled_from(["a title", "x" * 255, "Ünïcödé 😀 \u202e", "17.0", "null", "⟦a/b⟧ <!-- | -->", " a "])
TEXTS = st.sampled_from(["", "A sentence.", "two\r\nlines\n", "a NUL \0 inside", "x" * 20_000, " ", "0"])
SINCE = versions().filter(lower)
VECTORS = st.sampled_from(
    ["CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", "CVSS:4.0/AV:N/AC:H/AT:N/PR:L/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N"]
).map(Vector.parse)


def some(items: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=least, max_size=3).map(tuple)


def ranges() -> st.SearchStrategy[Affected]:
    spans = span_lists().filter(lambda found: all(span.since is lower(span.since) for span in found))
    return st.builds(Affected.since, st.none() | SINCE) | st.builds(Affected, spans)


def fixes() -> st.SearchStrategy[FixFacts]:
    credits_ = st.builds(
        Credit, st.just("") | LINES, st.sampled_from(CreditSource), st.sampled_from(CreditType), st.just("") | LINES,
        st.just("") | LINES,
    )  # fmt: skip
    return st.builds(
        FixFacts,
        title=LINES,
        description=TEXTS,
        product=st.sampled_from(["", "app"]),
        edition=st.just("") | LINES,
        affected=st.none() | ranges(),
        vector=st.none() | VECTORS,
        weakness=st.none() | cwes(),
        cve=st.none() | cve_ids(),
        no_cve=TEXTS,
        credits=some(credits_),
        references=some(LINES),
        related=some(cve_ids()),
        workaround=TEXTS,
        origins=some(st.sampled_from(["0123abc", "f" * 40])),
    )


def releases() -> st.SearchStrategy[ReleaseFacts]:
    zones = st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5, minutes=30))])
    times = st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=zones)  # noqa: DTZ001 - the zone is added
    return st.builds(
        ReleaseFacts,
        release=st.sampled_from(["2026-11", "r", "r" * 80, "2026_11.x+y"]),
        kind=st.sampled_from(Kind),
        due=times,
        products=some(st.builds(Shipped, LINES, some(versions())), 1),
        disclosure_days=st.integers(1, 2000),
        form=LINES,
        primary=TEXTS,
        secondary=TEXTS,
        dependencies=some(st.builds(Dependency, TEXTS, TEXTS, TEXTS, some(cve_ids()), TEXTS)),
        bug_fixes=some(st.builds(BugFix, TEXTS, TEXTS, TEXTS)),
        upgrade_notes=some(st.builds(UpgradeNote, TEXTS, some(TEXTS))),
        next_after=TEXTS,
    )


def stored(facts: Facts) -> str:
    return json.dumps(as_table(facts))


@given(fixes() | releases())
def test_what_is_written_is_read_back(facts: Facts) -> None:
    assert read_json(stored(facts)) == Stated(facts)


@given(fixes() | releases())
def test_what_is_not_stated_is_not_written(facts: Facts) -> None:
    table = as_table(facts)
    assert set(table) == {n for n in facts.__struct_fields__ if getattr(facts, n) != getattr(type(facts)(), n)}
    assert [*table] == [name for name in facts.__struct_fields__ if name in table], "in one order"


@pytest.mark.parametrize(
    ("affected", "table"),
    [
        (Affected.since(None), {"since": "all"}),
        (Affected.since(Version.parse("17.2")), {"since": "17.2"}),
        (Affected((Span(None, None),)), [{}]),
        (Affected((Span(None, Version.parse("18.5.9")),)), [{"fixed": "18.5.9"}]),
        (
            Affected((Span(Version.parse("18.5"), Version.parse("18.5.9")), Span(Version.parse("18.10"), None))),
            [{"since": "18.5", "fixed": "18.5.9"}, {"since": "18.10"}],
        ),
    ],
)
def test_a_range_has_one_spelling(affected: Affected, table: object) -> None:
    facts = FixFacts(title="t", affected=affected)
    assert as_table(facts)["affected"] == table
    assert read_facts(FixFacts, {"affected": table}).facts == FixFacts(affected=affected)


@pytest.mark.parametrize("first", ["all", "0", "0.0"])
def test_no_first_version_is_said_alike_in_both_forms(first: str) -> None:
    assert read_facts(FixFacts, {"affected": {"since": first}}).of(FixFacts).affected == Affected.since(None)
    assert read_facts(FixFacts, {"affected": [{"since": first}]}).of(FixFacts).affected == Affected((Span(None, None),))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
LINE_NAMES = st.sampled_from([*FixFacts.__struct_fields__, "strange", ""])


@given(fixes(), LINE_NAMES, values)
def test_a_line_that_cannot_be_read_leaves_the_others_and_stays_as_it_was_written(
    facts: FixFacts, name: str, value: object
) -> None:
    stated = read_facts(FixFacts, {**as_table(facts), name: value})
    for other in facts.__struct_fields__:
        if other != name:
            assert getattr(stated.facts, other) == getattr(facts, other)
    for fault in stated.faults:
        assert (fault.line, fault.path[0], json.loads(fault.written)) == (name, name, value)
        assert stated.table == {**as_table(amended(facts, FixFacts(), [name])), name: value}
        assert fault.what
        assert fault.remedy
        with pytest.raises(Misused, match=r"^here"):
            stated.whole(FixFacts, "here")


@given(fixes(), fixes(), st.sets(LINE_NAMES), values)
def test_changing_lines_keeps_the_others_and_what_cannot_be_read(
    facts: FixFacts, changes: FixFacts, lines: set[str], value: object
) -> None:
    stated = read_facts(FixFacts, {**as_table(facts), "strange": value, "vector": "AV:N"})
    after = stated.changed(changes, lines)
    for name in facts.__struct_fields__:
        source = changes if name in lines else stated.facts
        assert getattr(after.facts, name) == getattr(source, name)
    assert {fault.line for fault in after.faults} == {"strange", "vector"} - lines
    assert {name: said for name, said in after.table.items() if name not in lines} == {
        name: said for name, said in stated.table.items() if name not in lines
    }


@given(fixes(), st.sets(LINE_NAMES))
def test_a_change_expects_what_its_lines_said_and_no_more(facts: FixFacts, lines: set[str]) -> None:
    stated = read_facts(FixFacts, {**as_table(facts), "strange": "x", "vector": 7})
    action = SetFacts.seen("p#1", stated, FixFacts(), sorted(lines))
    assert action.expects.table == {name: said for name, said in stated.table.items() if name in lines}


def test_a_table_is_of_the_kind_that_knows_more_of_its_lines() -> None:
    assert isinstance(read_json("{}").facts, FixFacts)
    assert read_json("{}") == UNSTATED
    assert read_json('{"title": "t", "due": "x", "strange": 1}').facts == FixFacts(title="t")
    release = read_json('{"next_after": "2026-11", "due": "2026-12-01T00:00:00Z", "title": "t"}')
    assert release.of(ReleaseFacts).next_after == "2026-11"
    assert [fault.line for fault in release.faults] == ["title"]
    assert release.of(FixFacts) == FixFacts()
    [fault] = read_json("[1]").faults
    assert (fault.line, fault.written) == ("details", "[1]")


def test_a_release_opened_for_later_takes_all_of_its_details() -> None:
    facts = ReleaseFacts(release="2026-12", kind=Kind.PLANNED, due=datetime(2026, 12, 1, tzinfo=UTC))
    assert UNSTATED.changed(facts, as_table(facts)) == Stated(facts)


def test_every_text_of_a_line_that_cannot_be_read_can_be_looked_for() -> None:
    [fault] = read_facts(FixFacts, {"credits": [{"name": "a", "who": ["b", {"c": "d"}], "n": 5}]}).faults
    assert list(fault.texts()) == ["name", "a", "who", "b", "c", "d", "n"]


def test_an_action_is_remembered_with_its_facts_as_their_table_says_them() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N"
    stated = read_json('{"vector": "AV:N", "cve": "CVE-2026-1111"}')
    changes = read_facts(FixFacts, {"vector": vector}).whole(FixFacts)
    action = SetFacts.seen("p#1", stated, changes, ("vector", "cve"))
    assert (
        msgspec.json.encode(values_of(action), order="deterministic")
        == json.dumps(
            {
                "changes": {"vector": vector},
                "expects": {"cve": "CVE-2026-1111", "vector": "AV:N"},
                "lines": ["vector", "cve"],
                "ref": "p#1",
            },
            separators=(",", ":"),
        ).encode()
    )
    assert msgspec.json.encode(action), "an action by itself can be encoded, too"


def test_what_people_call_a_line_stands_for_no_address() -> None:
    stated = read_json('{"⟦r/tracking⟧": "⟦r/checklist⟧"}')
    action = SetFacts.seen("⟦r/fix⟧", stated, FixFacts(title="⟦r/draft⟧"), stated.table)
    assert references(action) == {"r/fix"}
    assert fill(action, {"r/fix": "p#1"}) == replace(action, ref="p#1")


def test_an_empty_text_states_nothing_unless_it_is_needed() -> None:
    empty = dict.fromkeys(("description", "edition", "vector", "weakness", "cve"), "")
    assert read_facts(FixFacts, {**empty, "credits": [{"name": "", "report": "r"}]}) == Stated(
        FixFacts(credits=(Credit(report="r"),))
    )
    for name, value in (("title", ""), ("credits", ""), ("affected", ""), ("related", [""])):
        assert [fault.line for fault in read_facts(FixFacts, {name: value}).faults] == [name]


def test_numbers_are_read_as_people_write_them() -> None:
    assert read_facts(ReleaseFacts, {"disclosure_days": "90"}).facts == ReleaseFacts(disclosure_days=90)
