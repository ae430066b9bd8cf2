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
    """Give those proposals that make the same patch: they count, too.

    The message or the search made them likely before; a patch covers the lines around it, so equal ones are one change.
    """
    found = []
    for link in proposals:
        one, other = diffs.get(link.commit), diffs.get(link.like)
        fewest = _FEWEST_LINES if link.signal in _BY_MESSAGE else _FEWEST_ALONE
        if (
            link.signal in (*_BY_MESSAGE, Signal.PATCH)
            and one is not None
            and other is not None
            and one.patch == other.patch != 0
            and len(one.lines) >= fewest
        ):
            remark = link.remark if link.signal is Signal.PATCH else f"and {link.signal.value}"
            found.append(Link(link.commit, link.like, Signal.PATCH, remark=remark))
    return tuple(found)


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
