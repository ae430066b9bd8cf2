"""Lists: pages, their headers, and entity tags (s2)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode

from tests.gitlab_double.rest.asking import Answer, Ask, invalid

T = TypeVar("T")


def paged(  # noqa: PLR0913 - what a list may be
    ask: Ask,
    items: Sequence[T],
    shape: Callable[[T], Any],
    *,
    keep: Callable[[T], bool] | None = None,
    counted: bool = True,
    defaults: Mapping[str, str] | None = None,
) -> Answer:
    """Answer with a page: `keep` is asked after paging, so that a page may be short while more follow (s2)."""
    page, size = max(ask.number("page") or 1, 1), _size(ask)
    if ask.text("pagination") == "keyset":  # where a list has no cursors
        return Answer(405, {"error": "Keyset pagination is not yet available for this type of request"})
    total = len(items)
    if page * size > 50_000:  # s2: offset paging stops
        return Answer(
            405,
            {
                "error": "Offset pagination has a maximum allowed offset of 50000 for requests that return"
                " objects of type Project. Remaining records can be retrieved using keyset"
                " pagination."
            },
        )
    counted = counted and total <= ask.world.site.counted_up_to  # s2: no x-total over 10,000
    last = max((total + size - 1) // size, 1)
    shown = items[(page - 1) * size : page * size]
    following = page + 1 if page * size < total else None
    before = page - 1 if page > 1 else None
    links = {"prev": before, "next": following, "first": 1, "last": last if counted else None}
    headers = {
        "link": ", ".join(
            f'<{_address(ask, number, size, defaults or {})}>; rel="{name}"' for name, number in links.items() if number
        ),
        "x-next-page": str(following or ""),
        "x-page": str(page),
        "x-per-page": str(size),
        "x-prev-page": str(before or ""),
    }
    if counted:
        headers |= {"x-total": str(total), "x-total-pages": str(last)}
    return Answer(200, [shape(one) for one in shown if keep is None or keep(one)], headers)


def _size(ask: Ask) -> int:
    """How long a page is: 20 unless asked otherwise, and above 100 it is cut silently (s2); 0 is no length."""
    told = ask.number("per_page")
    if told == 0:
        raise invalid("per_page has a value not allowed")
    return min(max(20 if told is None else told, 1), 100)


_ARGS = {"group_id": "id"}
_HIDDEN = {"note_id"}
"""Parts of the path that no recorded Link repeats."""


def _address(ask: Ask, page: int, size: int, defaults: Mapping[str, str]) -> str:
    """Write the address of a page: the query as GitLab understood it, with its defaults, in order (s2)."""
    named = {_ARGS.get(name, name): unquote(told) for name, told in ask.args.items() if name not in _HIDDEN}
    if "noteable_id" in defaults:
        named = {name: told for name, told in named.items() if not name.endswith("_iid")}
    asked: dict[str, Any] = {**defaults, **named, **ask.params, "page": page, "per_page": size}
    pairs: list[tuple[str, str]] = []
    for name, value in sorted(asked.items()):
        if isinstance(value, list):
            pairs += [(f"{name}[]", str(one)) for one in value]
        elif value is not None:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return f"{ask.world.site.url}/api/v4{ask.path}?{urlencode(pairs, quote_via=quote)}"


def keyset(ask: Ask, items: Sequence[T], shape: Callable[[T], Any]) -> Answer:
    """Answer with a page after a cursor: a next link and no `x-*`, and on the last page no link at all (s2, doc/05)."""
    size = _size(ask)
    told = ask.text("cursor")
    begin = int(base64.urlsafe_b64decode(told).decode()) if told else 0
    headers = {}
    if begin + size < len(items):
        cursor = base64.urlsafe_b64encode(str(begin + size).encode()).decode()
        query = {**ask.params, "cursor": cursor, "per_page": size}
        url = f"{ask.world.site.url}/api/v4{ask.path}?{urlencode(query, quote_via=quote)}"
        headers["link"] = f'<{url}>; rel="next"'
    return Answer(200, [shape(one) for one in items[begin : begin + size]], headers)


def ordered(ask: Ask, items: Sequence[T], keys: Mapping[str, Callable[[T], Any]], default: str) -> list[T]:
    """Sort by `order_by` and `sort`, newest first unless asked otherwise."""
    by = ask.one_of("order_by", list(keys), default)
    descending = ask.one_of("sort", ("asc", "desc"), "desc") == "desc"
    return sorted(items, key=keys[by], reverse=descending)
