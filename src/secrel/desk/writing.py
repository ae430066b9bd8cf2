"""Write the texts that a plan will carry: the desk renders first, and hands `plan` the exact bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from secrel.desk import letters, papers, posting
from secrel.desk.desk import Desk
from secrel.desk.looking import Look
from secrel.plan.making import Text, Want

Writer = Callable[[Desk, Look, Want], Text | None]
"""Writes the text of one want; None when there is nothing to change."""

WRITERS: Mapping[str, Writer] = {
    "tell_release_managers": letters.tell_release_managers,
    "ask_for_ranges": letters.ask_for_range,
    "comments_on_removed": letters.comment_on_removed,
    "tell_missing_from_tag": letters.tell_missing_from_tag,
    "ask_to_merge": letters.ask_to_merge,
    "ask_for_test_email": letters.ask_for_test_email,
    "handover": letters.hand_over,
    "reporters": letters.tell_reporter,
    "next_tracking_issue": letters.next_tracking,
    "cve_requests": papers.cve_request,
    "cve_updates": papers.cve_update,
    "cve_records": papers.cve_record,
    "checklist": papers.checklist,
    "comms_issue": papers.comms,
    "email": papers.email,
    "draft_post": posting.draft,
    "release_post": posting.release_post,
    "close_draft": letters.nothing,
    "public_issues": letters.nothing,
    "close_tracking": letters.nothing,
}
"""Every writer by the name of its maker."""


def write(desk: Desk, look: Look, wants: Sequence[Want]) -> dict[str, Text]:
    """Write the text of every want, by key, without those that would change nothing.

    Signs that could be taken for references to other effects are only kept where a writer put them on purpose.
    """
    texts = {want.key: WRITERS[want.maker](desk, look, want) for want in wants}
    return {key: text for key, text in texts.items() if text is not None}
