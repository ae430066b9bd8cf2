"""Published releases turned into stories: facts of `index.json`, ranges of the posts, everything else made up."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from secrel.rehearsal.story import Story, read_story

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "gitlab-releases"
_RANGE = re.compile(r"(?:starting |versions )?(?:from|since) (\d+(?:\.\d+)*) (?:before|prior to) (\d+(?:\.\d+)*)")
_TIMING = {"arrives": "9 days before", "ready": "7 days before"}


@cache
def index() -> dict[str, Any]:
    """The index of published releases; skips where it is not at hand."""
    if not (SHARED / "index.json").exists():
        pytest.skip("shared data absent: no published release is played")
    found: dict[str, Any] = json.loads((SHARED / "index.json").read_text("utf-8"))
    return found


def _first_affected(post: str, title: str) -> str:
    section = post.partition(f"# {title}\n")[2][:1500]
    starts = _RANGE.findall(section)
    return starts[0][0] if starts else "all"


def _fix(number: int, entry: dict[str, Any], post: str, *, critical: bool) -> dict[str, Any]:
    vector = entry["vector_in_post"] or ""
    told = {
        "name": f"fix-{number}",
        "title": entry["title"],
        "description": f"What {number} let people do is no longer possible.",
        "affected": {"since": _first_affected(post, entry["title"])},
        "vector": vector if vector.startswith("CVSS:") or not vector else f"CVSS:3.1/{vector}",
        "weakness": "CWE-284",
        "cve": entry["cve"] or "",
        "no_cve": "" if entry["cve"] else "it was told without one",
        "credits": [{"name": f"finder-{number}", "report": f"report-{number}"}],
        "labels": ["severity::1"] if critical and number == 0 else [],
    }
    return {key: value for key, value in {**told, **_TIMING}.items() if value not in ("", [])}


def story_of(date: str, events: list[dict[str, Any]] | None = None) -> Story:
    """One release whose post was saved, as a story."""
    entry = next(entry for entry in index()["releases"] if entry["date"] == date)
    post = (SHARED / entry["post_file"]).read_text("utf-8")
    [*versions] = re.findall(r"\d+\.\d+\.\d+", entry["title"])
    critical = entry["is_critical"]
    fixes = [_fix(n, told, post, critical=critical) for n, told in enumerate(entry["vulnerabilities"])]
    return _story(date, versions, fixes, entry["product"], events or [], critical=critical)


def story_of_references(date: str) -> Story:
    """One release that is known from its CVE ids alone, as a story."""
    entry = next(entry for entry in index()["releases_from_references"] if entry["date"] == date)
    fixes = [
        {
            "name": f"fix-{number}",
            "title": f"What {told['cve']} is about",
            "description": "Its post was not kept.",
            "affected": {"since": "all"},
            "vector": told["vector"],
            "weakness": "CWE-284",
            "cve": told["cve"],
            "labels": ["severity::1"],
            **_TIMING,
        }
        for number, told in enumerate(entry["cves"])
    ]
    return _story(date, entry["fixed_versions_union"], fixes, "gitlab", [], critical=entry["is_critical"])


def _story(  # noqa: PLR0913 - the parts of a story
    date: str,
    versions: list[str],
    fixes: list[dict[str, Any]],
    product: str,
    events: list[dict[str, Any]],
    *,
    critical: bool,
) -> Story:
    told = {
        "story": date,
        "title": f"The release of {date}",
        "release": {
            "release": date,
            "kind": "unplanned" if critical else "planned",
            "due": datetime.fromisoformat(f"{date}T16:00:00+00:00").isoformat(),
            "form": "2026" if date > "2024" else "2023",
            "products": [{"product": product, "versions": versions}],
        },
        "fixes": fixes,
        "events": events,
    }
    return read_story(json.dumps(told, ensure_ascii=False), f"{date}.yaml")
