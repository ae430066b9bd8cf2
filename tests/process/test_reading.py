from __future__ import annotations

from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.process.reading import Vocabulary, builtin, builtin_text, read_process
from secrel.reading.documents import Fault, Malformed
from secrel.words.errors import Misused
from secrel.words.releases import Kind

GOOD = """\
name = "own"
title = "Our own"

[[phase]]
name = "one"
title = "The only one"

# [[gate]] in a comment is no gate
[[gate]]
name = "first"
title = '''
[[gate]]
is not one in a text either'''
phase = "one"
owner = "primary"
check = "seen"

[[gate]]
name = "second"
title = "The second"
phase = "one"
owner = "secondary"
check = "seen"
after = ["first"]
opens = "at due"
due = "1 day after due"
makes = "something"
remedy = "secrel status {release} --gate {gate} --fix {fix}"
kinds = ["unplanned"]
lasting = true
moot_if_waived = ["first"]
why = "why not"
source = "here"
[gate.params]
where = "there"

[[product]]
key = "app"
name = "App"
short = "App"
vendor = "Acme"
cve_product = "App"
repository = "acme/app"
depth = 3

[projects]
tracking = "acme/tracking"

[channels]
team = "team"

[labels]
security = "security"
upcoming = "upcoming"
severity_one = "worst"
keep_confidential = "closed"

[people]
release_managers = "managers"
team = "team"

[cadence]
rule = "monthly"
day = 3

[defaults]
disclosure_days = 90
form = "2026"
"""


class Train(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: Literal["monthly"]
    day: int = 1


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    where: str = "anywhere"


def told_to(check: str) -> type[msgspec.Struct]:
    if check != "seen":
        raise Misused(f"no check is named {check!r}", remedy="name seen")
    return Where


WORDS = Vocabulary(told_to, Train, frozenset({"something"}))


def faults_of(text: str, vocabulary: Vocabulary = WORDS) -> tuple[Fault, ...]:
    try:
        read_process(text, "own.toml", vocabulary)
    except Malformed as malformed:
        return malformed.faults
    return ()


def places_and_faults(text: str) -> list[tuple[int, str]]:
    return [(int(fault.place.removeprefix("own.toml:")), fault.what) for fault in faults_of(text)]


def only_fault(text: str) -> tuple[str, str]:
    """The one fault of a text: the line it names, without its blanks, and what is wrong."""
    [(line, what)] = places_and_faults(text)
    return text.split("\n")[line - 1].strip(), what


def test_a_good_file_is_read_whole() -> None:
    process = read_process(GOOD, "own.toml", WORDS)
    first, second = process.gates
    assert (process.name, process.title, [p.name for p in process.phases]) == ("own", "Our own", ["one"])
    assert (first.kinds, first.due, first.opens, first.lasting) == (frozenset(Kind), None, None, False)
    assert (first.params, second.after, second.kinds) == (Where(), ("first",), frozenset({Kind.UNPLANNED}))
    assert second.due is not None
    assert second.due.text == "1 day after due"
    assert second.opens is not None
    assert (second.makes, second.params, second.lasting) == ("something", Where("there"), True)
    assert (second.moot_if_waived, second.why, second.source) == (("first",), "why not", "here")
    assert (process.products[0].depth, process.products[0].default_branch) == (3, "main")
    assert process.projects == {"tracking": "acme/tracking"}
    assert process.cadence == Train("monthly", 3)
    assert (process.defaults.disclosure_days, process.defaults.form, process.defaults.series) == (90, "2026", None)


def test_lines_of_work_are_compared_only_when_they_are_given() -> None:
    text = GOOD.replace('"something"', '"nothing"')
    assert faults_of(text, Vocabulary(told_to, Train)) == ()
    assert [fault.what for fault in faults_of(text)] == ["no line of work is named 'nothing'"]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('title = "Our own"', 'titel = "Our own"\ntitle = "x"', 'titel = "Our own"', "there is no key 'titel' here"),
        ('why = "why not"', 'wye = "why not"', 'wye = "why not"', "there is no key 'wye' here"),
        ('title = "The only one"', 'title = "x"\nsize = 3', "size = 3", "there is no key 'size' here"),
        ("depth = 3", "debt = 3", "debt = 3", "there is no key 'debt' here"),
        ("depth = 3", 'depth = "3"', 'depth = "3"', "depth has to be a whole number from 1 to 99"),
        ("depth = 3", "depth = true", "depth = true", "depth has to be a whole number from 1 to 99"),
        ("depth = 3", "depth = 0", "depth = 0", "depth has to be a whole number from 1 to 99"),
        ('after = ["first"]', 'after = ["frist"]', 'after = ["frist"]', "no gate is named 'frist'"),
        ('after = ["first"]', 'after = "first"', 'after = "first"', "after has to be a list"),
        ('after = ["first"]', "after = [1]", "after = [1]", "item 1 of after has to be a text"),
        ('after = ["first"]', 'after = [\n"first",\n"x"]', '"x"]', "no gate is named 'x'"),
        ('after = ["first"]', 'after = ["second"]', 'after = ["second"]', "second waits for itself, by way of second"),
        ('waived = ["first"]', 'waived = ["x"]', 'moot_if_waived = ["x"]', "no gate is named 'x'"),
        ('name = "second"', 'name = "2nd Gate"', 'name = "2nd Gate"', "name has to be a name of small letters"),
        ('name = "second"', 'name = ""', 'name = ""', "name has to be a name of small letters"),
        ('name = "second"', "name = 2", "name = 2", "name has to be a name of small letters"),
        ('title = "The second"\n', "", "[[gate]]", "item 2 of gate has no title"),
        ('title = "The second"', 'title = " "', 'title = " "', "title has to be a text that is not empty"),
        ('due = "1 day after due"', 'due = "soon"', 'due = "soon"', "due: 'soon' is not a due rule"),
        ('opens = "at due"', 'opens = "late"', 'opens = "late"', "opens: 'late' is not a due rule"),
        ('["unplanned"]', '["planed"]', 'kinds = ["planed"]', "item 1 of kinds has to be one of planned, unplanned"),
        ('["unplanned"]', "[]", "kinds = []", "kinds has to be a list of kinds of release; leave it out"),
        ('owner = "secondary"', 'owner = "boss"', 'owner = "boss"', "owner has to be one of primary, secondary,"),
        ("lasting = true", 'lasting = "yes"', 'lasting = "yes"', "lasting has to be true or false"),
        ('makes = "something"', 'makes = "cake"', 'makes = "cake"', "no line of work is named 'cake'"),
        ('where = "there"', 'wher = "there"', 'wher = "there"', "there is no key 'wher' here"),
        ('where = "there"', "where = 3", "where = 3", "where has to be a text"),
        (
            '"secrel status {release} --gate {gate} --fix {fix}"',
            '"{user}"',
            'remedy = "{user}"',
            "unknown placeholder 'user' in the remedy",
        ),
        (
            '"secrel status {release} --gate {gate} --fix {fix}"',
            '"{fix!r}"',
            'remedy = "{fix!r}"',
            "unknown placeholder 'fix' in the remedy",
        ),
        (
            '"secrel status {release} --gate {gate} --fix {fix}"',
            '"{"',
            'remedy = "{"',
            "unknown placeholder '{' in the remedy",
        ),
        ('rule = "monthly"', 'rule = "yearly"', 'rule = "yearly"', "rule has to be one of monthly"),
        ('rule = "monthly"\n', "", "[cadence]", "cadence has no rule"),
        ("disclosure_days = 90", "disclosure_days = 0", "disclosure_days = 0", "disclosure_days has to be a whole"),
        ('form = "2026"', "from = 1", "from = 1", "there is no key 'from' here"),
        ('tracking = "acme/tracking"', "tracking = 1", "tracking = 1", "tracking has to be a text"),
        ("depth = 3", 'branch = "stable"', 'branch = "stable"', "'stable' is not a pattern for a branch"),
        (
            "depth = 3",
            'branch = "{0}-{series}"',
            'branch = "{0}-{series}"',
            "'{0}-{series}' is not a pattern for a branch",
        ),
        ("depth = 3", 'tag = "v{series}"', 'tag = "v{series}"', "'v{series}' is not a pattern for a tag"),
        ("depth = 3", 'internal = "in"', 'internal = "in"', "'in' is not a pattern for internal versions"),
        ("depth = 3", 'tag = "v{version"', 'tag = "v{version"', "'v{version' is not a pattern for a tag"),
    ],
)
def test_a_fault_names_its_line(old: str, new: str, line: str, what: str) -> None:
    assert GOOD.count(old) >= 1
    found, said = only_fault(GOOD.replace(old, new, 1))
    assert said.startswith(what)
    assert found == line


def test_an_unknown_check_and_phase_are_told_where_they_stand() -> None:
    text = GOOD.replace('check = "seen"\nafter', 'check = "sene"\nafter').replace(
        'phase = "one"\nowner = "sec', 'phase = "two"\nowner = "sec'
    )
    assert [what for _, what in places_and_faults(text)] == ["no phase is named 'two'", "no check is named 'sene'"]


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ('title = "Our own"', 'titel = "x"\ntitle = "x"', "did you mean title?"),
        ('why = "why not"', 'colour = "x"', "the keys here are name, title, phase, owner"),
        ('["unplanned"]', '["planed"]', "did you mean planned?"),
        ('after = ["first"]', 'after = ["frist"]', "did you mean first?"),
        ('makes = "something"', 'makes = "cake"', "name one of something"),
        ("depth = 3", "depth = 0", "secrel manual process-file has every key"),
    ],
)
def test_a_fault_says_what_to_do(old: str, new: str, remedy: str) -> None:
    [fault] = faults_of(GOOD.replace(old, new, 1))
    assert remedy in fault.remedy


def test_names_that_stand_twice_name_the_other_place() -> None:
    text = GOOD.replace('name = "second"', 'name = "first"')
    assert only_fault(text) == ('name = "first"', "the name 'first' stands twice, also at own.toml:10")


def test_two_products_of_one_key_name_each_other() -> None:
    product = GOOD[GOOD.index("[[product]]") : GOOD.index("[projects]")]
    text = GOOD.replace("[projects]", f"{product}[projects]")
    first = text[: text.index("key = ")].count("\n") + 1
    assert places_and_faults(text) == [
        (first + product.count("\n"), f"the key 'app' stands twice, also at own.toml:{first}")
    ]


def test_a_circle_is_told_at_every_gate_of_it_and_nowhere_else() -> None:
    text = GOOD.replace('check = "seen"\n\n', 'check = "seen"\nafter = ["second"]\n\n', 1)
    gate = GOOD[GOOD.index("[[gate]]\nname") : GOOD.index('[[gate]]\nname = "second"')]
    text = text.replace(
        "[[product]]", f"""{gate.replace('"first"', '"third"').strip()}\nafter = ["second"]\n\n[[product]]"""
    )
    assert [what for _, what in places_and_faults(text)] == [
        "first waits for itself, by way of second",
        "second waits for itself, by way of first",
    ]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("name = ", "own.toml:1", "this is not TOML"),
        ('a = 1\nb = 2\nc = "', "own.toml:3", "this is not TOML"),
        ("a = 1\na = 2", "own.toml:2", "this is not TOML"),
        ("\nx = " + "[" * 100_000, "own.toml:2", "this is nested deeper than 50 levels"),
        ("n = " + "9" * 5_000, "own.toml:1", "this is not TOML"),
        ("#" * 1_000_001, "own.toml:1", "the file is longer than 1000000"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, place: str, what: str) -> None:
    [fault] = faults_of(text)
    assert fault.place == place
    assert what in fault.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('gate = "x"', "gate has to be a list of gates, each under its own [[gate]]"),
        ("[gate]\nx = 1", "gate has to be a list of gates, each under its own [[gate]]"),
        ("gate = [1]", "item 1 of gate has to be a table"),
        ("gate = []", "gate has to be a list of gates, each under its own [[gate]]"),
        ("[[projects]]\nx = 1", "projects has to be a table"),
        (GOOD.replace('[cadence]\nrule = "monthly"\nday = 3', "[cadence.x]"), "cadence has no rule"),
        (f'cadence = "monthly"\n{GOOD.partition("[cadence]")[0]}', "cadence has to be a table"),
        ("", "the file has no gate"),
        ("", "the file has no name"),
    ],
)
def test_shapes_that_are_wrong_are_told(text: str, what: str) -> None:
    assert what in [fault.what for fault in faults_of(text)]


def test_params_that_are_no_table_are_told() -> None:
    text = GOOD.replace('[gate.params]\nwhere = "there"', "params = 3")
    assert only_fault(text) == ("params = 3", "params has to be a table")


def test_faults_are_raised_together_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("depth = 3", "debt = 3").replace('owner = "secondary"', 'owner = "boss"')
    with pytest.raises(Misused) as refused:
        read_process(text, "own.toml", WORDS)
    line = text.split("\n").index('owner = "boss"') + 1
    assert refused.value.where == f"own.toml:{line}"
    assert refused.value.what.startswith("owner has to be one of primary, ")
    assert "\nown.toml:44: there is no key 'debt' here (did you mean depth?)" in refused.value.what
    assert refused.value.remedy


def test_of_very_many_faults_some_are_shown_and_the_rest_counted() -> None:
    text = GOOD.replace("[projects]", "[projects]\n" + "\n".join(f"k{n} = {n}" for n in range(40)))
    with pytest.raises(Misused, match="and 19 more"):
        read_process(text, "own.toml", WORDS)


def test_a_file_that_is_no_toml_cannot_be_read() -> None:
    with pytest.raises(Misused, match="this is not TOML"):
        read_process("]", "own.toml", WORDS)


def test_a_name_that_ships_with_nothing_is_refused() -> None:
    for name in ("", "../secrets", "gitlab.toml"):
        with pytest.raises(Misused, match="ships with secrel"):
            builtin(name, WORDS)


@given(st.integers(0, 400), st.text(alphabet="[]{}=\"'#\\\n ab1é", max_size=6))
def test_a_file_that_was_damaged_anywhere_is_read_or_refused_with_a_line_of_it(where: int, damage: str) -> None:
    at = where * len(GOOD) // 400
    text = GOOD[:at] + damage + GOOD[at:]
    for fault in faults_of(text):
        file, _, line = fault.place.rpartition(":")
        assert file == "own.toml"
        assert 1 <= int(line) <= text.count("\n") + 1
        assert fault.what


@pytest.mark.long
@given(st.sampled_from(builtin_text("gitlab").split("\n")))
def test_a_line_missing_from_a_shipped_process_never_breaks_the_reading(line: str) -> None:
    text = builtin_text("gitlab").replace(line + "\n", "", 1)
    assert all(fault.place.startswith("own.toml:") for fault in faults_of(text))
