from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from secrel.roster.schedules import Finding, Schedule, duties_of, read_schedule, with_duty, with_names
from secrel.words.errors import Exit, Misused
from secrel.words.people import Duty
from tests.roster.made_up import AMARA, BJORN, CHIDI, TEAM

REAL = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "gitlab-releases" / "schedule"
OLD = b"""\
# NOTE: do not change the format of this file.
#
- version: '15.7'
  date: December 22nd, 2022
  manager_americas:
    - Manager One
  manager_apac_emea:
      - Manager Two   # stays
      - Manager Three
  appsec:
    - Amara Example
    - Bj\xc3\xb6rn Beispiel \n
- version: "15.6"
  date: November 22nd, 2022
  manager_americas:
    - TBD
  appsec:
    - Chidi Ejemplo # until noon

- version: '15.5'
  date: October 22nd, 2022
  trainees:
    - Manager One, Manager Two<br>(if they are there)
"""
NEW = b"""\
- version: '16.8'
  date: '2024-01-18'

- version: '16.7'
  date: '2023-12-21'
  manager_americas:
    - Manager One
  psirt:

- version: '16.6'
  date: '2023-11-16'
  psirt:
    - Amara Example
    - Chidi Ejemplo
"""


def real(name: str) -> bytes:
    path = REAL / name
    if not path.is_file():
        pytest.skip(f"shared data absent: gitlab-releases/schedule/{name}")
    return path.read_bytes()


def names(schedule: Schedule) -> list[tuple[str, tuple[str, ...]]]:
    return [(listed.version, listed.names) for listed in schedule.releases]


# -- reading


def test_the_form_of_2022_is_read() -> None:
    schedule = read_schedule(OLD, "release_managers.yml")
    assert names(schedule) == [
        ("15.7", ("Amara Example", "Björn Beispiel")),
        ("15.6", ("Chidi Ejemplo",)),
        ("15.5", ()),
    ]
    assert schedule.releases[0].day == date(2022, 12, 22)
    assert [(listed.key, listed.line) for listed in schedule.releases] == [("appsec", 3), ("appsec", 14), ("", 21)]


def test_the_form_of_2023_is_read() -> None:
    schedule = read_schedule(NEW, "releases.yml")
    assert names(schedule) == [("16.8", ()), ("16.7", ()), ("16.6", ("Amara Example", "Chidi Ejemplo"))]
    assert [listed.day for listed in schedule.releases] == [date(2024, 1, 18), date(2023, 12, 21), date(2023, 11, 16)]
    assert [listed.key for listed in schedule.releases] == ["", "psirt", "psirt"]


def test_every_blemish_is_told_with_its_line() -> None:
    assert read_schedule(OLD, "x").findings == (
        Finding(7, "the list of manager_apac_emea is indented by 4, elsewhere by 2"),
        Finding(12, "'Björn Beispiel' has blanks around it"),
        Finding(17, "'TBD' stands where a name should"),
        Finding(18, "appsec has 1 name, not two"),
        Finding(21, "the release has neither appsec nor psirt"),
        Finding(24, "'Manager One, Manager Two<br>(if they are there)' is more than one name"),
    )
    assert read_schedule(NEW, "x").findings == (Finding(8, "psirt is empty"),)


ENTRY = "- version: '15.7'\n  date: '2022-12-22'\n  appsec:\n    - A B\n    - C D\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (ENTRY.replace("'15.7'", "15.10"), 1, "version 15.10 has no quotes: readers take it for the number 15.1"),
        (ENTRY.replace("15.7", "next"), 1, "'next' is not a version"),
        (ENTRY + ENTRY.replace("2022", "2021"), 6, "version 15.7 is also on line 1"),
        (
            ENTRY + ENTRY.replace("15.7", "15.8"),
            7,
            "2022-12-22 is not before 2022-12-22, the date of the release above",
        ),
        (ENTRY.replace("'2022-12-22'", "soon"), 2, "the date cannot be read"),
        (ENTRY.replace("2022-12-22", "2022-13-22"), 2, "the date cannot be read"),
        (ENTRY.replace("'2022-12-22'", "Decembre 22nd, 2022"), 2, "the date cannot be read"),
        (ENTRY.replace("'2022-12-22'", "November 31st, 2022"), 2, "the date cannot be read"),
        (ENTRY.replace("'2022-12-22'", "December 22th, 2022"), 2, "22th should be 22nd"),
        (ENTRY.replace("'2022-12-22'", "December 12nd, 2022"), 2, "12nd should be 12th"),
        (ENTRY.replace("  date: '2022-12-22'\n", ""), 1, "the release has no date"),
        (ENTRY.replace(" '2022-12-22'", ""), 2, "the release has no date"),
        (ENTRY + "  psirt:\n    - E F\n    - G H\n", 6, "the release has both appsec and psirt"),
        (ENTRY.replace("C D", "a  b"), 3, "appsec has the same name twice"),
        (ENTRY + "    - E F\n", 3, "appsec has 3 names, not two"),
        (ENTRY.replace("C D", "~"), 5, "'nothing' stands where a name should"),
        (ENTRY.replace("C D", "' C D'"), 5, "'C D' has blanks around it"),
        (ENTRY.replace("C D", "C D\t"), 5, "'C D' has blanks around it"),
        (
            ENTRY + ENTRY.replace("15.7", "15.6").replace("2022", "2021").replace("A B", "Á B"),
            9,
            "'Á B' is spelled 'A B'",
        ),
        ("", 1, "the schedule has no release"),
        ("# only a comment\n---\n", 1, "the schedule has no release"),
    ],
)
def test_what_is_odd_is_a_finding_and_no_error(text: str, line: int, said: str) -> None:
    told = read_schedule(text.encode(), "x").findings
    assert any(finding.line == line and finding.what.startswith(said) for finding in told), told


def test_a_release_that_is_only_planned_has_no_blemish() -> None:
    assert read_schedule(b"- version: '18.0'\n  date: '2025-05-15'\n", "x").findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "  - version: '15.7'\n    date: '2022-12-22'\n    appsec:\n    - A B\n    - C D\n",  # lists not indented
        "---\n-   version: '15.7'\n    date: '2022-12-22'\n    appsec:\n        - A B\n        - C D\n",
        ENTRY.replace("\n", "\r\n"),
        "\ufeff" + ENTRY,
        ENTRY.replace("A B", '"A B"').replace("C D", "'C D'  # yes").replace("version:", "'version' :"),
        ENTRY.replace("  appsec:", "  other: {a: [b, c]}\n  appsec: # who"),
        ENTRY.replace("  appsec:", "  links:\n    - name: x\n      url: y\n    - [a, b]\n    - - z\n  appsec:"),
        ENTRY.replace("  appsec:", "  links:\n    a: b\n    c:\n      d: e\n  appsec:"),
        ENTRY.replace("  appsec:", "  none: []\n  appsec:").rstrip("\n"),
        ENTRY.replace("date: '2022-12-22'", 'date: "\\u0032022-12-22"'),
    ],
)
def test_other_spellings_of_the_same_are_read_as_any_reader_does(text: str) -> None:
    (listed,) = read_schedule(text.encode(), "x").releases
    assert (listed.version, listed.day, listed.names) == ("15.7", date(2022, 12, 22), ("A B", "C D"))
    (loaded,) = YAML(typ="safe").load(text)
    assert loaded["appsec"] == ["A B", "C D"]
    changed = with_names(read_schedule(text.encode(), "x"), "15.7", ["A B", "E F"])
    assert YAML(typ="safe").load(changed.data)[0] == {**loaded, "appsec": ["A B", "E F"]}


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\n- version: *b\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BOMB, 1, "has to be a list of releases"),
        ("- &a\n  version: 1\n", 1, "a key with a colon"),
        ("- version: &a '15.7'\n", 1, "cannot begin with &"),
        (ENTRY.replace("    - A B", "    - &a A B"), 4, "cannot begin with &"),
        (ENTRY.replace("    - A B", "    - *a"), 4, "cannot begin with \\*"),
        (ENTRY.replace("appsec:", "appsec: !!python/object/apply:os.system [x]"), 3, "cannot begin with !"),
        (ENTRY.replace("  appsec:", "  other: [&a x]\n  appsec:"), 3, "anchors"),
        (ENTRY.replace("  appsec:", "  other: [x,\n    y]\n  appsec:"), 3, "brackets over several lines"),
        (ENTRY.replace("  appsec:", "  other:\n    x: *a\n  appsec:"), 4, "cannot begin with \\*"),
        (ENTRY.replace("  appsec:", "  other:\n    - x: !t y\n  appsec:"), 4, "cannot begin with !"),
        (ENTRY.replace("  appsec:", "  other:\n    - x: 'y\n  appsec:"), 4, "cannot begin with '"),
        (ENTRY.replace("  appsec:", "  other:\n    - [x,\n  appsec:"), 4, "brackets over several lines"),
        (ENTRY.replace("  appsec:", "  other: ['x]\n  appsec:"), 3, "brackets over several lines"),
        (ENTRY.replace("  appsec:", "  other: |\n    text\n  appsec:"), 3, "cannot begin with |"),
        (ENTRY.replace("  appsec:", "  <<: x\n  appsec:"), 3, "a key with a colon"),
        (ENTRY.replace("  appsec:", "  appsec: [A B, C D]\n  x:"), 3, "a list in brackets is not read"),
        (ENTRY.replace("A B", "A: B"), 4, "a colon is inside"),
        (ENTRY.replace("A B", "A B:"), 4, "a colon is inside"),
        (ENTRY.replace("A B", "'A B' C"), 4, "after the closing quotation mark"),
        (ENTRY.replace("A B", "'A B"), 4, "cannot begin with '"),
        (ENTRY.replace("A B", '"A\\x42"'), 4, "an escape"),
        (ENTRY.replace("A B", '"A\\u0000"'), 4, "no printable character"),
        (ENTRY.replace("    - C D", "      and C"), 5, "belongs to nothing"),
        (ENTRY.replace("    - C D", "      - C D"), 5, "look at its indentation"),
        (ENTRY.replace("    - A B", "    -"), 4, "a list item is empty"),
        (ENTRY.replace("    - A B", "    - - A B"), 4, "cannot begin with -"),
        (ENTRY.replace("appsec:", "appsec: A B"), 4, "a list item is not where one can be"),
        (ENTRY.replace("  appsec:\n", "\tappsec:\n"), 3, "indented by a tab"),
        (ENTRY.replace("  appsec:", " appsec:"), 3, "indented less"),
        (ENTRY.replace("  appsec:", "  date:"), 3, "date is said twice"),
        (ENTRY.replace("version: '15.7'", "versoin: '15.7'"), 1, "a release has no version"),
        (ENTRY.replace("'15.7'", ""), 1, "a release has no version"),
        (ENTRY.replace("'15.7'", "~"), 1, "a release has no version"),
        ("x" + ENTRY, 1, "has to be a list of releases"),
        ("{}", 1, "has to be a list of releases"),
        ("- {version: '15.7'}", 1, "a key with a colon"),
        (ENTRY + "---\n" + ENTRY, 6, "indented less"),
        ("\0" + ENTRY, 1, "a control character"),
        (ENTRY.replace("A B", "A\u2028B"), 4, "a control character"),
        (ENTRY.replace("A B", "A\rB"), 4, "a control character"),
        (ENTRY.replace("A B", "A\x1b[31mB"), 4, "a control character"),
    ],
)
def test_what_is_no_schedule_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(Misused, match=said) as told:
        read_schedule(text.encode(), "releases.yml")
    assert told.value.where == f"releases.yml:{line}"
    assert told.value.remedy
    assert told.value.exit_word is Exit.MISUSED


def test_ten_megabytes_and_other_encodings_are_refused() -> None:
    with pytest.raises(Misused, match="10000000 bytes"):
        read_schedule(b"#" * 10_000_000, "x")
    for data in (b"# x\n- version: '\xff'\n", b"\xef\xbb\xbf# x\n- version: '\xff'\n"):
        with pytest.raises(Misused, match="UTF-8") as told:
            read_schedule(data, "x")
        assert told.value.where == "x:2"


# -- writing


def test_the_same_names_change_no_byte() -> None:
    schedule = read_schedule(OLD, "x")
    for listed in schedule.releases:
        assert with_names(schedule, listed.version, listed.names).data == OLD


def test_only_the_changed_name_changes() -> None:
    changed = with_names(read_schedule(OLD, "x"), "15.7", ["Amara Example", "Chidi Ejemplo"])
    assert changed.data == OLD.replace("    - Björn Beispiel \n".encode(), b"    - Chidi Ejemplo\n")
    assert changed.releases[0].names == ("Amara Example", "Chidi Ejemplo")


def test_a_comment_behind_a_name_stays() -> None:
    changed = with_names(read_schedule(OLD, "x"), "15.6", ["Amara Example", "Björn Beispiel"])
    assert changed.data == OLD.replace(
        b"    - Chidi Ejemplo # until noon\n",
        "    - Amara Example # until noon\n    - Björn Beispiel\n".encode(),
    )


def test_an_empty_key_is_filled() -> None:
    changed = with_names(read_schedule(NEW, "x"), "16.7", ["Amara Example", "Chidi Ejemplo"])
    assert changed.data == NEW.replace(b"  psirt:\n\n", b"  psirt:\n    - Amara Example\n    - Chidi Ejemplo\n\n")


def test_a_key_that_is_missing_is_added_as_the_file_has_it() -> None:
    changed = with_names(read_schedule(NEW, "x"), "16.8", ["Amara Example"])
    assert changed.data == NEW.replace(b"01-18'\n", b"01-18'\n  psirt:\n    - Amara Example\n")
    alone = read_schedule(b"- version: '18.0'\n  date: '2025-05-15'", "x")
    assert with_names(alone, "18.0", ["A B"]).data == alone.data + b"\n  appsec:\n    - A B"


def test_names_can_be_taken_out() -> None:
    changed = with_names(read_schedule(OLD, "x"), "15.7", [])
    assert changed.data == OLD.replace("    - Amara Example\n    - Björn Beispiel \n".encode(), b"")
    assert changed.releases[0] == replace(read_schedule(OLD, "x").releases[0], names=())


@pytest.mark.parametrize("empty", ["[]", "~", "null", "[] # none", "A B"])
def test_a_value_beside_the_key_becomes_a_list(empty: str) -> None:
    text = f"- version: '15.7'\n  appsec: {empty}\n  x: y\n"
    comment = "  # none" if "#" in empty else ""
    changed = with_names(read_schedule(text.encode(), "x"), "15.7", ["C D"])
    assert changed.data.decode() == f"- version: '15.7'\n  appsec:{comment}\n    - C D\n  x: y\n"


def test_lines_end_as_they_did() -> None:
    text = ENTRY.rstrip("\n").replace("\n", "\r\n").encode()
    changed = with_names(read_schedule(text, "x"), "15.7", ["A B", "E F", "G H"])
    assert changed.data == text.replace(b"C D", b"E F") + b"\r\n    - G H"
    whole = with_names(read_schedule(text + b"\r\n", "x"), "15.7", ["X Y", "C D", "G H"])
    assert whole.data == text.replace(b"A B", b"X Y") + b"\r\n    - G H\r\n"


@pytest.mark.parametrize("name", ["", " A", "A\nB", "A\0", "x" * 201])
def test_a_name_that_cannot_be_written_is_refused(name: str) -> None:
    with pytest.raises(Misused, match="a name for the schedule"):
        with_names(read_schedule(NEW, "x"), "16.6", [name])


@pytest.mark.parametrize(
    ("text", "version", "said"),
    [
        (ENTRY, "99.9", "is not in the schedule"),
        (ENTRY + ENTRY, "15.7", "is in the schedule 2 times"),
        (ENTRY + "  psirt:\n", "15.7", "has both appsec and psirt"),
    ],
)
def test_a_release_that_cannot_be_told_apart_is_not_written(text: str, version: str, said: str) -> None:
    with pytest.raises(Misused, match=said) as told:
        with_names(read_schedule(text.encode(), "x"), version, ["E F"])
    assert told.value.remedy


# -- duties


def test_names_become_usernames_and_history_is_oldest_first() -> None:
    assert duties_of(read_schedule(OLD, "x"), TEAM) == (Duty("15.6", "chidi", ""), Duty("15.7", "amara", "bjorn"))
    assert duties_of(read_schedule(OLD, "x"), [AMARA], before=date(2022, 12, 22)) == (
        Duty("15.6", "Chidi Ejemplo", ""),
    )
    loose = OLD.replace("Björn".encode(), b"bjorn").replace(b"Amara Example", b"AMARA")
    assert duties_of(read_schedule(loose, "x"), TEAM)[1] == Duty("15.7", "amara", "bjorn")


def test_two_members_of_one_name_are_told() -> None:
    with pytest.raises(Misused, match="twin and amara have the same name"):
        duties_of(read_schedule(OLD, "x"), [AMARA, replace(CHIDI, username="twin", name="amara example")])


def test_a_duty_is_written_by_name() -> None:
    changed = with_duty(read_schedule(NEW, "x"), "16.7", Duty("2024-01", "bjorn", "chidi"), TEAM)
    assert changed.release("16.7").names == (BJORN.name, CHIDI.name)
    with pytest.raises(Misused, match="'gone' is not in the team"):
        with_duty(read_schedule(NEW, "x"), "16.7", Duty("2024-01", "bjorn", "gone"), TEAM)


# -- the two real files


REAL_NAMES = ["release_managers-2022-11.yml", "releases-2023-11.yml"]


@pytest.mark.parametrize("name", REAL_NAMES)
def test_a_real_file_is_read_as_any_reader_does(name: str) -> None:
    data = real(name)
    loaded = YAML(typ="safe").load(data)
    schedule = read_schedule(data, name)
    assert [(listed.version, list(listed.names)) for listed in schedule.releases] == [
        (entry["version"], [person.strip() for person in entry.get("appsec") or []]) for entry in loaded
    ]
    assert all(listed.day for listed in schedule.releases)


def test_the_blemishes_of_the_real_files_are_found() -> None:
    old = read_schedule(real(REAL_NAMES[0]), "old").findings
    assert len(old) == 81
    for line, said in (
        (15, "'Rohit Shambhuni' has blanks"),
        (24, "appsec has 1 name"),
        (84, "is indented by 4"),
        (371, "neither appsec nor psirt"),
        (551, "'TBD'"),
        (598, "is more than one name"),
        (603, "is spelled"),
    ):
        assert any(finding.line == line and said in finding.what for finding in old), (line, said)
    new = read_schedule(real(REAL_NAMES[1]), "new").findings
    assert [finding.line for finding in new] == [58, 66, 75, 134]


@pytest.mark.parametrize("name", REAL_NAMES)
def test_a_real_file_changes_in_one_release_and_nowhere_else(name: str) -> None:
    data = real(name)
    schedule = read_schedule(data, name)
    before = YAML(typ="safe").load(data)
    for place, listed in enumerate(schedule.releases):
        assert with_names(schedule, listed.version, listed.names).data == data
        changed = with_names(schedule, listed.version, ["Amara Example", "Björn O'Beispiel"])
        after = YAML(typ="safe").load(changed.data) if place % 44 == 0 else None  # it is slow
        if after is not None:
            assert after[place] == {**before[place], "appsec": ["Amara Example", "Björn O'Beispiel"]}
            assert after[:place] + after[place + 1 :] == before[:place] + before[place + 1 :]
        lost = set(data.split(b"\n")) - set(changed.data.split(b"\n"))
        assert all(line.strip()[2:].decode() in listed.names for line in lost)


# -- laws

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
