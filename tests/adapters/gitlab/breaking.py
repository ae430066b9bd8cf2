"""Ways in which one read of a GitLab really fails, and what of a release is not seen then."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.gitlab_double import Double, faults

_EVER = 100_000


def ways(double: Double) -> Mapping[str, tuple[Callable[[], None], frozenset[str]]]:
    """Name each with what breaks it, and the parts of a sighting that it leaves unseen."""

    def fails(path: str, text: str = "", fault: faults.Fault | None = None) -> Callable[[], None]:
        def begin() -> None:
            double.fail("*", path, fault or faults.bad_gateway(), times=_EVER, text=text)

        return begin

    everything = frozenset({"issues tracking", "issues checklist", "requests draft", "linked", "removed"})
    return {
        "no GraphQL": (fails("/api/graphql"), everything),
        "a proxy": (fails("/api/", fault=faults.proxy_page()), everything),
        "related merge requests": (
            fails("/related_merge_requests"),
            frozenset({"linked requests", "linked holding", "removed branches", "removed holding", "removed requests"}),
        ),
        "what tags hold": (fails("/refs"), frozenset({"linked holding", "removed holding"})),
        "tags": (fails("/repository/tags/"), frozenset({"tags group/app"})),
        "files": (fails("/api/graphql", "blobs(ref"), frozenset({"requests draft"})),
        "merge requests": (
            fails("/api/graphql", "mergeRequests(iids"),
            frozenset({"requests draft", "linked requests", "linked holding", "removed holding", "removed requests"}),
        ),
    }
