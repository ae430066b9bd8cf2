"""Pieces of messages that act on purpose: mentions, links, code; everything else in a message is words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from secrel.papers import environment
from secrel.papers.text import Markdown, clean, link, one_line
from secrel.words.effects import plain
from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.releases import Release, Shipment, joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

_HANDLE = pattern(r"@?([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,198}[A-Za-z0-9_-])?(?:/[A-Za-z0-9_.-]{1,100}){0,5})", re.ASCII)
_REFERENCE = pattern(r"⟦[\w.#!@+/-]{1,300}⟧")
_REF = pattern(r"[A-Za-z0-9][A-Za-z0-9./-]{0,200}[#!]\d{1,12}", re.ASCII)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_TICKS = pattern("`+")
_COMMAND = pattern(r"^(?=/)", re.MULTILINE)
_COMMENT = pattern(r"<!--(?=\s*secrel\b)", re.IGNORECASE)


class IssueText(Struct, frozen=True):
    """An issue as it is to be opened: its title is one plain line, its body Markdown."""

    title: str
    body: str
    labels: tuple[str, ...] = ()


class LinkAddress(str):
    """An address on its way to `link` in a template: a web address, or a reference to what an effect will make."""

    __slots__ = ()


def mention(handle: str) -> Markdown:
    """Mention a person or a group by handle, with or without its `@`; raises `Misused` when it is no handle."""
    match = _HANDLE.fullmatch(handle)
    if match is None:
        raise Misused(
            f"{one_line(handle)[:60]!r} is not a handle",
            remedy="write the username, or the group's path, such as release-managers",
        )
    return Markdown(f"@{match[1]}")


def mentions(handles: Iterable[str], by: str = " ") -> Markdown:
    """Mention several handles in their order, parted by `by`; empty for none."""
    return Markdown(by).join(mention(handle) for handle in handles)


def reference(ref: str) -> Markdown:
    """Give the reference of an issue or a merge request (`group/project#1`), which forges make a link of."""
    return Markdown(ref) if _REF.fullmatch(ref) else words(ref)


def linked(text: str, address: str) -> Markdown:
    """Give a link to a web address, or to what an effect of the same plan will make (`effects.address_of`).

    An empty text shows the address itself. Where a forge has no web address, the reference stands there without a link.
    """
    if _REFERENCE.fullmatch(address):
        return Markdown(f"[{words(text)}]({address})" if text else address)
    shown = _bare(address)
    if not shown:
        ref = reference(address.partition(":")[2] if address.startswith("local:") else address)
        return Markdown(f"{words(text)} ({ref})" if text and address else words(text) if text else ref)
    return link(plain(text), address) if text else Markdown(shown)


def _bare(address: str) -> str:
    """Give an address that stands by itself in Markdown, every reader of which makes a link of it."""
    made = link("", plain(address))
    return made.rpartition("](")[2][:-1] if "](" in made else ""


def words(text: str) -> Markdown:
    """Give other people's text as words, which neither act nor stand for an address."""
    return Markdown.escape(plain(text))


def code(text: str) -> Markdown:
    """Give one line as code, whatever back-ticks are in it."""
    line = plain(one_line(text))
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(line)), default=0))
    edge = " " if line.startswith("`") or line.endswith("`") else ""
    return Markdown(f"{ticks}{edge}{line}{edge}{ticks}")


def fenced(text: str, language: str = "text") -> Markdown:
    """Give several lines as a block of code that nothing in them can leave.

    The fence is longer than every run of back-ticks inside. A line that begins with `/` gets a blank before it: forges
    look for quick actions with patterns that take a short fence for the end of a long one. Marks of effects are broken.
    """
    lines = _COMMAND.sub(" ", _COMMENT.sub("<! --", plain(clean(text)))).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(lines)), default=0))
    return Markdown(f"{fence}{language}\n{lines}\n{fence}")


def instant_said(at: datetime) -> Markdown:
    """Say an instant to people in several zones: `2023-05-05 16:00 UTC`."""
    return Markdown(f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def day_said(day: date) -> Markdown:
    """Say a day as forges write it: `2023-05-05`."""
    return Markdown(day.strftime("%Y-%m-%d"))


def long_day(day: date) -> Markdown:
    """Say a day to the public, as posts do: `September 10, 2026`."""
    return Markdown(f"{_MONTHS[day.month - 1]} {day.day}, {day.year}")


def versions_said(shipment: Shipment) -> Markdown:
    """Say a product and its versions: `GitLab 14.4.1, 14.3.4, and 14.2.6`."""
    return words(shipment.product.short) + Markdown(f" {joined(shipment.versions)}")


def shipments_said(release: Release) -> Markdown:
    """Say all products of a release with their versions."""
    return Markdown(" and ").join(versions_said(shipment) for shipment in release.shipments)


def release_said(release: Release, *, critical: bool) -> Markdown:
    """Say a release in the middle of a sentence: `the critical security release of GitLab 16.0.1`."""
    kind = "critical security release" if critical else "security release"
    return Markdown(f"the {kind} of ") + shipments_said(release)


def release_facts(release: Release) -> tuple[str, ...]:
    """Give what people who were asked something go by, as messages say it: the versions, and when they are due."""
    return (*map(versions_said, release.shipments), instant_said(release.due))


@cache
def shipped() -> Templates:
    """Give the wording that ships."""
    return environment.Templates.shipped("secrel.papers.messages.wording")


def message(name: str, values: Mapping[str, object], templates: Templates | None) -> str:
    """Fill in the template `name` of the wording, which has `link` besides its values; ends in one line feed.

    Every value that is plain text becomes words; an `LinkAddress` waits for `link`.
    """
    safe = {key: words(value) if type(value) is str else value for key, value in values.items()}
    return (templates or shipped()).render(f"{name}.md.j2", {"link": linked, **safe}).strip("\n") + "\n"
