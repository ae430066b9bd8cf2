"""What was answered is answered again, from one process to the next; and only to the very same question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from secrel.answers import answered, answered_each, is_keeping, kept, leave, take

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.tuples(inner, inner) | st.dictionaries(st.text("abc"), inner, max_size=2),
    max_leaves=6,
)


class Counted:
    """A question that counts how often it was found out."""

    def __init__(self) -> None:
        self.times = 0

    def made(self) -> str:
        self.times += 1
        return f"answer {self.times}"


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    leave()


def again(earlier: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """End a process, as it were, and begin another one; gives what is kept by then."""
    found = dict(earlier)
    take(earlier, found.update)
    return found


def carried(asked: object, counted: Counted, earlier: Mapping[bytes, bytes]) -> tuple[str, dict[bytes, bytes]]:
    found = again(earlier)
    said = answered("it", asked, str, counted.made)
    leave()
    return said, found


@given(VALUES, VALUES)
def test_only_the_same_question_is_answered_from_what_was_kept(one: object, other: object) -> None:
    counted = Counted()
    _, store = carried(one, counted, {})
    assert carried(one, counted, store) == ("answer 1", store)
    is_same = repr(one) == repr(other) or (one, type(one)) == (other, type(other))
    said, _ = carried(other, counted, store)
    assert is_same or one == other or said == "answer 2"


def test_questions_of_two_functions_and_of_two_zones_are_not_the_same() -> None:
    counted, noon = Counted(), datetime(2027, 1, 13, 12, tzinfo=UTC)
    _, store = carried(noon, counted, {})
    assert carried(noon.astimezone(timezone(timedelta(hours=1))), counted, store)[0] == "answer 2"
    again(store)
    assert answered("another", noon, str, counted.made) == "answer 3"


def test_nothing_is_kept_until_answers_are_taken_along_and_nothing_after_they_are_left() -> None:
    counted = Counted()
    assert not is_keeping()
    assert [answered("it", 1, str, counted.made) for _ in range(2)] == ["answer 1", "answer 2"]
    store = again({})
    assert is_keeping()
    answered("it", 1, str, counted.made)
    leave()
    assert len(store) == 1
    assert not is_keeping()


def test_what_was_used_now_is_kept_first_and_what_was_not_after_it() -> None:
    counted = Counted()
    store = carried(2, counted, carried(1, counted, {})[1])[1]
    order: list[bytes] = []
    take(store, order.extend)
    answered("it", 3, str, counted.made)
    answered("it", 2, str, counted.made)
    leave()
    assert [store.get(digest) for digest in order][1:] == [store[digest] for digest in order[1:]]
    assert order[2] == next(iter(carried(1, counted, {})[1]))


def test_when_nothing_is_new_nothing_is_written_again() -> None:
    counted = Counted()
    _, store = carried(1, counted, {})

    def never(_: object) -> None:
        pytest.fail("nothing is new")

    take(store, never)
    assert answered("it", 1, str, counted.made) == "answer 1"
    leave()


@pytest.mark.parametrize("told", [b"", b"\x01", b"\xa3ab", b"\xff" * 40])
def test_an_answer_that_is_none_is_made_anew(told: bytes) -> None:
    counted = Counted()
    _, store = carried(1, counted, {})
    assert carried(1, counted, dict.fromkeys(store, told))[0] == "answer 2"


class Told(Struct, frozen=True):
    """An answer with parts."""

    parts: tuple[str, ...]


def test_an_answer_of_another_shape_is_made_anew() -> None:
    _, store = carried(1, Counted(), {})
    again(store)
    assert answered("it", 1, Told, lambda: Told(("a",))) == Told(("a",))


def test_what_does_not_last_what_has_no_plain_form_and_what_fails_is_not_kept() -> None:
    store = again({})
    assert answered("it", 1, str, lambda: "for now", lasts=lambda _: False) == "for now"
    assert answered("it", 2, int, lambda: 1 << 70) == 1 << 70
    assert answered("it", object(), str, lambda: "asked by a thing") == "asked by a thing"
    with pytest.raises(ZeroDivisionError):
        answered("it", 3, int, lambda: 1 // 0)
    leave()
    assert store == {}


class Spelled:
    """Something that is no plain value, and says what answers depend on."""

    def __init__(self, text: str) -> None:
        self.answers_by = text


def test_a_thing_says_itself_what_answers_depend_on() -> None:
    counted = Counted()
    _, store = carried(Spelled("a"), counted, {})
    assert carried(Spelled("a"), counted, store)[0] == "answer 1"
    assert carried(Spelled("b"), counted, store)[0] == "answer 2"


def test_a_decorated_function_answers_once_in_a_process_and_once_for_all() -> None:
    times = []

    def counts() -> Mapping[bytes, bytes]:
        @kept(Told, size=4)
        def parts(text: str) -> Told:
            times.append(text)
            return Told(tuple(text))

        assert parts("ab") == parts("ab") == Told(("a", "b"))
        return {}

    store = again({})
    counts()
    leave()
    again(store)
    counts()
    assert times == ["ab"]


def test_of_several_questions_only_the_new_ones_are_found_out_and_together() -> None:
    asked: list[list[str]] = []

    def made(fresh: Sequence[str]) -> dict[str, int]:
        asked.append([*fresh])
        return {key: len(key) for key in fresh if key != "unseen"}

    def said(store: Mapping[bytes, bytes], *keys: str) -> tuple[dict[str, int], dict[bytes, bytes]]:
        found = again(store)
        told = answered_each("each", {key: f"question {key}" for key in keys}, int, made, lasts=lambda one: one != 4)
        leave()
        return told, found

    told, store = said({}, "one", "unseen", "four")
    assert told == {"one": 3, "four": 4}
    told, store = said(store, "three", "one", "four", "unseen")
    assert told == {"three": 5, "one": 3, "four": 4}
    assert said(store, "one", "three")[0] == {"one": 3, "three": 5}
    assert asked == [["one", "unseen", "four"], ["three", "four", "unseen"]]
