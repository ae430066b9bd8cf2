"""What a process still has from the examples that ship: names, addresses and a CNA that are nobody's (mission M1)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from secrel.process.table import Process
from secrel.words.patterns import pattern

_NAME = pattern(r"\bexample\b", re.IGNORECASE)
_HOST = pattern(r"(?:[a-z][a-z0-9+.-]*://|mailto:)?(?:[^/@\s]*@)?([a-z0-9.-]+)", re.IGNORECASE)
_NOBODYS = pattern(r"(?:.*\.)?(?:example(?:\.(?:com|net|org|edu))?|test|invalid|localhost)\.?\Z", re.IGNORECASE)
NOBODYS = "names under .example, .test and .invalid are nobody's"
"""Why an address that somebody gave can be an example, in words."""
_NO_ID = pattern(r"0{8}-0{4}-[0-9a-f]0{3}-[0-9a-f]0{3}-0{12}|0*", re.IGNORECASE)
_NEEDED = ("site", "sender", "segment")
_NAMES = ("name", "short", "vendor", "cve_product", "update_url")


class Example(Struct, frozen=True):
    """A value that is still an example: its section of the process file, and its key there."""

    section: str
    key: str
    value: str


def told(found: Iterable[Example]) -> tuple[str, ...]:
    """Name the places, section by section: `[cna] org_id, email`."""
    keys: dict[str, list[str]] = {}
    for one in found:
        keys.setdefault(one.section, []).append(one.key)
    return tuple(f"{section} {', '.join(names)}" for section, names in keys.items())


def examples(process: Process) -> tuple[Example, ...]:
    """Give what has to be changed before anything is published, in the order of the process file.

    Names with the word *example*, addresses under the names that nobody can own (`.example`, `example.org`, `.test`,
    `.invalid`, `localhost`) or missing where every release has them, and a CNA without an id.
    """
    return tuple(_looked_at(process))


def _looked_at(process: Process) -> Iterator[Example]:
    for product in process.products:
        names = {key: getattr(product, key) for key in _NAMES}
        yield from _of(f"[[product]] {product.key}:", names)
    yield from (Example("[addresses]", key, "") for key in _NEEDED if not process.addresses.get(key))
    yield from _of("[addresses]", process.addresses)
    yield from _of("[cna]", process.cna)
    if process.cna and _NO_ID.fullmatch(process.cna.get("org_id", "")):
        yield Example("[cna]", "org_id", process.cna.get("org_id", ""))


def _of(section: str, values: Mapping[str, str]) -> Iterator[Example]:
    return (Example(section, key, value) for key, value in values.items() if is_example(value))


def is_example(value: str) -> bool:
    """Whether a value names an example, or an address that nobody can own."""
    return _is_name(value) or _is_address(value)


def _is_name(text: str) -> bool:
    return "." not in text and _NAME.search(text) is not None


def _is_address(text: str) -> bool:
    """Whether a text is an address, or the name of a host, at a name that nobody can own."""
    host = _HOST.match(text.strip())
    if not text or " " in text or host is None:
        return False
    return _NOBODYS.fullmatch(host[1]) is not None or _is_private(host[1])


def _is_private(host: str) -> bool:
    """Whether a host is a number that only one's own network knows: nobody else can open what is there."""
    if not host.replace(".", "").isdigit():
        return False
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
