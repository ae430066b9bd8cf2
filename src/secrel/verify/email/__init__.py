"""The mail as received: facts, and where they disagree with the release and its post (mission M7)."""

from secrel.verify.email.comparing import RULES, Expected, PostSays, compare_email
from secrel.verify.email.facts import MailFacts, Said, read_email
from secrel.verify.email.links import MailLink
from secrel.verify.email.stating import misstated
from secrel.verify.post.disagreements import Disagreement

__all__ = [
    "RULES",
    "Disagreement",
    "Expected",
    "MailFacts",
    "MailLink",
    "PostSays",
    "Said",
    "compare_email",
    "misstated",
    "read_email",
]
