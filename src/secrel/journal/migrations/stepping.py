"""Goes up the schema's steps, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def step_up(connection: Connection, first: str) -> None:
    """Take every step that was not taken yet, in one transaction that begins with the statement `first`.

    That keeps every other writer out until the end: what was begun is taken back whole when anything fails.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    with connection.begin():
        connection.exec_driver_sql(first)
        command.upgrade(config, "head")
