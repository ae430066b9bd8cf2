"""Long texts stand as their digests in what is remembered, and come back to the byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from secrel.journal.texts import LONG, put_back, take_out

DIGEST = "sha256:" + "0123456789abcdef" * 4
strings = st.one_of(
    st.text(max_size=8),
    st.sampled_from([DIGEST, f"{DIGEST}\n", f"{DIGEST}\0", DIGEST.upper(), "sha256:"]),
    st.sampled_from([sign * count for sign in ("x", "☃\n") for count in (LONG - 1, LONG, LONG + 1)]),
)
leaves = st.one_of(strings, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False))
values = st.recursive(
    leaves, lambda parts: st.lists(parts) | st.dictionaries(st.text(max_size=4), parts), max_leaves=12
)


def lengths(value: Any) -> list[int]:
    if isinstance(value, str):
        return [] if "\0" in value else [len(value)]
    parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return [length for part in parts for length in lengths(part)]


@given(values)
def test_what_is_put_back_is_what_was_taken_out(value: Any) -> None:
    texts: dict[str, str] = {}
    short = take_out(value, texts)
    assert put_back(short, lambda names: {name: texts[name] for name in names}) == value
    assert max(lengths(short), default=0) < LONG
    assert not any("\0" in text for text in texts.values()), "PostgreSQL keeps no such text"


def test_one_text_is_asked_for_once_and_without_texts_nobody_is_asked() -> None:
    texts: dict[str, str] = {}
    asked: list[Sequence[str]] = []

    def read(names: Sequence[str]) -> Mapping[str, str]:
        asked.append(names)
        return texts

    long = "long " * LONG
    short = take_out({"body": long, "files": (("a.md", long),), "expects": f"{long}!"}, texts)
    assert put_back(short, read) == {"body": long, "files": [["a.md", long]], "expects": f"{long}!"}
    assert put_back(take_out({"body": "short"}, texts), read) == {"body": "short"}
    assert asked == [list(texts)]
    assert len(texts) == 2
