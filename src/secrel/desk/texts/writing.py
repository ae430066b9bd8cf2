"""Write the texts that a plan will carry: the desk renders first, and hands `plan` the exact bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from secrel.desk.desk import Desk
from secrel.desk.looking import Look
from secrel.desk.texts import letters, papers, posting
from secrel.plan.making import Text, Want
from secrel.plan.plan import Refusal
from secrel.words.errors import Misused, NotSeen

Writer = Callable[[Desk, Look, Want], Text | None]
"""Writes the text of one want; None when there is nothing to change."""

WRITERS: Mapping[str, Writer] = {
    "tell_release_managers": letters.tell_release_managers,
    "ask_for_ranges": letters.range_question,
    "comments_on_removed": letters.comment_on_removed,
    "tell_missing_from_tag": letters.tell_missing_from_tag,
    "ask_to_merge": letters.ask_to_merge,
    "ask_for_test_email": letters.request_for_test_email,
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


def write(desk: Desk, look: Look, wants: Sequence[Want]) -> tuple[dict[str, Text], list[Refusal]]:
    """Write the text of every want, by key, without those that would change nothing.

    What cannot be written because a fact is missing, or could not be seen, is left out, with the reason: the rest of
    the plan goes on.
    """
    texts: dict[str, Text] = {}
    held: list[Refusal] = []
    for want in wants:
        try:
            text = WRITERS[want.maker](desk, look, want)
        except (Misused, NotSeen) as fault:
            rule = "unseen" if isinstance(fault, NotSeen) else "facts"
            held.append(Refusal(rule, str(fault), (want.key,), fault.remedy))
            continue
        if text is not None:
            texts[want.key] = text
    return texts, held
