from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.papers.post.kramdown import Kramdown, running


@pytest.fixture(scope="session")
def kramdown() -> Iterator[Kramdown]:
    """One kramdown for all documents of the run."""
    with running() as process:
        yield process
