"""Journals in a file and on a PostgreSQL server, as the tests of journals have them."""

from __future__ import annotations

from tests.journal.conftest import database, opened, server, where

__all__ = ["database", "opened", "server", "where"]
