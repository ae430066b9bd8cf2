"""Looking into proposals: what two commits change, compared; the likely ones first, and the unlikely ones left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from secrel.ranges.kin.links import Link, Signal
from secrel.ranges.results import Result
from secrel.words.history.commits import Diff

_CONTAINED = 0.6  # share of the smaller change's lines that both have (affected-versions.md section 5)
_JACCARD = 0.35  # share of all lines of both that both have
_FEWEST_LINES = 2
_FEWEST_ALONE = 3  # changed lines of a patch that is known by nothing else
_NEARLY = 0.8  # share of all lines of both that both have, where the subject is the same as well
_FEWEST_NEARLY = 5
_BY_MESSAGE = (Signal.SUBJECT, Signal.REPORT)


def wanted_diffs(results: Iterable[Result]) -> list[int]:
    """List the commits whose contents decide about proposals."""
    commits = (commit for result in results for link in result.proposals for commit in (link.commit, link.like))
    return list(dict.fromkeys(commits))


def similar_first(proposals: Sequence[Link], diffs: Mapping[int, Diff]) -> tuple[Link, ...]:
    """Order proposals by how alike the changes are; those known by their message alone that share no path are left out.

    Where contents were not seen, a proposal stays and says so.
    """
    judged = [(_judged(link, diffs), link) for link in proposals]
    kept = [(rank, link) for (rank, link), _ in judged if rank is not None]
    return tuple(link for _, link in sorted(kept, key=lambda item: item[0]))


def _judged(link: Link, diffs: Mapping[int, Diff]) -> tuple[int | None, Link]:
    one, other = diffs.get(link.commit), diffs.get(link.like)
    if one is None or other is None:
        return 3, replace(link, remark=_also(link.remark, "contents not seen"))
    if one.patch and one.patch == other.patch:
        return 0, replace(link, signal=Signal.PATCH, remark=_also(link.remark, "the same patch"))
    if alike(one, other):
        return 1, replace(link, signal=Signal.LINES, remark=_also(link.remark, "the same lines on shared paths"))
    if one.paths & other.paths:
        return 2, replace(link, remark=_also(link.remark, "shared paths"))
    return (None if link.signal in _BY_MESSAGE else 4), replace(link, remark=_also(link.remark, "no path in common"))


def alike(one: Diff, other: Diff) -> bool:
    """Whether two changes touch a common path and mostly the same lines."""
    shared = len(one.lines & other.lines)
    smaller = min(len(one.lines), len(other.lines))
    if not one.paths & other.paths or smaller < _FEWEST_LINES:
        return False
    return shared >= _CONTAINED * smaller or shared >= _JACCARD * len(one.lines | other.lines)


def _also(remark: str, more: str) -> str:
    return f"{remark}; {more}" if remark else more


def certain(proposals: Iterable[Link], diffs: Mapping[int, Diff]) -> tuple[Link, ...]:
    """Give those proposals that make the same patch, or under one subject nearly the same lines: they count, too.

    The message or a search made them likely before; a patch covers the lines around it, so equal ones are one change.
    """
    found = []
    for link in proposals:
        one, other = diffs.get(link.commit), diffs.get(link.like)
        if one is None or other is None:
            continue
        said = link.signal in _BY_MESSAGE
        remark = f"and {link.signal.value}" if said else link.remark
        same = one.patch == other.patch != 0 and len(one.lines) >= (_FEWEST_LINES if said else _FEWEST_ALONE)
        if same and (said or link.signal is Signal.PATCH):
            found.append(Link(link.commit, link.like, Signal.PATCH, remark=remark))
        elif link.signal is Signal.SUBJECT and _nearly(one, other):
            found.append(Link(link.commit, link.like, Signal.LINES, remark=remark))
    return tuple(found)


def _nearly(one: Diff, other: Diff) -> bool:
    """Whether two changes of some length differ in a few lines only, on a common path."""
    longer = min(len(one.lines), len(other.lines)) >= _FEWEST_NEARLY and bool(one.paths & other.paths)
    return longer and len(one.lines & other.lines) >= _NEARLY * len(one.lines | other.lines)


def by_contents(named: Mapping[int, Diff], others: Mapping[int, Diff]) -> tuple[Link, ...]:
    """Propose those of `others` that make the same patch as one of `named`, or mostly the same lines."""
    found: dict[int, tuple[int, Link]] = {}
    for commit, other in others.items():
        for like, one in named.items():
            same = one.patch != 0 and one.patch == other.patch
            if commit not in named and (same or alike(one, other)):
                signal = Signal.PATCH if same else Signal.LINES
                found.setdefault(commit, (not same, Link(commit, like, signal, strong=False, remark="by its contents")))
    return tuple(link for _, link in sorted(found.values(), key=lambda item: item[0]))
