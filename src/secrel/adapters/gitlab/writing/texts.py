"""Texts as they are sent to a GitLab, with table and mark, and as they are read again."""

from __future__ import annotations

from collections.abc import Collection

from secrel.adapters.gitlab.addresses import place_at
from secrel.adapters.gitlab.marks import Mark, Parts, line_of, table_in, taken_apart, together, unmarked
from secrel.adapters.gitlab.neutral import (
    DESCRIPTION,
    NOTE,
    TITLE,
    Meant,
    needed_length,
    neutral,
    neutral_line,
    original,
)
from secrel.adapters.gitlab.reading.answers import NoteAnswer, ThingAnswer
from secrel.adapters.gitlab.writing.readers import everybody_reads
from secrel.adapters.gitlab.writing.sender import GitLabSender
from secrel.reading.rows import corrected
from secrel.words.errors import Misused
from secrel.words.facts.stated import Facts, FixFacts, ReleaseFacts


def meant_by(sender: GitLabSender, *, is_public: bool, more: Collection[str] = ()) -> Meant:
    """Say what a text may do: call those whom the desk calls and `more`, and refer to what may get a word about it.

    What everybody reads gets none about what they do not: whether such a word is shown depends on a filter
    (gitlab-api.md 5).
    """
    seen: dict[str, bool] = {}

    def refers(ref: str) -> bool:
        if is_public:
            return True
        if ref not in seen:
            try:
                seen[ref] = not everybody_reads(sender, place_at(ref, sender.client.instance))
            except Misused:  # nothing is there for this token: GitLab makes nothing of it
                seen[ref] = True
        return seen[ref]

    return Meant(sender.called.union(more), refers, sender.client.instance)


def described(words: str, meant: Meant, mark: str, facts: Facts | None = None) -> str:
    """Put a new description together as it is sent; raises `Misused` for one that is too long."""
    return needed_length(together(neutral(words, meant), facts=facts, mark=mark), DESCRIPTION, "the text")


def redescribed(words: str, meant: Meant, standing: str) -> str:
    """Put other words into a description; its table, readable or not, and its mark stay to the letter."""
    parts = taken_apart(standing)
    told = filter(None, (table_in(standing), mark_line(parts.mark)))
    text = "\n\n".join([neutral(words, meant, parts.words), *told])
    return needed_length(text, DESCRIPTION, "the text")


def restated(parts: Parts, changes: Facts, lines: Collection[str], sender: GitLabSender) -> str:
    """Let a description state other facts: in the rows of people's tables that state them, else in its details table.

    What stands in both is changed in both; every other row and word stays to the letter.
    """
    words, placed = parts.words, frozenset[str]()
    if isinstance(changes, FixFacts) and not parts.facts.of(ReleaseFacts).release:
        says_nothing = Meant(instance=sender.client.instance)
        words, placed = corrected(words, sender.rows, changes, lines, lambda said: neutral_line(said, says_nothing))
    there = parts.facts.table
    facts = parts.facts.changed(changes, [line for line in lines if line in there or line not in placed])
    return needed_length(together(words, facts=facts, mark=mark_line(parts.mark)), DESCRIPTION, "the text")


def shown_mark(text: str) -> str:
    """Take the key out of the mark of a text that everybody is about to read; empty where there is none in it."""
    rest, mark = unmarked(text)
    return together(rest, mark=mark_line(mark, is_public=True)) if mark is not None and mark.key else ""


def noted(words: str, meant: Meant, key: str, *, is_public: bool) -> str:
    """Put a note together: with its mark it never is made of commands alone."""
    text = together(neutral(words, meant), mark=line_of(key, is_public=is_public))
    return needed_length(text, NOTE, "the note")


def titled(title: str) -> str:
    """Give a title as it is sent: it calls nobody and refers to nothing."""
    if not title.strip() or any(sign in title for sign in "\r\n\0"):
        raise Misused("a title is one line with something in it", remedy="say it in one line")
    return needed_length(neutral_line(title), TITLE, "the title")


def mark_line(mark: Mark | None, *, is_public: bool = False) -> str:
    """Give the line of a mark as it was found; in public without its key."""
    if mark is None:
        return ""
    return line_of(mark.key) if mark.key and not is_public else f"<!-- secrel {mark.token} -->"


def words_in(text: str) -> str:
    """Give the words of a description or a note as they were written."""
    return original(taken_apart(text).words)


def is_marked(sender: GitLabSender, found: ThingAnswer | NoteAnswer, key: str) -> bool:
    """Whether the effect `key` made this: it bears the mark, and is of an account whose marks count."""
    mark = unmarked(found.text)[1]
    return mark is not None and mark.is_of(key) and sender.trusts(found.author)


def same(one: str, other: str) -> bool:
    """Whether two texts are the same for GitLab, which may drop carriage returns, and blanks at the end."""
    return one.replace("\r", "").rstrip() == other.replace("\r", "").rstrip()
