"""What an effect has to carry so that nothing of a person's is lost, for every kind that there is."""

from __future__ import annotations

from typing import get_args

from secrel.words.effects import (
    Action,
    CloseIssue,
    CloseMergeRequest,
    Comment,
    LiftConfidentiality,
    LinkIssue,
    OpenDiscussion,
    OpenIssue,
    PostMessage,
    SendMail,
    TellReporter,
    TrackBranch,
    UnlinkIssue,
)

NEW = {OpenIssue, TrackBranch, Comment, OpenDiscussion, LinkIssue, SendMail, PostMessage, TellReporter}
ENDS = {UnlinkIssue, CloseIssue, CloseMergeRequest}
SHOWS = {LiftConfidentiality}
"""What makes something new; what ends something, and keeps all that stands in it; what carries all that it shows."""


def test_every_effect_that_changes_what_people_may_have_changed_carries_what_it_expects() -> None:
    guards = {"expects", "stood", "replaces"}
    unguarded = {kind for kind in get_args(Action) if not guards & set(kind.__struct_fields__)}
    assert unguarded == NEW | ENDS | SHOWS
    assert {"title", "body", "facts", "notes"} <= set(LiftConfidentiality.__struct_fields__)
