"""A vendor's own values put into the text of a process file; what a person wrote there stays (mission M1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from secrel.process.examples import is_example
from secrel.reading import largest
from secrel.reading.signs import Path
from secrel.reading.toml import read_toml
from secrel.words.patterns import pattern

_VALUE = pattern(r'(?P<key>[\w-]+)(?P<sign>\s*=\s*)(?P<value>"(?:[^"\\]|\\.)*")(?P<rest>\s*(?:#.*)?)\Z')
_REMEDY = "correct the line; secrel manual process-file has every key"

Place = tuple[str, str]
"""A section of the file and a key in it: `("cna", "org_id")`."""


@dataclass(frozen=True)
class VendorNames:
    """Your own names, for the process file; whatever is left out stays an example until you change it."""

    product: str = ""
    """How your product is called, in announcements and CVE records."""
    vendor: str = ""
    """How you are called."""
    site: str = ""
    """The address that announcements are published under: https://HOST. Feeds and pages lie below it."""
    contact: str = ""
    """The address of your page for questions; without it, SITE/contact/."""
    sender: str = ""
    """The mail address that notices come from and go to, and that the CNA answers to."""
    cna: str = ""
    """The id of the CNA that assigns your CVE ids, a UUID."""
    cna_name: str = ""
    """The CNA's short name."""

    def values(self) -> Mapping[Place, str]:
        """Give every value of the file that follows from what was said."""
        site = self.site.rstrip("/")
        told = {
            ("product", "name"): self.product,
            ("product", "short"): self.product,
            ("product", "cve_product"): self.product,
            ("product", "vendor"): self.vendor,
            ("addresses", "sender_name"): f"{self.vendor} Security" if self.vendor else "",
            ("addresses", "sender"): self.sender,
            ("addresses", "segment"): self.sender,
            ("addresses", "contact"): self.contact or (f"{site}/contact/" if site else ""),
            ("cna", "requester"): self.vendor,
            ("cna", "short_name"): self.cna_name,
            ("cna", "org_id"): self.cna,
            ("cna", "email"): self.sender,
        }
        told |= {("addresses", key): f"{site}{path}" if site else "" for key, path in _PATHS.items()}
        return {place: value for place, value in told.items() if value}


_PATHS = {
    "site": "",
    "security_feed": "/security.xml",
}


def filled(
    text: str, shipped: str, told: Mapping[Place, str], name: str = "process.toml"
) -> tuple[str, Mapping[Place, str]]:
    """Give a process file with the values `told` in the place of those that are as `shipped` or examples.

    The second part has each place at which a person wrote something else, with what stands there (empty: no such
    line): that is never written over. Comments and every other line stay as they are. Raises `Malformed` for a text
    that is no TOML, at its line of the file `name`.
    """
    examples = {place: value for _, place, value in _read(shipped, name)}
    lines = text.split("\n")
    found: dict[Place, str] = {}
    for line, place, value in _read(text, name):
        if place not in told or place in found:
            continue
        found[place] = value
        with_ours = _with(lines[line - 1], told[place])
        if with_ours != lines[line - 1] and (value == examples.get(place) or is_example(value)):
            found[place], lines[line - 1] = told[place], with_ours
    return "\n".join(lines), {place: found.get(place, "") for place, value in told.items() if found.get(place) != value}


def _read(text: str, name: str) -> Iterator[tuple[int, Place, str]]:
    """Give every text of a table with its line, from 1, in the order of the file."""
    document = read_toml(text, name, most=largest.PROCESS, remedy=_REMEDY)
    texts = {
        (*path, key): ((section, key), value)
        for section, told in document.data.items()
        for path, table in _tables(section, told)
        for key, value in table.items()
        if isinstance(value, str)
    }
    for path, line in sorted(document.lines(texts).items(), key=lambda one: one[1]):
        yield (line, *texts[path])


def _tables(section: str, told: object) -> Iterator[tuple[Path, dict[str, object]]]:
    if isinstance(told, dict):
        yield (section,), told
    elif isinstance(told, list):
        yield from (((section, number), table) for number, table in enumerate(told) if isinstance(table, dict))


def _with(line: str, value: str) -> str:
    body = line.rstrip("\r")
    quoted = json.dumps(value, ensure_ascii=False)
    return _VALUE.sub(lambda told: f"{told['key']}{told['sign']}{quoted}{told['rest']}", body) + line[len(body) :]
