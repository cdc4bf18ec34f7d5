"""Target profiles in plain words: "従業員 21–50 名の社長で、採用に悩む方"."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

import flask_babel
from flask_babel import LazyString, lazy_pgettext
from flask_babel import lazy_gettext as _l

from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.vocabulary import Attendance, Authority, CriterionField, Intent, Role, SizeBand, known
from organizer.web.labels import label

NOUNS: Final[dict[StrEnum, LazyString]] = {
    Role.OWNER_PRESIDENT: _l("presidents"),
    Role.EXECUTIVE: _l("executives"),
    Role.SUCCESSOR: _l("successors"),
    Role.SOLE_PROPRIETOR: _l("sole proprietors"),
    Role.PROFESSIONAL: _l("qualified professionals"),
    Role.MANAGER: _l("managers"),
    Role.EMPLOYEE: _l("employees"),
}
# What such people do, as the end of a sentence and (in Japanese another form) with more to come.
ENDING: Final[dict[StrEnum, LazyString]] = {
    Authority.DECIDES: lazy_pgettext("end", "decide themselves"),
    Authority.SHARES: lazy_pgettext("end", "decide together with others"),
    Authority.PROPOSES: lazy_pgettext("end", "propose to those who decide"),
    Authority.NONE: lazy_pgettext("end", "take no part in decisions"),
    Intent.LEARN: lazy_pgettext("end", "want to learn"),
    Intent.PARTNER: lazy_pgettext("end", "look for partners"),
    Intent.SELL: lazy_pgettext("end", "come mainly to sell"),
    Intent.HIRE: lazy_pgettext("end", "want to hire"),
    Intent.BE_ADVISED: lazy_pgettext("end", "want advice"),
    Attendance.FIRST_TIMER: lazy_pgettext("end", "come for the first time"),
    Attendance.REGULAR: lazy_pgettext("end", "have come before"),
}
GOING_ON: Final[dict[StrEnum, LazyString]] = {
    Authority.DECIDES: lazy_pgettext("more", "decide themselves"),
    Authority.SHARES: lazy_pgettext("more", "decide together with others"),
    Authority.PROPOSES: lazy_pgettext("more", "propose to those who decide"),
    Authority.NONE: lazy_pgettext("more", "take no part in decisions"),
    Intent.LEARN: lazy_pgettext("more", "want to learn"),
    Intent.PARTNER: lazy_pgettext("more", "look for partners"),
    Intent.SELL: lazy_pgettext("more", "come mainly to sell"),
    Intent.HIRE: lazy_pgettext("more", "want to hire"),
    Intent.BE_ADVISED: lazy_pgettext("more", "want advice"),
    Attendance.FIRST_TIMER: lazy_pgettext("more", "come for the first time"),
    Attendance.REGULAR: lazy_pgettext("more", "have come before"),
}
DOING = (
    CriterionField.AUTHORITY,
    CriterionField.CHALLENGE,
    CriterionField.GIVE,
    CriterionField.INTENT,
    CriterionField.ATTENDANCE,
)
DECIDERS = {Authority.DECIDES.value, Authority.SHARES.value}
Values = dict[CriterionField, Sequence[StrEnum]]


def _(msgid: str, **facts: object) -> str:
    return str(flask_babel.gettext(msgid, **facts))


def pgettext(context: str, msgid: str, **facts: object) -> str:
    """The words for a message of one context."""
    return str(flask_babel.pgettext(context, msgid, **facts))


def ngettext(one: str, many: str, num: int) -> str:
    """The words for a number of things."""
    return str(flask_babel.ngettext(one, many, num))


def kind_of_person(target: TargetProfile) -> str:
    """Whom a target profile means, in plain words: what they must be, and then what would be ideal.

    Without criteria, the name the host gave it.
    """
    musts = _values(criterion for criterion in target.criteria if criterion.must)
    wishes = _values(criterion for criterion in target.criteria if not criterion.must)
    if not musts:
        return _capital(_sentence(wishes)) if wishes else target.name
    if not wishes:
        return _capital(_sentence(musts))
    return _("%(kind)s (ideally: %(wish)s)", kind=_capital(_sentence(musts)), wish=_sentence(wishes))


def criterion_words(criterion: Criterion) -> str:
    """The values of one criterion as a short list."""
    values = known(criterion.field.words, criterion.values)
    if criterion.field is CriterionField.SIZE:
        return size_words(SizeBand(value) for value in values)
    return _either([str(label(value)) for value in values])


def seats_words(target: TargetProfile) -> str:
    """How many seats are meant for a target profile."""
    low, high = target.floor, target.ceiling
    if target.is_ceiling:
        return (
            _("no limit yet")
            if high is None
            else ngettext("%(num)s person at most", "%(num)s people at most", high)
        )
    if high is None:
        return ngettext("%(num)s seat or more", "%(num)s seats or more", low) if low else _("no fixed number")
    if low == high:
        return ngettext("%(num)s seat", "%(num)s seats", low)
    if low:
        return _("%(low)s–%(high)s seats", low=low, high=high)
    return ngettext("up to %(num)s seat", "up to %(num)s seats", high)


def size_words(bands: Iterable[SizeBand]) -> str:
    """Bands of employees, neighbours taken together: `21–100 名`, `10 名以下`, `301 名以上`."""
    spans: list[tuple[int, int | None]] = []
    for band in sorted(bands, key=lambda band: band.rank):
        if spans and spans[-1][1] == band.low - 1:
            spans[-1] = spans[-1][0], band.high
        else:
            spans.append((band.low, band.high))
    return _either([_span(low, high) for low, high in spans])


def _span(low: int, high: int | None) -> str:
    if high is None:
        return _("%(n)s people or more", n=low)
    if low == high:
        return ngettext("%(num)s person", "%(num)s people", low)
    return _("up to %(n)s people", n=high) if low == 1 else _("%(low)s–%(high)s people", low=low, high=high)


def _values(criteria: Iterable[Criterion]) -> Values:
    found: Values = {}
    for criterion in criteria:
        codes = [*found.get(criterion.field, ()), *criterion.values]
        found[criterion.field] = known(criterion.field.words, codes)
    return found


def _sentence(values: Values) -> str:
    """A noun with what belongs to it, and what such people do. How they are joined differs between languages."""
    about, doing = _about(values), _doing(values)
    roles = values.get(CriterionField.ROLE)
    if roles:
        noun = _either([str(NOUNS[role]) for role in roles])
        if doing:
            return pgettext("role", "%(noun)s%(about)s who %(doing)s", noun=noun, about=about, doing=doing)
        return pgettext("role", "%(noun)s%(about)s", noun=noun, about=about)
    if CriterionField.SIZE in values or CriterionField.INDUSTRY in values:
        if doing:
            return pgettext("company", "people%(about)s who %(doing)s", about=about, doing=doing)
        return pgettext("company", "people%(about)s", about=about)
    if about:
        if doing:
            return pgettext("place", "people%(about)s who %(doing)s", about=about, doing=doing)
        return pgettext("place", "people%(about)s", about=about)
    return _("people who %(doing)s", doing=doing)


def _about(values: Values) -> str:
    trades, places, sizes = (
        values.get(field, ())
        for field in (CriterionField.INDUSTRY, CriterionField.REGION, CriterionField.SIZE)
    )
    return _(
        "%(trade)s%(place)s%(size)s",
        trade=_(" in %(trades)s", trades=_either([_low(str(label(trade))) for trade in trades]))
        if trades
        else "",
        place=_(" from %(places)s", places=_either([str(label(place)) for place in places]))
        if places
        else "",
        size=_(" at companies of %(sizes)s", sizes=size_words(SizeBand(size) for size in sizes))
        if sizes
        else "",
    )


def _doing(values: Values) -> str:
    fields = [field for field in DOING if field in values]
    clauses = [_clause(field, values[field], last=field is fields[-1]) for field in fields]
    return _listed(clauses, pgettext("clauses", ", "), pgettext("clauses", " and "))


def _clause(field: CriterionField, values: Sequence[StrEnum], *, last: bool) -> str:
    if field in (CriterionField.CHALLENGE, CriterionField.GIVE):
        topics = _either([_low(str(label(topic))) for topic in values])
        if field is CriterionField.CHALLENGE:
            struggle = pgettext("end", "struggle with %(topics)s", topics=topics)
            return struggle if last else pgettext("more", "struggle with %(topics)s", topics=topics)
        help_ = pgettext("end", "can share what they know of %(topics)s", topics=topics)
        return help_ if last else pgettext("more", "can share what they know of %(topics)s", topics=topics)
    if {value.value for value in values} == DECIDERS:
        return (
            pgettext("end", "have a say in decisions")
            if last
            else pgettext("more", "have a say in decisions")
        )
    words = [ENDING[value] for value in values[:-1]] + [(ENDING if last else GOING_ON)[values[-1]]]
    return _either([str(word) for word in words])


def _either(words: Sequence[str]) -> str:
    return _listed(words, pgettext("alternatives", ", "), pgettext("alternatives", " or "))


def _listed(words: Sequence[str], comma: str, last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return comma.join(words[:-1]) + last + words[-1]


def _low(words: str) -> str:
    """A word as it stands within a sentence; `IT systems` stays as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
