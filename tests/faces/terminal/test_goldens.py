from __future__ import annotations

import pytest

from tests.faces.terminal.goldens import GOLDENS, ROOMS


@pytest.mark.parametrize("name", GOLDENS)
def test_the_document_is_as_it_was_read(name: str) -> None:
    kept = (ROOMS / name).read_text(encoding="utf-8")
    assert GOLDENS[name]() == kept, "read the difference; then run python -m tests.faces.terminal.goldens"


def test_no_document_is_kept_that_nothing_makes() -> None:
    folders = {(ROOMS / name).parent for name in GOLDENS}
    kept = {str(path.relative_to(ROOMS)) for folder in folders for path in folder.iterdir()}
    assert kept == set(GOLDENS)
