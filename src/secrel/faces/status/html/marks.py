"""What several parts of the page are made of: a verdict, a due time, what a verdict rests on, a command."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from secrel.evaluate.verdicts import Judged
from secrel.faces.html import element
from secrel.faces.status.board import Board
from secrel.faces.status.words import is_late, until_said
from secrel.papers.wording import VerdictWord, gathered, reasons

_SHOWN = 5


def badge(word: VerdictWord, said: str = "") -> Markup:
    """Give a verdict as sign and word (or `said` in its place), and in a colour that says nothing alone."""
    return element("span", element("span", word.sign, aria_hidden="true"), said or str(word), class_=f"v {word}")


def until(judged: Judged, board: Board) -> Markup:
    """Say until when a gate has to hold, told apart where that has passed; nothing when it has no due time."""
    said = until_said(judged, board)
    return element("span", said, class_="late" if is_late(judged, board) else "soft") if said else Markup("")


def why(judged: Judged, board: Board) -> Iterator[Markup]:
    """Say what the verdict of a gate rests on, a line for each; of many the first, and the rest folded."""
    found = [
        element("p", str(reason), class_="small")
        for reason in gathered(reasons(judged.verdict, board.scene.process, board.zone), board.scene.name)
    ]
    yield from found[:_SHOWN]
    if rest := found[_SHOWN:]:
        yield element("details", element("summary", f"{len(rest)} more"), *rest)


def command(text: str) -> Markup:
    """Give a command to copy, which a keyboard can scroll; nothing where there is none."""
    return element("code", text, class_="cmd", tabindex="0") if text else Markup("")
