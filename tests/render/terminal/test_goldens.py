from __future__ import annotations

import pytest

from tests.render.terminal.goldens import GOLDENS, RENDER


@pytest.mark.parametrize("name", GOLDENS)
def test_the_document_is_as_it_was_read(name: str) -> None:
    kept = (RENDER / name).read_text(encoding="utf-8")
    assert GOLDENS[name]() == kept, "read the difference; then run python -m tests.render.terminal.goldens"


def test_no_document_is_kept_that_nothing_makes() -> None:
    rooms = {name.split("/")[0] for name in GOLDENS}
    kept = {str(path.relative_to(RENDER)) for room in rooms for path in (RENDER / room / "golden").iterdir()}
    assert kept == set(GOLDENS)
