from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from secrel.evaluate.remedies import filled, quoted


def test_ordinary_words_are_not_quoted() -> None:
    for word in ("2026-11", "amara", "gitlab-org/security/gitlab#884", "a.b_c@d:e+f"):
        assert quoted(word) == word


def test_what_a_shell_would_act_on_is_quoted() -> None:
    for word in ("a b", "$(reboot)", "acme/app!9", "#1", "", "it's"):
        assert shlex.split(quoted(word)) == [word]
        assert quoted(word) != word


@given(st.text(max_size=40))
def test_a_word_stays_one_word_and_moves_no_cursor(word: str) -> None:
    assert shlex.split(quoted(word)) == ["".join(sign for sign in word if sign.isprintable())]
    assert quoted(word).isprintable()


def test_placeholders_are_filled() -> None:
    assert filled("secrel {gate} {release} {fix}", release="2026-11", gate="draft-open", about="acme/app#1") == (
        "secrel draft-open 2026-11 acme/app#1"
    )


def test_what_is_about_no_fix_leaves_the_fix_to_be_named() -> None:
    for about in ("", "2026-11", "acme/app!1", "#1", "acme/app#x"):
        assert filled("fix {fix}", release="2026-11", gate="g", about=about) == "fix FIX"


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert filled("{fix} {other}", release="r", gate="g", about="{gate}#1") == "'{gate}#1' {other}"
