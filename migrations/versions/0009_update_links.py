"""Keys of the update links in mails, every use of them, and the codes for what is restricted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OWN = sa.text("ended_at IS NULL AND covers_id IS NULL")
_COVERING = sa.text("ended_at IS NULL AND covers_id IS NOT NULL")
_OPEN = sa.text("to_note AND noted_at IS NULL")
_WHAT = "what IN ('asked', 'covering', 'fresh', 'not_me', 'update', 'wrong_person')"


def upgrade() -> None:
    op.create_table(
        "update_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("covers_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["users.id"], name=op.f("fk_update_links_agreed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["covers_id"], ["update_links.id"], name=op.f("fk_update_links_covers_id_update_links")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_update_links_ended_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_links")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_update_links_key_hash")),
    )  # fmt: skip
    with op.batch_alter_table("update_links") as batch_op:
        batch_op.create_index(
            "ix_update_links_own", ["address"], unique=True, sqlite_where=_OWN, postgresql_where=_OWN
        )
        batch_op.create_index(
            "ix_update_links_covering",
            ["covers_id", "address"],
            unique=True,
            sqlite_where=_COVERING,
            postgresql_where=_COVERING,
        )
    op.create_table(
        "update_link_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("given_address", sa.String(), nullable=False),
        sa.Column("to_note", sa.Boolean(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(_WHAT, name=op.f("ck_update_link_uses_what_known")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_update_link_uses_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["update_links.id"], name=op.f("fk_update_link_uses_link_id_update_links")
        ),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_update_link_uses_noted_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_link_uses")),
        sa.UniqueConstraint("case_id", "request_id", name=op.f("uq_update_link_uses_case_id_request_id")),
    )  # fmt: skip
    with op.batch_alter_table("update_link_uses") as batch_op:
        batch_op.create_index(batch_op.f("ix_update_link_uses_link_id_at"), ["link_id", "at"], unique=False)
        batch_op.create_index(
            "ix_update_link_uses_open", ["case_id"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
    op.create_table(
        "update_link_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["update_links.id"], name=op.f("fk_update_link_codes_link_id_update_links")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_link_codes")),
    )
    with op.batch_alter_table("update_link_codes") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_update_link_codes_link_id_asked_at"), ["link_id", "asked_at"], unique=False
        )
    op.create_table(
        "update_link_guesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_link_guesses")),
    )
    with op.batch_alter_table("update_link_guesses") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_update_link_guesses_address_hash_at"), ["address_hash", "at"], unique=False
        )


def downgrade() -> None:
    for table in ("update_link_guesses", "update_link_codes", "update_link_uses", "update_links"):
        op.drop_table(table)
