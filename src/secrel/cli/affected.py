"""`secrel affected`: which published versions have a vulnerability, proved from a git repository."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Protocol

import msgspec
from cyclopts import Parameter
from msgspec import Struct
from msgspec.structs import replace

from secrel.cli.affected_file import CasesFile, plans_of, read_cases, read_published
from secrel.cli.spelling import json_that_fits
from secrel.desk.affected import Asking, Checked, Proved, checked_with_git, prove_affected
from secrel.ports.history import History
from secrel.ranges.cases import Case, Change, ChangeRole
from secrel.ranges.naming.catalogue import Naming
from secrel.ranges.prove import strangers
from secrel.ranges.said.compare import Difference, compare, in_the_tag
from secrel.ranges.said.documents import FORM, documents, tags_document, tags_text, text_of
from secrel.words.errors import Exit, Misused
from secrel.words.facts.phrases import read_range
from secrel.words.patterns import pattern
from secrel.words.versions import Version


class OpensHistory(Protocol):
    """Opens a repository: its path, its mirrors, and the folder for the index of commits (None: the usual one)."""

    def __call__(self, path: Path, mirrors: Sequence[Path], cache: Path | None) -> History:
        """Give the history; the repository is read later, and complains then."""
        ...


_COMMIT_LINK = pattern(r"https?://[^\s]{1,300}/commit/(?=[0-9a-fA-F]{4,64}\Z)")


@Parameter(name="*")
@dataclass(frozen=True)
class CaseFlags:
    """One vulnerability, on the command line."""

    fix: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A commit or merge request that removes it; the same change on several series with commas between. Repeat for
    changes that are needed together."""
    follow_up: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A change that belongs to the fix, and without which a version counts as fixed all the same."""
    origin: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A commit that brought the vulnerability in; without one, every version before the fix counts."""
    first: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """In place of origins: the first affected version; one for each series that got it by a backport."""
    cases: Path | None = None
    """A TOML or JSON file of many vulnerabilities, claims and series (secrel manual affected has its form)."""
    against: str = ""
    """A range to compare with, as people write it: "all versions from 13.2 before 16.4.3"."""
    holds: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A version that must have every fix, because an announcement names it."""


@Parameter(name="*")
@dataclass(frozen=True)
class VersionFlags:
    """How tags name versions, and which series there are."""

    tags: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """How tags are named: auto, v, v-ee, plain, release, a text such as app-{version}, or a pattern."""
    not_versions: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """Tags of something else, such as another package: the same words as --tags."""
    published: Path | None = None
    """A file of the versions that people can have, one a line; tags beside it are no versions."""
    prereleases: Annotated[bool, Parameter(negative="")] = False
    """Count release candidates and other early versions too."""
    series: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A series and its branch: 16.11=16-11-stable-ee."""
    ended: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A series that gets no fixes any more."""
    planned: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A version that comes next in its series, judged at the series' branch."""


@Parameter(name="*")
@dataclass(frozen=True)
class ReadingFlags:
    """How the repository is read, and how the answer is written."""

    mirror: Annotated[tuple[Path, ...], Parameter(negative="")] = ()
    """Another copy of the repository, such as the private one where fixes land first."""
    cache: Path | None = None
    """The folder for the index of commits and what contents showed; it may be deleted at any time."""
    no_links: Annotated[bool, Parameter(negative="")] = False
    """Count the commits that are named, and do not look for their backports."""
    no_diffs: Annotated[bool, Parameter(negative="")] = False
    """Do not compare the contents of commits that may be backports."""
    search: Annotated[bool, Parameter(negative="")] = False
    """Look also into every commit that touches the same files near the fix in time; takes seconds a case."""
    self_check: Annotated[bool, Parameter(negative="")] = False
    """Ask git itself as well, and print every version on which it disagrees."""
    repository: str = ""
    """The repository's public address, for OSV ranges."""
    format: Literal["text", "json", "markdown"] = "text"
    """How the answer is written."""


_CASE, _VERSIONS, _READING = CaseFlags(), VersionFlags(), ReadingFlags()


def affected_command(open_history: OpensHistory) -> Callable[..., Exit]:
    """Make the command, with what opens a repository."""

    def affected(
        path: Annotated[Path, Parameter(help="The git repository: a work tree, or a bare one.")],
        *,
        case: CaseFlags = _CASE,
        versions: VersionFlags = _VERSIONS,
        reading: ReadingFlags = _READING,
    ) -> Exit:
        """Prove from a git repository which versions have a vulnerability, and where each series is fixed.

        Example: secrel affected app.git --origin 3f2a91c --fix 8d01b7e,c55e0f2 --tags v-ee

        Exit words: 0 proved; 2 misused; 3 the given range, a named version or git itself disagrees; 5 not all was seen.
        """
        file = _file(case, versions)
        asking = _asking(file, reading)
        history = open_history(path, reading.mirror, reading.cache)
        proved = prove_affected(history, asking, file.cases)
        if case.cases is None:
            for fault in strangers(file.cases[0], proved.catalogue):
                raise fault
        differences = _differences(case, file, proved)
        checked = checked_with_git(history, proved, file.cases) if reading.self_check else None
        sys.stdout.write(_written(_Answer(proved, differences, checked), reading))
        told = [difference for found in differences.values() for difference in found]
        disagrees = any(check.differs for check in (checked or {}).values())
        if disagrees or any(difference.side is not None for difference in told):
            return Exit.BLOCKED
        return Exit.DONE if not told and all(result.proved for result in proved.results) else Exit.UNSEEN

    return affected


class _Answer(Struct, frozen=True):
    proved: Proved
    differences: Mapping[str, tuple[Difference, ...]]
    checked: Mapping[str, Checked] | None = field(default=None)


def _file(case: CaseFlags, versions: VersionFlags) -> CasesFile:
    """Put the case of the flags, or the cases of the file, together with the versions' flags."""
    on_the_line = case.fix or case.follow_up or case.origin or case.first
    if case.cases is not None:
        if on_the_line:
            raise Misused("cases are given in a file and by flags", remedy="put all of them into the file")
        file = read_cases(case.cases)
    else:
        if not case.fix:
            raise Misused("no fix is given", remedy="name one with --fix COMMIT, or a file with --cases FILE")
        changes = (*_changes(case.fix, ChangeRole.REQUIRED), *_changes(case.follow_up, ChangeRole.FOLLOW_UP))
        first = tuple(Version.parse(text) for text in case.first)
        file = CasesFile((Case("vulnerability", changes, _changes(case.origin, ChangeRole.REQUIRED), first),), {})
    plans = plans_of(versions.series, versions.ended, versions.planned)
    return replace(
        file,
        naming=versions.tags or file.naming,
        not_versions=versions.not_versions or file.not_versions,
        prereleases=versions.prereleases or file.prereleases,
        published=file.published if versions.published is None else read_published(versions.published),
        plans=plans or file.plans,
    )


def _changes(texts: Sequence[str], role: ChangeRole) -> tuple[Change, ...]:
    """Read changes from flags: commas part the commits of one change; what is no commit's id or link is a request."""
    found = []
    for text in texts:
        words = [_COMMIT_LINK.sub("", word.strip()) for word in text.split(",") if word.strip()]
        requests = tuple(word for word in words if any(sign in word for sign in "!#/"))
        found.append(Change(tuple(word for word in words if word not in requests), requests, role))
    return tuple(found)


def _asking(file: CasesFile, reading: ReadingFlags) -> Asking:
    namings = [Naming.parse(word) for word in file.naming]
    others = [Naming.parse(word) for word in file.not_versions]
    naming = Naming(
        tuple(pattern for one in namings for pattern in one.patterns),
        tuple(pattern for one in others for pattern in one.patterns),
    )
    return Asking(
        naming=naming,
        published=file.published,
        prereleases=file.prereleases,
        plans=file.plans,
        depth=file.depth,
        links=not reading.no_links,
        diffs=not reading.no_diffs,
        search=reading.search,
    )


def _differences(case: CaseFlags, file: CasesFile, proved: Proved) -> Mapping[str, tuple[Difference, ...]]:
    texts = dict(file.given) | ({one.name: case.against for one in file.cases} if case.against else {})
    given = {name: read_range(text, after=proved.catalogue.after) for name, text in texts.items()}
    named = tuple(Version.parse(text) for text in case.holds)
    return {
        result.name: (
            *(compare(given[result.name], result) if result.name in given else ()),
            *in_the_tag(named, [result]),
        )
        for result in proved.results
        if result.name in given or named
    }


_EXPLAINED = {
    True: "git knows no reverts, and reverts explain",
    False: "git takes what comes back after a fix for fixed, and that explains",
}


def _written(answer: _Answer, reading: ReadingFlags) -> str:
    proved = answer.proved
    if reading.format == "json":
        written = {
            "form": FORM,
            "tags": tags_document(proved.catalogue, proved.digest),
            "notes": list(proved.notes),
            "results": documents(
                proved.results, proved.graph, repository=reading.repository, differences=answer.differences
            ),
        }
        if answer.checked is not None:
            written["self_check"] = {name: [*map(str, check.differs)] for name, check in answer.checked.items()}
        return json_that_fits(msgspec.json.format(msgspec.json.encode(written), indent=1).decode() + "\n")
    markdown = reading.format == "markdown"
    parts = [tags_text(proved.catalogue), *(f"{note}\n" for note in proved.notes)]
    parts += [
        text_of(result, proved.graph, markdown=markdown, differences=answer.differences.get(result.name))
        for result in proved.results
    ]
    if answer.checked is not None:
        wrong = {name: check.differs for name, check in answer.checked.items() if check.differs}
        parts.append(f"git itself was asked about {len(answer.checked)} of them, and disagrees on {len(wrong)}\n")
        parts += [f"  {name}: {', '.join(map(str, versions))}\n" for name, versions in wrong.items()]
        parts += [
            f"  {name}: {_EXPLAINED[check.reverts]} {', '.join(map(str, check.explained))}\n"
            for name, check in answer.checked.items()
            if check.explained
        ]
    return "\n".join(parts)
