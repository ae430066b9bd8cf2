"""Tracking issues as people open them: of which kind of release each is, and which of them nobody can tell apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from secrel.words.errors import Misused
from secrel.words.forge import Issue, MergeRequest
from secrel.words.releases import Kind, Release, joined

_APART = "close the one that is not meant, or give it the due date of its own release"


def kind_of(issue: Issue, critical: str) -> Kind:
    """Say which kind of release an open tracking issue is of: unplanned by the label `critical`, or by its title.

    A process without that label has `critical` empty; then the title alone tells (gitlab-process.md 2.1).
    """
    is_critical = critical in issue.labels or issue.title.strip().casefold().startswith("critical")
    return Kind.UNPLANNED if is_critical else Kind.PLANNED


def doubts_of(issues: Sequence[Issue], critical: str) -> tuple[Misused, ...]:
    """Say which open tracking issues cannot be told apart: two of one kind with one due date, and one without any.

    Several that desks opened for one day are told apart by their releases, and are in no doubt.
    """
    days: defaultdict[tuple[date, Kind], list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.due is not None:
            days[issue.due, kind_of(issue, critical)].append(issue)
    several = (
        _several(kind, day, alike)
        for (day, kind), alike in sorted(days.items())
        if len(alike) > 1 and not all(issue.mark for issue in alike)
    )
    return (*(_dayless(issue) for issue in issues if issue.due is None), *several)


def theirs(
    release: Release, opening: str, issues: Sequence[Issue], critical: str, named: Collection[str] = ()
) -> Issue | None:
    """Give the tracking issue that people opened for `release`, when it is `named`; None where none of theirs could be.

    The desk's own is the one that the effect `opening` opened. `named` are references or addresses. Raises `Misused`,
    which says the addresses, for one that nobody named, and for several of which not exactly one is named: a second
    tracking issue beside theirs would split the release in two.
    """
    own = [issue for issue in issues if issue.mark == opening]
    others = [issue for issue in issues if not issue.mark and kind_of(issue, critical) is release.kind]
    alike = [issue for issue in others if issue.due == release.due.date()]
    meant = [issue for issue in others if is_named(issue, named)]
    if not own and len(meant) == 1:
        return meant[0]
    if len(own) + len(alike) > 1:
        raise _one_of([*own, *alike], release, is_begun=bool(own))
    dayless = [issue for issue in others if issue.due is None]
    if dayless and not own:
        raise _dayless(dayless[0])
    if alike:
        raise Misused(
            f"people opened the tracking issue of {_article(release.kind)} release for {release.due.date()}: "
            f"{told(alike[0])}",
            where=release.name,
            remedy=f"take it over: secrel start --from FILE --adopt {alike[0].ref}; or close it, or correct its day",
        )
    return None


def is_named(one: Issue | MergeRequest, named: Collection[str]) -> bool:
    """Whether something is one of those that a person named, by reference or address."""
    return one.ref in named or one.url in named


def told(one: Issue | MergeRequest) -> str:
    """Say where something is that people opened, who did and when: its title may be a secret."""
    since = f" {one.created_at:%Y-%m-%d}" if isinstance(one, Issue) and one.created_at else ""
    by = f" by {one.author}" if one.author else ""
    return f"{one.ref} (opened{since}{by})" if since or by else one.ref


def _one_of(several: Sequence[Issue], release: Release, *, is_begun: bool) -> Misused:
    what = f"{len(several)} open tracking issues could be that of this release: {joined(map(told, several))}"
    name_it = f"name the one that is meant: secrel start --from FILE --adopt {several[0].ref}; or "
    return Misused(what, where=release.name, remedy=_APART if is_begun else f"{name_it}{_APART}")


def _several(kind: Kind, day: date, alike: Sequence[Issue]) -> Misused:
    refs = [issue.ref for issue in alike]
    what = f"{len(refs)} open tracking issues of {_article(kind)} release are due on {day}: {joined(refs)}"
    return Misused(what, where=refs[0], remedy=_APART)


def _dayless(issue: Issue) -> Misused:
    what = "this open tracking issue has no due date, so that nobody can tell which release it is of"
    return Misused(what, where=issue.ref, remedy="give it the due date of its release, or close it")


def _article(kind: Kind) -> str:
    return f"{'an' if kind is Kind.UNPLANNED else 'a'} {kind}"
