"""The pages of help, as text: the first one ships ready, docs/commands has them all, and a page for `man` as well.

`python -m secrel.cli.pages FOLDER` writes `help.txt` and `secrel.1` beside this file, and one page for each command
into FOLDER. An install puts `secrel.1` where `man` looks for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console

from secrel.cli.main import COMMANDS, make_app

_WIDTH = 80
_GROUPS = ("fix", "cve", "email", "rotation", "forge")


def help_text(words: list[str]) -> str:
    """Give the help of one command as it is printed, without colours; `[]` for the first page."""
    app: Any = make_app()
    for name in COMMANDS if not words else ():
        _ = app[name]  # loaded, so that the first page can say what each does
    out = StringIO()
    console = Console(file=out, width=_WIDTH, color_system=None, force_terminal=False, legacy_windows=False)
    app.help_print(words, console=console)
    return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").split("\n")) + "\n"


def _commands() -> Iterator[list[str]]:
    app: Any = make_app()
    for name in COMMANDS:
        yield [name]
        if name in _GROUPS:
            group = app[name]
            yield from ([name, sub] for sub in group if not sub.startswith("-"))


def pages() -> dict[str, str]:
    """Give every page by its file name: `status.md`, `fix-add.md`."""
    made: dict[str, str] = {}
    for words in _commands():
        title = f"secrel {' '.join(words)}"
        made[f"{'-'.join(words)}.md"] = f"# {title}\n\n```text\n{help_text(words)}```\n"
    return made


def man_page() -> str:
    """Give the page that `man secrel` shows: the first page of help, and then that of every command."""
    parts = [".TH SECREL 1", ".SH NAME", "secrel \\- the security release desk"]
    for words in ([], *_commands()):
        title = " ".join(words).upper() or "DESCRIPTION"
        parts += [f".SH {title}", ".nf", *map(_roff, help_text(words).splitlines()), ".fi"]
    return "\n".join(parts) + "\n"


def _roff(line: str) -> str:
    text = line.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text[:1] in (".", "'") else text


def main(folder: Path) -> None:
    """Write the first page and the one for `man` beside this file, and all others into `folder`."""
    here = Path(__file__).parent
    for name, text in {"help.txt": help_text([]), "secrel.1": man_page()}.items():
        if (here / name).read_text("utf-8") != text:  # a file that changes makes another program, whose answers are new
            (here / name).write_text(text, "utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
