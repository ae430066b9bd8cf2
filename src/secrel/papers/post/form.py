"""A form: what a kind of post calls its file, addresses, title and thanks; replaceable data beside its template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from secrel.papers.environment import Templates
from secrel.reading.documents import Document, Faults
from secrel.reading.toml import read_toml
from secrel.words.errors import Misused

_LARGEST = 200_000
_REMEDY = "correct the form; those that ship show every key"
_BRACES = re.compile(r"\{([a-z_]+)\}")
_LINKS = ("cve", "vector_3", "vector_4")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _File(_Table, frozen=True):
    site: str
    folder: str
    slug: str
    name: str
    address: str
    branch: str


class _Title(_Table, frozen=True):
    text: str
    serial_comma: bool


class _Words(_Table, frozen=True):
    critical_title: str
    critical_slug: str
    unscored: str
    capital: bool
    explicit_ids: bool


class _Thanks(_Table, frozen=True):
    hackerone: str
    hackerone_named: str
    internal: str
    internal_named: str
    internal_several: str
    customer: str
    customer_named: str
    other: str
    other_named: str
    analyst: str
    analyst_named: str


class _Told(_Table, frozen=True):
    file: _File
    title: _Title
    front_matter: Mapping[str, str]
    links: Mapping[str, str]
    words: _Words
    thanks: _Thanks


@dataclass(frozen=True, slots=True)
class Form:
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
        told, faults = document.decode(_Told), Faults(document)
        for key in _LINKS:
            if key not in told.links:
                faults.add(("links",), f"links has no {key}", f"add {key}")
        faults.raise_if_any()
        return cls(name, msgspec.to_builtins(told), document)

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
                    where=self.document.place(table, key),
                    remedy=f"use {', '.join(f'{{{name}}}' for name in sorted(values or {})) or 'no braces'}",
                )
            return (values or {})[match[1]]

        return _BRACES.sub(value, pattern)
