"""Every range that people typed fits what the release ships: its ends, its gaps, and no version with the fix inside.

Rule: docs/process/gitlab/ranges-follow-versions.md
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from secrel.evaluate.looking import each_advisory, fix_of, requests_of
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.errors import Misused
from secrel.words.forge import Issue, State
from secrel.words.parts import known
from secrel.words.releases import Shipment, joined
from secrel.words.sighting import TRACKING
from secrel.words.spans import EARLIEST, Affected, Span, first_of, sentence
from secrel.words.versions import Series, Version

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Compare every range with the versions of its product's shipment, and with the branches that its fix reaches."""
    late = TakingOut(snapshot, question.now, question.params.hours)

    def say(advisory: Advisory) -> Iterator[Said]:
        faults = misfits(advisory, late)
        yield from faults
        if not faults:
            yield Evidence(advisory.fix, _fits(advisory))

    yield from each_advisory(snapshot, say)


def misfits(advisory: Advisory, late: TakingOut) -> list[Finding]:
    """Give what is wrong with the range of one fix; none of a product that the release does not ship.

    It is asked when a range is given, too. Raises `NotSeen` when the fix's merge requests could not be seen.
    """
    shipment = late.snapshot.release.shipment(advisory.product)
    return [] if shipment is None else list(_faults(advisory, shipment, late))


def _fits(advisory: Advisory) -> str:
    if advisory.hosted_only:
        return f"it has no range: only {advisory.hosted_only} was affected"
    if advisory.shipped_before:
        return f"its range ends where the fix was published before: {joined(advisory.fixed_already)}"
    return "its range ends where this release says"


def _faults(advisory: Advisory, shipment: Shipment, late: TakingOut) -> Iterator[Finding]:
    spans = sorted(advisory.affected or (), key=lambda span: span.since or EARLIEST)
    fixed = _fixed_by(advisory, shipment, late.snapshot)
    said = [*_other_ends(spans, shipment, advisory.fixed_already), *_contradictions(spans, fixed, shipment)]
    held = (version for version in advisory.fixed_already if any(version in span for span in spans))
    said += [f"its range says that {version} is affected, and it has the fix already" for version in held]
    if not said:
        return
    wrong = "its range does not fit the release"
    remedy = _remedy(advisory, shipment, late.snapshot) or late.command(advisory.fix, wrong)
    for what in dict.fromkeys(said):
        yield Finding(advisory.fix, what, remedy)


def _fixed_by(advisory: Advisory, shipment: Shipment, snapshot: Snapshot) -> list[tuple[Version, bool]]:
    """Give the versions of the release that get the fix, and whether a merge request of the fix says so.

    Without any merge request into a series, those get it whose series is affected; none, of a fix that shipped before.
    """
    fix = fix_of(snapshot, advisory.fix)
    requests = requests_of(fix) if fix else ()
    targets = {request.target for request in requests if request.state is not State.CLOSED}
    named = [(version, shipment.product.branch_of(series) in targets) for series, version in _shipped(shipment)]
    brought = shipment.versions if advisory.affected and not advisory.shipped_before else ()
    return [(v, is_named) for v, is_named in named if is_named or (v in brought and not any(n for _, n in named))]


def _shipped(shipment: Shipment) -> Iterator[tuple[Series, Version]]:
    yield from zip(shipment.series, shipment.versions, strict=True)


def _other_ends(spans: Sequence[Span], shipment: Shipment, already: Sequence[Version]) -> Iterator[str]:
    """Say which ends are no version of this release, and none of which somebody said that it has the fix already."""
    shipped, known = dict(_shipped(shipment)), {*shipment.versions, *already}
    for end in (span.fixed for span in spans if span.fixed is not None and span.fixed not in known):
        ours = shipped.get(shipment.product.series_of(end))
        if ours is not None:
            yield f"its range says fixed in {end}, and this release ships {ours}"
        else:
            yield f"its range says fixed in {end}, which is no version of this release, and none with the fix already"
    written = {version: str(version) for version in (*already, *shipment.versions)}
    for end in (span.fixed for span in spans if span.fixed in written):
        if str(end) != written[end]:
            yield f"its range says fixed in {end}, and that version is written {written[end]}"


def _contradictions(spans: Sequence[Span], fixed: Sequence[tuple[Version, bool]], shipment: Shipment) -> Iterator[str]:
    """Say where spans contradict what the release ships with the fix, or each other."""
    series_of = shipment.product.series_of
    ended = {series_of(span.fixed) for span in spans if span.fixed is not None}
    for one, other in pairwise(spans):
        if one.fixed is None or (other.since or EARLIEST) < one.fixed:
            yield f"its spans overlap: {sentence([one])}, and {sentence([other])}"
    for version, is_named in fixed:
        if any(version in span for span in spans):
            yield f"its range says that {version} is affected, and this release ships it with the fix"
        elif (
            series_of(version) not in ended and is_named and any(_is_before(span, version, shipment) for span in spans)
        ):
            yield f"its range leaves out {version}, which gets the fix: it says that the series is not affected"
    if fixed and any(span.fixed is None for span in spans):
        yield "its range has no end, and this release ships the fix"


def _is_before(span: Span, version: Version, shipment: Shipment) -> bool:
    """Whether a span begins before a version that is not the first of its series: that one closes no range."""
    is_first = first_of(version, shipment.product.series_of(version)) == version
    return not is_first and (span.since is None or span.since < version)


def _remedy(advisory: Advisory, shipment: Shipment, snapshot: Snapshot) -> str:
    """Give the command that mends the range; empty where more than one mend could be meant.

    An end before the version that ships may have been published with the fix: then the range is right, and the command
    says so of the version instead. Where ends alone are wrong that the release knows, they follow it from then on.
    Otherwise what ships with the fix ends the span that it lies in, and the range stays what it was.
    """
    spans, already = advisory.spans, advisory.fixed_already
    shipped = dict(_shipped(shipment))
    since = spans[0].since
    command = f"secrel fix set {quoted(snapshot.release.name)} {quoted(advisory.fix)}"
    if out := _published(advisory, shipment, snapshot):
        said = ", ".join(str(version) for version in (*already, *out))
        return f"{command} {quoted(f'fixed_already=[{said}]')}"
    closed = [(s.since, _closed(s.fixed, already, shipped, shipment)) for s in spans]
    try:
        planned = [(span.since, span.fixed) for span in Affected.since(since).closed_by(shipment, already)]
    except Misused:
        planned = []
    is_other = planned != [(span.since, span.fixed) for span in spans]
    if planned == closed and is_other:
        return f"{command} --since {since or 'all'}"
    mended = _mended(closed, advisory, shipment, snapshot)
    return f"{command} {quoted(f'affected=[{_written(mended)}]')}" if mended else ""


_Pair = tuple[Version | None, Version | None]


def _mended(closed: Sequence[_Pair], advisory: Advisory, shipment: Shipment, snapshot: Snapshot) -> list[Span]:
    """Give the range with what ships with the fix at the end of the span that it lies in, or of one of its own.

    `closed` are its ends as the release says them. None where that does not settle all that is wrong with it.
    """
    fixed, pairs = _fixed_by(advisory, shipment, snapshot), list(closed)
    for version, is_named in sorted(fixed):
        series = shipment.product.series_of(version)
        begins, later = _begin(series), min((one for one in shipment.series if one > series), default=None)
        after = None if later is None else _begin(series.before(later))
        pairs = [part for pair in pairs for part in _cut(pair, version, after)]
        is_ended = any(end == version for _, end in pairs)
        if is_named and not is_ended and any((since or EARLIEST) < version for since, _ in pairs):
            pairs.append((begins, version))
    try:
        spans = [Span(since, end) for since, end in pairs if since or end]
    except Misused:
        return []
    spans = sorted(_widest(spans), key=lambda span: span.since or EARLIEST)
    left = (*_other_ends(spans, shipment, advisory.fixed_already), *_contradictions(spans, fixed, shipment))
    return [] if left else spans


def _widest(spans: Sequence[Span]) -> Iterator[Span]:
    """Give each span that ends where another does only if it begins first."""
    firsts = {span.fixed: span for span in sorted(spans, key=lambda span: span.since or EARLIEST, reverse=True)}
    yield from firsts.values()


def _begin(series: Series) -> Version:
    return Version.parse(str(series))


def _cut(pair: _Pair, version: Version, after: Version | None) -> Iterator[_Pair]:
    """Cut a version out of a span that it lies in: the span ends there, and goes on with the series `after` it."""
    since, end = pair
    if (since or EARLIEST) <= version and (end is None or version < end):
        yield since, version
        if after is not None and (end is None or after < end):
            yield after, end
    else:
        yield pair


def _written(spans: Sequence[Span]) -> str:
    """Write a range as a release file does."""
    told = ((f'since: "{span.since}"' if span.since else "since: all", span.fixed) for span in spans)
    return ", ".join(f"{{{since}, fixed: {end}}}" for since, end in told)


def _published(advisory: Advisory, shipment: Shipment, snapshot: Snapshot) -> list[Version]:
    """Give the ends that look like versions that are out with the fix: nothing of it is on its way into their series.

    What was merged there before the release began came out with an earlier one; what is open, or was merged since,
    comes with this one, and the end is that of a version that was given up.
    """
    shipped, fix = dict(_shipped(shipment)), fix_of(snapshot, advisory.fix)
    tracking = known(snapshot.document(TRACKING), None)
    began = tracking.created_at if isinstance(tracking, Issue) else None
    if fix is None:
        return []
    coming = {
        request.target
        for request in requests_of(fix)
        if request.state is State.OPENED or (request.merged_at and began and request.merged_at > began)
    }
    ends = [span.fixed for span in advisory.spans if span.fixed and span.fixed not in advisory.fixed_already]
    return [
        end
        for end in ends
        if end < shipped.get(series := shipment.product.series_of(end), end)
        and shipment.product.branch_of(series) not in coming
    ]


def _closed(
    end: Version | None, already: Sequence[Version], shipped: Mapping[Series, Version], shipment: Shipment
) -> Version | None:
    """Give the end that a span would get: the release's version of its series, but never for one published before."""
    return end if end is None or end in already else shipped.get(shipment.product.series_of(end), end)
