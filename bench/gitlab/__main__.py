"""A look at a release on GitLab beside the obvious script: `python -m bench.gitlab [--fixes 60] [--requests 4]`.

Both read the same release on the double of GitLab, one after the other, over loopback from this process; the server
waits --delay seconds (0.05) with every request before it answers. The double answers one request at a time: what it
works counts for both, and is said. What both read is held against each other, value by value; a difference ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.gitlab import filled, script, values
from bench.gitlab.watching import Request, Watched, again, longest, waves
from bench.timing import machine
from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.forge import GitLab
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.waiting import Timing
from secrel.words.sighting import Asked, Sighting
from tests.adapters.gitlab.worlds import PROJECTS, TEAMS
from tests.gitlab_double import Double
from tests.gitlab_double.graphql.schema import schema
from tests.gitlab_double.serving import Served

ACCOUNT = "desk-bot"
SPARED = ("/approval_state", "/commits")
"""What a script may do without when it shows a release and does not judge it."""


class Measured:
    """One reading: its requests, its seconds, and what was read."""

    def __init__(self, requests: list[Request], seconds: float, found: values.Values) -> None:
        self.requests, self.seconds, self.found = requests, seconds, found
        self.work = sum(one.work for one in requests)


def both(fixes: int, requests: int, delay: float) -> tuple[Measured, Measured]:
    """Read one release in both ways: ours first, then the script."""
    release = filled.fill(fixes, requests)
    world = release.stage.world
    watched = Watched(Double(world).reply, delay)
    schema()  # it is read once, which takes seconds; a server that runs has done so
    with Served(watched) as url:
        world.site.url = url  # addresses in answers lead back to it
        token, asked = world.token(release.stage.bot), filled.asked(release)
        ours = _ours(url, token, asked, watched)
        watched.requests = []
        return ours, _theirs(url, token, asked, watched)


def look(url: str, token: str, asked: Asked) -> Sighting:
    """Look at a release as a desk does."""
    client = Client(url, Token(token), Timing(lambda: datetime.now(UTC), time.sleep))
    forge = GitLab(client, Profile((ACCOUNT,), TEAMS, projects=PROJECTS))
    try:
        return forge.look(asked)
    finally:
        forge.close()


def _ours(url: str, token: str, asked: Asked, watched: Watched) -> Measured:
    start = time.perf_counter()
    seen = look(url, token, asked)
    seconds = time.perf_counter() - start
    return Measured(watched.requests, seconds, values.of_sighting(seen))


def _theirs(url: str, token: str, asked: Asked, watched: Watched) -> Measured:
    start = time.perf_counter()
    told = script.read(script.Script(url, token, ACCOUNT), asked)
    seconds = time.perf_counter() - start
    return Measured(watched.requests, seconds, values.of_script(told, asked, TEAMS))


def report(ours: Measured, theirs: Measured) -> Iterator[str]:
    """Say what was measured."""
    yield "| | a look | the script |"
    yield "| --- | ---: | ---: |"
    yield f"| requests | {len(ours.requests)} | {len(theirs.requests)} |"
    yield f"| seconds | {ours.seconds:.2f} | {theirs.seconds:.2f} |"
    yield f"| of them the double's own work | {ours.work:.2f} | {theirs.work:.2f} |"
    yield f"\nThe script takes {theirs.seconds / ours.seconds:.1f} times as long as a look."
    spared = [one for one in theirs.requests if one.call.endswith(SPARED)]
    left = theirs.seconds - sum(one.ended - one.began for one in spared)
    yield f"Without its {len(spared)} requests for rules of approval and newest commits it would take {left:.2f} s,"
    yield f"{left / ours.seconds:.1f} times as long, and know neither whose an approval is nor if it is old.\n"
    yield from _waves(ours.requests)
    yield "\n| the script asks | requests | seconds |"
    yield "| --- | ---: | ---: |"
    for call, count in Counter(one.call for one in theirs.requests).most_common():
        spent = sum(one.ended - one.began for one in theirs.requests if one.call == call)
        yield f"| `{call}` | {count} | {spent:.1f} |"
    wrong = values.differences(ours.found, theirs.found)
    yield f"\n{values.counted(ours.found):,} values of {len(ours.found):,} things were compared: {len(wrong)} differ."
    yield from wrong


def _waves(requests: list[Request]) -> Iterator[str]:
    found, row = waves(requests), longest(requests)
    refused = sum(one.is_refused for one in requests)
    pages = sum(one.kind == "further page" for one in requests)
    yield f"Waves: {max(found.values())}. Beside them: {refused} batches refused for their size, {pages} further pages,"
    yield f"{again(requests)} questions asked again. The longest row of requests one after the other has {len(row)}:"
    yield f"{', '.join(one.kind + (' (refused)' if one.is_refused else '') for one in row)}.\n"
    yield "| wave | what is asked | requests | first began, ms | last answered, ms |"
    yield "| ---: | --- | ---: | ---: | ---: |"
    zero = min(one.began for one in requests)
    for kind, wave in sorted(found.items(), key=lambda pair: pair[1]):
        some = [one for one in requests if one.kind == kind]
        began, ended = min(one.began for one in some) - zero, max(one.ended for one in some) - zero
        yield f"| {wave} | {kind} | {len(some)} | {began * 1000:.0f} | {ended * 1000:.0f} |"


def main() -> int:
    """Measure once, and print it."""
    words = argparse.ArgumentParser(prog="python -m bench.gitlab", description=__doc__)
    words.add_argument("--fixes", type=int, default=60)
    words.add_argument("--requests", type=int, default=4)
    words.add_argument("--delay", type=float, default=0.05)
    told = words.parse_args()
    before = machine()
    ours, theirs = both(told.fixes, told.requests, told.delay)
    print(f"{told.fixes} fixes with {told.requests} merge requests each, {told.delay * 1000:.0f} ms a request.")
    print(f"Before: {before}. After: {machine()}.\n")
    print("\n".join(report(ours, theirs)))
    return 1 if values.differences(ours.found, theirs.found) else 0


if __name__ == "__main__":
    sys.exit(main())
