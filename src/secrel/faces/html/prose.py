"""Markdown as a reader sees it, made of our own elements: nothing of it reaches the page but words and their rank."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from secrel.faces.html import element, joined_html
from secrel.words.patterns import pattern

_FRONT = pattern(r"---\n(?P<front>(?:(?!---\n)[^\n]*\n)*)---\n")
_MARK = pattern(r"\s*\{#[\w-]+\}\Z")
_TAGS = {
    "paragraph": "p",
    "heading": "p",  # in a quotation or a list: no part of the page
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "em": "em",
    "strong": "strong",
    "hr": "hr",
    "hardbreak": "br",
}
_CODE = {"code_inline": "code", "code_block": "pre", "fence": "pre"}
_DEEPEST = 6


def shown(text: str, *, below: int) -> Markup:
    """Give a Markdown document as elements, its front matter as it is written, below a heading of level `below`.

    A link is its words with the address beside them, and leads nowhere; a picture is its description; HTML stands there
    as it was typed. So a page with what is under embargo loads nothing, and no click leaves it.
    """
    front = _FRONT.match(text)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    root = SyntaxTreeNode(reader.parse(text[front.end() :] if front else text))
    head = element("pre", front["front"], class_="front", tabindex="0") if front else Markup("")
    return joined_html(head, *_elements(root, below))


def _elements(root: SyntaxTreeNode, below: int) -> Iterator[Markup]:
    """Give the blocks of a document; no heading is more than one level below the one before it."""
    level = below
    for node in root.children:
        if node.type == "heading":
            level = min(below + max(int(node.tag[1:]) - 1, 1), level + 1, _DEEPEST)
            yield element(f"h{level}", _unmarked(_inner(node)))
        else:
            yield _element(node)


def _inner(node: SyntaxTreeNode) -> Markup:
    return joined_html(*map(_element, node.children))


def _element(node: SyntaxTreeNode) -> Markup:
    kind = node.type
    if kind in _CODE:
        shown = element(_CODE[kind], node.content, tabindex="0" if kind != "code_inline" else "")
    elif kind in _TAGS and not node.hidden:
        shown = element(_TAGS[kind], _inner(node), scope="col" if kind == "th" else "")
    elif kind in ("link", "image"):
        shown = _leading(node)
    else:
        shown = joined_html({"text": node.content, "softbreak": "\n"}.get(kind, ""), _inner(node))
    return shown


def _unmarked(heading: Markup) -> Markup:
    """Take away the id that renderers of the site read at the end of a heading."""
    return Markup(_MARK.sub("", heading))  # noqa: S704 - a shorter piece of what was escaped already


def _leading(node: SyntaxTreeNode) -> Markup:
    address = str(node.attrs.get("href") or node.attrs.get("src") or "")
    aside = Markup("") if address.startswith("#") else element("span", f" ({address})", class_="soft")
    return joined_html(_inner(node), aside)
