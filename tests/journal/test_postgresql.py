"""The journal in PostgreSQL, beyond what every journal keeps to: addresses, drivers, secrets, a server that goes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from secrel.journal.address import read_address
from secrel.journal.entries import entry_of
from secrel.journal.journal import Journal
from secrel.words.effects import Comment, Effect
from secrel.words.errors import Broken, Exit, Misused, Refused, SecrelError
from secrel.words.people import Claim
from tests.cli.desks import a_desk

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_spelling_of_an_address_opens_it(database: str, scheme: str) -> None:
    journal = Journal(database.replace("postgresql", scheme, 1))
    journal.add(entry_of(Claim("r", "g", "amara", AT, "x")))
    assert len(journal.entries()) == 1
    journal.close()


def test_a_connection_that_ends_while_a_key_is_held_frees_it_and_its_desk_does_not_begin(database: str) -> None:
    journal, other, key = Journal(database), Journal(database), "r/email"
    mail = Effect(key, Comment("p#1", "text"), "s")
    engine = create_engine(database.replace("://", "+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with journal.holding("r", key) as late:
        with engine.connect() as server:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            server.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        with other.holding("r", key) as so_far:
            other.begin(mail, so_far, by="bjorn", at=AT)
        with pytest.raises(Refused, match="another desk has r/email in hand"):
            journal.begin(mail, late, by="amara", at=AT)
    with journal.holding("r", key) as so_far:
        assert so_far.begun == AT
    assert [entry.who for entry in journal.entries("r")] == ["bjorn"]
    engine.dispose()
    for one in (journal, other):
        one.close()


def test_a_database_that_is_gone_is_broken_in_our_words(database: str) -> None:
    with pytest.raises(Broken, match=r"cannot (open|lock) the journal") as told:
        Journal(database.replace("/journal", "/nowhere"))
    assert told.value.where.startswith("postgresql://")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("desk:hunter2@db.example/secrel", "postgresql://db.example/secrel"),
        ("desk:hunter2@db.example:5432/secrel", "postgresql://db.example:5432/secrel"),
        ("db.example/secrel?password=hunter2", "postgresql://db.example/secrel"),
        ("desk:hunter2@/secrel?host=%2Ftmp", "postgresql:///secrel"),
        ("desk:hun@ter2@db.example/secrel", "the PostgreSQL database"),
        ("desk:hun/ter2@db.example/secrel", "postgresql://db.example/secrel"),
        ("db.example/secrel?password=hun@ter2", "the PostgreSQL database"),
        ("desk@db.example/secrel?user=x@y&password=hunter2", "the PostgreSQL database"),
    ],
)
def test_a_place_is_told_without_user_and_password(address: str, place: str) -> None:
    assert read_address(f"postgresql://{address}").place == place


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://desk:hunter2@{nowhere}",
        "postgresql://desk@{nowhere}&password=hunter2",
        "postgresql://desk:hunter2@{nowhere}&passfile=passw0rd",
        "postgresql://desk:hunter2/secrel",
        "postgresql://desk:hunter2@db.example:port/secrel",
        "postgresql://[desk:hunter2@db.example/secrel",
        "postgresql+no_such_driver://desk:hunter2@db.example/secrel",
        "postgresql+psycopg2://desk:hunter2@db.example/secrel",
        "mysql://desk:hunter2@db.example/secrel",
    ],
)
def test_no_message_tells_a_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(SecrelError) as told:
        Journal(address.format(nowhere=f"/none?host={quote(str(tmp_path))}"))
    said = f"{told.value} {told.value.where} {told.value.remedy}"
    assert not any(secret in said for secret in ("hunter2", "passw0rd"))
    assert told.value.remedy


@pytest.mark.parametrize("driver", ["psycopg2", "no_such_driver"])
def test_a_driver_that_is_not_installed_is_named_with_what_to_do(driver: str) -> None:
    if driver == "psycopg2":
        try:
            import psycopg2  # type: ignore[import-untyped] # noqa: F401, PLC0415
        except ImportError:
            pass
        else:
            pytest.skip("psycopg2 is installed")
    with pytest.raises(Misused) as told:
        Journal(f"postgresql+{driver}://desk@db.example/secrel")
    assert (
        told.value.what == f"PostgreSQL journals need the `postgresql` extra (its driver {driver!r} is not installed)"
    )
    assert "postgresql://HOST/NAME" in told.value.remedy


def test_other_databases_are_refused() -> None:
    with pytest.raises(Misused, match="no journal can be kept in 'mysql'") as told:
        read_address("mysql+pymysql://db.example/secrel")
    assert "secrel.toml" in told.value.remedy


def test_a_file_can_be_named_as_an_address(tmp_path: Path) -> None:
    Journal(f"sqlite:///{tmp_path}/journal.db").add(entry_of(Claim("r", "g", "amara", AT, "x")))
    assert len(Journal(str(tmp_path / "journal.db")).entries()) == 1


def test_a_desk_whose_settings_name_another_schema_begins_nothing_anew(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    user = a_desk(tmp_path / "desk", capsys)
    settings = user.folder / "secrel.toml"
    shipped = settings.read_text("utf-8")

    def keep_in(address: str) -> None:
        settings.write_text(shipped.replace('"journal.db"', f'"{address}"'), "utf-8")

    keep_in(database)
    assert user.as_process("start", "--from", str(user.folder / "release.yaml")).word == Exit.DONE
    engine = create_engine(database.replace("://", "+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as server:
        server.execute(text("CREATE SCHEMA another"))
    engine.dispose()
    keep_in(f"{database}&options={quote('-csearch_path=another')}")
    refused = user.as_process("apply")
    assert refused.word == Exit.BROKEN
    assert "the journal has lost its memory: the forge has 2027-01/" in refused.err
    keep_in(database)
    assert "lost its memory" not in user.as_process("status").err
