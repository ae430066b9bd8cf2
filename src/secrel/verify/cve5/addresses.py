"""Addresses in a record: web addresses in one form for one place, and package URLs (specification 1.0)."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from msgspec import Struct

from secrel.words.patterns import pattern

_UNSAFE = pattern(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_LIMIT = 2048
_PORTS = {"http": 80, "https": 443}
_KEPT = "/%:=&?~+!$,;'@()*"
_PURL = pattern(
    r"pkg:/*(?P<type>[a-zA-Z][a-zA-Z0-9.+-]*)/(?P<path>[^@?#]+)(?:@(?P<version>[^?#]+))?"
    r"(?:\?(?P<qualifiers>[^#]+))?(?:#(?P<subpath>.+))?"
)
_QUALIFIER = pattern(r"[a-zA-Z][a-zA-Z0-9._-]*=[^&=]*")
_TEXT = pattern(r"(?:[!-$&-~]|%[0-9A-Fa-f]{2})+")


def canonical(address: str) -> str | None:
    """Write a web address in one form: `https` (unless a port says otherwise), host in lower case, ASCII only.

    None for what is no web address, has a user or password in it, or is longer than a record may hold
    (CVE Record Format 5.1.1, `uriType`: 2,048 characters).
    """
    if _UNSAFE.search(address):
        return None
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in _PORTS or "@" in parts.netloc or not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    is_usual = port in {None, _PORTS[parts.scheme]}
    scheme, place = ("https", host) if is_usual else (parts.scheme, f"{host}:{port}")
    path, query, fragment = (quote(part, safe=_KEPT) for part in (parts.path or "/", parts.query, parts.fragment))
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", urlunsplit((scheme, place, path, query, fragment)))
    return whole if len(whole) <= _LIMIT else None


def same_place(address: str) -> str:
    """A key that two addresses share when they lead to the same place: canonical, and no final slash."""
    return (canonical(address) or address).rstrip("/")


class Purl(Struct, frozen=True):
    """A package URL, taken apart and decoded; `namespace` and `version` are empty when it has none."""

    type: str
    namespace: str
    name: str
    version: str

    @classmethod
    def parse(cls, text: str) -> Purl | None:
        """Read exactly a package URL; None for anything else."""
        match = _PURL.fullmatch(text) if len(text) <= _LIMIT and _TEXT.fullmatch(text) else None
        if match is None:
            return None
        *namespace, name = [unquote(part) for part in match["path"].strip("/").split("/")]
        qualifiers = (match["qualifiers"] or "x=").split("&")
        subpath = (match["subpath"] or "x").strip("/").split("/")
        if not name or not all(namespace) or not all(_QUALIFIER.fullmatch(one) for one in qualifiers):
            return None
        if any(unquote(part) in {"", ".", ".."} for part in subpath):
            return None
        return cls(match["type"].lower(), "/".join(namespace), name, unquote(match["version"] or ""))
