"""The journal's one table. Rows are added, never changed (Alembic migrations are beside this file)."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, text

METADATA = MetaData()

ENTRIES = Table(
    "entries",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("release", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(400), nullable=False),
    Column("who", String(200), nullable=False),
    Column("body", Text, nullable=False),
)

Index("one_receipt", ENTRIES.c.key, unique=True, sqlite_where=text("kind = 'receipt'"),
      postgresql_where=text("kind = 'receipt'"))  # fmt: skip
Index("of_release", ENTRIES.c.release, ENTRIES.c.id)
