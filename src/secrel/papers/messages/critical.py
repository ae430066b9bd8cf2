"""A critical release: release managers are asked whether the time is right, and told (mission M9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from secrel.papers.messages.pieces import LinkAddress, instant_said, mention, message, reference, shipments_said, words
from secrel.papers.text import Markdown, one_line
from secrel.words.advisories import Advisory, Contents, by_severity
from secrel.words.documents import READY
from secrel.words.people import Claim

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

_DEADLINE = timedelta(hours=48)


class CriticalRequest(Struct, frozen=True):
    """What release managers have to know of a critical release.

    `managers` is their handle or group; `tracking` the address of the tracking issue; `is_ready` whether the fix is;
    `ready_at` when it is expected, None when nobody can say; `asked_at` is now; `estimate` what somebody has said of
    when it will be ready, None when nobody did.
    """

    managers: str
    tracking: str
    asked_at: datetime
    is_ready: bool = False
    ready_at: datetime | None = None
    estimate: Claim | None = None


def ask_release_managers(contents: Contents, request: CriticalRequest, *, templates: Templates | None = None) -> str:
    """Ask, on the confidential tracking issue, whether the time is right, and give the estimate.

    It names the fixes by reference and severity. The 48-hour deadline is told only while it lies ahead.
    """
    deadline = contents.release.due - _DEADLINE
    fixes = [{"ref": reference(a.fix), "severity": _severity(a)} for a in by_severity(contents.advisories)]
    told = {"fixes": fixes, "deadline": instant_said(deadline) if request.asked_at < deadline else ""}
    said = request.estimate
    estimate = {"by": words(said.by), "words": words(one_line(said.words))} if said else None
    return message("ask_release_managers", {**_values(contents, request), **told, "estimate": estimate}, templates)


def tell_release_managers(contents: Contents, request: CriticalRequest, *, templates: Templates | None = None) -> str:
    """Tell the release managers' channel: versions, time and estimate, and nothing about a vulnerability."""
    return message("tell_release_managers", _values(contents, request), templates)


def estimate(said: Claim, managers: str, *, templates: Templates | None = None) -> str:
    """Tell the release managers, on the confidential tracking issue, an estimate in the words of whoever gave it."""
    said_by = {"by": words(said.by), "at": instant_said(said.at), "words": words(one_line(said.words))}
    return message("estimate", {"managers": mention(managers), **said_by}, templates)


def fix_ready(managers: str, *, templates: Templates | None = None) -> str:
    """Tell the release managers, who were asked before it was, that the fix is ready; it takes estimates' place."""
    return message("fix_ready", {"managers": mention(managers), "ready": Markdown(READY)}, templates)


def ask_for_companion(handle: str, wanted: str, why: str, *, templates: Templates | None = None) -> str:
    """Ask whoever owns it, on the confidential tracking issue, for an issue that has to be linked beside the fixes.

    `wanted` says which, `why` what for, as the row of the process has it.
    """
    return message(
        "ask_for_companion", {"asked": mention(handle), "wanted": words(wanted), "why": words(why)}, templates
    )


def _values(contents: Contents, request: CriticalRequest) -> Mapping[str, object]:
    return {
        "managers": mention(request.managers),
        "products": shipments_said(contents.release),
        "due": instant_said(contents.release.due),
        "tracking": LinkAddress(request.tracking),
        "ready": Markdown(READY) if request.is_ready else "",
        "ready_at": instant_said(request.ready_at) if request.ready_at else "",
    }


def _severity(advisory: Advisory) -> str:
    if advisory.vector is None:
        return "severity not determined yet"
    return f"{advisory.vector.severity} (CVSS {advisory.vector.score:.1f})"
