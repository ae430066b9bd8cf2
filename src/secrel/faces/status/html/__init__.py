"""The status as one page that needs nothing but itself: no script, no other file, no address."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup
from msgspec import Struct

from secrel.evaluate.verdicts import Judged
from secrel.faces.html import document, element, joined_html, prose
from secrel.faces.status.board import Board, Stretch
from secrel.faces.status.html.fix_rows import fixes
from secrel.faces.status.html.marks import badge, command, until, why
from secrel.faces.status.html.plan_shown import waiting
from secrel.faces.status.html.standing import duty, now, top, where
from secrel.faces.status.words import actor, headline, told_at
from secrel.papers.wording import VerdictWord, word_of
from secrel.papers.world import POST


class _Part(Struct, frozen=True):
    name: str
    title: str
    make: Callable[[Board], Iterator[Markup]]
    kind: str = ""
    link: str = ""


def status_html(board: Board) -> str:
    """Say how a release stands as one HTML page, for a screen of any size, paper, a keyboard and a screen reader.

    It has no script and loads nothing; whatever comes from people is escaped. At its top it says who may see it.
    """
    what, _, _ = headline(board)
    count = len(board.summary.acting)
    parts = [part for part in _PARTS if _is_there(part.name, board)]
    links = [element("li", element("a", part.link or part.title, href=f"#{part.name}")) for part in parts]
    return document(
        f"{count or 'nothing'} to do · {what}",
        element("a", "Skip to what is to be done", href="#now", class_="skip"),
        element("aside", _ribbon(board), class_="ribbon", aria_label="Who may see this page"),
        element("nav", element("ul", *links), aria_label="Parts of this page"),
        element("main", top(board), *(_section(part, board) for part in parts)),
    )


def _is_there(name: str, board: Board) -> bool:
    return {"duty": bool(board.seats), "plan": board.plan is not None, "documents": bool(board.documents)}.get(
        name, True
    )


def _ribbon(board: Board) -> str:
    """Say who may see the page: until the announcement it has what is under embargo, and later what is the team's."""
    announced = board.scene.snapshot.announced_at
    if announced is None:
        return "Only for the team: this page has what is under embargo. Nothing of this release is public yet."
    return f"Only for the team: the release is public since {told_at(announced, board)}, and not all of this page is."


def _section(part: _Part, board: Board) -> Markup:
    heading = element("h2", part.title, id=f"{part.name}-title")
    kind = f"card {part.kind}".strip()
    return element(
        "section", heading, *part.make(board), id=part.name, class_=kind, aria_labelledby=f"{part.name}-title"
    )


def _gates(board: Board) -> Iterator[Markup]:
    yield from (_stretch(stretch, board) for stretch in board.stretches)


def _stretch(stretch: Stretch, board: Board) -> Markup:
    words = [word_of(judged.verdict) for judged in stretch.gates]
    counts = [(word, words.count(word)) for word in VerdictWord if word in words]
    tally = (joined_html(" ", badge(word, f"{count} {word}")) for word, count in counts)
    head = element("summary", element("span", stretch.phase.title, class_="name"), *tally)
    inner = joined_html(head, *(_gate(board, judged) for judged in stretch.gates))
    return element("details", inner, open=stretch.holding < len(stretch.gates))


def _gate(board: Board, judged: Judged) -> Markup:
    word = word_of(judged.verdict)
    who = element("p", f"{actor(judged)} ", until(judged, board), class_="who small") if not word.holds else Markup("")
    title = element("h3", judged.gate.title, " ", element("code", judged.gate.name, class_="soft"))
    told = element("div", title, *why(judged, board), Markup("") if word.holds else command(judged.command))
    return element("div", badge(word), told, who, class_="gate", id=f"gate-{judged.gate.name}")


def _documents(board: Board) -> Iterator[Markup]:
    for title, text in board.documents.items():
        source = element("pre", text, tabindex="0")
        if title == POST:
            source = joined_html(
                element("div", prose.shown(text, below=2), class_="prose"),
                element("details", element("summary", "As it is written"), source),
            )
        yield element("details", element("summary", title), source)


_PARTS = (
    _Part("now", "To do now", now, "now"),
    _Part("duty", "On duty", duty, "duty"),
    _Part("where", "Where it stands", where),
    _Part("plan", "Plan that waits for a person", waiting, link="Plan"),
    _Part("fixes", "Fixes", fixes),
    _Part("gates", "Gates", _gates, "gates"),
    _Part("documents", "Documents, as the world will see them", _documents, "paper", "Documents"),
)
