"""What to run next, ready to be pasted: whatever comes from outside is quoted for the shell."""

from __future__ import annotations

import re
import shlex

from secrel.words.patterns import pattern

_PLAIN = pattern(r"[A-Za-z0-9_./@+:][A-Za-z0-9_./@+:#-]*")
_FIX = pattern(r"[^#]+#\d+", re.DOTALL)


def quoted(word: str) -> str:
    """Quote one word for the shell, unless it needs none; what a terminal would obey is left out."""
    bare = word if word.isprintable() else "".join(sign for sign in word if sign.isprintable())
    return bare if _PLAIN.fullmatch(bare) else shlex.quote(bare)


def filled(remedy: str, *, release: str, gate: str, about: str = "") -> str:
    """Fill `{release}`, `{gate}` and `{fix}`; `about` is the fix when it is the reference of an issue."""
    words = {"release": quoted(release), "gate": quoted(gate), "fix": quoted(about) if _FIX.fullmatch(about) else "FIX"}
    return re.sub(r"\{(release|gate|fix)\}", lambda match: words[match[1]], remedy)
