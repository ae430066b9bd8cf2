"""An excerpt is held to the page it was taken from."""

from __future__ import annotations

import pytest

from tests.house.pages import marked
from tests.house.showing import unsaid
from tests.house.sources import ROOT

PAGE = "# Rehearsal\n\n1. amara: `apply --approve 0f`\n2. bjorn: `sent`\n\n## right\n"


@pytest.mark.parametrize(
    ("shown", "missed"),
    [
        (PAGE, ""),
        ("# Rehearsal\n  …\n## right\n", ""),
        ("1. amara: `apply --approve …`\n2. bjorn: `sent`\n", ""),
        ("1. amara: `apply --approve 1e`\n", "1. amara: `apply --approve 1e`"),
        ("## right\n2. bjorn: `sent`\n", "2. bjorn: `sent`"),
        ("3. bjorn: `sent`\n", "3. bjorn: `sent`"),
        ("# Rehearsal\n# Rehearsal\n", "# Rehearsal"),
        ("1. amara\n", "1. amara"),
    ],
)
def test_the_first_line_that_a_page_does_not_say(shown: str, missed: str) -> None:
    assert unsaid(shown, PAGE) == missed


def test_the_readme_shows_one_rehearsal() -> None:
    (block,) = marked(ROOT / "README.md", "it-says")
    assert "## What people did: " in block.text
