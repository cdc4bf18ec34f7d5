"""Rounds: plans, seats, clocks; an encounter says whether two sat together or say they talked

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply it."""
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_seconds", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "prompt",
            sa.String(length=40),
            nullable=False,
            comment="code of its talk prompt; empty: the one of its turn",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'paused', 'ended')", name=op.f("ck_round_state_known")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 120", name=op.f("ck_round_minutes_sane")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_round_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_round_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_round_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint(
            "circle_id", "event_id", "number", name=op.f("uq_round_circle_id_event_id_number")
        ),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index("ix_round_event", ["event_id", "number"], unique=False)

    op.create_table(
        "seating_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("table_number", sa.Integer(), nullable=True, comment="sits at this table in every round"),
        sa.Column("first_round", sa.Integer(), nullable=False),
        sa.Column(
            "last_round", sa.Integer(), nullable=True, comment="leaves after it; 0: does not come at all"
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_round >= 1", name=op.f("ck_seating_mark_first_round_sane")),
        sa.CheckConstraint(
            "last_round IS NULL OR last_round >= 0", name=op.f("ck_seating_mark_last_round_sane")
        ),
        sa.CheckConstraint(
            "table_number IS NULL OR table_number >= 1", name=op.f("ck_seating_mark_table_numbered_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_seating_mark_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_seating_mark_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_seating_mark_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_seating_mark_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seating_mark")),
        sa.UniqueConstraint(
            "circle_id", "event_id", "person_id", name=op.f("uq_seating_mark_circle_id_event_id_person_id")
        ),
    )
    with op.batch_alter_table("seating_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seating_mark_event_id"), ["event_id"], unique=False)

    op.create_table(
        "seating_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True, comment="the published plan it changes"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("table_size", sa.Integer(), nullable=False),
        sa.Column(
            "from_round",
            sa.Integer(),
            nullable=False,
            comment="number of the first round whose seats it may change",
        ),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("work", sa.Integer(), nullable=False, comment="proposals of the search"),
        sa.Column("weights", sa.JSON(), nullable=False, comment="with their version"),
        sa.Column("room", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True, comment="no plan of this room scores more"),
        sa.Column(
            "worst",
            sa.Integer(),
            nullable=True,
            comment="share of the person who fares worst, in thousandths",
        ),
        sa.Column("relaxed", sa.Boolean(), nullable=False, comment="colleagues may share a table"),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="why no lawful plan was found"),
        sa.Column("facts", sa.JSON(), nullable=False, comment="numbers and codes only"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=60), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('wanted', 'solving', 'draft', 'published', 'superseded', 'failed')",
            name=op.f("ck_seating_plan_state_known"),
        ),
        sa.CheckConstraint("rounds BETWEEN 1 AND 12", name=op.f("ck_seating_plan_rounds_sane")),
        sa.CheckConstraint("table_size BETWEEN 2 AND 12", name=op.f("ck_seating_plan_table_size_sane")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["person.id"],
            name=op.f("fk_seating_plan_asked_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["base_id"],
            ["seating_plan.id"],
            name=op.f("fk_seating_plan_base_id_seating_plan"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_seating_plan_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_seating_plan_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["person.id"],
            name=op.f("fk_seating_plan_published_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seating_plan")),
        sa.UniqueConstraint(
            "circle_id", "event_id", "generation", name=op.f("uq_seating_plan_circle_id_event_id_generation")
        ),
    )
    with op.batch_alter_table("seating_plan", schema=None) as batch_op:
        batch_op.create_index(
            "ix_seating_plan_due",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
            postgresql_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
        )
        batch_op.create_index("ix_seating_plan_event", ["event_id", "generation"], unique=False)
        batch_op.create_index(
            "uq_seating_plan_open",
            ["circle_id", "event_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
            postgresql_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
        )
        batch_op.create_index(
            "uq_seating_plan_published",
            ["circle_id", "event_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("table_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("round >= 1 AND table_number >= 1", name=op.f("ck_seat_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_seat_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_seat_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["seating_plan.id"], name=op.f("fk_seat_plan_id_seating_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint(
            "circle_id",
            "plan_id",
            "person_id",
            "round",
            name=op.f("uq_seat_circle_id_plan_id_person_id_round"),
        ),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index("ix_seat_person", ["person_id"], unique=False)
        batch_op.create_index("ix_seat_plan", ["plan_id", "round", "table_number"], unique=False)

    with op.batch_alter_table("encounter", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "talked",
                sa.Boolean(),
                server_default=sa.true(),
                nullable=False,
                comment="one of the two says so",
            )
        )
        batch_op.add_column(
            sa.Column(
                "sat",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="rounds that ended with both at one table",
            )
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("encounter", schema=None) as batch_op:
        batch_op.drop_column("sat")
        batch_op.drop_column("talked")

    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index("ix_seat_plan")
        batch_op.drop_index("ix_seat_person")

    op.drop_table("seat")
    with op.batch_alter_table("seating_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_seating_plan_published",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.drop_index(
            "uq_seating_plan_open",
            sqlite_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
            postgresql_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
        )
        batch_op.drop_index("ix_seating_plan_event")
        batch_op.drop_index(
            "ix_seating_plan_due",
            sqlite_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
            postgresql_where=sa.text("state IN ('wanted', 'solving', 'draft')"),
        )

    op.drop_table("seating_plan")
    with op.batch_alter_table("seating_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seating_mark_event_id"))

    op.drop_table("seating_mark")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index("ix_round_event")

    op.drop_table("round")
