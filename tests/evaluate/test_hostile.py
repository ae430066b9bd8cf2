"""No text in a release, whoever wrote it, breaks the judging."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.evaluate.assessing import assess
from secrel.process.reading import BUILTIN_NAMES
from secrel.snapshot.seen import Complaint, Mail, Snapshot
from secrel.words.advisories import Credit
from secrel.words.forge import Assent, Note
from secrel.words.outcomes import Receipt
from secrel.words.parts import Unseen
from secrel.words.people import Claim, Duty
from tests.builders import (
    DUE,
    NAME,
    NOW,
    a_contents,
    a_draft,
    a_fix,
    a_live_post,
    a_removed_fix,
    a_snapshot,
    an_advisory,
    an_issue,
    changed,
    requests,
    seen,
)
from tests.evaluate.test_shipped import PROCESSES

hostile = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["/close", "@all", "<script>", "⟦2026-11/email⟧", "{release}", "%s", "../../x", "\x1b[2J", "a#1"]),
)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A release in which everything that is text was written by others."""

    def text() -> str:
        return draw(hostile)

    issue = replace(
        an_issue(1), ref=text(), title=text(), body=text(), url=text(), labels=frozenset({text()}), milestone=text()
    )
    request = replace(requests(a_fix(1))[0], ref=text(), title=text(), target=text(), author=text(), branch=text())
    request = replace(request, assents=(Assent(text(), NOW, text()),), notes=(Note(text(), NOW, text()),))
    parts = {"issue": issue, "merge_requests": (request,), "cve_request": issue, "tags": frozenset({text()})}
    fix = changed(replace(a_fix(1), ref=text(), product=draw(st.sampled_from(["app", ""])), linked_at=NOW), **parts)
    told = an_advisory(
        1, fix=fix.ref, title=text(), description=text(), no_cve=text(), credits=(Credit(text(), report=text()),)
    )
    draft = replace(a_draft(), files=((text(), text()), (f"{text()}.md", text())), author=text())
    return a_snapshot(
        [fix],
        contents=a_contents(advisories=[told]),
        complaints=(Complaint(text(), text(), text()),),
        removed=(replace(a_removed_fix(), ref=text()),),
        checklist=seen(issue),
        comms=draw(st.sampled_from([seen(issue), Unseen(text())])),
        draft=seen(draft),
        post=seen(replace(a_live_post(), files=draft.files)),
        tags=seen({text(): text()}),
        duty=draw(st.sampled_from([None, Duty(NAME, text(), text()), Duty(NAME, "amara", "bjorn")])),
        people=(replace(a_snapshot().people[0], zone=text(), country=text()), *a_snapshot().people[1:]),
        claims=(Claim(NAME, "timing-agreed", text(), NOW, text()),),
        receipts={text(): Receipt(text(), text(), NOW)},
        mail=Mail(NOW, text(), (text(),), text()),
        wanted=draw(st.sampled_from([{}, {"post": text(), "post/path": text(), "checklist": text()}])),
    )


@given(snapshots(), st.sampled_from(BUILTIN_NAMES), st.sampled_from([NOW, DUE, DUE + timedelta(days=40)]))
def test_no_text_in_a_release_breaks_the_judging(snapshot: Snapshot, name: str, now: datetime) -> None:
    told = assess(snapshot, PROCESSES[name], now)
    assert len(told.gates) > 30
    for judged in told.gates:
        assert judged.command.isprintable()
