"""The CVE issue of every fix is complete, and says what the advisory says now.

Rule: docs/process/gitlab/cve-complete.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import advisory_of, by_hand, disputed, each_fix
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.verify.cve_form import unsaid
from secrel.words.advisories import Advisory
from secrel.words.fixes import Fix
from secrel.words.parts import known, need

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for facts that nobody gave, then for facts that the request does not say."""
    late = TakingOut(snapshot, question.now, question.params.hours)
    return each_fix(snapshot, lambda fix: _complete(fix, snapshot, late))


def _complete(fix: Fix, snapshot: Snapshot, late: TakingOut) -> Iterator[Said]:
    advisory = advisory_of(snapshot, fix.ref)
    if advisory is None:
        return
    if not advisory.needs_cve:
        yield Evidence(fix.ref, f"needs no CVE id: {advisory.without_cve}")
        return
    name, ref = quoted(snapshot.release.name), quoted(fix.ref)
    too_late = late.command(fix.ref, "not complete at the deadline")
    faults = [
        *(
            Finding(fix.ref, said, too_late or f"secrel fix set {name} {ref} {words}")
            for said, words in _missing(advisory)
        ),
        *_outdated(fix, advisory, snapshot),
        *_disputed(fix, snapshot),
    ]
    yield from faults
    if not faults:
        of_ours = known(fix.cve_request, None) is not None and not advisory.other_cna
        said = "the CVE issue is complete and says what the advisory says"
        others = f"its facts are complete; {advisory.cve_id or 'its id'} was not requested here"
        yield Evidence(fix.ref, said if of_ours else others)


def _disputed(fix: Fix, snapshot: Snapshot) -> list[Finding]:
    request = known(fix.cve_request, None)
    return disputed(snapshot, f"cve/{fix.ref}", request, fix.ref) if request is not None else []


def _missing(advisory: Advisory) -> Iterator[tuple[str, str]]:
    """Give what nobody has given yet, each with the words of the command that gives it."""
    if not advisory.description.strip():
        yield "it has no description", 'description="…"'
    if not advisory.affected:
        yield "it has no affected versions", "--since VERSION"
    if advisory.vector is None:
        yield "it has no CVSS vector", "vector=VECTOR"
    if advisory.weakness is None:
        yield "it has no weakness (CWE)", "weakness=CWE-NUMBER"


def _outdated(fix: Fix, advisory: Advisory, snapshot: Snapshot) -> Iterator[Finding]:
    if advisory.other_cna:
        return
    request = need(fix.cve_request, f"the CVE request of {fix.ref}")
    if request is None:
        if advisory.cve_id is None:
            said = "there is no CVE issue that could be complete"
            yield Finding(fix.ref, said, f"secrel cve request {quoted(snapshot.release.name)}")
        return
    last = snapshot.written.get(f"cve/{fix.ref}")
    is_ours = last is not None and last.text == request.body
    remedy = f"secrel cve request {quoted(snapshot.release.name)}" if is_ours else by_hand(request)
    yield from (
        Finding(fix.ref, said, remedy) for said in dict.fromkeys(said for _, said in unsaid(request.body, advisory))
    )
