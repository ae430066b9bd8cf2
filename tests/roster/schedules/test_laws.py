from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from secrel.roster.schedules import read_schedule, with_names
from secrel.words.errors import Misused
from tests.roster.schedules.texts import ENTRY, NEW

ANY_NAME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(
    lambda t: t == t.strip() and t.isprintable()
)


@settings(deadline=None)
@example(["No", "null"])
@example(["12", "- x"])
@example(["a: b", "x #y"])
@given(st.lists(ANY_NAME, max_size=4))
def test_any_name_that_is_written_is_read_back_by_every_reader(wanted: list[str]) -> None:
    changed = with_names(read_schedule(NEW, "x"), "16.7", wanted)
    loaded = YAML(typ="safe").load(changed.data)
    assert [str(name) for name in loaded[1]["psirt"] or []] == wanted
    assert all(isinstance(name, str) for name in loaded[1]["psirt"] or [])
    nobody = {"tbd", "tba", "none", "n/a", "-", "?"}
    assert changed.releases[1].names == tuple(name for name in wanted if name.casefold() not in nobody)


LINES = st.sampled_from(
    [
        "  date: '2022-12-22'",
        "  appsec:",
        "  psirt:",
        "    - A B",
        "    - A B",
        "  - C",
        "# c",
        "  psirt: []",
        "  o: &a",
        "   - D",
        "  other:",
        "      - E: F",
        "---",
        "  q: 'it''s' # c",
        "\tx",
        "  k: v w",
        "    - 'a",
        "  d: a#b",
        "  appsec: ~",
        "      - ? x",
        "  f: [a, b]",
        "    - [x]",
        "    - n: 1",
        '    - "C"',
        "    - 'D E' # no",
        "  l: 2 # x",
        "    - ~",
        "  aa: [a, 'b]",
        "    - http://a",
        "  u:v",
        "    - ''",
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(LINES, max_size=6), min_size=1, max_size=2))
def test_whatever_is_read_means_what_it_means_to_every_reader(blocks: list[list[str]]) -> None:
    lines = [line for number, block in enumerate(blocks) for line in (f"- version: '1.{number}'", *block)]
    data = "\n".join(lines).encode()
    try:
        schedule = read_schedule(data, "x")
    except Misused as told:
        assert re.fullmatch(r"x:\d+", told.where)  # noqa: PT017 - a refusal has to name the line
        return
    loaded = YAML(typ="safe").load(data) or []
    assert [listed.version for listed in schedule.releases] == [str(entry["version"]) for entry in loaded]
    for listed, entry in zip(schedule.releases, loaded, strict=True):
        assert list(listed.names) == [str(name) for name in (entry.get("psirt") or entry.get("appsec") or []) if name]


@given(st.binary(max_size=200))
def test_no_bytes_give_anything_but_a_schedule_or_a_clear_error(data: bytes) -> None:
    for whole in (data, ENTRY.encode() + data):
        try:
            read_schedule(whole, "x")
        except Misused as told:
            assert told.where.startswith("x:")  # noqa: PT017 - a refusal has to name the line


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_both_forms_of_a_date_are_read(day: date) -> None:
    ending = "th" if day.day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    for said in (day.isoformat(), f"{day:%B} {day.day}{ending}, {day.year}"):
        schedule = read_schedule(f"- version: '1.1'\n  date: {said}\n".encode(), "x")
        assert schedule.releases[0].day == day
        assert schedule.findings == ()
    assert day + timedelta(days=1) != day
