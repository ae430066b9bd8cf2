"""Checklists in small, as the desk would write them, and people who write in them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.papers.checklist.lines import ChecklistLine, desk_line, read_lines, task_line, written

WORDS = ("draft", "13.5", "14.2.6", "approved", "by `amara`", "nobody", "*late*")


@dataclass(frozen=True)
class Row:
    key: str
    words: str
    holds: bool | None = None

    def line(self) -> ChecklistLine:
        if self.holds is None:
            return desk_line(self.key, f"- {self.words}")
        return task_line(self.key, self.words, holds=self.holds)


@dataclass(frozen=True)
class Block:
    key: str
    title: str
    rows: tuple[Row, ...]


def page(*blocks: Block) -> str:
    """The text of a checklist with these blocks."""
    lines: list[ChecklistLine] = [desk_line("title", "# Release 2026-11: checklist")]
    for block in blocks:
        lines += [ChecklistLine(""), desk_line(block.key, f"## {block.title}"), *(row.line() for row in block.rows)]
    return written(lines)


def rows(block: str) -> st.SearchStrategy[tuple[Row, ...]]:
    row = st.builds(
        Row,
        st.sampled_from([f"{block}/{name}" for name in "abcde"]) | st.sampled_from([f"own/{block}", f"{block}/x y"]),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
        st.sampled_from([None, True, False]),
    )
    return st.lists(row, max_size=4, unique_by=lambda one: one.key).map(tuple)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    keys = draw(st.lists(st.sampled_from(["fix/1", "fix/2", "fix/3", "cve/1"]), max_size=4, unique=True))
    return tuple(Block(key, draw(st.sampled_from(["Fix", "Fix: renamed"])), draw(rows(key))) for key in keys)


def pages() -> st.SearchStrategy[str]:
    """Checklists of up to four blocks of up to four lines; a key may have other words or another box each time."""
    return blocks().map(lambda found: page(*found))


OWN = (
    "",
    "my note",
    "- [ ] ask bjorn",
    "- [x] asked dewi",
    "  - nested remark",
    "## My own heading",
    "> quoted",
    "```",
    "<!-- s:fix/1/a -->x",
    "<!-- nothing -->",
    "\tindented\twith tabs ",
    "ends with a backslash \\",
    "wide 漢字 and \u202e turned \u2028 and \x0b",
    "lone \r return",
)


@dataclass(frozen=True)
class Edit:
    """One thing that a person does at one line of a text."""

    does: str
    at: int
    words: str = "mine"

    def apply(self, lines: list[ChecklistLine]) -> list[ChecklistLine]:
        if self.does == "insert":
            place = self.at % (len(lines) + 1)
            return [*lines[:place], ChecklistLine(self.words), *lines[place:]]
        if not lines:
            return lines
        place = self.at % len(lines)
        changed = self._changed(lines[place])
        rest = [*lines[:place], *lines[place + 1 :]]
        results = {
            "delete": rest,
            "move": [lines[place], *rest],
            "copy": [*lines, lines[place]],
            "carriage returns": [replace(one, end="\r\n") for one in lines],
            "no line end": [*lines[:-1], replace(lines[-1], end="")],
        }
        return results.get(self.does, [*lines[:place], changed, *lines[place + 1 :]])

    def _changed(self, line: ChecklistLine) -> ChecklistLine:
        match self.does:
            case "append":
                return replace(line, before=f"{line.before}{self.words} ")
            case "append after":
                return replace(line, after=f"{line.after} {self.words}") if line.key else line
            case "replace":
                return line.with_words(f"- [ ] {self.words}")
            case _:
                return line.with_box(ticked=not line.ticked)


DEEDS = (
    "insert",
    "delete",
    "append",
    "append after",
    "replace",
    "flip",
    "carriage returns",
    "move",
    "copy",
    "no line end",
)


def edits(*deeds: str, words: tuple[str, ...] = OWN) -> st.SearchStrategy[list[Edit]]:
    """Up to six things that people do, of these kinds (all when none is named)."""
    return st.lists(
        st.builds(Edit, st.sampled_from(deeds or DEEDS), st.integers(0, 40), st.sampled_from(words)), max_size=6
    )


def edited(text: str, done: list[Edit]) -> str:
    """The text after a person has done all that, one thing after the other."""
    for edit in done:
        text = written(edit.apply(read_lines(text)))
    return text
