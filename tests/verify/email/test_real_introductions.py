"""The wording rules on what was really published: introductions are what mails are made of (handbook, step 8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.verify.email.wording import is_called_critical, versions_named

POSTS = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "gitlab-releases" / "posts"


def introductions() -> list[tuple[str, str]]:
    """Title and introduction of every post."""
    found = []
    for path in sorted(POSTS.glob("*.md")):
        text = path.read_text("utf-8")
        title = next(line for line in text.split("\n") if line.startswith(("title:", "# ")))
        body = text.split("\n---\n", 1)[1] if text.startswith("---") else text.split("\n", 1)[1]
        found.append((title, body.split("## Table")[0].split("## Security fixes")[0]))
    return found


@pytest.mark.skipif(not POSTS.is_dir(), reason="shared data absent: gitlab-releases/posts")
def test_published_titles_and_introductions_are_read_as_they_are_meant() -> None:
    told = introductions()
    assert len(told) >= 12
    for title, introduction in told:
        assert is_called_critical(title) is ("Critical" in title), title
        assert set(versions_named(title)) <= set(versions_named(introduction)), title
        if "Critical" not in title:
            # every one of them speaks of "ad-hoc security releases for critical vulnerabilities"
            assert not is_called_critical(introduction), title
