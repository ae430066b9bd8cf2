"""`secrel completion`: what a shell has to know to complete commands and options."""

from __future__ import annotations

from typing import Any, Literal

from secrel.cli.main import COMMANDS, make_app
from secrel.cli.session import say
from secrel.words.errors import Exit


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print what lets a shell complete commands and options of secrel.

    Example: `secrel completion bash > ~/.local/share/bash-completion/completions/secrel`; for zsh, put it as `_secrel`
    into a folder of $fpath, and for fish as `secrel.fish` into ~/.config/fish/completions.

    Exit words: 0 done, 2 misused without the extra `affected`, which some commands come with.

    Parameters
    ----------
    shell
        bash, zsh or fish.
    """
    app: Any = make_app()
    for name in COMMANDS:
        _ = app[name]  # loaded, so that its options are known
    say(app.generate_completion(shell=shell))
    return Exit.DONE
