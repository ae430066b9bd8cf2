"""A plan with every kind of effect that shows differently, and two refusals."""

from __future__ import annotations

from datetime import timedelta

from secrel.plan.plan import Plan, Refusal
from secrel.words.effects import (
    Audience,
    CloseMergeRequest,
    Effect,
    OpenIssue,
    OpenMergeRequest,
    PostMessage,
    RewriteFiles,
    RewriteIssue,
    SendMail,
)
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.releases import Kind
from tests.builders import DUE, NAME

POST = "---\ntitle: Security release\n---\n" + "".join(f"line {number} of the post\n" for number in range(1, 31))


def effects() -> tuple[Effect, ...]:
    """An issue, a draft, an edit of each, a message, a mail that is blind, and the closing of the draft."""
    return (
        Effect(
            f"{NAME}/checklist",
            OpenIssue(
                "acme/security",
                "Checklist of 2026-11",
                "# Checklist\n",
                ("security",),
                due=DUE.date(),
                facts=ReleaseFacts(kind=Kind.PLANNED),
            ),
            "open the checklist issue",
        ),
        Effect(
            f"{NAME}/checklist/edit/1", RewriteIssue("acme/security#7", "new text", "old text"), "bring it up to date"
        ),
        Effect(
            f"{NAME}/post/release",
            OpenMergeRequest(
                "acme/site", f"release-{NAME}", "main", "Security release", "see the post", (("posts/a.md", POST),)
            ),
            "open the release post, where everybody can read it",
            audience=Audience.EVERYBODY,
            not_before=DUE,
        ),
        Effect(
            f"{NAME}/post/edit/2",
            RewriteFiles(
                "acme/site!9", "Security release", "", (("a.md", "new"),), (("a.md", "old"), ("b.md", "old")), ("", "")
            ),
            "bring the post up to date",
        ),
        Effect(
            f"{NAME}/handover/1", PostMessage("#sec", "hidden \u202e turn and \x1b[31m colour\twith a tab"), "hand over"
        ),
        Effect(
            f"{NAME}/email",
            SendMail("subscribers@acme.test", "Acme App Security Release", "Subject: x\n\n" + "long " * 60 + "\n"),
            "send the email",
            audience=Audience.EVERYBODY,
            findable=False,
            not_before=DUE + timedelta(hours=1),
        ),
        Effect(f"{NAME}/post/close-draft", CloseMergeRequest("acme/security/site!900"), "close the draft"),
    )


def a_plan(**changes: object) -> Plan:
    """All effects, no refusal."""
    told = {"targets": ("forge: embedded, /srv/forge.sqlite", "mail: outbox"), **changes}
    return Plan(NAME, effects(), **told)  # type: ignore[arg-type]


def a_refused_plan() -> Plan:
    """The same, refused for two reasons."""
    return a_plan(
        refusals=(
            Refusal("embargo", f"{NAME}/post/release would be public 7 days early", (f"{NAME}/post/release",), "wait"),
            Refusal("order", "the draft is not reviewed"),
        )
    )
