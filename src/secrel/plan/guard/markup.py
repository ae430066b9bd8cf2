"""Markdown and HTML as a browser shows them: the words on the page, and those in its attributes and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise, zip_longest

import pyromark
from msgspec import Struct

from secrel.plan.guard.unread import Unread
from secrel.words.patterns import pattern

MOST_TAGS = 25_000
"""Signs that can begin a tag, in a page that is read at all."""
LONGEST_TAG = 20_000
"""Characters of a tag that is read at all, its attributes among them."""
MOST_CELLS = 100_000
"""Cells of all tables of a page that is read at all, were every row as long as the longest."""

_MARKDOWN = pattern(r"[*_`~\[\]\\<&|!{^]|:[a-z0-9_+-]{2,40}:|^[ \t]*(?:[-+#>=]|\d+[.)])|\n", re.MULTILINE)
_ASIDE = pattern(
    r"\{::comment\}[^{}]{0,500}\{:/(?:comment)?\}|\{%-? *comment *-?%\}[^{}]{0,500}\{%-? *endcomment *-?%\}"
    r"|:[a-z0-9_+-]{2,40}:|\[\^[^\[\]\n]{1,99}\]:?|\^\[[^\[\]\n]{0,300}\]|\[[^\[\]\s]{1,20}\](?![(\[:])"
    r"|\{-[^{}\n]{0,100}-\}|\[-[^\[\]\n]{0,100}-\]|\{:[^{}\n]{0,300}\}|\{%[^{}]{0,300}%\}|\{\{[^{}]{0,300}\}\}|<%[^<>]{0,300}%>"
)
"""What stands beside the words: emoji, notes, what GitLab strikes out, kramdown's attribute lists and comments, tags of
template languages."""
_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main menu nav ol optgroup option p pre section "
    "select summary table tbody td template textarea tfoot th thead title tr ul"
)
_SET_ASIDE = "audio canvas del iframe noscript object rp rt s script strike style sub sup svg template title video"
_NEVER_CLOSED = "area base br col embed hr img input link meta param source track wbr"
_APART, _BESIDE, _VOID = (frozenset(names.split()) for names in (_BLOCKS, _SET_ASIDE, _NEVER_CLOSED))
_DRESSED = frozenset({"class", "id", "aria-hidden", "size", "color"})
"""Attributes by which a style elsewhere, or an old browser, can hide words within a line."""
_PLACES = frozenset({"href", "src", "id", "class"})
"""Attributes that lead somewhere, and say nothing one after the other."""
_HIDDEN = pattern(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0+\s*(?:[;%]|$)"
    r"|(?:font-size|font|width|height|max-width|max-height|line-height)\s*:\s*0|color\s*:\s*(?:transparent|white|#f{3,8}\b|rgba?\()"
    r"|(?:left|top|right|text-indent|margin-left)\s*:\s*-\d|clip|scale\s*\(\s*0",
    re.IGNORECASE,
)
_COMMENT = pattern(r"<!--(?=-?>)-?>")
_COMMENT_END = pattern(r"--!?>")
_ASTRAY = pattern(r"<(?:[!?]|/(?![A-Za-z]))")
_CDATA, _CDATA_END = "<![CDATA[", pattern(r"\]\]>|>")
_SIGN = pattern(">")
_OPENING = pattern(r"</?[A-Za-z]")
_TAG = pattern(r"""</?+(?>(?:[^>=]++|=\s*+(?>(?:"[^"]*+"|'[^']*+')?))*)>""")
"""Quotes count behind an equals sign only; possessive throughout, so that no sign is looked at twice."""
_BARE = pattern(r"<(/?)([A-Za-z][A-Za-z0-9-]*)\s*/?>")
_LESS = pattern("<")
_TURNED = pattern(r"bidi-override", re.IGNORECASE)
_TURN, _BACK = "\u202e", "\u202c"
_BESIDE_ANY = "(beside)"


class ReadPage(Struct, frozen=True):
    """What a page says: its words in every way in which they can be read, and what stands in its tags and comments."""

    shown: tuple[str, ...]
    behind: str


class _Piece(Struct, frozen=True):
    text: str
    beside: bool = False
    ends: str = ""
    """The tag that begins a new line here."""


class _Element(Struct, frozen=True):
    tag: str
    hidden: bool
    turned: bool


class _Reader(HTMLParser):
    """Keeps the words of a page in order, and the cells of its tables by row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self.behind: list[str] = []
        self.said: dict[str, list[str]] = {}
        self.rows: list[list[list[str]]] = []
        self._open: list[_Element] = []
        self._inside: dict[str, int] = {_BESIDE_ANY: 0}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _APART or tag == "br":
            self._add("\n", ends=tag)
        if given:
            self.behind += given.values()
            for name, value in given.items():
                self.said.setdefault(name, []).append(value)
            for name in ("alt", "value"):
                self._add(given.get(name, ""), beside=True)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append([])
        if tag not in _VOID:
            self._enter(tag, given)

    def _enter(self, tag: str, given: Mapping[str, str]) -> None:
        style = given.get("style")
        turned = tag == "bdo" and given.get("dir", "").lower() == "rtl"
        hidden = tag in _BESIDE or "hidden" in given or (tag not in _APART and not _DRESSED.isdisjoint(given))
        if style:
            turned, hidden = turned or bool(_TURNED.search(style)), hidden or bool(_HIDDEN.search(style))
        self._open.append(_Element(tag, hidden, turned))
        self._inside[tag] = self._inside.get(tag, 0) + 1
        self._inside[_BESIDE_ANY] += hidden
        self._add(_TURN if turned else "")

    def take(self, tag: str) -> None:
        """Read one tag; raises `Unread` for one that is longer than `LONGEST_TAG`."""
        if len(tag) > LONGEST_TAG:
            raise Unread(f"it has a tag of more than {LONGEST_TAG} characters")
        bare = _BARE.fullmatch(tag)
        if bare is None or self.cdata_elem is not None or bare[2].lower() in self.CDATA_CONTENT_ELEMENTS:
            self.feed(tag)
            self.close()
        elif bare[1]:
            self.handle_endtag(bare[2].lower())
        else:
            self.handle_starttag(bare[2].lower(), [])

    def take_aside(self, text: str) -> None:
        """Read what a drawing shows, and a page does not."""
        self.behind.append(text)
        self._add(text, beside=True)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # a slash closes nothing in a browser
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        found = not self._inside.get(tag)
        while not found:
            left = self._open.pop()
            self._inside[left.tag] -= 1
            self._inside[_BESIDE_ANY] -= left.hidden
            self._add(_BACK if left.turned else "")
            found = left.tag == tag
        if tag in _APART:
            self._add("\n", ends=tag)

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _add(self, text: str, *, beside: bool = False, ends: str = "") -> None:
        if text:
            self.pieces.append(_Piece(text, beside or self._inside[_BESIDE_ANY] > 0, ends))
            if self._inside.get("table") and self.rows and self.rows[-1]:
                self.rows[-1][-1].append(text)


def _unbroken(pieces: Sequence[_Piece]) -> Iterator[str]:
    """Give the words of a page as if lines did not end where they may, and a new one began without blanks."""
    for before, piece in pairwise((_Piece(""), *pieces)):
        if piece.ends != "br":
            yield piece.text.lstrip() if before.ends == "br" else piece.text


def _assembled(reader: _Reader) -> Iterator[str]:
    for beside in (True, False):
        pieces = [piece for piece in reader.pieces if beside or not piece.beside]
        yield "".join(piece.text for piece in pieces)
        yield "".join(_unbroken(pieces))
        yield "".join(piece.text for piece in pieces if not piece.ends)
    if len(reader.rows) * max(map(len, reader.rows), default=0) > MOST_CELLS:
        raise Unread("it has a table that is too large")
    columns = zip_longest(*reader.rows, fillvalue=())
    yield "\n\n".join("\n".join("".join(cell).strip() for cell in column) for column in columns)


def _behind(reader: _Reader) -> Iterator[str]:
    """Give comments and attributes in their order, then those of one name together, and then the names."""
    yield from reader.behind
    for name, values in reader.said.items():
        if name not in _PLACES and len(values) > 1:
            yield from values
    yield " ".join(reader.said)


def _read_into(reader: _Reader, html: str) -> None:
    """Hand a page to its reader tag by tag: the parser looks at an open end again and again when it gets it whole.

    What is never closed swallows the rest, as it does in a browser.
    """
    place = 0
    while (start := html.find("<", place)) >= 0:
        reader.handle_data(unescape(html[place:start]))
        if html.startswith("<!--", start):
            found = _COMMENT.match(html, start) or _COMMENT_END.search(html, start + 4)
            reader.behind.append(html[start + 4 : found.start()] if found else "")
        elif html.startswith(_CDATA, start):
            found = _CDATA_END.search(html, start)
            reader.take_aside(html[start + len(_CDATA) : found.start()] if found else "")
        elif _ASTRAY.match(html, start):
            found = _SIGN.search(html, start)
            reader.behind.append(html[start + 2 : found.start()] if found else "")
        elif _OPENING.match(html, start):
            found = _TAG.match(html, start)
            reader.take(found[0] if found else "")
        else:
            found = _LESS.match(html, start)
            reader.handle_data("<")
        if found is None:
            return
        place = found.end()
    reader.handle_data(unescape(html[place:]))


def read_html(html: str) -> ReadPage:
    """Read a page of HTML; raises `Unread` for one that has more than `MOST_TAGS` or `MOST_CELLS`."""
    if html.count("<") > MOST_TAGS:
        raise Unread(f"it has more than {MOST_TAGS} tags")
    reader = _Reader()
    _read_into(reader, html)
    return ReadPage(tuple(dict.fromkeys(filter(None, _assembled(reader)))), "\n".join(_behind(reader)))


def rendered(markdown: str) -> Iterator[str]:
    """Give the HTML that a text is rendered to, with and without what stands beside its words."""
    if not _MARKDOWN.search(markdown):
        return

    reader = pyromark.Markdown(
        options=pyromark.Options.ENABLE_TABLES
        | pyromark.Options.ENABLE_STRIKETHROUGH
        | pyromark.Options.ENABLE_FOOTNOTES
    )
    whole = markdown.encode("utf-8", "replace").decode()  # half a pair of code units is no character
    for text in dict.fromkeys((whole, _ASIDE.sub("", whole))):
        yield reader.html(text)
