"""The public of a rehearsal: somebody outside who looks at everything that can be seen from there, all the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from secrel.rehearsal.cast.known import Leak
from secrel.rehearsal.cast.world import World

_OUTSIDE = {"mail": "an email", "cve": "a CVE record", "reporters": "a notice to a finder"}


class Public:
    """Whoever is neither at the desk nor with the vendor; what they see before the release is due is a leak."""

    def __init__(self, world: World) -> None:
        """Remember the public site as it is before anything happens."""
        self.world = world
        self.before = world.acts.public_site()
        self.published: tuple[int, ...] = ()

    def look(self, due: datetime, now: datetime) -> None:
        """Look at everything that is public; what can be seen before `due` is remembered."""
        published = tuple(one.published() for one in self.world.beside.values())
        if published != self.published:  # what the site has by then is of another release
            self.published, self.before = published, self.world.acts.public_site()
        if now < due:
            known = {leak.what for leak in self.world.known.leaks}
            self.world.known.leaks += [Leak(now, what) for what in self._seen() if what not in known]

    def _is_ours(self, file: Path) -> bool:
        """Whether something in the outbox is not of another release of the desk."""
        others = self.world.beside.values()
        theirs = {fix.cve for other in others for fix in other.story.fixes}
        is_theirs = file.stem in theirs or any(file.name.startswith(f"{other.name}~") for other in others)
        return file.is_file() and not is_theirs

    def _seen(self) -> Iterator[str]:
        if self.world.acts.public_site() != self.before:
            yield "the public site had a post"
        for kind, said in _OUTSIDE.items():
            folder = self.world.stage.settings.outbox / kind
            if folder.is_dir() and any(self._is_ours(file) for file in folder.iterdir()):
                yield f"{said} was out"
        refs = [ref for own in self.world.known.issues.values() for ref in (own, self.world.acts.disclosed(own))]
        issues = self.world.acts.issues(list(dict.fromkeys(refs)))
        for issue in issues.values():
            if not issue.confidential:
                yield f"the issue {issue.ref} was public"
