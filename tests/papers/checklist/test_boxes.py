"""Ticking one box of a text, as a person does on a page."""

from __future__ import annotations

import pytest

from secrel.papers.checklist.boxes import read_boxes, with_box
from secrel.words.errors import Misused

TEXT = """# List

- [ ] The packages are ready <!-- s:packages o1a2b3 -->
- [x] The mail is written
- the packages
<!-- - [ ] hidden packages -->
"""


def test_a_box_is_ticked_and_emptied_by_words_of_its_line() -> None:
    ticked = with_box(TEXT, "packages  ARE", ticked=True)
    assert ticked == TEXT.replace("- [ ] The", "- [x] The")
    assert [*read_boxes(ticked).values()] == [True, True]
    assert with_box(ticked, "packages are", ticked=False) == TEXT
    assert with_box(TEXT, "mail", ticked=True) == TEXT


@pytest.mark.parametrize(
    ("words", "what"), [("nowhere", "no box has 'nowhere'"), ("the", "2 boxes have 'the'"), ("hidden", "no box has")]
)
def test_words_of_no_box_or_of_several_are_refused(words: str, what: str) -> None:
    with pytest.raises(Misused, match=what):
        with_box(TEXT, words, ticked=True)
