"""The test email was received, agrees with the post, and was verified against what is announced now.

Rule: docs/process/gitlab/test-email-right.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.params import Told
from secrel.evaluate.people import is_out, left_said
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.outcomes import family
from secrel.words.parts import need

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Look at the last mail that somebody handed in."""
    mail, name = snapshot.mail, snapshot.release.name
    if mail is None:
        yield Finding(name, "nobody has handed in the test email as it was received")
        return
    for disagreement in mail.disagreements:
        yield Finding(name, f"the test email: {disagreement}")
    first = f"{name}/email"
    left = [one for one in family(snapshot.receipts, first) if is_out(snapshot, one)]
    if left and not mail.disagreements:
        said = left_said(snapshot, left[-1])
        yield Evidence(name, f"the email was right when it left, and cannot be changed any more: {said}")
    elif mail.contents_digest != need(snapshot.told, "what the release announces").digest:
        yield Finding(name, "what the release announces has changed since the test email was verified")
    elif not mail.disagreements:
        yield Evidence(name, f"the test email received at {mail.received_at:%Y-%m-%d %H:%M %Z} is right")
