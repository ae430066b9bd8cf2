"""Stories made by code: any release, fixes and events, written as the YAML that people would write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from secrel.rehearsal.story import Story, read_story

DUE = "2026-11-25T16:00:00+00:00"
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N"
_TITLES = ("Stored script in notebooks", "Tokens in log files", "Approval without a right", "Names of private groups")


def fix(number: int, **changes: Any) -> dict[str, Any]:
    """One complete fix; `changes` replace its fields, and a field that is None goes away."""
    told: dict[str, Any] = {
        "name": f"fix-{number}",
        "title": f"{_TITLES[number % len(_TITLES)]}, number {number}",
        "description": f"Somebody could do what nobody should, in place {number}.",
        "affected": {"since": "17.2"},
        "vector": VECTOR,
        "weakness": "CWE-79: Cross-site Scripting",
        "cve": f"CVE-2026-{1000 + number}",
        "credits": [{"name": f"finder-{number}", "report": f"report-{number}"}],
    }
    return {key: value for key, value in {**told, **changes}.items() if value is not None}


def story_text(fixes: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]] = (), **changes: Any) -> str:
    """The text of a story; `changes` replace fields of its release; `process`, `beside` and `own` are the story's."""
    process, beside = changes.pop("process", "gitlab"), changes.pop("beside", [])
    own, products = changes.pop("own", []), changes.pop("products", None)
    versions = changes.pop("versions", ["18.5.2", "18.4.4"])
    release = {
        "release": "2026-11",
        "kind": "planned",
        "due": DUE,
        "form": "2023",
        "products": products or [{"product": "gitlab" if process == "gitlab" else "product", "versions": versions}],
        **changes,
    }
    told = {
        "story": "made",
        "title": "Made by code",
        "process": process,
        "products": own,
        "release": release,
        "fixes": list(fixes),
        "events": list(events),
        "beside": [{key: json.loads(one)[key] for key in ("release", "fixes", "events")} for one in beside],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def story(fixes: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]] = (), **changes: Any) -> Story:
    """A story made by code, read as a file is."""
    return read_story(story_text(fixes, events, **changes), "made.yaml")


def happens(at: str, what: str, **more: Any) -> dict[str, Any]:
    """One event."""
    return {"at": at, "happens": what, **more}
