from __future__ import annotations

import pytest

from secrel.shipped import text_beside


def test_a_text_is_read_as_it_ships() -> None:
    assert text_beside("secrel.cli", "help.txt").startswith("Usage: secrel")


@pytest.mark.parametrize(("package", "place"), [("secrel.cli", "no-such.txt"), ("no_such_package", "help.txt")])
def test_one_that_does_not_ship_is_missed(package: str, place: str) -> None:
    with pytest.raises(OSError, match=r"no-such|no_such_package/help\.txt"):
        text_beside(package, place)
