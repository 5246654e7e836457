"""What is taken to the board, and the indicators that it watches."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("deadline_key", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("put_by_id", sa.Integer(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("taken_off_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(taken_off_at IS NULL) = (decided_on IS NULL)", name=op.f("ck_board_items_off_with_its_day")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_board_items_case_id_cases")),
        sa.ForeignKeyConstraint(["put_by_id"], ["users.id"], name=op.f("fk_board_items_put_by_id_users")),
        sa.ForeignKeyConstraint(
            ["taken_off_by_id"], ["users.id"], name=op.f("fk_board_items_taken_off_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_items")),
    )
    op.create_index(
        "ix_board_items_on_the_pack",
        "board_items",
        ["case_id", "deadline_key", "instance"],
        unique=True,
        sqlite_where=sa.text("taken_off_at IS NULL"),
        postgresql_where=sa.text("taken_off_at IS NULL"),
    )
    op.create_table(
        "indicators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "direction IN ('', 'bigger', 'smaller')", name=op.f("ck_indicators_direction_known")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_indicators_partnership_id_partnerships")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("partnership_id", "key", name=op.f("uq_indicators_partnership_id_key")),
        sa.UniqueConstraint("partnership_id", "position", name=op.f("uq_indicators_partnership_id_position")),
    )
    op.create_table(
        "indicator_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_indicator_values_runs_forward")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_indicator_values_indicator_id_indicators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_values")),
        sa.UniqueConstraint(
            "indicator_id", "from_on", "to_on", name=op.f("uq_indicator_values_indicator_id_from_on_to_on")
        ),
    )


def downgrade() -> None:
    for table in ("indicator_values", "indicators", "board_items"):
        op.drop_table(table)
