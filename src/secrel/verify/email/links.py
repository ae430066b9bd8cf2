"""The links of a mail: where they are written, what is shown, and where they lead behind what mail services wrap."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from secrel.words.patterns import pattern

_IN_TEXT = pattern(
    r"<(?:URL:)?\s*([a-z][a-z0-9+.-]{1,20}:[^\s<>]{1,2000})\s*>|(?<![\w/@])((?:https?://|www\.)[^\s<>\"]{1,2000})",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'\"*"
_CARRIERS = ("url", "u", "q", "target", "redirect", "redirect_url", "dest", "destination", "link")
_URLDEFENSE = pattern(r"https://urldefense\.(?:com|us)/v3/__(.{1,2000}?)__;", re.IGNORECASE)
_PROOFPOINT = pattern(r"https://urldefense\.proofpoint\.com/v2/url\?(?:.*&)?u=([^&#]{1,2000})", re.IGNORECASE)
_RECEIVERS = pattern(
    r"https://(?:(?:[\w-]+\.)?safelinks\.protection\.outlook\.com/|urldefense\.(?:com|us|proofpoint\.com)/"
    r"|www\.google\.com/url\?)",
    re.IGNORECASE,
)
_CAMPAIGN = pattern(r"(?:utm_\w+|mkt_tok|_hsenc|_hsmi|mc_cid|mc_eid)=[^&#]*&?", re.IGNORECASE)
_DEEPEST = 3


class MailLink(Struct, frozen=True):
    """One link: `address` as written, `target` where it leads as far as its own text tells, `text` the visible words.

    `part` is `text` or `html`. `target` has lost its campaign tokens (`utm_…`, `mkt_tok`).
    """

    part: str
    address: str
    target: str
    text: str


def link_of(part: str, address: str, text: str) -> MailLink:
    """Make a link of an address as written."""
    return MailLink(part, address, target_of(address), text)


def links_in_text(text: str) -> tuple[MailLink, ...]:
    """Find the addresses of a plain text, in order; brackets and full stops around them are not theirs."""
    found = []
    for match in _IN_TEXT.finditer(text):
        address = match[1] or _trimmed(match[2])
        found.append(link_of("text", address, address))
    return tuple(found)


def _trimmed(address: str) -> str:
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def target_of(address: str) -> str:
    """Follow what mail services wrap around an address, as far as the wrapping itself says where it leads."""
    for _ in range(_DEEPEST):
        inner = _inner(address)
        if not inner:
            break
        address = inner
    return _plain(address)


def as_sent(address: str) -> str:
    """Take off what the reader's own mail system wrapped around an address: the sender's mail does not hold that."""
    for _ in range(_DEEPEST):
        if not _RECEIVERS.match(address):
            break
        address = _inner(address) or address
    return address


def _inner(address: str) -> str:
    if (wrapped := _PROOFPOINT.match(address)) is not None:
        return unquote(wrapped[1].replace("-", "%").replace("_", "/"))
    wrapped = _URLDEFENSE.match(address)
    if wrapped is not None:
        return re.sub(r"^(https?:)/+", r"\1//", wrapped[1])
    try:
        query = parse_qs(urlsplit(address).query, max_num_fields=50)
    except ValueError:
        return ""
    for name in _CARRIERS:
        for value in query.get(name, ()):
            if re.match(r"https?://[\w.-]+", value):
                return value
    return ""


def _plain(address: str) -> str:
    base, mark, query = address.partition("?")
    if not mark:
        return address
    rest, hash_mark, fragment = query.partition("#")
    kept = _CAMPAIGN.sub("", rest).rstrip("&")
    return base + (f"?{kept}" if kept else "") + hash_mark + fragment


def host_of(address: str) -> str:
    """Name the host of an address in small letters, empty when it has none, or a port that is no number."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").lower() if parts.port is None or parts.port else ""
    except ValueError:
        return ""


def same_page(one: str, other: str) -> bool:
    """Whether two addresses name one page: the same scheme, host and path, whatever case the host is in."""
    return _key(one) == _key(other)


def leads_to(address: str, page: str) -> bool:
    """Whether an address leads to a page, or to a section of it."""
    return same_page(address.partition("#")[0], page)


def _key(address: str) -> tuple[str, ...]:
    host = host_of(address)
    if not host:
        return (address,)
    parts = urlsplit(address)
    return (parts.scheme, f"{host}:{parts.port}", unquote(parts.path) or "/", parts.query, parts.fragment)
