"""Texts that ship beside the modules of a package: help, examples, processes, schemas."""

from __future__ import annotations

from pkgutil import get_data


def text_beside(package: str, place: str) -> str:
    """Give the text of a file that ships with a package, by its place in that; raises `OSError` where there is none.

    The package's own loader reads it. `importlib.resources` would do the same, and load all that unpacks archives.
    """
    found = get_data(package, place)
    if found is None:
        raise FileNotFoundError(f"{package}/{place}")
    return found.decode("utf-8")
