from __future__ import annotations

import re
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.reading.documents import Malformed
from secrel.roster.team import read_team, with_absence
from secrel.words.errors import Exit, Misused
from secrel.words.people import Absence, Person

TEAM = """\
# who we are
[[person]]
username = "amara"
name = "Amara Example"      # the [[person]] in a comment is none
region = "EMEA"
zone = "Africa/Lagos"
email = "amara@example.org"
country = "NG"
begins = "08:30"
ends = 16:30:00
days = ["mon", "tue", "thu"]
absences = [
  { first = 2026-12-21, last = 2027-01-03, why = "leave" },
]

[[person]]
username = "dewi"
name = '''
Dewi Contoh'''
region = "apac"
zone = "Asia/Jakarta"
[[person.absences]]
first = 2026-05-01
last = 2026-05-01

[[absence]]
username = "dewi"
first = 2026-02-02
last = 2026-02-03
"""
DEWI = Person(
    "dewi",
    "Dewi Contoh",
    "apac",
    "Asia/Jakarta",
    absences=(Absence(date(2026, 2, 2), date(2026, 2, 3)), Absence(date(2026, 5, 1), date(2026, 5, 1))),
)
AMARA = Person(
    "amara",
    "Amara Example",
    "emea",
    "Africa/Lagos",
    "amara@example.org",
    country="NG",
    begins=time(8, 30),
    ends=time(16, 30),
    days=(0, 1, 3),
    absences=(Absence(date(2026, 12, 21), date(2027, 1, 3), "leave"),),
)
LEAST = '[[person]]\nusername = "amara"\nname = "A"\nregion = "emea"\nzone = "UTC"\n'


def test_a_team_file_is_read_whole() -> None:
    team = read_team(TEAM)
    assert team.people == (AMARA, DEWI)
    assert team.person("dewi") == DEWI
    assert team.person("gone") is None


def test_a_byte_order_mark_and_windows_lines_are_no_fault() -> None:
    assert read_team("\ufeff" + TEAM.replace("\n", "\r\n")).people == (AMARA, DEWI)


def refused(text: str) -> Malformed:
    with pytest.raises(Malformed) as told:
        read_team(text)
    assert told.value.remedy
    assert told.value.exit_word is Exit.MISUSED
    return told.value


def test_roles_are_those_that_the_process_knows() -> None:
    text = TEAM.replace('country = "NG"', 'roles = ["appsec", "psirt"]')
    assert read_team(text, roles={"appsec", "psirt"}).people[0].roles == {"appsec", "psirt"}
    assert read_team(text).people[1].roles == {"appsec"}
    with pytest.raises(Malformed, match=r"team\.toml:8: no role is named 'psirt'"):
        read_team(text, roles={"appsec"})


@pytest.mark.parametrize(
    ("line", "instead", "at", "said"),
    [
        ('region = "EMEA"\n', "", 2, "item 1 of person has no region"),
        ('region = "EMEA"', 'region = "  "', 5, "region: it is empty"),
        ('region = "EMEA"', "region = 7", 5, "region: it has to be one line"),
        ('region = "EMEA"', 'regoin = "x"', 2, "has no region\nteam.toml:5: .*'regoin' here .did you mean region"),
        ("Africa/Lagos", "Africa/Nowhere", 6, "'Africa/Nowhere' is not a time zone"),
        ('country = "NG"', "roles = []", 8, "roles has to be a list of roles"),
        ('"NG"', '"XX"', 8, "public holidays of 'XX'"),
        ('"dewi"\nname', '"Amara"\nname', 17, "username 'amara' stands twice, also at team.toml:3"),
        ('"dewi"\nname', '"arnara"\nname', 17, "'arnara' looks like 'amara'"),
        ('"dewi"\nname', '"amar4"\nname', 27, "no person is named 'dewi'"),
        ('"amara"\nname', '"Desk"\nname', 3, "'Desk' is the desk's own name"),
        ('"amara"\nname', '"@all"\nname', 3, "username has to be a handle of letters"),
        ("amara@example.org", "amara <a@example.org>", 7, "email has to be an address"),
        ('"08:30"', '"half past"', 9, "begins: 'half past' is no time of day"),
        ('"08:30"', '"29:30"', 9, "begins: '29:30' is no time of day"),
        ('"08:30"', "8", 9, "begins: '8' is no time of day"),
        ('"08:30"', "16:30:00", 10, "the working day ends when it begins"),
        ('"mon", ', '"moon", ', 11, "item 1 of days has to be one of mon, tue"),
        ('["mon", "tue", "thu"]', "[]", 11, "days has to be a list of some of mon, tue"),
        ("last = 2027-01-03", "last = 2026-12-20", 13, "ends on 2026-12-20, before it begins on 2026-12-21"),
        ("first = 2026-12-21", "first = 2026-12-21T10:00:00", 13, "first has to be a date"),
        ("first = 2026-12-21", 'first = "2026-12-21"', 13, "first has to be a date without quotes"),
        ("first = 2026-12-21, ", "", 13, "item 1 of absences has no first"),
        ("why =", "wy =", 13, "no key 'wy' here"),
        ("last = 2026-05-01", "last = 2026-04-30", 24, "before it begins"),
        ('[[absence]]\nusername = "dewi"', '[[absence]]\nusername = "gone"', 27, "no person is named 'gone'"),
        ('[[absence]]\nusername = "dewi"', "[[absence]]", 26, "item 1 of absence has no username"),
        ("last = 2026-02-03", "last = 1826-02-03", 29, "1826-02-03 is too far away"),
        ('[[absence]]\nusername = "dewi"', '[[absence]]\nusername = "a\\u0000b"', 27, "printable"),
        ("[[absence]]", "[[absense]]", 26, "no key 'absense' here"),
        ("[[absence]]", "[absence]", 26, "absence has to be a list of tables"),
        ("absences = [\n", "absences = 3\nx = [\n", 12, "absences has to be a list of tables"),
        ('zone = "Africa/Lagos"', "zone = Africa", 6, "not TOML"),
        ('begins = "08:30"', 'zone = "UTC"', 9, "not TOML"),
    ],
)
def test_every_fault_is_told_with_its_line(line: str, instead: str, at: int, said: str) -> None:
    assert line in TEAM
    told = refused(TEAM.replace(line, instead, 1))
    assert told.where == f"team.toml:{at}"
    assert re.search(said, told.what), told.what


def test_the_second_absence_of_a_person_has_its_own_line() -> None:
    spell = "[[person.absences]]\nfirst = 2026-05-02\nlast = 2026-05-01\n"
    assert refused(LEAST + spell.replace("05-01", "05-03") + spell).where == "team.toml:11"


def test_all_faults_are_told_at_once() -> None:
    told = refused(TEAM.replace("Africa/Lagos", "Moon").replace('"apac"', '""').replace("2026-02-03", "1826-02-03"))
    assert told.where == "team.toml:6"
    assert "\nteam.toml:20: region: it is empty\nteam.toml:29: last: 1826-02-03 is too far away" in told.what
    assert len(told.faults) == 3


def test_people_in_brackets_are_read_too() -> None:
    text = 'person = [{ username = "amara", name = "A", region = "emea", zone = "UTC" }]\n'
    assert read_team(text).people[0].username == "amara"
    assert refused(text.replace("UTC", "Moon")).where == "team.toml:1"
    twice = "person = [\n" + 2 * '  { username = "amara", name = "A", region = "emea", zone = "UTC" },\n' + "]\n"
    assert (refused(twice).where, "also at team.toml:2" in refused(twice).what) == ("team.toml:3", True)


def test_people_without_a_username_are_not_taken_for_one_another() -> None:
    told = refused(LEAST.replace('username = "amara"\n', "") * 2)
    assert told.what == "item 1 of person has no username\nteam.toml:5: item 2 of person has no username"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file has no person"),
        ("[" * 100_000, "not TOML"),
        ("x = " + "[" * 5_000, "nested deeper than 50"),
        ("x = " + "9" * 10_000, "a number is too long"),
        ("a" * 200_001, "longer than 200000"),
        ("x = 2026-13-01", "not TOML"),
        (".".join("a" * 60) + " = 1", "too many dots"),
        ('x = "', "not TOML"),
        ("person = [1, 2]", "item 1 of person has to be a table"),
        ("person = 1", r"person has to be a list of one \[\[person\]\] or more"),
        ("person = []", r"person has to be a list of one \[\[person\]\] or more"),
        ('person = [{ username = "a" }, 1]', "item 2 of person has to be a table"),
    ],
)
def test_what_is_no_team_file_is_told(text: str, said: str) -> None:
    assert re.search(said, refused(text).what)


def test_a_quoted_key_is_told_at_its_line() -> None:
    assert refused(LEAST.replace('zone = "UTC"', '"zone" = "Moon"')).where == "team.toml:5"


def test_an_array_that_is_none_is_told_how_to_write_it() -> None:
    assert refused(TEAM.replace("[[absence]]", "[absence]")).remedy == "make it a list: [[absence]] in TOML, - in YAML"


def test_an_absence_is_added_at_the_end_and_once() -> None:
    absence = Absence(date(2026, 8, 3), date(2026, 8, 14), 'a "long" one\u00e9')
    grown = with_absence(TEAM, "dewi", absence)
    assert grown == TEAM + (
        '\n[[absence]]\nusername = "dewi"\nfirst = 2026-08-03\nlast = 2026-08-14\nwhy = "a \\"long\\" oneé"\n'
    )
    person = read_team(grown).person("dewi")
    assert person is not None
    assert absence in person.absences
    assert with_absence(grown, "dewi", absence) == grown


def test_an_addition_ends_lines_as_the_file_does() -> None:
    grown = with_absence(LEAST.rstrip("\n").replace("\n", "\r\n"), "amara", Absence(date(2026, 8, 3), date(2026, 8, 3)))
    assert grown.endswith(
        'zone = "UTC"\r\n\r\n[[absence]]\r\nusername = "amara"\r\nfirst = 2026-08-03\r\nlast = 2026-08-03\r\n'
    )


def test_an_absence_that_cannot_be_is_refused() -> None:
    with pytest.raises(Misused, match="before it begins"):
        with_absence(LEAST, "amara", Absence(date(2026, 8, 3), date(2026, 8, 2)))
    with pytest.raises(Misused, match="no person is named 'gone'"):
        with_absence(LEAST, "gone", Absence(date(2026, 8, 3), date(2026, 8, 3)))


@given(st.text(max_size=60), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_whatever_is_added_is_read_back_or_refused(why: str, day: date) -> None:
    absence = Absence(day, day, why)
    try:
        grown = with_absence(LEAST, "amara", absence)
    except Misused:
        assert not why.isprintable()
    else:
        assert grown.startswith(LEAST)
        assert read_team(grown).people[0].absences == (Absence(day, day, why.strip()),)
        assert with_absence(grown, "amara", absence) == grown


@given(st.text(alphabet=st.sampled_from(list("[]person.absc\"'=#\n \\{},1-")), max_size=120))
def test_no_text_gives_anything_but_a_team_or_a_clear_error(text: str) -> None:
    for whole in (text, LEAST + text):
        try:
            read_team(whole)
        except Misused as told:
            assert told.where.startswith("team.toml")  # noqa: PT017 - either outcome is right, and the place has to be told
