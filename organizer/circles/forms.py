"""The forms of a circle and of those who run it."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp, ValidationError

from organizer.circles.founding import RESERVED_SLUGS, CircleContents
from organizer.circles.models import Circle
from organizer.domain.delivery import NotifyChoice
from organizer.domain.invoices import read_number
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import Region, SharingRule
from organizer.web.forms import CodeField, Form
from organizer.web.zones import zone_choices


class CircleForm(Form):
    """Everything a circle says of itself."""

    name = StringField(
        _l("Name of the circle"), [DataRequired(_l("Please give the circle a name.")), Length(max=60)]
    )
    slug = StringField(
        _l("Name in addresses"),
        [
            Optional(),
            Length(min=3, max=40, message=_l("Three to forty characters, please.")),
            Regexp(
                r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Small letters, digits and single hyphens, please.")
            ),
        ],
        filters=[lambda text: text.strip().lower() if text else ""],
    )
    description = TextAreaField(_l("What this circle is"), [Length(max=2000)])
    region = CodeField(_l("Region"), Region, blank=_l("Not chosen"))
    time_zone = SelectField(_l("Time zone"), choices=zone_choices, default="Asia/Tokyo")
    sharing_rule = CodeField(_l("What may be told outside"), SharingRule, default=SharingRule.NO_NAMES)
    sender_name = StringField(_l("Sender of the mails"), [Length(max=80)])
    sender_address = StringField(_l("Postal address"), [Length(max=160)])
    sender_contact = StringField(_l("Where questions go"), [Length(max=160)])
    privacy_notice = TextAreaField(_l("Privacy notice"), [Length(max=5000)])
    legal_name = StringField(_l("Registered name"), [Length(max=120)])
    invoice_number = StringField(_l("Invoice registration number"), [Length(max=40)])

    def validate_slug(self, field: StringField) -> None:
        """Some names are addresses of ours."""
        if field.data in RESERVED_SLUGS:
            raise ValidationError(_l("This name is needed for something else. Please choose another."))

    def validate_invoice_number(self, field: StringField) -> None:
        """Its check digit tells most slips; what is kept is the number as it is printed."""
        if not field.data:
            return
        number = read_number(field.data)
        if number is None:
            raise ValidationError(
                _l(
                    "This is no registration number yet: T and 13 digits, of which the first checks the others."
                )
            )
        field.data = number

    def contents(self) -> CircleContents:
        """What was written, in the shape the service takes."""
        return CircleContents(
            name=self.name.data,
            slug=self.slug.data,
            description=self.description.data,
            region=self.region.member,
            time_zone=self.time_zone.data,
            sharing_rule=self.sharing_rule.member,
            sender_name=self.sender_name.data,
            sender_address=self.sender_address.data,
            sender_contact=self.sender_contact.data,
            privacy_notice=self.privacy_notice.data,
            legal_name=self.legal_name.data,
            invoice_number=self.invoice_number.data,
        )


def circle_form(circle: Circle) -> CircleForm:
    """The form, filled with what the circle says now."""
    return CircleForm(formdata=None, obj=circle)


class FirstCircleForm(Form):
    """What a circle needs to begin with; all else can wait."""

    name = StringField(
        _l("Name of the circle"), [DataRequired(_l("Please give the circle a name.")), Length(max=60)]
    )
    region = CodeField(_l("Region"), Region, blank=_l("Not chosen"))
    sharing_rule = CodeField(_l("What may be told outside"), SharingRule, default=SharingRule.NO_NAMES)

    def contents(self) -> CircleContents:
        """What was written, in the shape the service takes."""
        return CircleContents(
            name=self.name.data, region=self.region.member, sharing_rule=self.sharing_rule.member
        )


class InviteForm(Form):
    """Whom to invite, and as what. The roles are those the inviting member may give."""

    email = EmailField(
        _l("Mail address"),
        [
            DataRequired(_l("Please write the mail address.")),
            Length(max=254),
            Email(_l("This does not look like a mail address yet.")),
        ],
    )
    role = CodeField(_l("Role"), CircleRole)


class RoleForm(Form):
    """A member's role."""

    role = CodeField(_l("Role"), CircleRole)


class NotifyForm(Form):
    """How often a host hears of news."""

    notify = CodeField(_l("News of applications and cancellations"), NotifyChoice)


class ReportForm(Form):
    """What somebody tells the hosts."""

    words = TextAreaField(
        _l("What happened"), [DataRequired(_l("Please say in a few words what happened.")), Length(max=2000)]
    )


class ExcludeForm(Form):
    """A note for the hosts on why."""

    note = StringField(_l("A note for the hosts"), [Length(max=400)])
