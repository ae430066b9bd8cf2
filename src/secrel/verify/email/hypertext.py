"""The HTML part as a reader meets it: its words, its links with their visible text, and what it would load."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3
from msgspec import Struct, field

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

MOST_ELEMENTS = 10_000
"""Elements of an HTML part that is read at all."""

_ELEMENT = pattern(r"<[A-Za-z]")
_FRAME = pattern(r"<(/?)(?:body|html)(?=[\s>/])", re.IGNORECASE)
_REMOTE = pattern(r"(?:https?:)?//[^\s'\")]+", re.IGNORECASE)
_STYLED = pattern(r"(?:url\(|@import)\s*['\"]?\s*((?:https?:)?//[^\s'\")]+)", re.IGNORECASE)
_LOADING = {"src", "srcset", "background", "poster", "data", "xlink:href"}
_HIDDEN = {"style", "script", "title", "template", "noscript"}
_APART = {
    *("p", "div", "br", "tr", "td", "th", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("blockquote", "pre", "section", "article", "header", "footer", "main", "center", "dl", "dt", "dd", "tbody"),
}
_TAGS = {
    *(_APART | (_HIDDEN - {"noscript"})),
    *("a", "abbr", "area", "audio", "b", "base", "code", "em", "embed", "font", "form", "i", "iframe", "image", "img"),
    *("input", "link", "map", "meta", "object", "s", "small", "source", "span", "strong", "sub", "sup", "svg", "u"),
    *("video", "thead", "tfoot", "track", "button"),
}
_ATTRIBUTES = {"href", "name", "id", "alt", "style", "action", *_LOADING}
_SCHEMES = {"http", "https", "mailto", "tel", "ftp", "file", "javascript", "data", "cid"}


class Anchor(Struct, frozen=True):
    """A link of the HTML part: its address as written, and the words it stands behind."""

    address: str
    text: str


class Hypertext(Struct, frozen=True):
    """What the HTML part shows: words, a line per block; links in order; addresses that are loaded to show it."""

    text: str
    anchors: tuple[Anchor, ...]
    remote: tuple[str, ...]


class _Open(Struct):
    address: str
    words: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.anchors: list[Anchor] = []
        self.remote: list[str] = []
        self.styles: list[str] = []
        self._hidden: list[str] = []
        self._open: _Open | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note_remote(tag, given)
        if tag in _HIDDEN:
            self._hidden.append(tag)
        if tag in _APART:
            self._say("\n")
        if tag == "area":
            self.anchors.append(Anchor(given.get("href", "").strip(), given.get("alt", "")))
        if tag == "a":
            self._close()
            if "href" in given or not (given.keys() & {"name", "id"}):
                self._open = _Open(given.get("href", "").strip())
        if tag == "form":
            self.anchors.append(Anchor(given.get("action", "").strip(), "(a form)"))

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and tag in self._hidden:
            self._hidden.remove(tag)
        if tag in _APART:
            self._say("\n")
        if tag == "a":
            self._close()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._say(data)
        elif self._hidden[-1] == "style":
            self.styles.append(data)

    def finish(self) -> Hypertext:
        """Close what is open, and give what was read."""
        self.close()
        self._close()
        for style in self.styles:
            self.remote += [match[1] for match in _STYLED.finditer(style)]
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        text = "\n".join(line for line in lines if line)
        return Hypertext(text, tuple(self.anchors), tuple(dict.fromkeys(self.remote)))

    def _say(self, words: str) -> None:
        self.words.append(words if words == "\n" else words.replace("\n", " "))
        if self._open is not None:
            self._open.words.append(words)

    def _close(self) -> None:
        if self._open is not None:
            self.anchors.append(Anchor(self._open.address, " ".join("".join(self._open.words).split())))
            self._open = None

    def _note_remote(self, tag: str, given: dict[str, str]) -> None:
        for name in _LOADING & given.keys():
            self.remote += [match[0] for match in _REMOTE.finditer(given[name])]
        if tag in {"link", "image", "base"}:
            self.remote += [match[0] for match in _REMOTE.finditer(given.get("href", ""))]
        self.styles.append(given.get("style", ""))


def read_html(html: str) -> Hypertext:
    """Read an HTML part; broken markup is read as browsers do.

    Raises `Misused` for a part of more than `MOST_ELEMENTS` elements.
    """
    if sum(1 for _ in _ELEMENT.finditer(html)) > MOST_ELEMENTS:
        raise Misused(
            f"the mail's HTML part has more than {MOST_ELEMENTS} elements",
            remedy="give the announcement's mail by itself",
        )
    # the cleaner closes what is open and drops nothing that we look at: what follows is linear in its length
    whole = nh3.clean(
        _FRAME.sub(r"<\1div", html),
        tags=_TAGS,
        clean_content_tags=set(),
        attributes={"*": _ATTRIBUTES},
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(whole)
    return reader.finish()
