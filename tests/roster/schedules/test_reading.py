from __future__ import annotations

from datetime import date

import pytest
from ruamel.yaml import YAML

from secrel.roster.schedules import Blemish, read_schedule, with_names
from secrel.words.errors import Exit, Misused
from tests.roster.schedules.texts import ENTRY, NEW, OLD, names


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
        Blemish(7, "the list of manager_apac_emea is indented by 4, elsewhere by 2"),
        Blemish(12, "'Björn Beispiel' has blanks around it"),
        Blemish(17, "'TBD' stands where a name should"),
        Blemish(18, "appsec has 1 name, not two"),
        Blemish(21, "the release has neither appsec nor psirt"),
        Blemish(24, "'Manager One, Manager Two<br>(if they are there)' is more than one name"),
    )
    assert read_schedule(NEW, "x").findings == (Blemish(8, "psirt is empty"),)


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
        ENTRY.replace("A B", '"A\\x20B"'),
        ENTRY.replace("  appsec:", "  other: [x,\n    y,\n\n ]\n  appsec:"),
        ENTRY + "  other: [x,\n    # y\n    'z\n    # y'\n    ]\n",
        ENTRY.replace("  appsec:", "  other:\n    text that\n    goes on\n  appsec:"),
        ENTRY.replace("  appsec:", f"  other: {'x' * 2000}\n  appsec:"),
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
        (BOMB, 3, "not YAML"),
        ("- &a\n  version: 1\n", 1, "an anchor"),
        ("- version: &a '15.7'\n", 1, "an anchor"),
        (ENTRY.replace("    - A B", "    - &a A B"), 4, "an anchor"),
        (ENTRY.replace("  appsec:", "  other: &a x\n  more: &a y\n  appsec:"), 3, "an anchor"),
        (ENTRY.replace("    - A B", "    - *a"), 4, "undefined alias"),
        (ENTRY.replace("appsec:", "appsec: !!python/object/apply:os.system [x]\n  x:"), 3, "tags are not read"),
        (ENTRY.replace("  appsec:", "  other: [&a x]\n  appsec:"), 3, "an anchor"),
        (ENTRY.replace("  appsec:", "  other:\n    x: *a\n  appsec:"), 4, "undefined alias"),
        (ENTRY.replace("  appsec:", "  other:\n    - x: !t y\n  appsec:"), 4, "tags are not read"),
        (ENTRY.replace("  appsec:", "  other:\n    - x: 'y\n  appsec:"), 4, "not YAML"),
        (ENTRY.replace("  appsec:", "  other:\n    - [x,\n  appsec:"), 6, "not YAML"),
        (ENTRY.replace("  appsec:", "  other: ['x]\n  appsec:"), 3, "not YAML"),
        (ENTRY.replace("  appsec:", "  other: |\n    text\n  appsec:"), 3, "a block of text"),
        (ENTRY.replace("  appsec:", "  other:\n  - - >\n      text\n  appsec:"), 4, "a block of text"),
        (ENTRY.replace("  appsec:", "  appsec: [A B, C D]\n  x:"), 3, "a list in brackets is not read"),
        (ENTRY.replace("A B", "A: B"), 4, "item 1 of appsec has to be a text"),
        (ENTRY.replace("A B", "A B:"), 4, "item 1 of appsec has to be a text"),
        (ENTRY.replace("A B", "'A B' C"), 4, "not YAML"),
        (ENTRY.replace("A B", "'A B"), 4, "not YAML"),
        (ENTRY.replace("A B", '"A\\u0000"'), 4, "cannot be printed"),
        (ENTRY.replace("    - C D", "      and C"), 4, "over several lines"),
        (ENTRY.replace("    - C D", "      - C D"), 4, "over several lines"),
        (ENTRY.replace("    - A B", "    -"), 4, "a list item is empty"),
        (ENTRY.replace("    - A B", "    -\n      A B"), 5, "does not stand on its own line"),
        (ENTRY.replace("    - A B", "    - - A B"), 4, "item 1 of appsec has to be a text"),
        (ENTRY.replace("appsec:", "appsec: {A: B}\n  x:"), 3, "appsec has to be a list or a text"),
        (ENTRY.replace("appsec:", "appsec: A B"), 3, "over several lines"),
        (ENTRY.replace("version: '15.7'", "version:\n    '15.7'"), 1, "over several lines"),
        (ENTRY.replace("  appsec:\n", "\tappsec:\n"), 3, "not YAML"),
        (ENTRY.replace("  appsec:", " appsec:"), 3, "not YAML"),
        (ENTRY.replace("  appsec:", "  date:"), 3, "for the second time"),
        (ENTRY.replace("version: '15.7'", "versoin: '15.7'"), 1, "item 1 has no version"),
        (ENTRY.replace("'15.7'", ""), 1, "version has to be a version"),
        (ENTRY.replace("'15.7'", "~"), 1, "version has to be a version"),
        ("x" + ENTRY, 2, "not YAML"),
        ("{}", 1, "the file has to be a list of tables"),
        ("x: y", 1, "the file has to be a list of tables"),
        ("- {version: '15.7'}", 1, "a release is in brackets"),
        ("[{version: '15.7'}]", 1, "the list is in brackets"),
        (ENTRY + "---\n" + ENTRY, 6, "not YAML"),
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
    with pytest.raises(Misused, match="longer than 1000000"):
        read_schedule(b"#" * 10_000_000, "x")
    for data in (b"# x\n- version: '\xff'\n", b"\xef\xbb\xbf# x\n- version: '\xff'\n"):
        with pytest.raises(Misused, match="UTF-8") as told:
            read_schedule(data, "x")
        assert told.value.where == "x:2"
