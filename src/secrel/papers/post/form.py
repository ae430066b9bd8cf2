"""A form: what a kind of post calls its file, addresses, title and thanks; replaceable data beside its template."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from secrel.papers.environment import Templates
from secrel.words.errors import Misused

_BRACES = re.compile(r"\{([a-z_]+)\}")
_SWITCHES = {("title", "serial_comma"), ("words", "capital"), ("words", "explicit_ids")}
_NEEDED = {
    "file": ("site", "folder", "slug", "name", "address", "branch"),
    "title": ("text", "serial_comma"),
    "front_matter": (),
    "links": ("cve", "vector_3", "vector_4"),
    "words": ("critical_title", "critical_slug", "unscored", "capital", "explicit_ids"),
    "thanks": (
        *(source for source in ("hackerone", "internal", "customer", "other", "analyst")),
        *(f"{source}_named" for source in ("hackerone", "internal", "customer", "other", "analyst")),
        "internal_several",
    ),
}
"""Every table of a form, and the keys it must have; `front_matter` and `links` take any more."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form, read and checked; `where` is the name of its text."""

    name: str
    where: str
    tables: Mapping[str, Mapping[str, str | bool]]

    @classmethod
    def read(cls, templates: Templates, name: str) -> Form:
        """Read the form's `NAME/form.toml`.

        Raises `Misused` when there is no such form, or it is not TOML, lacks a key or has one too many.
        """
        where = f"{name}/form.toml"
        if where not in templates.texts:
            known = sorted(text.removesuffix("/form.toml") for text in templates.texts if text.endswith("/form.toml"))
            raise Misused(
                f"there is no form of post named {name[:40]!r}",
                where=templates.where,
                remedy=f"use one of {', '.join(known)}, or add the folder with form.toml and post.md.j2",
            )
        try:
            tables = tomllib.loads(templates.text(where))
        except tomllib.TOMLDecodeError as fault:
            raise Misused(f"not TOML: {fault}", where=where, remedy="correct that line") from fault
        for table, keys in _NEEDED.items():
            _check(where, table, keys, tables.get(table))
        _refuse_more(where, set(tables) - set(_NEEDED))
        return cls(name, where, tables)

    def says(self, table: str, key: str) -> bool:
        """Tell a switch."""
        return self.tables[table][key] is True

    def text(self, table: str, key: str, values: Mapping[str, str] | None = None) -> str:
        """Give a text with its braces filled in; raises `Misused` for a name that is not among `values`."""
        pattern = str(self.tables[table][key])

        def value(match: re.Match[str]) -> str:
            if match[1] not in (values or {}):
                raise Misused(
                    f"{match[0]} is not known in [{table}] {key}",
                    where=self.where,
                    remedy=f"use {', '.join(f'{{{name}}}' for name in sorted(values or {})) or 'no braces'}",
                )
            return (values or {})[match[1]]

        return _BRACES.sub(value, pattern)


def _check(where: str, table: str, keys: tuple[str, ...], found: object) -> None:
    if not isinstance(found, dict):
        raise Misused(f"the form has no table [{table}]", where=where, remedy="copy it from a form that ships")
    for key in keys:
        if key not in found:
            raise Misused(f"[{table}] has no {key}", where=where, remedy="copy it from a form that ships")
    if table not in ("front_matter", "links"):
        _refuse_more(f"{where} [{table}]", set(found) - set(keys))
    for key, value in found.items():
        wanted = bool if (table, key) in _SWITCHES else str
        if not isinstance(value, wanted):
            kind = "true or false" if wanted is bool else "a text"
            raise Misused(f"[{table}] {key} is not {kind}", where=where, remedy=f"write it as {kind}")


def _refuse_more(where: str, names: set[str]) -> None:
    if names:
        raise Misused(f"{min(names)!r} means nothing there", where=where, remedy="correct its name, or remove it")
