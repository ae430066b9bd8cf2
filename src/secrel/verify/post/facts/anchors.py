"""Ids of headings, as the renderers of the posts make them, so that links inside a page can be made and checked."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

from secrel.words.patterns import pattern

_CODE_OR_LINK = pattern(r"(`+)(?P<code>.*?)\1|(?<!\\)!?\[(?P<text>(?:[^\[\]\\]|\\.)*)\]\((?:[^()]|\([^()]*\))*\)")
_COMMENT = pattern(r"<!--(?:(?!<!--).)*?-->|</?[A-Za-z][^<>]*>")
_ESCAPE = pattern(r"\\([\\.*_+`<>()\[\]{}#!:|\"'$=-])")
_EMPHASIS = pattern(r"(?<!\\)(?:\*+|(?<!\w)_+|_+(?!\w))")
_KINDS = ("L", "M", "Nd", "Pc")


def heading_words(source: str) -> str:
    """Give the words of a heading's Markdown source: no emphasis, links, comments, escapes or entities."""
    text = _COMMENT.sub("", source)
    text = _CODE_OR_LINK.sub(lambda match: match["text"] if match["code"] is None else match["code"], text)
    return html.unescape(_ESCAPE.sub(r"\1", _EMPHASIS.sub("", text))).strip()


def site_id(words: str) -> str:
    """Make the id that kramdown's GFM parser gives, as the vendor's site uses it; not yet made unique."""
    kept = (sign for sign in words.lower() if sign in "- \t" or unicodedata.category(sign).startswith(_KINDS))
    return "".join(kept).replace(" ", "-").replace("\t", "-")


def kramdown_id(words: str) -> str:
    """Make the id that kramdown's own parser gives (`basic_generate_id`); not yet made unique."""
    text = re.sub(r"^[^a-zA-Z]+", "", words)
    return re.sub(r"[^a-zA-Z0-9 -]", "", text).replace(" ", "-").lower() or "section"


def page_ids(headings: Iterable[tuple[str, str]], make: Callable[[str], str] = site_id) -> list[str]:
    """Give the id of every heading of a page, in order.

    A heading is (its words, its explicit id or nothing); `make` is the renderer's rule. Of automatic ids, the second
    equal one ends in `-1`, and so on, as kramdown does; explicit ids do not take part.
    """
    seen: Counter[str] = Counter()
    found = []
    for words, explicit in headings:
        if explicit:
            found.append(explicit)
            continue
        made = make(words)
        found.append(f"{made}-{seen[made]}" if seen[made] else made)
        seen[made] += 1
    return found


def clear_ids(headings: Iterable[tuple[str, str]]) -> set[str]:
    """Give the ids that mean the same one heading to every renderer, whatever it does with equal ones."""
    told = list(headings)
    found: list[Counter[str]] = []
    for make in (site_id, kramdown_id):
        found.append(Counter(page_ids(told, make)))
        found.append(Counter(explicit or make(words) for words, explicit in told))
    return {made for made in found[0] if all(count[made] == 1 for count in found)}
