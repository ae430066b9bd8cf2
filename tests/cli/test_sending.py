"""What the outbox advises to say of what lies in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from secrel.apply.applying import Done, Outcome
from secrel.cli.sending import to_say
from secrel.cli.session import tell_unheard
from secrel.desk.sending import Outgoing
from secrel.words.effects import Comment, Effect
from secrel.words.outcomes import Receipt

NOW = datetime(2027, 1, 13, 16, tzinfo=UTC)


def prepared(key: str, kind: str, *changed: str) -> Outgoing:
    return Outgoing(Receipt(key, f"outbox:{key}", NOW), kind, "", "", changed)


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        ([prepared("r/email", "mail"), prepared("r/report/1", "notice")], ["mail", "notices"]),
        ([prepared("r/email", "mail", "text"), prepared("r/report/1", "notice")], ["notices"]),
        ([prepared("r/report/a b", "notice"), prepared("r/report/2", "notice", "text")], ["'r/report/a b'"]),
        ([prepared("r/email", "mail", "text")], []),
        ([], []),
    ],
)
def test_nobody_is_advised_to_say_that_what_is_not_to_be_sent_was_sent(
    waiting: list[Outgoing], said: list[str]
) -> None:
    assert list(to_say(waiting)) == said


@pytest.mark.parametrize(
    ("body", "tells", "said"),
    [
        ("@mei the post is ready.", False, "tell mei yourself"),
        ("@mei @vendor/team, is it?\n\n@olga was here", False, "tell mei and vendor/team yourself"),
        ("@mei @AMARA please", False, "tell mei yourself"),
        ("@amara please", False, ""),
        ("nobody but `@mei`, mei@vendor.test", False, ""),
        ("@mei the post is ready.", True, ""),
    ],
)
def test_whom_a_note_asks_is_named_where_the_forge_tells_nobody(
    capsys: pytest.CaptureFixture[str], body: str, said: str, *, tells: bool
) -> None:
    effect = Effect("r/ask", Comment("acme/app#1", body), "ask")
    tell_unheard([Outcome(effect, Done.DONE, "local:acme/app#1#note_3")], "amara", tells=tells)
    err = capsys.readouterr().err
    assert (said in err) if said else not err
