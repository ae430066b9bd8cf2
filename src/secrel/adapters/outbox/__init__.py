"""What has no service behind it yet: mails, messages, notices and records as files that a person can send."""

from __future__ import annotations

from secrel.adapters.outbox.outbox import Outbox, file_name

__all__ = ["Outbox", "file_name"]
