"""Weights of circles, and what counted in a run of matches

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply it."""
    op.create_table(
        "circle_approach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_circle_approach_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_approach_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["person.id"],
            name=op.f("fk_circle_approach_made_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_approach")),
        sa.UniqueConstraint("circle_id", "version", name=op.f("uq_circle_approach_circle_id_version")),
    )
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "weights",
                sa.JSON(),
                server_default="{}",
                nullable=False,
                comment="what counted, in points (`domain.weights`)",
            )
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.drop_column("weights")

    op.drop_table("circle_approach")
