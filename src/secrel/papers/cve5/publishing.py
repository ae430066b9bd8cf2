"""Who publishes a CVE record, and when: what asks for a record need not load what writes it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Cna(Struct, frozen=True):
    """The organisation that assigns the id: its UUID at the CVE Program, and its short name there (2 to 32 letters)."""

    org_id: str
    short_name: str


class Dates(Struct, frozen=True):
    """When the id was reserved and the record published, with a zone; CVE Services sets both when they are None.

    `public` is when the flaw became public: None until then, and a record that is drafted says when it is due.
    """

    reserved: datetime | None = None
    published: datetime | None = None
    public: datetime | None = None


NO_DATES = Dates()
"""Both dates left to CVE Services, of a flaw that is not public yet."""
