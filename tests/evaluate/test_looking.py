from __future__ import annotations

from collections.abc import Callable

import pytest

from secrel.evaluate.looking import DOCUMENTS, document, duty_of, lacking, linked_fixes, person_behind, tells, told_of
from secrel.evaluate.params import told_flag, told_number, told_word, told_words
from secrel.evaluate.verdicts import Hidden, Question
from secrel.process.table import Gate
from secrel.snapshot.seen import Seen
from secrel.words.errors import Misused
from tests.builders import NOW, a_duty, a_snapshot, an_advisory
from tests.evaluate.asking import a_process


def test_every_document_is_a_part_of_the_snapshot() -> None:
    for name in DOCUMENTS:
        assert isinstance(document(a_snapshot(), name), Seen | Hidden)


def test_fixes_and_advisories_are_found() -> None:
    fixes = linked_fixes(a_snapshot())
    assert not isinstance(fixes, Hidden)
    assert [fix.ref for fix in fixes] == ["acme/app#1", "acme/app#2"]
    assert told_of(a_snapshot())["acme/app#2"] == an_advisory(2)


def test_a_duty_names_those_it_names() -> None:
    assert duty_of(a_snapshot(duty=None)) == ()
    assert duty_of(a_snapshot(duty=a_duty("", "bjorn"))) == ("bjorn",)


def test_a_role_without_a_name_stays_a_role() -> None:
    assert person_behind("primary", a_snapshot(duty=a_duty("", "bjorn")), a_process()) == "primary"
    assert person_behind("communications", a_snapshot(), a_process()) == "communications"


@pytest.mark.parametrize(
    ("body", "text", "is_there"),
    [
        ("fixed in 18.5.2.", "18.5.2", True),
        ("fixed in 18.5.20", "18.5.2", False),
        ("fixed in 118.5.2", "18.5.2", False),
        ("<18.5.2,", "18.5.2", True),
        ("18.5.2.1", "18.5.2", False),
        ("An *attacker*\n> could `read` it", "An attacker could read it.", True),
        ("'it''s here'", "it's here", True),
        ("acme/app#12", "acme/app#1", False),
        ("anything", "", True),
        ("", "", True),
    ],
)
def test_a_fact_is_found_whole_however_it_is_quoted(body: str, text: str, is_there: bool) -> None:  # noqa: FBT001
    assert lacking(body, [("it", text)]) == ([] if is_there else ["it"])


def told(**params: object) -> Question:
    return Question(
        Gate("a", "A", "one", "primary", "claimed", params=params, place="own.toml:3"), a_process(), NOW, None
    )


def test_parameters_are_read_with_their_types() -> None:
    question = told(word="w", words=["a", "b"], number=3, flag=True)
    assert told_word(question, "word") == "w"
    assert told_words(question, "words") == ("a", "b")
    assert told_number(question, "number", 1) == 3
    assert told_flag(question, "flag") is True
    assert (told_word(question, "x", "d"), told_words(question, "x"), told_number(question, "x", 7)) == ("d", (), 7)
    assert told_flag(question, "x") is False


@pytest.mark.parametrize("value", [3, None, {"a": 1}, "text", ["a", 1], True, -1, 1.5])
def test_a_parameter_of_another_type_names_the_row(value: object) -> None:
    question = told(it=value)
    readers: dict[type, Callable[[], object]] = {
        str: lambda: told_word(question, "it"),
        list: lambda: told_words(question, "it"),
        int: lambda: told_number(question, "it", 1),
        bool: lambda: told_flag(question, "it"),
    }
    fits = {str: isinstance(value, str), list: False, int: value == 3, bool: value is True}
    for kind, read in readers.items():
        if not fits[kind]:
            with pytest.raises(Misused, match="the parameter it of the gate a is not") as refused:
                read()
            assert refused.value.where == "own.toml:3"


@pytest.mark.parametrize(
    ("body", "prose", "is_told"),
    [
        ('description: "One.\\n\\nTwo \\"three\\"."', 'One.\n\nTwo "three".', True),
        ("One two\n  three", "One, two three!", True),
        ("One two", "One two three", False),
        ('"so\\u00adft"', "so\u00adft", True),
        ("ﬁx", "fix", True),
        ("version 18.5", "version 18.6", False),
    ],
)
def test_prose_is_found_letter_for_letter(body: str, prose: str, is_told: bool) -> None:  # noqa: FBT001
    assert tells(body, prose) is is_told
