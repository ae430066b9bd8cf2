"""What the outbox advises to say of what lies in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from secrel.cli.sending import to_say
from secrel.desk.sending import Outgoing
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
