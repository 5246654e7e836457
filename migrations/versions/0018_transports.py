"""Addresses that return mail, one row for each time; and cards for Microsoft Teams."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEPT = ("address", "since_at", "message_id", "why", "ended_at")
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    rows = _rows()
    op.drop_table("returning_mail")
    table = op.create_table(
        "returning_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        *_columns(),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("corrected_to", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["users.id"], name=op.f("fk_returning_mail_ended_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returning_mail")),
    )
    op.create_index(
        "ix_returning_mail_open",
        "returning_mail",
        ["address"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    if rows:
        op.bulk_insert(table, [row | {"ended_why": "", "corrected_to": ""} for row in rows])
    with op.batch_alter_table("reminder_choices") as batch_op:
        batch_op.add_column(sa.Column("teams_url", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "teams_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("card", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('failed', 'posted', 'waiting')", name=op.f("ck_teams_cards_state_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_teams_cards_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_cards")),
        sa.UniqueConstraint("message_id", name=op.f("uq_teams_cards_message_id")),
    )
    op.create_index(op.f("ix_teams_cards_user_id_made_at"), "teams_cards", ["user_id", "made_at"])


def downgrade() -> None:
    op.drop_table("teams_cards")
    with op.batch_alter_table("reminder_choices") as batch_op:
        batch_op.drop_column("teams_url")
    latest = {row["address"]: row for row in _rows()}
    op.drop_table("returning_mail")
    table = op.create_table(
        "returning_mail",
        *_columns(),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_returning_mail")),
    )
    if latest:
        op.bulk_insert(table, list(latest.values()))


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )


def _rows() -> list[dict[str, object]]:
    """What is there, the earliest first, so that of two rows the later stands."""
    table = sa.table("returning_mail", *_columns())
    found = op.get_bind().execute(sa.select(table).order_by(table.c.since_at))
    return [dict(row) for row in found.mappings()]
