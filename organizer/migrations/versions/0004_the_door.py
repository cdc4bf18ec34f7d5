"""The door: devices, receipts, absences, notes, claims, tokens; every scan says who, on what, and whether offline

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op


METHODS_BEFORE = "method IN ('scan', 'search', 'online')"
METHODS = "method IN ('scan', 'search', 'online', 'walk_in', 'self', 'kiosk', 'paper')"
SINCE = "('walk_in', 'self', 'kiosk', 'paper')"
PURPOSES_BEFORE = "purpose IN ('sign_in', 'apply', 'invitation')"
PURPOSES = "purpose IN ('sign_in', 'apply', 'invitation', 'claim')"
FLAGS = "flagged IN ('clock', 'cancelled', 'not_admitted', 'revoked', 'event_cancelled', 'hours')"

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply it."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope IN ('read', 'door')", name=op.f("ck_api_token_scope_known")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_api_token_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_api_token_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_token_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index("ix_api_token_circle", ["circle_id", "person_id"], unique=False)

    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="whose own device it is"),
        sa.Column("sign_in_id", sa.Integer(), nullable=True, comment="an own device ends with it"),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True, comment="with which a kiosk is left"),
        sa.Column("pin_tries", sa.Integer(), nullable=False),
        sa.Column("pin_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsent", sa.Integer(), nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=True, comment="server's clock minus its own"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind <> 'own' OR person_id IS NOT NULL", name=op.f("ck_device_own_has_an_owner")),
        sa.CheckConstraint("kind IN ('own', 'staff', 'guest', 'kiosk')", name=op.f("ck_device_kind_known")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_device_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_device_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_device_made_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_device_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name=op.f("fk_device_revoked_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sign_in_id"], ["sign_in.id"], name=op.f("fk_device_sign_in_id_sign_in"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("public_id", name=op.f("uq_device_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index("ix_device_event", ["event_id", "revoked_at"], unique=False)

    op.create_table(
        "device_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('own', 'staff', 'guest', 'kiosk')", name=op.f("ck_device_link_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_device_link_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_device_link_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_device_link_made_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_device_link_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_link_token_hash")),
    )
    with op.batch_alter_table("device_link", schema=None) as batch_op:
        batch_op.create_index("ix_device_link_event", ["event_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('absent', 'excused')", name=op.f("ck_absence_kind_known")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_absence_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_absence_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_absence_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_absence_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_event", ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(
            "uq_absence_standing",
            ["circle_id", "registration_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_claim_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_claim_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["person.id"], name=op.f("fk_claim_other_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_claim_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_claim_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_claim_token_hash")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "door_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_door_note_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_door_note_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_door_note_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_door_note_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_note")),
    )
    with op.batch_alter_table("door_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_door_note_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_door_note_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(
            "uq_door_note_standing",
            ["circle_id", "registration_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("addressee", sa.String(length=120), nullable=False),
        sa.Column(
            "proviso", sa.String(length=80), nullable=False, comment="what the money was for: the 但し書き"
        ),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("issuer_address", sa.String(length=160), nullable=False),
        sa.Column("invoice_number", sa.String(length=14), nullable=False),
        sa.Column("yen", sa.Integer(), nullable=False),
        sa.Column(
            "printed",
            sa.Integer(),
            nullable=False,
            comment="times it was drawn: the second is marked as a copy",
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_receipt_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_receipt_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_receipt_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_receipt_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["fee_payment.id"],
            name=op.f("fk_receipt_payment_id_fee_payment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("circle_id", "number", name=op.f("uq_receipt_circle_id_number")),
        sa.UniqueConstraint("circle_id", "payment_id", name=op.f("uq_receipt_circle_id_payment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_receipt_public_id")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_event", ["event_id"], unique=False)

    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_check_in_method_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_check_in_method_known"), METHODS)
        batch_op.create_check_constraint(op.f("ck_check_in_flagged_known"), FLAGS)
        batch_op.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_check_in_device_id"), ["device_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_check_in_device_id_device"), "device", ["device_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.drop_index("ix_check_in_event")
        batch_op.create_index(
            "ix_check_in_event",
            ["event_id", "at"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ticket_number_four_digits"), type_="check")
        batch_op.create_check_constraint(op.f("ck_ticket_number_sane"), "number BETWEEN 1000 AND 9999999")

    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "legal_name",
                sa.String(length=120),
                nullable=False,
                server_default="",
                comment="registered name, for receipts",
            )
        )
        batch_op.add_column(
            sa.Column(
                "invoice_number",
                sa.String(length=14),
                nullable=False,
                server_default="",
                comment="T and 13 digits; empty: not registered for invoices",
            )
        )

    with op.batch_alter_table("fee_payment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(length=40), nullable=False, server_default="cash"))
        batch_op.create_check_constraint(op.f("ck_fee_payment_way_known"), "way IN ('cash', 'beforehand')")
        batch_op.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_fee_payment_device_id_device"),
            "device",
            ["device_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_scan_method_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_scan_method_known"), METHODS)
        batch_op.add_column(
            sa.Column(
                "confirmed",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="somebody looked at the card and tapped",
            )
        )
        batch_op.add_column(sa.Column("card", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("entered", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("flagged", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(op.f("ck_scan_flagged_known"), FLAGS)
        batch_op.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("annulled_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_scan_device_id"), ["device_id"], unique=False)
        batch_op.create_index("ix_scan_entered", ["registration_id", "entered"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_scan_annulled_by_id_person"),
            "person",
            ["annulled_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_scan_device_id_device"), "device", ["device_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("sign_in_request", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sign_in_request_purpose_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_sign_in_request_purpose_known"), PURPOSES)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("search_key")
    op.execute("UPDATE scan SET entered = (result = 'admitted') WHERE result IS NOT NULL")


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("search_key", sa.Text(), nullable=False, server_default=""))

    op.execute("DELETE FROM sign_in_request WHERE purpose = 'claim'")
    with op.batch_alter_table("sign_in_request", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sign_in_request_purpose_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_sign_in_request_purpose_known"), PURPOSES_BEFORE)

    for table in ("scan", "check_in"):
        op.execute(f"UPDATE {table} SET method = 'search' WHERE method IN {SINCE}")  # noqa: S608  words of our own
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_scan_flagged_known"), type_="check")
        batch_op.drop_constraint(op.f("ck_scan_method_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_scan_method_known"), METHODS_BEFORE)
        batch_op.drop_constraint(batch_op.f("fk_scan_device_id_device"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_scan_annulled_by_id_person"), type_="foreignkey")
        batch_op.drop_index("ix_scan_entered")
        batch_op.drop_index(batch_op.f("ix_scan_device_id"))
        batch_op.drop_column("annulled_by_id")
        batch_op.drop_column("annulled_at")
        batch_op.drop_column("device_id")
        batch_op.drop_column("flagged")
        batch_op.drop_column("entered")
        batch_op.drop_column("card")
        batch_op.drop_column("confirmed")

    with op.batch_alter_table("fee_payment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_fee_payment_way_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_fee_payment_device_id_device"), type_="foreignkey")
        batch_op.drop_column("device_id")
        batch_op.drop_column("way")

    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.drop_column("invoice_number")
        batch_op.drop_column("legal_name")

    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_check_in_flagged_known"), type_="check")
        batch_op.drop_constraint(op.f("ck_check_in_method_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_check_in_method_known"), METHODS_BEFORE)
        batch_op.drop_constraint(batch_op.f("fk_check_in_device_id_device"), type_="foreignkey")
        batch_op.drop_index("ix_check_in_event")
        batch_op.create_index("ix_check_in_event", ["event_id", "at"], unique=False)
        batch_op.drop_index(batch_op.f("ix_check_in_device_id"))
        batch_op.drop_column("device_id")

    op.execute("DELETE FROM ticket WHERE number > 9999")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ticket_number_sane"), type_="check")
        batch_op.create_check_constraint(op.f("ck_ticket_number_four_digits"), "number BETWEEN 1000 AND 9999")

    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_event")

    op.drop_table("receipt")
    with op.batch_alter_table("door_note", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_door_note_standing",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_door_note_registration_id"))
        batch_op.drop_index(batch_op.f("ix_door_note_event_id"))

    op.drop_table("door_note")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_registration_id"))
        batch_op.drop_index(batch_op.f("ix_claim_event_id"))

    op.drop_table("claim")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_absence_standing",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_absence_registration_id"))
        batch_op.drop_index("ix_absence_event")

    op.drop_table("absence")
    with op.batch_alter_table("device_link", schema=None) as batch_op:
        batch_op.drop_index("ix_device_link_event")

    op.drop_table("device_link")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index("ix_device_event")

    op.drop_table("device")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index("ix_api_token_circle")

    op.drop_table("api_token")
