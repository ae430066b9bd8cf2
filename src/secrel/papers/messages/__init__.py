"""Every small text the desk sends, as Markdown: questions, notices, handovers, tracking issues."""

from secrel.papers.messages.announcing import (
    MailReleased,
    ask_to_merge_post,
    mail_may_go_out,
    remind_of_disclosure,
    tell_marketing,
)
from secrel.papers.messages.cancelling import Cancelled, release_cancelled
from secrel.papers.messages.cnas import ask_other_cna, tell_other_cna
from secrel.papers.messages.complaints import mail_disagrees, tags_lack_fixes
from secrel.papers.messages.critical import (
    CriticalRequest,
    ask_for_companion,
    ask_release_managers,
    estimate,
    fix_ready,
    tell_release_managers,
)
from secrel.papers.messages.fixes import ask_for_range, id_of_removed_fix, removed_fix_comment
from secrel.papers.messages.handing_over import Handover, Left, handover
from secrel.papers.messages.pieces import IssueText
from secrel.papers.messages.reporters import ReporterNotice, reporter_notice
from secrel.papers.messages.tracking import NextRelease, TrackingLinks, next_tracking_issue, tracking_issue

__all__ = [
    "Cancelled",
    "CriticalRequest",
    "Handover",
    "IssueText",
    "Left",
    "MailReleased",
    "NextRelease",
    "ReporterNotice",
    "TrackingLinks",
    "ask_for_companion",
    "ask_for_range",
    "ask_other_cna",
    "ask_release_managers",
    "ask_to_merge_post",
    "estimate",
    "fix_ready",
    "handover",
    "id_of_removed_fix",
    "mail_disagrees",
    "mail_may_go_out",
    "next_tracking_issue",
    "release_cancelled",
    "remind_of_disclosure",
    "removed_fix_comment",
    "reporter_notice",
    "tags_lack_fixes",
    "tell_marketing",
    "tell_other_cna",
    "tell_release_managers",
    "tracking_issue",
]
