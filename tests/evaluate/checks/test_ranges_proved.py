"""The given range is what git proves, or both are shown with the proof."""

from __future__ import annotations

from secrel.evaluate.verdicts import Hidden, Said
from secrel.snapshot.seen import RangeProof
from secrel.words.advisories import Advisory
from secrel.words.forge import State
from secrel.words.parts import Unseen
from secrel.words.spans import Span
from secrel.words.versions import Version
from tests.builders import a_contents, a_fix, a_merge_request, a_snapshot, an_advisory, seen
from tests.evaluate.asking import ask, evidence, findings, hidden, pending

CHECK = "ranges_proved"
ORIGIN = ("0123abc",)


def asked(advisory: Advisory, proof: RangeProof | Unseen | None = None) -> list[Said]:
    proved = {} if proof is None else {advisory.fix: proof}
    return list(ask(CHECK, a_snapshot(contents=a_contents(advisories=[advisory]), proved=proved)))


def test_a_range_whose_origin_nobody_knows_is_judged_on_the_side_of_the_fix() -> None:
    proof = RangeProof("all versions before 18.3.6", origin_known=False)
    [(_, said)] = evidence(asked(an_advisory(), proof))
    assert said == (
        "git proves all versions before 18.3.6; nobody named its origin, so only the side of the fix was judged"
    )


def test_without_a_history_a_range_is_a_persons_word_once_everything_is_merged() -> None:
    advisory = an_advisory(1)
    for state, told in ((State.MERGED, evidence), (State.OPENED, pending)):
        fix = a_fix(1, merge_requests=seen((a_merge_request(1, state=state),)))
        said = told(ask(CHECK, a_snapshot([fix], contents=a_contents(advisories=[advisory]))))
        assert len(said) == 1


def test_a_fix_that_shipped_before_needs_no_merge_request_to_be_a_persons_word() -> None:
    had = Version.parse("18.4.3")
    told = an_advisory(1, affected=(Span(Version.parse("18.4"), had),), fixed_already=(had,), origins=ORIGIN)
    without = a_snapshot([a_fix(1, merge_requests=seen(()))], contents=a_contents(advisories=[told]))
    [(_, said)] = evidence(ask(CHECK, without))
    assert said == (
        "is announced as fixed already, in 18.4.3; nobody named a merge request of it: the developers' word"
    )
    still_open = a_fix(1, merge_requests=seen((a_merge_request(1, state=State.OPENED),)))
    assert pending(ask(CHECK, a_snapshot([still_open], contents=a_contents(advisories=[told]))))


def test_what_git_could_not_prove_is_unseen_and_no_agreement() -> None:
    proof = RangeProof("all versions before 18.3.6", unseen=("series 18.2: no fix was seen",))
    said = asked(an_advisory(origins=ORIGIN), proof)
    assert hidden(said) == ["acme/app#1: the range is not proved: series 18.2: no fix was seen"]
    assert evidence(said) == []


def test_where_nobody_named_the_origin_the_command_names_it() -> None:
    unseen = ("series 18.2: 18.2.9 came after the fix of a later series",)
    proof = RangeProof("all versions before 18.3.6", unseen=unseen, origin_known=False)
    said = asked(an_advisory(), proof)
    [told] = hidden(said)
    assert told.startswith("acme/app#1: the range is not proved: series 18.2: 18.2.9 came after the fix")
    assert told.endswith("; the commit that brought the flaw in would decide it")
    remedies = [one.remedy for one in said if isinstance(one, Hidden)]
    assert remedies == ["secrel fix set 2026-11 acme/app#1 origins=COMMIT"]


def test_nothing_is_said_of_a_fix_without_a_range() -> None:
    assert asked(an_advisory(affected=None, origins=ORIGIN)) == []


def test_a_range_that_cannot_be_proved_yet_is_pending() -> None:
    [(_, said, _)] = pending(asked(an_advisory(origins=ORIGIN)))
    assert "merged everywhere" in said


def test_a_history_that_cannot_be_read_leaves_it_unseen() -> None:
    [said] = hidden(asked(an_advisory(origins=ORIGIN), Unseen("no such commit")))
    assert "no such commit" in said


def test_a_difference_shows_both_ranges_and_the_proof() -> None:
    proof = RangeProof("all versions from 18.3.1 before 18.3.6", ("18.3.0 differs",), ("0123abc is in v18.3.1",))
    [(_, said)] = findings(asked(an_advisory(origins=ORIGIN), proof))
    assert "18.3.0 differs" in said
    assert "git proves all versions from 18.3.1" in said
    assert "0123abc is in v18.3.1" in said


def test_agreement_is_evidence() -> None:
    [(_, said)] = evidence(asked(an_advisory(origins=ORIGIN), RangeProof("all versions before 18.3.6")))
    assert said == "git proves all versions before 18.3.6"


def test_a_range_of_a_fix_whose_merge_requests_could_not_be_seen_is_not_called_pending() -> None:
    advisory = an_advisory(1, origins=ORIGIN)
    snapshot = a_snapshot([a_fix(1, merge_requests=Unseen("no answer"))], contents=a_contents(advisories=[advisory]))
    said = ask(CHECK, snapshot)
    assert hidden(said) == ["the merge requests of acme/app#1 could not be seen: no answer"]
    assert pending(said) == []


def test_a_range_of_a_fix_that_is_not_linked_is_pending() -> None:
    said = ask(CHECK, a_snapshot([], contents=a_contents(advisories=[an_advisory(1, origins=ORIGIN)])))
    assert len(pending(said)) == 1
