from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.process.reading import Vocabulary, builtin, builtin_text, lint, read_process
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

[cadence]
rule = "monthly"
day = 3

[defaults]
disclosure_days = 90
form = "2026"
"""


def some_cadence(rule: str, parameters: object) -> object:
    if rule != "monthly":
        raise Misused(f"{rule} is no cadence", remedy="write monthly")
    return parameters


WORDS = Vocabulary({"seen": frozenset({"where"})}, frozenset({"something"}), some_cadence)


def places_and_faults(text: str, vocabulary: Vocabulary = WORDS) -> list[tuple[int, str]]:
    return [(int(fault.place.removeprefix("own.toml:")), fault.what) for fault in lint(text, "own.toml", vocabulary)]


def only_fault(text: str) -> tuple[str, str]:
    """The one fault of a text: the line it names, without its blanks, and what is wrong."""
    [(line, what)] = places_and_faults(text)
    return text.split("\n")[line - 1].strip(), what


def test_a_good_file_is_read_whole() -> None:
    process = read_process(GOOD, "own.toml", WORDS)
    first, second = process.gates
    assert (process.name, process.title, [p.name for p in process.phases]) == ("own", "Our own", ["one"])
    assert (first.place, first.kinds, first.due, first.opens, first.lasting) == (
        "own.toml:9",
        frozenset(Kind),
        None,
        None,
        False,
    )
    assert (second.place, second.after, second.kinds) == ("own.toml:18", ("first",), frozenset({Kind.UNPLANNED}))
    assert second.due is not None
    assert second.due.text == "1 day after due"
    assert second.opens is not None
    assert (second.makes, second.params, second.lasting) == ("something", {"where": "there"}, True)
    assert (second.moot_if_waived, second.why, second.source) == (("first",), "why not", "here")
    assert (process.products[0].depth, process.products[0].default_branch) == (3, "main")
    assert process.projects == {"tracking": "acme/tracking"}
    assert process.cadence == {"rule": "monthly", "day": 3}
    assert process.defaults == {"disclosure_days": 90, "form": "2026"}


def test_names_of_other_rooms_are_compared_only_when_they_are_given() -> None:
    text = GOOD.replace('"seen"', '"unheard"').replace('"something"', '"nothing"').replace('"monthly"', '"never"')
    assert lint(text, "own.toml") == ()
    assert len(lint(text, "own.toml", WORDS)) == 4


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('title = "Our own"', 'titel = "Our own"\ntitle = "x"', 'titel = "Our own"', "unknown key 'titel'"),
        ('why = "why not"', 'wye = "why not"', 'wye = "why not"', "unknown key 'wye' in [gate]"),
        ('title = "The only one"', 'title = "x"\nsize = 3', "size = 3", "unknown key 'size' in [phase]"),
        ("depth = 3", "debt = 3", "debt = 3", "unknown key 'debt' in [product]"),
        ("depth = 3", 'depth = "3"', 'depth = "3"', "depth is not a whole number from 1 to 99"),
        ("depth = 3", "depth = true", "depth = true", "depth is not a whole number from 1 to 99"),
        ("depth = 3", "depth = 0", "depth = 0", "depth is not a whole number from 1 to 99"),
        ('after = ["first"]', 'after = ["frist"]', 'after = ["frist"]', "no gate is named 'frist'"),
        ('after = ["first"]', 'after = "first"', 'after = "first"', "after is not a list of texts"),
        ('after = ["first"]', "after = [1]", "after = [1]", "after is not a list of texts"),
        ('after = ["first"]', 'after = ["second"]', 'after = ["second"]', "second waits for itself, by way of second"),
        ('waived = ["first"]', 'waived = ["x"]', 'moot_if_waived = ["x"]', "no gate is named 'x'"),
        ('name = "second"', 'name = "2nd Gate"', 'name = "2nd Gate"', "'2nd Gate' is not a name for a gate"),
        ('name = "second"', 'name = ""', 'name = ""', "[gate] has no name"),
        ('name = "second"', "name = 2", "name = 2", "name is not a text"),
        ('title = "The second"\n', "", "[[gate]]", "[gate] has no title"),
        ('due = "1 day after due"', 'due = "soon"', 'due = "soon"', "'soon' is not a due rule"),
        ('opens = "at due"', 'opens = "late"', 'opens = "late"', "'late' is not a due rule"),
        ('["unplanned"]', '["planed"]', 'kinds = ["planed"]', "unknown kind of release 'planed'"),
        ('["unplanned"]', "[]", "kinds = []", "a gate of no kind of release is never asked"),
        ('owner = "secondary"', 'owner = "boss"', 'owner = "boss"', "unknown owner 'boss'"),
        ("lasting = true", 'lasting = "yes"', 'lasting = "yes"', "lasting is neither true nor false"),
        ('makes = "something"', 'makes = "cake"', 'makes = "cake"', "no line of work is named 'cake'"),
        ('where = "there"', 'wher = "there"', "[gate.params]", "the check seen is told nothing named 'wher'"),
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
        ('rule = "monthly"', 'rule = "yearly"', 'rule = "yearly"', "yearly is no cadence"),
        ('rule = "monthly"\n', "", "[cadence]", "[cadence] has no rule"),
        (
            "disclosure_days = 90",
            "disclosure_days = 0",
            "disclosure_days = 0",
            "disclosure_days is not a whole number from 1 to 99",
        ),
        ('form = "2026"', "from = 1", "from = 1", "unknown key 'from' in [defaults]"),
        ('tracking = "acme/tracking"', "tracking = 1", "tracking = 1", "tracking is not a text"),
        ("depth = 3", 'branch = "stable"', 'branch = "stable"', "'stable' is not a pattern for a branch"),
        (
            "depth = 3",
            'branch = "{0}-{series}"',
            'branch = "{0}-{series}"',
            "'{0}-{series}' is not a pattern for a branch",
        ),
        ("depth = 3", 'tag = "v{series}"', 'tag = "v{series}"', "'v{series}' is not a pattern for a tag"),
        ("depth = 3", 'tag = "v{version"', 'tag = "v{version"', "'v{version' is not a pattern for a tag"),
    ],
)
def test_a_fault_names_its_line(old: str, new: str, line: str, what: str) -> None:
    assert GOOD.count(old) >= 1
    found, said = only_fault(GOOD.replace(old, new, 1))
    assert said == what
    assert found == line


def test_an_unknown_check_and_phase_are_told_where_they_stand() -> None:
    text = GOOD.replace('check = "seen"\nafter', 'check = "sene"\nafter').replace(
        'phase = "one"\nowner = "sec', 'phase = "two"\nowner = "sec'
    )
    assert [what for _, what in places_and_faults(text)] == ["unknown phase 'two'", "no check is named 'sene'"]


def test_a_check_that_is_told_nothing_says_so() -> None:
    words = Vocabulary({"seen": frozenset()})
    [fault] = lint(GOOD, "own.toml", words)
    assert fault.remedy == "it is told nothing"


def test_names_that_stand_twice_name_the_other_place() -> None:
    text = (
        GOOD.replace('name = "second"', 'name = "first"')
        .replace('after = ["first"]\n', "")
        .replace('moot_if_waived = ["first"]\n', "")
    )
    assert only_fault(text) == ('name = "first"', "two gates are named 'first'; the other is at own.toml:10")


def test_two_products_of_one_key_are_both_told() -> None:
    product = GOOD[GOOD.index("[[product]]") : GOOD.index("[projects]")]
    faults = places_and_faults(GOOD.replace("[projects]", f"{product}[projects]"))
    assert [what for _, what in faults] == ["two products have the key 'app'"] * 2
    assert faults[0][0] != faults[1][0]


def test_a_circle_is_told_at_every_gate_of_it_and_nowhere_else() -> None:
    text = GOOD.replace('check = "seen"\n\n', 'check = "seen"\nafter = ["second"]\n\n', 1)
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
        ("x = " + "[" * 100_000, "own.toml:1", "this is not TOML"),
        ("n = " + "9" * 5_000, "own.toml:1", "this is not TOML"),
        ("#" * 1_000_001, "own.toml:1", "it is longer than 1000000 characters"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, place: str, what: str) -> None:
    [fault] = lint(text, "own.toml")
    assert fault.place == place
    assert what in fault.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('gate = "x"', "gate is not an array of tables"),
        ("[gate]\nx = 1", "gate is not an array of tables"),
        ("gate = [1]", "gate is not an array of tables"),
        ("[[projects]]\nx = 1", "projects is not a table"),
        ('cadence = "monthly"', "cadence is not a table"),
        ("", "the process has no gate"),
        ("", "[the process] has no name"),
    ],
)
def test_shapes_that_are_wrong_are_told(text: str, what: str) -> None:
    assert what in [fault.what for fault in lint(text, "own.toml")]


def test_params_that_are_no_table_are_told() -> None:
    text = GOOD.replace('[gate.params]\nwhere = "there"', "params = 3")
    assert only_fault(text) == ("params = 3", "params is not a table")


def test_faults_are_raised_together_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("depth = 3", "debt = 3").replace('owner = "secondary"', 'owner = "boss"')
    with pytest.raises(Misused) as refused:
        read_process(text, "own.toml", WORDS)
    line = text.split("\n").index('owner = "boss"') + 1
    assert refused.value.where == f"own.toml:{line}"
    assert refused.value.what.startswith("unknown owner 'boss'\nown.toml:")
    assert refused.value.remedy.startswith("the owners are primary")


def test_of_very_many_faults_some_are_shown_and_the_rest_counted() -> None:
    text = GOOD.replace("[projects]", "[projects]\n" + "\n".join(f"k{n} = {n}" for n in range(40)))
    with pytest.raises(Misused, match="and 19 more"):
        read_process(text, "own.toml", WORDS)


def test_a_file_that_is_no_toml_cannot_be_read() -> None:
    with pytest.raises(Misused, match="this is not TOML"):
        read_process("]", "own.toml")


def test_a_name_that_ships_with_nothing_is_refused() -> None:
    for name in ("", "../secrets", "gitlab.toml"):
        with pytest.raises(Misused, match="ships with secrel"):
            builtin(name)


@given(st.integers(0, 400), st.text(alphabet="[]{}=\"'#\\\n ab1é", max_size=6))
def test_a_file_that_was_damaged_anywhere_is_read_or_refused_with_a_line_of_it(where: int, damage: str) -> None:
    at = where * len(GOOD) // 400
    text = GOOD[:at] + damage + GOOD[at:]
    for fault in lint(text, "own.toml", WORDS):
        file, _, line = fault.place.rpartition(":")
        assert file == "own.toml"
        assert 1 <= int(line) <= text.count("\n") + 1
        assert fault.what


@given(st.sampled_from(builtin_text("gitlab").split("\n")))
def test_a_line_missing_from_a_shipped_process_never_breaks_the_reading(line: str) -> None:
    text = builtin_text("gitlab").replace(line + "\n", "", 1)
    assert all(fault.place.startswith("own.toml:") for fault in lint(text, "own.toml"))
