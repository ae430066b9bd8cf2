"""The real posts, of every age: what is known to be wrong with them is found, and little else."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from secrel.verify.post.alone import self_check
from secrel.verify.post.disagreements import Disagreement
from secrel.verify.post.facts.reading import read_post
from secrel.verify.post.facts.values import PostFacts

RELEASES = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "gitlab-releases"
pytestmark = pytest.mark.skipif(not RELEASES.is_dir(), reason="shared data absent: ../shared/data/gitlab-releases")

NEEDS_A_RECORD = re.compile(r"the record|record published|post and record")
"""Known issues that only a comparison with the CVE record can show."""

SAYS = (
    (r"broken anchor (#.*)", "anchors_work", r"the anchor {0} leads nowhere"),
    (r"anchor with raw spaces", "links_right", r"has blanks in its target"),
    (r"fixed version not in release: \['(.*)'\] (.*)", "ranges_right", r"'{1}.*ends at {0}"),
    (r"no CVE: (.*)", "cves_named", r"'{0}' has no CVE id"),
    (r"CVE link text/url differ (\S+) \S+name=(\S+)", "links_right", r"says {0} and leads to {1}"),
    (r"(\S+): link goes to (\S+)", "links_right", r"says {0} and leads to {1}"),
    (r"critical flag file/title mismatch", "critical_right", r"says Critical, the file's name does not agree"),
    (r"has critical vuln=False title critical=True", "critical_right", r"says Critical, and no entry is critical"),
    (r"title says Critical, file name does not, no entry is critical", "critical_right", r"no entry is critical"),
    (r"has critical vuln=True title critical=False", "critical_right", r"does not say Critical, and an entry is"),
    (r"table sev (\S+) != section (\S+): (.*)", "severity_right", r"the table says {0}, its section says {1}"),
    (r"\S+: text says (\S+) with score (\S+) \((\S+)\)", "severity_right", r"says {0}, and a score of {1} is {2}"),
    (r"\S+: vector without the CVSS:3.1/ prefix", "severity_right", r"lacks its prefix"),
    (r"author in the front matter ends with a space", "front_matter", r"ends in a blank"),
    (r"rows (\d+) sections (\d+)", "fixes_match", r"has no row in the table"),
    (r"one vulnerability section has no row", "fixes_match", r"has no row in the table"),
    (r"lost the rows of the table", "fixes_match", r"the table of fixes has no row"),
    (r"and the bug-fix lists", "bug_fixes_in", r"no bug fix is listed"),
    (r"bold labels run together", "wording_right", r"is glued to"),
)
"""How a known issue is written in the index, the rule that finds it, and what that rule says."""

BEYOND_THE_INDEX = Counter(
    {
        # true, and customary at the time: the address of the private issue in a comment above each section
        "wording_right: a comment in the source names an address": 57,
        # true: "an an", "before before"
        "wording_right: the words": 2,
        # true: the stored text has `+canonical_path`
        "front_matter: the front matter has a key": 1,
        "address_right: the front matter has no canonical_path": 1,
        # true: "between 14.5.0 and 14.5.3" ends at the fix and "between 14.6.0 and 14.6.1" does not, in one sentence
        "ranges_right: 'Repository content spoofing": 1,
        "ranges_right: 'Possibility to direct user": 1,
        "ranges_right: 'User with expired password": 1,
    }
)
"""What is found and not in the index: the beginning of what is said, and how often in all twelve posts."""


@cache
def releases() -> list[dict[str, Any]]:
    index = json.loads((RELEASES / "index.json").read_text("utf-8"))
    return [release for release in index["releases"] if release.get("post_file")]


def facts_of(release: Mapping[str, Any]) -> PostFacts:
    path = RELEASES / release["post_file"]
    return read_post(path.read_text("utf-8"), path.name)


def explained(issue: str, found: tuple[Disagreement, ...]) -> Iterator[Disagreement]:
    """The findings that say what a known issue says; the issue may say several things."""
    for pattern, rule, says in SAYS:
        for match in re.finditer(pattern, issue):
            words = [re.escape(part).replace("','\\ '", ", ").replace("',\\ '", ", ") for part in match.groups()]
            seen = [f for f in found if f.rule == rule and re.search(says.format(*words), f.what)]
            assert seen, f"not found: {match[0]}"
            yield from seen


def test_every_known_issue_that_the_text_shows_is_found() -> None:
    checked = 0
    for release in releases():
        found = self_check(facts_of(release))
        for issue in release["known_issues"]:
            seen = list(explained(issue, found))
            checked += bool(seen)
            assert seen or NEEDS_A_RECORD.search(issue), f"{release['date']}: {issue}"
    assert checked == 26


def test_little_is_found_beyond_the_known_issues() -> None:
    beyond: Counter[str] = Counter()
    for release in releases():
        found = self_check(facts_of(release))
        known = [finding for issue in release["known_issues"] for finding in explained(issue, found)]
        for finding in found:
            if finding not in known:
                said = f"{finding.rule}: {finding.what}"
                beyond[next((start for start in BEYOND_THE_INDEX if said.startswith(start)), said)] += 1
    assert beyond == BEYOND_THE_INDEX


def test_the_facts_are_those_of_the_index() -> None:
    entries = 0
    for release in releases():
        facts = facts_of(release)
        assert facts.title == release["title"]
        assert list(facts.versions) == release["versions"]
        assert facts.announced[0].versions == facts.versions
        assert facts.is_critical == release["is_critical"]
        assert len(facts.rows) == release["table_rows"]
        assert len(facts.entries) == release["vulnerability_sections"]
        for entry, known in zip(facts.entries, release["vulnerabilities"], strict=True):
            entries += 1
            assert entry.cve_id == (known["cve"] or "")
            assert entry.score == (known["score_in_post"] or "")
            assert entry.vector == (known["vector_in_post"] or "")
            assert (entry.severity or None) in (known["severity_in_section"], None)
            assert bool(entry.thanks) == known["has_credit"]
            assert entry.description
    assert entries == 117


def test_most_ranges_are_read() -> None:
    entries = [entry for release in releases() for entry in facts_of(release).entries]
    assert sum(bool(entry.ranges.spans) for entry in entries) == len(entries) - 1
    assert sum(entry.ranges.is_exact for entry in entries) >= 0.75 * len(entries)


def test_updates_and_bug_fixes_are_read() -> None:
    told = {release["date"]: facts_of(release) for release in releases()}
    assert [u.title for u in told["2021-10-28"].updates] == ["Update Redis", "Update OpenSSL", "Update Curl"]
    assert [u.title for u in told["2022-09-29"].updates] == ["Update Grafana", "Update Mattermost"]
    assert [(b.version, len(b.links)) for b in told["2024-04-24"].bug_fixes] == [
        ("16.11.1", 3),
        ("16.10.4", 4),
        ("16.9.6", 1),
    ]
    assert str(told["2024-04-24"].intro_date) == "2024-04-24"
