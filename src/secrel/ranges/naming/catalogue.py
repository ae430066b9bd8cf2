"""The versions there are: tags read by a naming, joined with the list of published ones; nothing is dropped unsaid."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from secrel.ranges.naming.families import IN_A_TAG, families, taken_apart, version_in_tag
from secrel.ranges.naming.patterns import Pattern, compiled
from secrel.words.errors import Misused
from secrel.words.history.graph import Ref
from secrel.words.versions import Version

_HOLE = "{version}"
_SHOWN = 80
ELSE = "it is of something else"
"""Why a tag is no version that somebody said is of something else: it is no question any more."""

SHIPPED: Mapping[str, tuple[str, ...]] = {
    "v": ("v{version}",),
    "v-ee": ("v{version}-ee",),
    "plain": ("{version}",),
    "release": ("release-{version}", "release/{version}", "REL_{version}", "rel-{version}"),
}
"""Shipped namings by their word; `auto` (the default) finds the family whose tags hold the commits that were named."""


class Naming(Struct, frozen=True):
    """How tags name versions: patterns, tried in order, each anchored at both ends; none means `auto`.

    `others` are patterns of tags that name something else, such as another package: those are no question to anybody.
    """

    patterns: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

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


class Published(Struct, frozen=True):
    """One version that people can have: its date as written (empty: unknown), and its tag where no pattern tells it."""

    version: Version
    date: str = ""
    tag: str = ""


class ListedVersion(Struct, frozen=True):
    """One version: the tags that stand for it (none: it was published without), and their commits, each once."""

    version: Version
    tags: tuple[str, ...] = ()
    commits: tuple[int, ...] = ()
    date: str = ""


class Rejected(Struct, frozen=True):
    """A tag that is no version here, and why; `looks_like` is the version that its name has all the same."""

    name: str
    reason: str
    commit: int
    looks_like: Version | None = None
    pattern: str = ""


class Catalogue(Struct, frozen=True):
    """Every version in order, and what was left out: `rejected` tags with the reason, `unpublished`, pre-releases.

    `early` are the tags of those pre-releases. `closed`: a list says which versions there are, and no tag adds one.
    """

    listed: tuple[ListedVersion, ...]
    naming: str
    rejected: tuple[Rejected, ...] = ()
    unpublished: tuple[Version, ...] = ()
    prereleases: tuple[Version, ...] = ()
    findings: tuple[str, ...] = ()
    early: tuple[Ref, ...] = ()
    closed: bool = False

    def after(self, version: Version) -> Version | None:
        """Give the version that comes after one, or None."""
        return next((entry.version for entry in self.listed if entry.version > version), None)


def _reader(pattern: str) -> Pattern | re.Pattern[str]:
    if _HOLE not in pattern:
        return compiled(pattern)
    before, _, after = pattern.partition(_HOLE)
    if _HOLE in after or len(pattern) > _SHOWN:
        raise Misused(f"{pattern[:_SHOWN]!r} is no tag naming", remedy="write {version} once, such as v{version}-ee")
    return re.compile(rf"{re.escape(before)}(?P<version>(?i:{IN_A_TAG})){re.escape(after)}", re.ASCII)


def candidates(tags: Sequence[Ref], naming: Naming) -> list[Ref]:
    """Give the tags that may name versions: all but those that somebody said are of something else."""
    readers = [_reader(pattern) for pattern in naming.others]
    return [tag for tag in tags if not any(_matched(reader, tag.name) is not None for reader in readers)]


def _matched(reader: Pattern | re.Pattern[str], name: str) -> Mapping[str, str | None] | None:
    match = reader.match(name) if isinstance(reader, Pattern) else reader.fullmatch(name)
    return match if match is None or isinstance(match, Mapping) else match.groupdict()


def _text(groups: Mapping[str, str | None]) -> str:
    """Put a version together from a pattern's groups: `version`, or `major`, `minor`, `patch`, `pre`, or the first."""
    whole = groups.get("version")
    if whole is None and groups.get("major"):
        whole = ".".join(part for name in ("major", "minor", "patch") if (part := groups.get(name)))
    if whole is None:
        whole = groups.get("1") or ""
    return whole + (groups.get("pre") or "")


def _read(readers: Sequence[Pattern | re.Pattern[str]], name: str) -> Version | str:
    """Give the version that a tag names, or why it names none."""
    for reader in readers:
        groups = _matched(reader, name)
        if groups is not None:
            try:
                return version_in_tag(_text(groups))
            except Misused as fault:
                return fault.what
    return "no pattern fits"


def spelled(patterns: Sequence[str]) -> str:
    """Write patterns as options, to be pasted: `--tags v --tags 'docker-v{version}'`."""
    words = {found: word for word, found in SHIPPED.items() if len(found) == 1}
    return " ".join(f"--tags {words[(one,)] if (one,) in words else ascii(one)}" for one in patterns)


def catalogue(
    tags: Sequence[Ref],
    naming: Naming,
    *,
    published: Sequence[Published] | None = None,
    prereleases: bool = False,
) -> Catalogue:
    """Read tags into versions; with a list of published versions, only those count, with or without a tag."""
    others = {tag.name for tag in tags} - {tag.name for tag in candidates(tags, naming)}
    left = [tag for tag in tags if tag.name not in others]
    patterns = naming.patterns or next((family.patterns for family in families(left)), ())
    readers = [_reader(pattern) for pattern in patterns]
    explicit = {entry.tag: entry.version for entry in published or () if entry.tag}
    found: dict[Version, list[Ref]] = defaultdict(list)
    rejected = []
    for tag in tags:
        read = explicit.get(tag.name) or (ELSE if tag.name in others else _read(readers, tag.name))
        if isinstance(read, Version):
            found[read].append(tag)
        elif tag.name in others:
            rejected.append(Rejected(tag.name, ELSE, tag.commit))
        else:
            rejected.append(_rejected(tag, read))
    entries = {entry.version: entry for entry in published or ()}
    wanted = set(found) if published is None else set(entries)
    early = {version for version in wanted if not (version.is_final or prereleases)} if published is None else set()
    listed = [
        ListedVersion(
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
        closed=published is not None,
        rejected=tuple(rejected),
        unpublished=tuple(sorted(v for v in set(found) - wanted if v.is_final)),
        prereleases=tuple(sorted(early)),
        early=tuple(tag for version in sorted(early) for tag in found[version]),
        findings=(
            *_doubles(listed),
            *(f"tag {name[:_SHOWN]!a} is not there" for name in explicit if name not in known),
        ),
    )


def _rejected(tag: Ref, reason: str) -> Rejected:
    named = taken_apart(tag.name)
    if named is None:
        return Rejected(tag.name, reason, tag.commit)
    return Rejected(tag.name, reason, tag.commit, named.version, f"{named.before}{{version}}{named.after}")


def _doubles(listed: Sequence[ListedVersion]) -> list[str]:
    """Tell the versions that several tags claim: on one commit it is a remark, on several a question."""
    return [
        f"version {entry.version} has {len(entry.tags)} tags on {len(entry.commits)} different commits"
        for entry in listed
        if len(entry.commits) > 1
    ]
