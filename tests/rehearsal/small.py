"""A small story of a made-up vendor, for tests: two fixes, one mishap at a time, fewer looks than a whole rehearsal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from secrel.rehearsal.story import Story, read_story

DUE = "2026-11-25T16:00:00+00:00"
HEAD = f"""
story: small
title: A small release
process: gitlab
release:
  release: 2026-11
  kind: planned
  due: {DUE}
  form: "2023"
  products:
    - {{product: gitlab, versions: [18.5.2, 18.4.4]}}
fixes:
  - name: first
    title: Stored script in notebooks
    description: A notebook could run script in the browser of whoever looked at it.
    affected: {{since: "18.0"}}
    vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N
    weakness: "CWE-79: Cross-site Scripting"
    cve: CVE-2026-1111
    credits: [{{name: finder-one, report: report-1}}]
  - name: second
    title: Tokens in log files
    description: Tokens of the service were written into its log files.
    affected: {{since: "17.2"}}
    vector: CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:H/I:N/A:N
    weakness: CWE-532
    cve: CVE-2026-2222
    credits: [{{source: internal}}]
"""


def small_story(more: str = "", *, fix: str = "", **changes: str) -> Story:
    """The small story, with more fixes and events in YAML; `changes` replace texts of its head."""
    text = HEAD + fix
    for old, new in changes.items():
        text = text.replace(old.replace("__", " "), new)
    return read_story(text + more, "small.yaml")


_DAYS = (30, 25, 15, 7, 5)
_HOURS = (72, 56, 49, 48, 47, 40, 36, 30, 26, 25, 24, 20, 10, 5, 3, 2, 1, 0)
_AFTER = (1, 2, 4, 8, 16, 24, 36)


def few_looks(story: Story) -> Iterable[datetime]:
    """As few instants as prove the point: every hour that matters before and after the release is due, and its end."""
    due, last = story.release.due, max(story.dues)
    public = [last + timedelta(days=days) for days in story.public]

    def all_of_them() -> Iterator[datetime]:
        yield from (due - timedelta(days=n) for n in _DAYS)
        yield from (each - timedelta(hours=n) for n in _HOURS for each in story.dues)
        yield from (each + timedelta(hours=n) for n in _AFTER for each in story.dues)
        yield last + timedelta(days=5)
        yield from (at + timedelta(days=n, hours=8 * k) for at in public for n in (0, 1, 4) for k in range(3))
        yield from (event.at for event in story.events)
        yield from (fix.ready for fix in story.fixes)
        yield from (moment + timedelta(minutes=1) for moment in story.dues)
        yield max(public) + timedelta(days=11)

    return {at for at in all_of_them() if at >= due - timedelta(days=60)}
