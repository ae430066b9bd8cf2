"""How much is too much: the general throttle, and the limits on notes and issues (s3)."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from datetime import datetime, timedelta

from tests.gitlab_double import faults
from tests.gitlab_double.rest.asking import Answer
from tests.gitlab_double.sending import Incoming
from tests.gitlab_double.tokens import Held
from tests.gitlab_double.world.world import World

_NOTES = re.compile(r"/(?:issues|merge_requests)/\d+/(?:notes|discussions(?:/[0-9a-f]+/notes)?)/?$")
_ISSUES = re.compile(r"/projects/[^/]+/issues/?$")
_MINUTE = timedelta(minutes=1)


class Limits:
    """What each caller did within the last minute of the clock."""

    def __init__(self) -> None:
        self.done: dict[tuple[str, int], deque[datetime]] = defaultdict(deque)

    def count(self, kind: str, who: int, now: datetime) -> int:
        """Count one more, and give how many there were within a minute."""
        times = self.done[kind, who]
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        times.append(now)
        return len(times)

    def refusal(self, world: World, incoming: Incoming, held: Held) -> Answer | None:
        """Give the 429 that a request meets, if it meets one; what is refused was not done (s3)."""
        who = held.user.id if held.user else 0
        site, now = world.site, world.clock.now
        if site.requests_per_minute is not None and self.count("all", who, now) > site.requests_per_minute:
            answer = faults.throttled(60).answer
            return answer(world) if answer else None
        if incoming.method != "POST":
            return None
        for kind, pattern, limit in (
            ("notes", _NOTES, site.notes_per_minute),
            ("issues", _ISSUES, site.issues_per_minute),
        ):
            if limit is not None and pattern.search(incoming.path) and self.count(kind, who, now) > limit:
                return faults.limited(world, seconds=60)
        return None

    def headers(self, world: World, held_by: int) -> dict[str, str]:
        """Give RateLimit-* of the general throttle; an instance without one sends none (s3)."""
        limit = world.site.requests_per_minute
        if limit is None:
            return {}
        seen = len(self.done["all", held_by])
        now = world.clock.now
        return {
            "ratelimit-limit": str(limit),
            "ratelimit-name": "throttle_authenticated_api",
            "ratelimit-observed": str(seen),
            "ratelimit-remaining": str(max(limit - seen, 0)),
            "ratelimit-reset": str(int((now + _MINUTE).timestamp())),
        }
