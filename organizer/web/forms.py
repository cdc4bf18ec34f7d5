"""The base of every form: words are cleaned, lengths are limited, choices come from the controlled vocabularies."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.core import UnboundField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from organizer.web.labels import label
from organizer.web.text import clean

LARGEST_NUMBER = 2**31 - 1  # what a column can hold


def _cleaned(value: object) -> object:
    """Text without what cannot be seen; a number no larger than can be kept, so that comparing it never fails."""
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return LARGEST_NUMBER if value > 0 else -LARGEST_NUMBER
    return clean(value) if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose text fields are cleaned (`web.text.clean`) before they are validated."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: FlaskForm, formdata: object) -> Any:
            """What was sent as a form: JSON, which Flask-WTF would take too, has values that are no texts."""
            return super().wrap_formdata(form, None if request.is_json else formdata)

        def bind_field(
            self, form: FlaskForm, unbound_field: "UnboundField[Any]", options: dict[str, Any]
        ) -> Field:
            if issubclass(unbound_field.field_class, FormField | FieldList):
                return unbound_field.bind(form=form, **options)  # its inner fields are cleaned each
            filters = [*unbound_field.kwargs.get("filters", ()), _cleaned]
            if issubclass(unbound_field.field_class, StringField):
                unbound_field.kwargs.setdefault("default", "")  # a text that was not sent is an empty one
            return unbound_field.bind(form=form, filters=filters, **options)


def choices(enum: Iterable[StrEnum], blank: object | None = None) -> list[tuple[str, object]]:
    """(value, label) pairs for a select; `blank` is the label of the empty choice, if there is one."""
    listed: list[tuple[str, object]] = [] if blank is None else [("", blank)]
    return listed + [(member.value, label(member)) for member in enum]


class CodeField(SelectField):  # type: ignore[misc]
    """One member of an enum, or None for the blank choice."""

    def __init__(
        self, label: object, enum: type[StrEnum], blank: object | None = None, **kwargs: Any
    ) -> None:
        self.enum = enum
        self.blank = blank
        kwargs.setdefault("coerce", str)
        super().__init__(label, choices=lambda: choices(enum, blank), **kwargs)

    @property
    def member(self) -> Any:
        """The chosen member, or None."""
        return self.enum(self.data) if self.data else None


class CodesField(SelectMultipleField):  # type: ignore[misc]
    """Any number of members of an enum, as checkboxes; `at_most` limits them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: object, enum: type[StrEnum], at_most: int | None = None, **kwargs: Any) -> None:
        self.enum = enum
        self.at_most = at_most
        super().__init__(label, choices=lambda: choices(enum), coerce=str, **kwargs)

    @property
    def members(self) -> tuple[Any, ...]:
        """The chosen members, in the order of the vocabulary."""
        return tuple(member for member in self.enum if member.value in (self.data or ()))

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.at_most is not None and len(self.data or ()) > self.at_most:
            raise ValidationError(_l("Choose %(n)s at most.", n=self.at_most))


class LocalDateTimeField(DateTimeLocalField):  # type: ignore[misc]
    """A date and time as the wall clock of `zone` shows it; `.instant` is the moment. Set `zone` before use."""

    zone: ZoneInfo = ZoneInfo("Asia/Tokyo")

    def __init__(self, label: object, **kwargs: Any) -> None:
        super().__init__(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)

    @property
    def instant(self) -> datetime | None:
        """The moment meant, with its zone; None when empty."""
        return self.data.replace(tzinfo=self.zone) if self.data else None

    def show(self, moment: datetime | None) -> None:
        """Fill the field with a moment."""
        self.data = moment.astimezone(self.zone).replace(tzinfo=None) if moment else None
