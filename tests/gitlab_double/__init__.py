"""A GitLab that keeps state, written from `gitlab-api.md` and the recordings alone; it imports nothing of the product.

    world = World(Clock(at))
    anna = world.user("anna")
    project = world.project("gitlab-org/gitlab", members={anna: MAINTAINER})
    double = Double(world)
    client = httpx2.Client(base_url=world.site.url, transport=double.transport(),
                           headers={"PRIVATE-TOKEN": world.token(anna)})

In comments and docstrings `s1` … `s9` are the sections of `gitlab-api.md`, and other names are those of recordings,
`doc/…` of documentation examples and `…-quotes/…` of quoted exchanges.
"""

from __future__ import annotations

from tests.gitlab_double.double import Double
from tests.gitlab_double.world.things import DEVELOPER, GUEST, MAINTAINER, OWNER, REPORTER, Clock, Site
from tests.gitlab_double.world.world import World

__all__ = ["DEVELOPER", "GUEST", "MAINTAINER", "OWNER", "REPORTER", "Clock", "Double", "Site", "World"]
