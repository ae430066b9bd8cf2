"""A form: what a kind of post calls its file, addresses, title and thanks; replaceable data beside its template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from secrel.process.keys import KEYS
from secrel.reading.documents import Document, Faults
from secrel.reading.toml import read_toml
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

_LARGEST = 200_000
_REMEDY = "correct the form; those that ship show every key"
_BRACES = pattern(r"\{([a-z_]+)\}")
_LINKS = ("cve", "vector_3", "vector_4")
"""The links that every fix has its own of."""
_ADDRESSES = tuple(key.name for key in KEYS if key.section == "addresses")
"""The addresses that a form may name: one that the process does not have is empty."""


_NAMED = {"date": r"\d{4}-\d{2}-\d{2}", "year": r"\d{4}", "month": r"\d{2}", "day": r"\d{2}"}
"""How the days in a file's name are written; its other parts are small letters, figures and hyphens."""
_SOURCES = ("hackerone", "internal", "customer", "other", "unsaid", "analyst")
_SWITCHES = ("serial_comma", "capital", "explicit_ids")
_SAID = {
    "file": ("site", "folder", "slug", "name", "address", "branch"),
    "title": ("text", "serial_comma"),
    "words": ("critical_title", "critical_slug", "unscored", "capital", "explicit_ids"),
    "thanks": (*_SOURCES, *(f"{source}_named" for source in _SOURCES), "internal_several"),
}
"""The tables of a form that have these keys and no others."""


def _table(name: str, kinds: Mapping[str, Any]) -> type[msgspec.Struct]:
    return msgspec.defstruct(name, kinds.items(), frozen=True, forbid_unknown_fields=True)


_TABLES = {name: _table(name, {key: bool if key in _SWITCHES else str for key in keys}) for name, keys in _SAID.items()}
_FORM = _table("form", {**_TABLES, "front_matter": dict[str, str], "links": dict[str, str]})


class Form(Struct, frozen=True):
    """One form, read and checked."""

    name: str
    tables: Mapping[str, Mapping[str, str | bool]]
    document: Document

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
        document = read_toml(templates.text(where), where, most=_LARGEST, remedy=_REMEDY)
        told, faults = document.decode(_FORM), Faults(document)
        tables = msgspec.to_builtins(told)
        for key in _LINKS:
            if key not in tables["links"]:
                faults.add(("links",), f"links has no {key}", f"add {key}")
        faults.raise_if_any()
        return cls(name, tables, document)

    def says(self, table: str, key: str) -> bool:
        """Tell a switch."""
        return self.tables[table][key] is True

    def links(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """Give the addresses to which a post leads, with those of the process in their braces; empty: there is none.

        Raises `Misused` for braces around what is no address of a process.
        """
        given = dict.fromkeys(_ADDRESSES, "") | dict(addresses)
        site = self.text("file", "site") or given["site"].rstrip("/")
        plain = {key: self.text("links", key, given) for key in self.tables["links"] if key not in _LINKS}
        return {key: site + value if value.startswith("/") else value for key, value in plain.items()}

    def names_in(self, path: str, now: Mapping[str, str]) -> dict[str, str]:
        """Give the names by which the file at `path` was called, as this form calls files; nothing for another's file.

        `now` are those that the facts give by now: where the file's name can be read in two ways, they decide.
        """
        name = str(self.tables["file"]["name"]).replace("{slug}", str(self.tables["file"]["slug"]))
        seen: set[str] = set()

        def part(match: re.Match[str]) -> str:
            key = match[1]
            if key in seen:
                return f"(?P={key})"
            seen.add(key)
            if key == "critical":
                return f"(?P<critical>(?:{re.escape(self.text('words', 'critical_slug'))})?)"
            return f"(?P<{key}>{re.escape(now.get(key, ''))}|{_NAMED.get(key, '[a-z0-9-]+?')})"

        pieces = re.split(r"(\{[a-z_]+\})", name)
        made = "".join(_BRACES.sub(part, piece) if piece.startswith("{") else re.escape(piece) for piece in pieces)
        match = re.fullmatch(f"(?:.*/)?{made}", path)
        if match is None:
            return {}
        found = match.groupdict()
        if "date" in found:
            found |= dict(zip(("year", "month", "day"), found["date"].split("-"), strict=True))
        return found

    def text(self, table: str, key: str, values: Mapping[str, str] | None = None) -> str:
        """Give a text with its braces filled in; raises `Misused` for a name that is not among `values`."""
        pattern = str(self.tables[table][key])

        def value(match: re.Match[str]) -> str:
            if match[1] not in (values or {}):
                raise Misused(
                    f"{match[0]} is not known in [{table}] {key}",
                    where=self.document.place(table, key),
                    remedy=f"use {', '.join(f'{{{name}}}' for name in sorted(values or {})) or 'no braces'}",
                )
            return (values or {})[match[1]]

        return _BRACES.sub(value, pattern)
