"""What the stories are made of: an author, products, and short ways to write versions and spans."""

from __future__ import annotations

from datetime import UTC, datetime

from secrel.papers.post.written import Author
from secrel.words.releases import Product
from secrel.words.spans import Span
from secrel.words.versions import Version

AUTHOR = Author("Amara Example", "amara@vendor.example", "amara")

GITLAB = Product(
    key="gitlab",
    name="GitLab Community Edition (CE) and Enterprise Edition (EE)",
    short="GitLab",
    vendor="GitLab",
    cve_product="GitLab",
    repository="gitlab-org/gitlab",
    update_url="https://about.gitlab.com/update/",
)
RUNNER = Product(
    key="gitlab-runner",
    name="GitLab Runner",
    short="GitLab Runner",
    vendor="GitLab",
    cve_product="GitLab Runner",
    repository="gitlab-org/gitlab-runner",
    update_url="https://docs.gitlab.com/runner/install/linux-repository/#updating-the-runner",
)
ANVIL = Product(
    key="anvil",
    name="Anvil",
    short="Anvil",
    vendor="Anvil Works",
    cve_product="Anvil",
    repository="anvil/anvil",
)
HACKERONE = "https://hackerone.com/"


def versions(*texts: str) -> tuple[Version, ...]:
    return tuple(map(Version.parse, texts))


def spans(*texts: str) -> tuple[Span, ...]:
    """Spans written as `15.4<15.9.7`; nothing before the sign means every earlier version."""
    found = []
    for text in texts:
        since, _, fixed = text.partition("<")
        found.append(Span(Version.parse(since) if since else None, Version.parse(fixed) if fixed else None))
    return tuple(found)


def released(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 16, tzinfo=UTC)
