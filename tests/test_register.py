"""No column holds personal data without a rule for merging and erasing it."""

from sqlalchemy import JSON, Column, String, Text, UniqueConstraint

from organizer.db import Code
from organizer.models import metadata
from organizer.register import IMPERSONAL_COLUMNS, IMPERSONAL_TABLES, REGISTER


def could_be_personal(column: Column[object]) -> bool:
    """Text, data, or a pointer to a person."""
    points = any(key.column.table.name == "person" for key in column.foreign_keys)
    return points or column.name.endswith("person_id") or isinstance(column.type, String | Text | JSON | Code)


def test_every_personal_column_has_its_rule() -> None:
    without = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name not in IMPERSONAL_TABLES
        for column in table.columns
        if could_be_personal(column)
        and f"{table.name}.{column.name}" not in REGISTER
        and column.name not in IMPERSONAL_COLUMNS
    ]
    assert not without


def test_the_register_names_columns_that_are_there() -> None:
    real = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    assert REGISTER.keys() <= real


def test_every_row_of_a_circle_says_which() -> None:
    """What belongs to a circle carries `circle_id`; what belongs to a person carries none."""
    personal = {
        "tie",
        "promise",
        "insight",
        "goal",
        "contact",
        "follow_up",
        "personal_letter",
        "block",
        "sign_in",
        "profile",
    }
    assert not [name for name in personal if "circle_id" in metadata.tables[name].columns]
    circles = {
        "event",
        "target_profile",
        "seat_count",
        "registration",
        "ticket",
        "scan",
        "check_in",
        "match_run",
        "match",
    }
    assert not [name for name in circles if "circle_id" not in metadata.tables[name].columns]


def test_partial_unique_indexes_name_both_databases() -> None:
    for table in metadata.sorted_tables:
        for index in table.indexes:
            if index.unique and (index.dialect_options["sqlite"]["where"] is not None):
                assert index.dialect_options["postgresql"]["where"] is not None, index.name


RANDOM = {("public_id",), ("code_hash",), ("link_hash",), ("token_hash",)}
"""Drawn at random: unique in the whole house, so that a code or a link alone finds its row."""


def test_unique_keys_of_a_circles_rows_begin_with_the_circle() -> None:
    for table in metadata.sorted_tables:
        if "circle_id" not in table.columns or table.columns["circle_id"].nullable:
            continue
        constraints = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
        keys = [tuple(one.columns.keys()) for one in constraints]
        keys += [tuple(one.columns.keys()) for one in table.indexes if one.unique]
        astray = [key for key in keys if key not in RANDOM and key[0] != "circle_id"]
        assert not astray, f"{table.name}: {astray}"
        assert table.columns["circle_id"].foreign_keys, table.name
