"""Which links a mail may carry: https, to known public hosts, leading somewhere, and where their words say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from ipaddress import ip_address
from itertools import takewhile
from urllib.parse import urlsplit

from msgspec import Struct

from secrel.verify.email.links import MailLink, as_sent, host_of, leads_to, same_page
from secrel.words.patterns import pattern

_LOCAL = pattern(r"(?:.*\.)?(?:localhost|local|internal|test|invalid|lan|home\.arpa)|[^.]+")
_NEARLY = 0.9
_FEED = pattern(r"\.(?:xml|rss|atom)$|(?:^|/)(?:feed|rss|atom)(?:/|$)", re.IGNORECASE)
_DATED = pattern(r"/20\d\d[/-]")
"""How the address of an announcement goes on where announcements are not in a folder of their own."""
_SHOWN_ADDRESS = pattern(r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/\S*)?", re.IGNORECASE)


class Allowed(Struct, frozen=True):
    """The hosts that links may lead to, subdomains included; what is private: projects, or prefixes of addresses."""

    hosts: frozenset[str]
    private: tuple[str, ...]

    def knows(self, host: str) -> bool:
        """Whether a host, or one above it, is among those that are known."""
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)

    def hides(self, address: str) -> bool:
        """Whether an address is one that readers cannot open."""
        low = address.lower()
        path = f"{low.partition('://')[2].partition('/')[2]}/"
        return any(
            low.startswith(private) if "://" in private else path.startswith(f"{private.strip('/')}/")
            for private in (text.lower() for text in self.private)
        )


def faults_of_links(link: MailLink, end: str, allowed: Allowed) -> Iterator[str]:
    """Say what is wrong with one link, which leads to `end`; nothing when it is as it has to be."""
    written = link.address
    if written.lower().startswith("mailto:") and "@" in written:
        return
    if not written or written.startswith("#"):
        yield "leads nowhere"
        return
    for address in dict.fromkeys((as_sent(written), end)):
        if fault := _fault(address, allowed):
            yield fault
            return
    shown = _SHOWN_ADDRESS.fullmatch(link.text)
    if shown is not None and link.part == "html":
        host = host_of(link.text if "://" in link.text else f"https://{link.text}")
        if host not in {host_of(end), host_of(end).removeprefix("www.")}:
            yield f"shows the address of {host[:100]} and leads to {host_of(end)[:100]}"


def strays(address: str, post: str, known: frozenset[str]) -> str:
    """Say of an address that is neither the post's nor a known one when it is taken for one of them; empty otherwise.

    It is nearly one of them, as when a letter is lost, or another page of the folder that the post is in.
    """
    if leads_to(address, post) or any(same_page(address, one) for one in known):
        return ""
    like = [one for one in (post, *sorted(known)) if _is_near(address, one)]
    near = next(iter(like), next((one for one in sorted(known) if _stands_for(address, one)), ""))
    if near:
        return f"{address[:200]} is not {near[:200]}"
    folder = _folder(post)
    if host_of(address) != host_of(post):
        return ""
    path = urlsplit(address).path
    is_other = path.startswith(folder) and path != folder and (folder != "/" or _DATED.match(path) is not None)
    return f"{address[:200]} is another page than the post" if is_other else ""


def _is_near(address: str, other: str) -> bool:
    if address.startswith("mailto:") != other.startswith("mailto:"):
        return False
    if host_of(address) != host_of(other):
        return False
    one, two = ((text.partition("://")[2].partition("/")[2] or text).casefold() for text in (address, other))
    if two and one.partition("?")[0].strip("/") == two.strip("/"):
        return True
    return bool(two) and SequenceMatcher(None, one, two, autojunk=False).ratio() >= _NEARLY


def _stands_for(address: str, other: str) -> bool:
    """Whether an address is that of a feed, where another one is known, or has the path of a known one elsewhere."""
    path, known = (urlsplit(as_sent(one)).path.strip("/") if host_of(one) else "" for one in (address, other))
    is_elsewhere = bool(known) and path == known and host_of(address) != host_of(other)
    return is_elsewhere or (_FEED.search(path) is not None and _FEED.search(known) is not None)


def _folder(post: str) -> str:
    """Give the folder of the post: what stands before the first part of its path that has a figure in it."""
    parts = urlsplit(post).path.strip("/").split("/")[:-1]
    plain = list(takewhile(lambda part: not re.search(r"\d", part), parts))
    return f"/{'/'.join(plain)}/" if plain else "/"


def _fault(address: str, allowed: Allowed) -> str:
    host = host_of(address)
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    if scheme not in {"http", "https"} or not host:
        return f"{address[:100]!r} is no web address"
    if _is_local(host):
        return f"{host[:100]} is no public host"
    if allowed.hides(address):
        return f"{address[:200]} is private"
    if scheme != "https":
        return f"{address[:200]} is not under https"
    return "" if allowed.knows(host) else f"{host[:100]} is not a host that we know"


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return _LOCAL.fullmatch(host) is not None
