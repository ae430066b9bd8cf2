"""TOML and JSON: strictly read, and whatever is wrong told at its own line, all of it at once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.answers import leave, take
from secrel.reading.documents import Document, Malformed
from secrel.reading.toml import read_json, read_toml
from secrel.words.errors import Misused

REMEDY = "see the page"


def toml(text: str | bytes, most: int = 100_000) -> Document:
    return read_toml(text, "a.toml", most=most, remedy=REMEDY)


def json_(text: str | bytes, most: int = 1_000_000) -> Document:
    return read_json(text, "a.json", most=most, remedy=REMEDY)


def refused(read: Any, text: str | bytes) -> Malformed:
    with pytest.raises(Malformed) as told:
        read(text)
    assert told.value.remedy
    return told.value


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a = 1\nb = \n", 2, "this is not TOML: Invalid value"),
        ('a = 1\nb = "x', 2, "this is not TOML"),
        ("a = 1\n\na = 2\n", 3, "this is not TOML: Cannot overwrite a value"),
        ("[a]\n[b]\n[a]\n", 3, "this is not TOML: Cannot declare"),
        ("a = 1\nb = {x = 1, x = 2}\n", 2, "this is not TOML: Duplicate inline table key"),
        ("a = 1\nb\x00 = 2", 2, "this is not TOML"),
        ("a = 1\n1 = 2 3", 2, "this is not TOML"),
        ("a = 1\nn = " + "9" * 5_000, 2, "a number is too long"),
        ("a = 1\nn = " + "[" * 60 + "]" * 60, 2, "nested deeper than 50 levels"),
        ("a = 1\nn = [\n" + "[\n" * 60 + "]" * 61, 52, "nested deeper than 50 levels"),
        ("a = 1\nn = " + "[" * 20_000 + "]" * 20_000, 2, "nested deeper than 50 levels"),
        ("a = 1\n" + ".".join("ab" for _ in range(60)) + " = 1", 2, "a key has too many dots"),
        ("a = 1\nb = {" + " . ".join('"a"' for _ in range(60)) + " = 1}", 2, "a key has too many dots"),
        ("#" * 100_001, 1, "the file is longer than 100000"),
        (b"a = 1\nb = '\xff'\n", 2, "this is not UTF-8"),
        ("a = 1".encode("utf-16"), 1, "this is not UTF-8"),
        ("a = 1\n\ufeffb = 1", 2, "this is not TOML"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str | bytes, line: int, said: str) -> None:
    told = refused(toml, text)
    assert told.where == f"a.toml:{line}"
    assert said in told.what


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "this is not JSON: Expecting value"),
        ("{\n'a': 1}", 2, "this is not JSON"),
        ('{"a": 1,\n"b": {"c": 1,\n"c": 2}}', 3, "a key stands here for the second time"),
        ('{"a":\n"\\ud800"}', 2, "half a sign"),
        ('{"a":\n' + "9" * 5_000 + "}", 2, "a number is too long"),
        ('{"a":\n' + "[" * 60 + "]" * 60 + "}", 2, "nested deeper than 50 levels"),
        ("[" * 200_000, 1, "nested deeper than 50 levels"),
        (b'{"a":\n"\xff"}', 2, "this is not UTF-8"),
        ("[" + "1," * 1_000_000 + "1]", 1, "the file is longer than 1000000"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str | bytes, line: int, said: str) -> None:
    told = refused(json_, text)
    assert told.where == f"a.json:{line}"
    assert said in told.what


def test_marks_of_byte_order_and_ends_of_lines_are_no_fault() -> None:
    assert toml(b"\xef\xbb\xbfa = 1\r\nb = '''x\r\ny'''\r\n").data == {"a": 1, "b": "x\ny"}
    assert json_(b'\xef\xbb\xbf{"a": 1}\r\n').data == {"a": 1}
    assert toml("").data == {}


def test_a_document_that_is_no_table_is_told() -> None:
    assert json_("1").data == 1
    assert "the file has to be a table" in refused(lambda text: json_(text).decode(Rows), "1").what


def test_no_dotted_text_is_taken_for_a_key() -> None:
    assert toml(f'a = "{"." * 500}"\nb = "{"a b. " * 100}"\n').data["b"].count("a") == 100
    assert toml("a" * 90_000 + " = 1").data


# --- every value of a document, broken one at a time ------------------------------------------------------------------


class Parsed:
    """A kind of our own."""

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def read(cls, value: object) -> Parsed:
        if value != "mine":
            raise Misused("it is not mine", remedy="write mine")
        return cls(value)


class Cat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="cat", tag_field="is"):
    lives: int = 9


class Dog(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="dog", tag_field="is"):
    bark: str


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(pattern=r"\S", description="a name")]
    flag: bool
    count: Annotated[int, msgspec.Meta(ge=0)]
    kind: Literal["one", "two"]
    day: date
    hour: time
    at: datetime
    own: Parsed
    tags: tuple[str, ...]
    depth: dict[str, int]
    pet: Cat | Dog
    maybe: list[int] | Cat | None = None
    size: Size | None = None


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: list[Row]
    loose: dict[str, str] = {}


ROW: dict[str, tuple[str, Any]] = {
    "name": ('"n"', "n"), "flag": ("true", True), "count": ("3", 3), "kind": ('"one"', "one"),
    "day": ("2026-11-25", date(2026, 11, 25)), "hour": ("09:00:00", time(9)),
    "at": ("2026-11-25T16:00:00Z", datetime(2026, 11, 25, 16, tzinfo=UTC)), "own": ('"mine"', None),
    "tags": ('[\n  "a",\n  "b",\n]', ("a", "b")), "depth": ("{ x = 1 }", {"x": 1}),
    "pet": ('{ is = "dog", bark = "loud" }', Dog("loud")), "maybe": ("[1, 2]", [1, 2]), "size": ('"small"', Size.SMALL),
}  # fmt: skip
WRONG = {
    "name": ['""', "3", '" "'], "flag": ['"true"', "1"], "count": ['"3"', "-1", "3.0", "nan", "inf", "true"],
    "kind": ['"three"', "1"], "day": ['"2026-11-25"', "2026-11-25T00:00:00Z", "3"], "hour": ['"09:00:00"', "9"],
    "at": ['"2026-11-25T16:00:00Z"', "2026-11-25"], "own": ['"yours"', "1"],
    "tags": ['"a"', "[1]", '[["a"]]', '{ a = "b" }'], "depth": ["[]", '{ x = "1" }', "1"],
    "pet": ["{}", '{ is = "cow" }', '{ is = "dog" }', '{ is = "cat", lives = "9" }', '{ is = "cat", bark = "x" }', "1"],
    "maybe": ['"x"', '{ is = "cat", lives = "9" }', '["x"]'], "size": ['"smal"', "[]"],
}  # fmt: skip


def written(rows: list[dict[str, str]], remarks: list[str]) -> tuple[str, list[dict[str, int]]]:
    """Write rows as TOML with remarks between the lines, and say on which line each key stands."""
    lines, places = ["# rows"], []
    for row in rows:
        lines.append("[[row]]")
        places.append({"": len(lines)})
        for number, (key, value) in enumerate(row.items()):
            lines += [remarks[number]] if number < len(remarks) else []
            places[-1][key] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
    return "\n".join(lines), places


REMARKS = st.lists(st.sampled_from(["", '# name = "x"', "  ", "# [[row]]", "\t# ''' \"\"\" { ["]), max_size=14)
ORDERS = st.permutations(list(ROW))


@settings(deadline=None)
@given(st.lists(ORDERS, min_size=1, max_size=3), REMARKS, st.data())
def test_every_value_that_is_broken_is_told_at_its_own_line(
    orders: list[list[str]], remarks: list[str], data: st.DataObject
) -> None:
    rows = [{key: ROW[key][0] for key in order} for order in orders]
    text, _ = written(rows, remarks)
    assert len(toml(text).decode(Rows).row) == len(rows)
    number, key = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(list(ROW)))
    rows[number][key] = data.draw(st.sampled_from(WRONG[key]))
    text, places = written(rows, remarks)
    (fault,) = refused(lambda text: toml(text).decode(Rows), text).faults
    assert fault.place == f"a.toml:{places[number][key]}"
    assert fault.remedy


@settings(deadline=None)
@given(st.lists(ORDERS, min_size=1, max_size=3), REMARKS, st.data())
def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_lines(
    orders: list[list[str]], remarks: list[str], data: st.DataObject
) -> None:
    rows = [{key: ROW[key][0] for key in order} for order in orders]
    spots = [(number, key) for number, row in enumerate(rows) for key in row]
    broken = data.draw(st.lists(st.sampled_from(spots), min_size=1, max_size=8, unique=True))
    for number, key in broken:
        rows[number][key] = WRONG[key][0]
    text, places = written(rows, remarks)
    found = refused(lambda text: toml(text).decode(Rows), text).faults
    assert [fault.place for fault in found] == [f"a.toml:{line}" for line in sorted(places[n][k] for n, k in broken)]


@given(st.sampled_from([key for key in ROW if key not in ("maybe", "size")]), st.sampled_from(list(ROW)))
def test_a_key_that_is_missing_or_misspelt_is_told(gone: str, misspelt: str) -> None:
    row = {key: value for key, (value, _) in ROW.items() if key != gone}
    if misspelt in row:
        row = {f"{key}x" if key == misspelt else key: value for key, value in row.items()}
    text, places = written([row], [])
    found = refused(lambda text: toml(text).decode(Rows), text).faults
    assert f"item 1 of row has no {gone}" in [fault.what for fault in found if fault.place == "a.toml:2"]
    if misspelt != gone:
        line = places[0][f"{misspelt}x"]
        [(what, remedy)] = [(fault.what, fault.remedy) for fault in found if "there is no key" in fault.what]
        assert (what, remedy) == (f"there is no key '{misspelt}x' here", f"did you mean {misspelt}?")
        assert f"a.toml:{line}" in [fault.place for fault in found]


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        ("row = 3", 1, "row has to be a list of tables", REMEDY),
        ("\n[row]\nname = 1", 2, "row has to be a list of tables", "make it a list: [[row]] in TOML, - in YAML"),
        ("row = []\n[loose]\na = 1", 3, "a has to be a text", REMEDY),
        ("row = []\nloose = 1", 2, "loose has to be a table", REMEDY),
        ("row = []\nzzz = 1", 2, "there is no key 'zzz' here", "the keys here are row, loose"),
        ("loose = {}", 1, "the file has no row", "add row"),
        ("row = [\n1]", 2, "item 1 of row has to be a table", REMEDY),
    ],
)
def test_shapes_that_are_wrong_are_told(text: str, line: int, what: str, remedy: str) -> None:
    (fault,) = refused(lambda text: toml(text).decode(Rows), text).faults
    assert (fault.place, fault.what, fault.remedy) == (f"a.toml:{line}", what, remedy)


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("name", '" "', "name has to be a name"),
        ("count", "-1", "count has to be a whole number"),
        ("flag", "1", "flag has to be true or false"),
        ("kind", '"tow"', "kind has to be one of one, two"),
        ("day", '"2026-11-25"', "day has to be a date without quotes, such as 2026-11-25"),
        ("own", "1", "own: it is not mine"),
        ("tags", '["a", 1]', "item 2 of tags has to be a text"),
        ("depth", '{ "long key" = "x" }', "long key has to be a whole number"),
        ("pet", '{ is = "cow" }', "is has to be one of cat, dog"),
        ("pet", "{}", "is has to be one of cat, dog"),
        ("maybe", '"x"', "maybe has to be a list or a table"),
        ("size", '"smal"', "size has to be one of small, large"),
    ],
)
def test_a_fault_says_what_it_has_to_be(key: str, value: str, what: str) -> None:
    text, _ = written([{name: value if name == key else good for name, (good, _) in ROW.items()}], [])
    (fault,) = refused(lambda text: toml(text).decode(Rows), text).faults
    assert fault.what == what


def test_no_value_is_repeated_in_a_fault() -> None:
    text = 'row = [{ name = 1, flag = "hunter2", count = "hunter2", kind = "hunter2", day = "hunter2" }]\n'
    assert "hunter2" not in str(refused(lambda text: toml(text).decode(Rows), text))


def test_unknown_keys_are_let_be_where_a_kind_lets_them_be() -> None:
    class Loose(msgspec.Struct):
        a: int

    assert toml("a = 1\nb = 2").decode(Loose) == Loose(1)
    (fault,) = refused(lambda text: toml(text).decode(Loose), 'b = 2\na = "x"').faults
    assert fault.place == "a.toml:2"


def test_very_many_faults_are_counted() -> None:
    text = "row = []\n[loose]\n" + "\n".join(f"k{number} = {number}" for number in range(40))
    told = refused(lambda text: toml(text).decode(Rows), text)
    assert len(told.faults) == 40
    assert told.what.endswith("\nand 19 more")


@given(st.text(alphabet=st.sampled_from(list("[]{}=:,.\"'#\n\\ row1-tname")), max_size=80))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    for read in (toml, json_):
        try:
            read(text).decode(Rows)
        except Malformed as told:
            lines = {int(fault.place.rpartition(":")[2]) for fault in told.faults}
            assert lines <= set(range(1, text.count("\n") + 2))


def test_a_list_as_a_whole_is_told_by_its_items() -> None:
    (fault,) = refused(lambda text: json_(text).decode(list[dict[str, int]]), '[{},\n{"a": "x"},\n3]').faults[1:]
    assert (fault.place, fault.what) == ("a.json:3", "item 3 has to be a table")


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 9), max_size=3), max_size=4))
def test_a_value_of_json_that_is_wrong_is_told_at_its_own_line(rows: list[dict[str, int]]) -> None:
    text = json.dumps([{**row, "z": "x"} for row in rows], indent=1)
    with_faults = [number for number, line in enumerate(text.split("\n"), start=1) if '"z"' in line]
    document = json_(text)
    assert [document.place(number, "z") for number in range(len(rows))] == [f"a.json:{line}" for line in with_faults]


@pytest.mark.parametrize("text", ["a = 99999999999999999999", "a = 2026-11-25"])
def test_what_has_no_plain_form_is_read_and_not_kept(text: str) -> None:
    kept: list[object] = []
    take({}, kept.append)
    found = toml(text).data
    leave()
    assert found["a"] in (99999999999999999999, date(2026, 11, 25))
    assert kept == []
