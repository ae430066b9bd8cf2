"""Addresses that came from others: only plain web addresses get into a document."""

from __future__ import annotations

import re

from secrel.words.patterns import pattern

_ADDRESS = pattern(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?P<port>:\d{1,5})?"
    r"(?P<rest>(?:[/?#].*)?)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_STRAY_PERCENT = pattern(r"%(?![0-9A-Fa-f]{2})")
# what RFC 3986 allows in path, query and fragment, less brackets, quotes, `*` and `$`, which Markdown reads
_UNSAFE = pattern(r"[^A-Za-z0-9\-._~!&+,;=:@/?%#]")
_LONGEST = 2000


def web_address(address: str) -> str:
    """Give a web address in the form that is safe inside any document, or nothing when it is not one.

    Only `http` and `https` with a host of ASCII letters, digits and hyphens, without user name or password
    (RFC 3986 3.2); everything else that is not plainly allowed is percent-encoded. At most 2,000 characters.
    """
    match = _ADDRESS.fullmatch(address.strip())
    if match is None or len(address) > _LONGEST:
        return ""
    path, mark, fragment = match["rest"].partition("#")
    rest = _encoded(path) + mark + _encoded(fragment).replace("#", "%23")
    return f"{match['scheme'].lower()}://{match['host'].lower()}{match['port'] or ''}{rest}"


def _encoded(part: str) -> str:
    return _UNSAFE.sub(_percent, _STRAY_PERCENT.sub("%25", part))


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
