"""Looking into proposals: what two commits change, compared; the likely ones first, and the unlikely ones left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from secrel.ranges.kin.contents import NO_PATH, alike, nearly, one_in_other
from secrel.ranges.kin.links import CommitLink, Signal
from secrel.words.history.commits import Diff

_FEWEST_LINES = 2
_FEWEST_ALONE = 3  # changed lines of a patch that is known by nothing else
_BY_MESSAGE = (Signal.SUBJECT, Signal.TEXT, Signal.SAME)
_UNSAID: Mapping[Signal, None] = {Signal.DAY: None}  # signals that are nothing without equal lines
_SAID = (*_BY_MESSAGE, Signal.REPORT, Signal.REQUEST)


def similar_first(proposals: Sequence[CommitLink], contents: Mapping[int, Diff | None]) -> tuple[CommitLink, ...]:
    """Order proposals by how alike the changes are; those known by their message alone that share no path are left out.

    Where contents were asked for and are not here, a proposal stays and says so.
    """
    kept = [(rank, judged) for rank, judged in (_judged(link, contents) for link in proposals) if rank is not None]
    return tuple(link for _, link in sorted(kept, key=lambda item: item[0]))


def _judged(link: CommitLink, contents: Mapping[int, Diff | None]) -> tuple[int | None, CommitLink]:
    one, other = contents.get(link.commit), contents.get(link.like)
    if one is None or other is None:
        looked = link.commit in contents and link.like in contents
        return _UNSAID.get(link.signal, 3), replace(
            link, remark=_also(link.remark, "contents not seen")
        ) if looked else link
    if one.patch and one.patch == other.patch:
        return 0, replace(link, signal=Signal.PATCH, remark=_also(link.remark, "the same patch"))
    if alike(one, other):
        return 1, replace(link, signal=Signal.LINES, remark=_also(link.remark, "the same lines on shared paths"))
    if one.paths & other.paths:
        return _UNSAID.get(link.signal, 2), replace(link, remark=_also(link.remark, "shared paths"))
    if link.signal is Signal.DAY and one_in_other(one, other):  # a file may have another name on another series
        return 4, replace(link, signal=Signal.LINES, remark=_also(link.remark, NO_PATH))
    dropped = link.signal in (Signal.SUBJECT, Signal.REPORT, Signal.DAY) and not one.lines & other.lines
    return (None if dropped else _UNSAID.get(link.signal, 4)), replace(
        link, remark=_also(link.remark.removesuffix(NO_PATH), NO_PATH)
    )


def _also(remark: str, more: str) -> str:
    return f"{remark}; {more}" if remark else more


def certain(
    proposals: Iterable[CommitLink], diffs: Mapping[int, Diff | None], one_author: Callable[[CommitLink], bool]
) -> tuple[CommitLink, ...]:
    """Give those proposals whose contents make them sure: they count, too.

    They make the same patch; or under one subject nearly the same lines, or mostly the same where one author made both.
    The message or a search made them likely before; a patch covers the lines around it, so equal ones are one change.
    """
    found = []
    for link in proposals:
        one, other = diffs.get(link.commit), diffs.get(link.like)
        if one is None or other is None:
            continue
        said = link.signal in _SAID
        remark = f"and {link.signal.value}" if said else link.remark
        same = one.patch == other.patch != 0 and len(one.lines) >= (_FEWEST_LINES if said else _FEWEST_ALONE)
        if same and (said or link.signal in (Signal.PATCH, Signal.DAY)):
            found.append(CommitLink(link.commit, link.like, Signal.PATCH, remark=remark))
        elif link.signal is Signal.DAY and nearly(one, other):
            found.append(CommitLink(link.commit, link.like, Signal.LINES, remark=f"and {link.signal.value}"))
        elif link.signal in _BY_MESSAGE and (nearly(one, other) or (one_author(link) and alike(one, other))):
            found.append(CommitLink(link.commit, link.like, Signal.LINES, remark=remark))
    return tuple(found)


def by_contents(named: Mapping[int, Diff], others: Mapping[int, Diff]) -> tuple[CommitLink, ...]:
    """Propose those of `others` that make the same patch as one of `named`, or mostly the same lines."""
    found: dict[int, tuple[int, CommitLink]] = {}
    for commit, other in others.items():
        for like, one in named.items():
            same = one.patch != 0 and one.patch == other.patch
            if commit not in named and (same or alike(one, other)):
                signal = Signal.PATCH if same else Signal.LINES
                found.setdefault(
                    commit, (not same, CommitLink(commit, like, signal, strong=False, remark="by its contents"))
                )
    return tuple(link for _, link in sorted(found.values(), key=lambda item: item[0]))
