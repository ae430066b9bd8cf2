"""`secrel manual`: the pages of the manual, as they come with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import secrel
from secrel.cli.session import say
from secrel.words.errors import Exit, Misused, did_you_mean


def _pages() -> dict[str, str]:
    """Give every page by its name: those that were installed, or those of the sources that this is run from."""
    installed = Path(str(resources.files("secrel"))) / "docs"
    folder = installed if installed.is_dir() else Path(secrel.__file__).parents[2] / "docs"
    files = sorted([*folder.glob("*.md"), *folder.glob("process/*.md"), *folder.glob("decisions/*.md")])
    return {file.relative_to(folder).with_suffix("").as_posix(): file.read_text("utf-8") for file in files}


def manual(page: str = "", /) -> int:
    """Print a page of the manual, in Markdown; without a name, the names of all pages.

    Example: `secrel manual settings`.

    Exit words: 0 done, 2 misused when there is no such page.

    Parameters
    ----------
    page
        The page's name: settings, release-file, rotation, …
    """
    pages = _pages()
    if page and page not in pages:
        near = did_you_mean(page, pages)
        what = f"there is no page {page[:60]!r}{near and f'; {near}'}"
        raise Misused(what, remedy="secrel manual names them all")
    say(pages[page] if page else "\n".join(pages))
    return Exit.DONE
