"""Markdown that we made, as the plain text that a chat or a mail shows: no escapes, and addresses in the open."""

from __future__ import annotations

import html
import re

from secrel.words.patterns import pattern

_SIGNS = pattern(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:#\d{1,7}|[a-z]{2,8});)"
    r"|\[(?P<text>(?:\\.|&[^;]{1,9};|[^\[\]\\])*)\]\((?P<address>[^()\s]*)\)"
)


def unmarked(markdown: str) -> str:
    """Give the words of a message: what is escaped as it reads, and a link as its text and its address.

    For templates of messages, whose other marks (a list's hyphen) read as they are. A sign that keeps a mention from
    acting, the unseen word joiner behind an @, stays.
    """
    return _SIGNS.sub(_shown, markdown)


def _shown(sign: re.Match[str]) -> str:
    if sign["escaped"]:
        return sign["escaped"]
    if sign["entity"]:
        return html.unescape(sign["entity"])
    text, address = unmarked(sign["text"]), sign["address"]
    return address if text in ("", address) else f"{text}: {address}"
