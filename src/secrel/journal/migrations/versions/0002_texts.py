"""Texts are kept once, by their digest, and rows are found by their key.

The column has another name from here on: a desk of the version before that is still open fails at its next look, and
does not go on with a lock that nobody looks at any more, or take a digest for a text.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from alembic import op

from secrel.journal.texts import take_out

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the index, and take the texts out of every intent."""
    op.create_table(
        "texts",
        sa.Column("digest", sa.String(80), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("of_key", "entries", ["key", "id"])
    op.execute("ALTER TABLE entries RENAME COLUMN body TO told")
    db = op.get_bind()
    keep = sa.text("INSERT INTO texts (digest, text) VALUES (:digest, :text) ON CONFLICT DO NOTHING")
    for number in db.execute(sa.text("SELECT id FROM entries WHERE kind = 'intent' ORDER BY id")).scalars().all():
        told = db.execute(sa.text("SELECT told FROM entries WHERE id = :id"), {"id": number}).scalar_one()
        texts: dict[str, str] = {}
        short = msgspec.json.encode(take_out(msgspec.json.decode(told), texts)).decode()
        for digest, text in texts.items():
            db.execute(keep, {"digest": digest, "text": text})
        db.execute(sa.text("UPDATE entries SET told = :told WHERE id = :id"), {"told": short, "id": number})
