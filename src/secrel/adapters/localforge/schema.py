"""The tables of the embedded forge, and how a file made by an older program becomes one of today's.

The file is the forge, and not the journal: what the desk remembers of its own is elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

tables = MetaData()


def _word(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))


schema_version = Table("schema_version", tables, Column("version", Integer, nullable=False))

issues = Table(
    "issues",
    tables,
    Column("ref", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    _word("body"),
    _word("state", "opened"),
    Column("confidential", Integer, nullable=False),
    _word("labels", "[]"),
    _word("assignees", "[]"),
    Column("due", Text),
    _word("milestone"),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("mark", Text, unique=True),
    _word("facts", "{}"),
    Column("public_since", Text),
    UniqueConstraint("project", "number"),
)

links = Table(
    "links",
    tables,
    Column("id", Integer, primary_key=True),
    Column("one", Text, ForeignKey("issues.ref"), nullable=False),
    Column("other", Text, ForeignKey("issues.ref"), nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text),
    Column("by", Text, nullable=False),
    CheckConstraint("one < other", name="one_spelling"),
    Index("links_of_other", "other"),
    Index("linked_once", "one", "other", unique=True, sqlite_where=text("until IS NULL")),
)

merge_requests = Table(
    "merge_requests",
    tables,
    Column("ref", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("branch", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("title", Text, nullable=False),
    _word("body"),
    Column("is_draft", Integer, nullable=False),
    Column("is_closed", Integer, nullable=False, server_default=text("0")),
    _word("pipeline", "none"),
    _word("labels", "[]"),
    _word("milestone"),
    _word("assignees", "[]"),
    _word("reviewers", "[]"),
    Column("author", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("mark", Text, unique=True),
    _word("head"),
    _word("base"),
    _word("carrier"),
    _word("merged_head"),
    _word("merge_commit"),
    Column("merged_since", Text),
    UniqueConstraint("project", "number"),
)
"""`head`: the branch's newest commit that was its own work at the last look, `base` where that left the target,
`carrier` the commit that brought it there; `merge_commit` what a person said merged `merged_head`; `merged_since` when
the forge merged it, or saw that it was: whoever makes a commit can give it any date."""

merge_request_issues = Table(
    "merge_request_issues",
    tables,
    Column("issue", Text, ForeignKey("issues.ref"), nullable=False),
    Column("merge_request", Text, ForeignKey("merge_requests.ref"), nullable=False),
    PrimaryKeyConstraint("issue", "merge_request"),
)

assents = Table(
    "assents",
    tables,
    Column("id", Integer, primary_key=True),
    Column("merge_request", Text, ForeignKey("merge_requests.ref"), nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    _word("team"),
    _word("commit"),
)
"""`commit` is the head of the branch that the assent was for."""

notes = Table(
    "notes",
    tables,
    Column("id", Integer, primary_key=True),
    Column("issue", Text, ForeignKey("issues.ref"), index=True),
    Column("merge_request", Text, ForeignKey("merge_requests.ref"), index=True),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("mark", Text, unique=True),
    _word("discussion"),
    Column("internal", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("(issue IS NULL) <> (merge_request IS NULL)", name="hangs_on_one_thing"),
)
"""`discussion` is empty for a plain note, else `open` or `resolved`."""

marks = Table(
    "marks",
    tables,
    Column("mark", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
)
"""One row for each effect that was carried out here, written in the transaction that carried it out."""


def _first(db: Connection) -> None:
    tables.create_all(db, checkfirst=False)


def _second(db: Connection) -> None:
    """Since when an issue is public, and a merge request merged; which notes outsiders never see."""
    for table, column, kind in (
        ("issues", "public_since", "TEXT"),
        ("merge_requests", "merged_since", "TEXT"),
        ("notes", "internal", "INTEGER NOT NULL DEFAULT 0"),
    ):  # a file of today has them from the beginning
        if column not in {row.name for row in db.exec_driver_sql(f"PRAGMA table_info({table})")}:
            db.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_first, _second)
"""Each takes a file from one version to the next; what is in the list never changes, new ones go to its end.

`store.VERSION` is how many there are.
"""
