"""Tracking issues as people open them: of which kind of release each is, and which of them nobody can tell apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from secrel.words.errors import Misused
from secrel.words.forge import Issue
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


def check_only(release: Release, opening: str, issues: Sequence[Issue], critical: str) -> None:
    """Make sure that of the open tracking issues none but the desk's own is, or could be, that of `release`.

    The desk's own is the one that the effect `opening` opened. Raises `Misused`, which names the addresses, where
    people opened one of this kind for this day, and where one without a due date could be it: a second tracking issue
    beside theirs would split the release in two.
    """
    own = [issue for issue in issues if issue.mark == opening]
    theirs = [issue for issue in issues if not issue.mark and kind_of(issue, critical) is release.kind]
    day = release.due.date()
    alike = [issue for issue in theirs if issue.due == day]
    several = [issue.ref for issue in (*own, *alike)]
    if len(several) > 1:
        what = f"{len(several)} open tracking issues could be that of this release: {joined(several)}"
        raise Misused(what, where=release.name, remedy=_APART)
    dayless = [issue for issue in theirs if issue.due is None]
    if dayless and not own:
        raise _dayless(dayless[0])
    if alike:
        raise Misused(
            f"people opened a tracking issue of {_article(release.kind)} release for {day}, and a desk runs a release "
            "only on the one that it opened",
            where=alike[0].ref,
            remedy="close it when the desk's own shall take its place, or correct its due date; then start again",
        )


def _several(kind: Kind, day: date, alike: Sequence[Issue]) -> Misused:
    refs = [issue.ref for issue in alike]
    what = f"{len(refs)} open tracking issues of {_article(kind)} release are due on {day}: {joined(refs)}"
    return Misused(what, where=refs[0], remedy=_APART)


def _dayless(issue: Issue) -> Misused:
    what = "this open tracking issue has no due date, so that nobody can tell which release it is of"
    return Misused(what, where=issue.ref, remedy="give it the due date of its release, or close it")


def _article(kind: Kind) -> str:
    return f"{'an' if kind is Kind.UNPLANNED else 'a'} {kind}"
