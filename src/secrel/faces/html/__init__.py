"""HTML by elements: every text and attribute is escaped, and a page needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Literal

from markupsafe import Markup

from secrel.papers.text import html_text
from secrel.shipped import text_beside

_EMPTY = frozenset({"meta", "br", "hr"})


def element(name: str, /, *inner: str | Markup, **attributes: str | bool) -> Markup:
    """Give one element with what is in it; a text that is no `Markup` is escaped, as is every attribute.

    `class_` and `for_` are written without their underscore, `aria_label` with a hyphen; an attribute that is empty is
    left out, and one that is True has no value.
    """
    told = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value)
    body = "" if name in _EMPTY else f"{joined_html(*inner)}</{name}>"
    return Markup(f"<{name}{told}>{body}")  # noqa: S704 - every part of it is escaped above


def _attribute(name: str, value: str | Literal[True]) -> str:
    return f" {name}" if value is True else f' {name}="{html_text(str(value))}"'


def joined_html(*parts: str | Markup) -> Markup:
    """Give parts one after the other; a text that is no `Markup` is escaped."""
    return Markup("").join(part if isinstance(part, Markup) else html_text(part) for part in parts)


def document(title: str, *body: Markup) -> str:
    """Give a whole page: nothing in it is a script, and no browser would run one or load anything for it.

    What it may do is said by its policy: its own style, by its digest, and nothing else.
    """
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        Markup(f"<style>{style}</style>"),  # noqa: S704 - ships with the program
    )
    return f"<!doctype html>\n{element('html', head, element('body', *body), lang='en')}\n"


@cache
def _style() -> str:
    return text_beside("secrel.faces.html", "page.css")
