"""What of a page its readers are shown: not what HTML, a style or a generator of sites keeps from them.

Nothing is judged here but the page itself: a theme or a script can hide more, and nobody can tell from the page.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping

from secrel.words.patterns import pattern

_TOKEN = pattern(
    r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|(?P<ticks>`+)"
    r"|\\[^\n]"
    r"|(?P<comment><!--|\{::comment\}|\{%-?[ \t]{0,9}comment[ \t]{0,9}-?%\})"
    r"|<(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])"
    r"|\{:(?P<list>[^{}\n]{0,999})\}",
    re.MULTILINE,
)
_COMMENT_ENDS = {"<": pattern(r"-->"), "{:": pattern(r"\{:/(?:comment)?\}"), "{%": pattern(r"\{%-?\s{0,9}endcomment")}
_TAG_END = pattern(r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_LONGEST_TAG = 2_000
_ATTRIBUTE = pattern(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_BLANK_LINE = pattern(r"\n\n")
_SUMMARY = pattern(r"<summary\b[^<>]*>(.*?)</summary\s*>", re.DOTALL | re.IGNORECASE)

_NEVER_SHOWN = frozenset(
    (
        *("audio", "canvas", "datalist", "head", "iframe", "math", "noembed", "noframes", "noscript", "object", "rp"),
        *("script", "style", "svg", "template", "title", "video"),
    )
)
"""Elements whose words are not on the page, or only for readers of a kind that few are."""
_FOLDED = frozenset(("details", "dialog"))
"""Elements that show what is in them once they are opened."""
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_WHITE = frozenset(
    ("white", "#fff", "#ffff", "#ffffff", "#ffffffff", "transparent", "rgb(255,255,255)", "rgba(255,255,255,1)")
)
_NOUGHT = pattern(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?")
_FAR = pattern(r"-\d{3,}(?:\.\d+)?[a-z]*")


def hidden_parts(text: str) -> Iterator[tuple[int, int]]:
    """Give what readers are not shown, as where it begins and ends in `text`, in order and apart from each other.

    What stands in code is shown as it is. An element or a comment that nobody ends hides all that follows. A tag of
    more than 2,000 characters is taken for words.
    """
    at, blanks = 0, [*(found.start() for found in _BLANK_LINE.finditer(text)), len(text)]
    while (token := _TOKEN.search(text, at)) is not None:
        at = token.end()
        if token["fence"]:
            at = _after(text, pattern(rf"^ {{0,3}}{token['fence']}[`~]*[ \t]*$", re.MULTILINE), at)
        elif token["ticks"]:
            at = _after_code(text, token["ticks"], at, blanks[bisect_left(blanks, at)])
        elif token["comment"]:
            ends = next(end for begins, end in _COMMENT_ENDS.items() if token["comment"].startswith(begins))
            at = _after(text, ends, at)
            yield token.start(), at
        elif token["list"] is not None:
            if _hides("", _attributes(token["list"])):
                part = _block(text, token, at)
                yield part
                at = max(at, part[1])
        elif token["tag"]:
            for part in _element(text, token["tag"].casefold(), token.start(), at):
                yield part
                at = part[1]


def shown_text(text: str, parts: tuple[tuple[int, int], ...]) -> str:
    """Give a text without these parts of it; every line stays where it is."""
    kept, at = [], 0
    for begins, ends in parts:
        kept += [text[at : max(at, begins)], "\n" * text.count("\n", max(at, begins), ends)]
        at = max(at, ends)
    return "".join([*kept, text[at:]])


def _after(text: str, ends: re.Pattern[str], at: int) -> int:
    """Give where something ends that has begun before `at`: the end of the text where nothing ends it."""
    found = ends.search(text, at)
    return found.end() if found else len(text)


def _after_code(text: str, ticks: str, at: int, most: int) -> int:
    """Give where a code span ends; one that nothing ends in its paragraph, up to `most`, is no code."""
    ends = pattern(rf"(?<!`){ticks}(?!`)").search(text, at, most)
    return ends.end() if ends else at


def _block(text: str, token: re.Match[str], at: int) -> tuple[int, int]:
    """Give the block that an attribute list belongs to: the one it stands in or below, else the one after it."""
    begins = text.rfind("\n\n", 0, token.start())
    begins = 0 if begins < 0 else begins + 2
    ends = text.find("\n\n", at if text[begins : token.start()].strip() else at + 2)
    return begins, ends if ends >= 0 else len(text)


def _element(text: str, name: str, begins: int, at: int) -> Iterator[tuple[int, int]]:
    """Give what an element keeps from readers; nothing of one that shows what is in it."""
    tag = _TAG_END.match(text, at, at + _LONGEST_TAG)
    attributes = _attributes(tag[0]) if tag else {}
    is_folded = name in _FOLDED and "open" not in attributes
    if name in _VOID or tag is None or not (is_folded or _hides(name, attributes)):
        return
    ends = _closed(text, name, tag.end())
    summary = _SUMMARY.search(text, tag.end(), ends) if is_folded and not _hides(name, attributes) else None
    if summary is not None:
        yield begins, summary.start(1)
        yield summary.end(1), ends
    else:
        yield begins, ends


def _closed(text: str, name: str, at: int) -> int:
    """Give where an element ends whose tag has ended at `at`, with others of its name inside."""
    depth = 1
    for tag in pattern(rf"<(/?){re.escape(name)}(?=[\s/>])", re.IGNORECASE).finditer(text, at):
        depth += -1 if tag[1] else 1
        if not depth:
            return _after(text, pattern(">"), tag.end())
    return len(text)


def _attributes(tag: str) -> Mapping[str, str]:
    """Read attributes; of two with one name the first counts, as in a browser."""
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(tag):
        found.setdefault(one[1].casefold(), html.unescape(one[2] or one[3] or one[4] or ""))
    return found


def _hides(name: str, attributes: Mapping[str, str]) -> bool:
    if name in _NEVER_SHOWN or "hidden" in attributes:
        return True
    pairs = (part.partition(":") for part in attributes.get("style", "").casefold().split(";"))
    style = {key.strip(): "".join(value.replace("!important", "").split()) for key, _, value in pairs}
    style.setdefault("color", "".join(attributes.get("color", "").casefold().split()))
    return any(told(style) for told in _STYLES)


def _is(name: str, *values: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda style: style.get(name, "") in values


def _is_nought(name: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda style: bool(style.get(name)) and _NOUGHT.fullmatch(style[name]) is not None


def _is_far(name: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda style: _FAR.fullmatch(style.get(name, "")) is not None


def _is_one_colour(style: Mapping[str, str]) -> bool:
    """Whether words have the colour of what is behind them: of a page of which nobody says otherwise, white."""
    behind = style.get("background-color") or style.get("background") or ""
    return bool(style["color"]) and (style["color"] == behind or (style["color"] in _WHITE and not behind))


_STYLES = (
    _is("display", "none"),
    _is("visibility", "hidden", "collapse"),
    _is("content-visibility", "hidden"),
    *(_is_nought(name) for name in ("opacity", "font-size", "height", "max-height", "width", "max-width")),
    *(_is_far(name) for name in ("left", "top", "right", "text-indent", "margin-left", "margin-top")),
    _is("clip", "rect(0,0,0,0)", "rect(0000)", "rect(1px,1px,1px,1px)"),
    _is("clip-path", "inset(50%)", "inset(100%)", "circle(0)"),
    _is("transform", "scale(0)"),
    _is_one_colour,
)
"""By what a style keeps words from readers."""
