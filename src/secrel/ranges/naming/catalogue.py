"""The versions there are: tags read by a naming, joined with the list of published ones; nothing is dropped unsaid."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from secrel.ranges.naming.patterns import Pattern, compiled
from secrel.words.errors import Misused
from secrel.words.history.graph import Ref
from secrel.words.versions import Version

_NUMBERS = r"\d{1,9}(?:[._]\d{1,9}){0,5}[a-z]{0,2}"
_STAGE = r"(?:[-._]?(?:alpha|beta|pre|rc|dev|[abmABM]|ALPHA|BETA|PRE|RC|DEV)[-._]?\d{0,6})?"
_VERSION = _NUMBERS + _STAGE
_ANY = re.compile(rf"(?P<before>\D{{0,80}})(?P<version>{_VERSION})(?P<after>(?:-[a-z]{{2,10}})?)", re.ASCII)
_HOLE = "{version}"
_SHOWN = 80

SHIPPED: Mapping[str, tuple[str, ...]] = {
    "v": ("v{version}",),
    "v-ee": ("v{version}-ee",),
    "plain": ("{version}",),
    "release": ("release-{version}", "release/{version}", "REL_{version}", "rel-{version}"),
}
"""Shipped namings by their word; `auto` (the default) finds the prefix and the suffix that most tags share."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How tags name versions: patterns, tried in order, each anchored at both ends; none means `auto`."""

    patterns: tuple[str, ...] = ()

    @classmethod
    def parse(cls, word: str) -> Naming:
        """Read `auto`, a shipped word, a text with `{version}` in it, or a pattern; raises `Misused` for a bad one."""
        if word == "auto":
            return cls()
        patterns = SHIPPED.get(word, (word,))
        for pattern in patterns:
            _reader(pattern)
        return cls(patterns)


AUTO = Naming()
"""The naming that finds out for itself."""


@dataclass(frozen=True, slots=True)
class Published:
    """One version that people can have: its date as written (empty: unknown), and its tag where no pattern tells it."""

    version: Version
    date: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One version: the tags that stand for it (none: it was published without), and their commits, each once."""

    version: Version
    tags: tuple[str, ...] = ()
    commits: tuple[int, ...] = ()
    date: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every version in order, and what was left out: `rejected` tags with the reason, `unpublished`, pre-releases."""

    listed: tuple[Listed, ...]
    naming: str
    rejected: tuple[tuple[str, str], ...] = ()
    unpublished: tuple[Version, ...] = ()
    prereleases: tuple[Version, ...] = ()
    findings: tuple[str, ...] = ()
    _places: dict[Version, int] = field(default_factory=dict, repr=False)

    def place(self, version: Version) -> int | None:
        """Find a version's place in the order, or None."""
        if not self._places:
            self._places.update({listed.version: place for place, listed in enumerate(self.listed)})
        return self._places.get(version)


def _reader(pattern: str) -> Pattern | re.Pattern[str]:
    if _HOLE not in pattern:
        return compiled(pattern)
    before, _, after = pattern.partition(_HOLE)
    if _HOLE in after or len(pattern) > _SHOWN:
        raise Misused(f"{pattern[:_SHOWN]!r} is no tag naming", remedy="write {version} once, such as v{version}-ee")
    return re.compile(rf"{re.escape(before)}(?P<version>{_VERSION}){re.escape(after)}", re.ASCII)


def _text(groups: Mapping[str, str | None]) -> str:
    """Put a version together from a pattern's groups: `version`, or `major`, `minor`, `patch`, `pre`, or the first."""
    whole = groups.get("version")
    if whole is None and groups.get("major"):
        whole = ".".join(part for name in ("major", "minor", "patch") if (part := groups.get(name)))
    if whole is None:
        whole = groups.get("1") or ""
    return whole + (groups.get("pre") or "")


def _version(text: str) -> Version:
    return Version.parse(text.replace("_", ".").lower())


def _read(readers: Sequence[Pattern | re.Pattern[str]], name: str) -> Version | str:
    """Give the version that a tag names, or why it names none."""
    for reader in readers:
        match = reader.match(name) if isinstance(reader, Pattern) else reader.fullmatch(name)
        if match is not None:
            try:
                return _version(_text(match if isinstance(match, Mapping) else match.groupdict()))
            except Misused as fault:
                return fault.what
    return "no pattern fits"


def guessed(names: Sequence[str]) -> tuple[str, ...]:
    """Find the naming that most tags share, in whatever case and with whatever separators; empty when none fits."""
    groups: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name in names:
        if match := _ANY.fullmatch(name):
            groups[match["before"].strip("-_./ ").lower(), match["after"]][match["before"]] += 1
    if not groups:
        return ()
    # the larger group; where two are as large, the one with the shorter name
    (_, after), befores = max(groups.items(), key=lambda item: (item[1].total(), -len(item[0][0]), item[0]))
    return tuple(f"{before}{{version}}{after}" for before, _ in befores.most_common())


def catalogue(
    tags: Sequence[Ref],
    naming: Naming,
    *,
    published: Sequence[Published] | None = None,
    prereleases: bool = False,
) -> Catalogue:
    """Read tags into versions; with a list of published versions, only those count, with or without a tag."""
    patterns = naming.patterns or guessed([tag.name for tag in tags])
    readers = [_reader(pattern) for pattern in patterns]
    explicit = {entry.tag: entry.version for entry in published or () if entry.tag}
    found: dict[Version, list[Ref]] = defaultdict(list)
    rejected = []
    for tag in tags:
        read = explicit.get(tag.name) or _read(readers, tag.name)
        if isinstance(read, Version):
            found[read].append(tag)
        else:
            rejected.append((tag.name, read))
    entries = {entry.version: entry for entry in published or ()}
    wanted = set(found) if published is None else set(entries)
    early = {version for version in wanted if not (version.is_final or prereleases)} if published is None else set()
    listed = [
        Listed(
            version=entries[version].version if version in entries else version,
            tags=tuple(tag.name for tag in found.get(version, ())),
            commits=tuple(dict.fromkeys(tag.commit for tag in found.get(version, ()))),
            date=entries[version].date if version in entries else "",
        )
        for version in sorted(wanted - early)
    ]
    known = {tag.name for tag in tags}
    return Catalogue(
        listed=tuple(listed),
        naming=", ".join(patterns),
        rejected=tuple(rejected),
        unpublished=tuple(sorted(v for v in set(found) - wanted if v.is_final)),
        prereleases=tuple(sorted(early)),
        findings=(
            *_doubles(listed),
            *(f"tag {name[:_SHOWN]!a} is not there" for name in explicit if name not in known),
        ),
    )


def _doubles(listed: Sequence[Listed]) -> list[str]:
    """Tell the versions that several tags claim: on one commit it is a remark, on several a question."""
    return [
        f"version {entry.version} has {len(entry.tags)} tags on {len(entry.commits)} different commits"
        for entry in listed
        if len(entry.commits) > 1
    ]
