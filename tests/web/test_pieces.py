"""The pieces keep what was typed, tie errors to fields, escape everything, and need no script."""

import re
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from flask import Flask, render_template, render_template_string
from flask.testing import FlaskClient
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import OperationalError
from wtforms import (
    FieldList,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from organizer.people import sessions
from organizer.web.pieces import sample_forms
from organizer.web.unit import App

STYLES = Path(__file__).parents[2] / "static" / "css"
LAYERS = ("tokens", "base", "layout", "buttons", "pieces", "people", "figures", "forms", "rounds", "print")
ATTACK = '"><script>alert(1)</script>'


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Choices as ticks."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def options(**texts: str) -> list[SelectChoice]:
    """Choices from values and their texts."""
    return [SelectChoice(value, text) for value, text in texts.items()]


class Sample(FlaskForm):  # type: ignore[misc]
    """A form with a field of each kind whose markup differs."""

    name = StringField("Name", [DataRequired("Please write your name.")], description="As on the badge")
    about = TextAreaField("About", [Length(max=5, message="Five at most.")])
    seats = IntegerField("Seats", [NumberRange(1, 9, "One to nine.")])
    way = RadioField("Way", [DataRequired("Choose a way.")], choices=options(all="Everyone", host="The host"))
    tags = Ticks(
        "Tags", choices=[SelectChoice(tag, optgroup="Last" if tag == "c" else "First") for tag in "abc"]
    )
    many = Ticks("Many", choices=[SelectChoice(str(n), f"Tag {n}") for n in range(13)])
    size = SelectField("Size", choices=options(one="One", two="Two"))
    lines = FieldList(StringField("Line", [DataRequired("A line is empty.")]), min_entries=1)


@pytest.fixture
def posted(app: App) -> Iterator[Flask]:
    """An app that is answering a form sent by POST."""
    with app.test_request_context("/", method="POST", headers={"Accept-Language": "en"}):
        yield app


def draw(source: str, **context: object) -> str:
    """What a template makes of the pieces, as `ui`."""
    return render_template_string('{% import "_macros/pieces.html" as ui %}' + source, **context)


def sent(**data: object) -> Sample:
    """A form that was sent with these values, and validated."""
    form = Sample(formdata=None, data=data)
    form.validate()
    return form


def tag(html: str, **attributes: str) -> str:
    """The first opening tag that has these attributes."""
    for found in re.findall(r"<[a-z][^>]*>", html):
        if all(f'{name.replace("_", "-")}="{value}"' in found for name, value in attributes.items()):
            return str(found)
    raise AssertionError(f"no tag with {attributes} in {html}")


def test_an_error_is_tied_to_its_field(posted: Flask) -> None:
    html = draw("{{ ui.field(form.name) }}", form=sent(name=""))
    control = tag(html, id="name", name="name")
    assert 'aria-invalid="true"' in control
    assert 'aria-describedby="name-hint name-error"' in control
    assert "As on the badge" in html[html.index('id="name-hint"') :]
    assert "Please write your name." in html[html.index('id="name-error"') :]


def test_a_good_field_says_nothing_of_errors(posted: Flask) -> None:
    html = draw("{{ ui.field(form.size) }}", form=sent(size="two"))
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "selected" in tag(html, value="two")


def test_what_was_typed_is_kept_and_escaped(posted: Flask) -> None:
    form = sent(name=ATTACK, about=ATTACK, seats=12)
    html = draw("{{ ui.field(form.name) }}{{ ui.field(form.about) }}{{ ui.field(form.seats) }}", form=form)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)") == 2
    assert 'value="12"' in tag(html, id="seats")


def test_required_is_said_in_words(posted: Flask) -> None:
    assert ">required</span>" in draw("{{ ui.field(form.name) }}", form=sent())
    assert ">required</span>" not in draw("{{ ui.field(form.about) }}", form=sent())


def test_attributes_of_the_caller_go_through(posted: Flask) -> None:
    control = tag(draw('{{ ui.field(form.name, autocomplete="name") }}', form=sent()), id="name")
    assert 'autocomplete="name"' in control
    assert 'class="input"' in control


def test_a_limited_text_has_a_counter(posted: Flask) -> None:
    html = draw("{{ ui.field(form.about) }}", form=sent())
    assert tag(html, data_count="about")
    assert "up to 5 characters" in html


def test_a_choice_is_a_group_with_its_error(posted: Flask) -> None:
    html = draw('{{ ui.field(form.way, notes={"host": "One by one"}) }}', form=sent())
    assert 'aria-describedby="way-error"' in tag(html, id="way")
    assert "<legend" in html
    assert "One by one" in html
    assert html.count('type="radio"') == 2


def test_chips_keep_their_ticks_and_groups(posted: Flask) -> None:
    html = draw("{{ ui.field(form.tags) }}", form=sent(tags=["b", "c"]))
    assert "checked" in tag(html, type="checkbox", value="b")
    assert "checked" not in tag(html, type="checkbox", value="a")
    assert html.count('role="group"') == 2
    assert len(set(re.findall(r'id="(tags-\d)"', html))) == 3


def test_many_chips_are_folded_and_name_the_chosen(posted: Flask) -> None:
    html = draw("{{ ui.field(form.many) }}", form=sent(many=["3", "12"]))
    head = html[html.index("<summary") : html.index("</summary>")]
    assert "Tag 3, Tag 12" in head
    assert "hidden" in tag(html, type="search"), "the search is of use only with script"


def test_the_summary_links_to_every_wrong_field_also_in_lists(posted: Flask) -> None:
    html = draw("{{ ui.form_errors(form) }}", form=sent(about="too long", lines=[""]))
    for field, words in {
        "name": "Please write",
        "about": "Five at most.",
        "lines-0": "A line is empty.",
    }.items():
        assert f'href="#{field}"' in html
        assert words in html
    assert "csrf" not in html.lower()


def test_a_form_carries_its_token_and_one_button(posted: Flask) -> None:
    html = draw('{% call ui.form(form, "Save", draft="x") %}<p>in</p>{% endcall %}', form=sent(name="x"))
    assert html.count('name="csrf_token"') == 1
    assert html.count("<button") == 1
    assert 'data-draft="x"' in tag(html, method="post")


def test_a_post_button_can_ask_first_without_script(posted: Flask) -> None:
    plain = draw('{{ ui.post_button("/go", "Go", name="step", value="admit", about="Reiko") }}')
    assert 'value="admit"' in tag(plain, name="step")
    assert "Reiko" in plain[plain.index("visually-hidden") :]
    asking = draw('{{ ui.post_button("/go", "Go", confirm="Really go") }}')
    assert asking.index("<summary") < asking.index("Really go") < asking.index("<button")
    assert 'name="csrf_token"' in asking


@pytest.mark.parametrize(
    ("have", "low", "high", "words", "width"),
    [
        (1, 3, 4, "2 more people wanted", "250"),
        (3, 4, 6, "1 more person wanted", "500"),
        (2, None, 2, "The ceiling is", "1000"),
        (5, 4, 8, "", "625"),
    ],
)
def test_a_meter_says_short_and_full_in_words(
    posted: Flask, have: int, low: int | None, high: int | None, words: str, width: str
) -> None:
    html = draw("{{ ui.meter('Makers', have, low, high) }}", have=have, low=low, high=high)
    assert f'width="{width}"' in html[html.index("bar-fill") :]
    assert words in html
    assert ("meter-note" in html) == bool(words)


def test_a_mix_bar_tells_every_part_in_text_and_sums_the_rest(posted: Flask) -> None:
    parts = [(f"Trade {n}", 8 - n) for n in range(8)]
    html = draw("{{ ui.mix_bar('Trades', parts) }}", parts=parts)
    assert "Trade 4" in html
    assert "Trade 5" not in html
    assert "Others <strong>6</strong>" in html
    assert "Nobody yet" in draw("{{ ui.mix_bar('Trades', []) }}")


def test_a_person_without_reading_or_company_is_just_a_name(posted: Flask) -> None:
    html = draw("{{ ui.person_line(person) }}", person={"name": ATTACK, "reading": "", "company": None})
    assert "<script" not in html
    assert "person-reading" not in html
    assert "person-facts" not in html


def test_a_person_is_name_reading_company_then_the_rest(posted: Flask) -> None:
    person = {"name": "高橋 玲子", "reading": "たかはし れいこ"}
    html = draw("{{ ui.person_line(person, ['代表'], company='株式会社ひびき', level=3) }}", person=person)
    places = [html.index(text) for text in ("高橋 玲子", "たかはし れいこ", "株式会社ひびき", "代表")]
    assert places == sorted(places)
    assert "<h3" in html


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503, 418])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_error_says_what_is_safe_and_what_to_do(app: App, code: int, language: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        html = render_template("errors/error.html", code=code, reason=None)
    main = html[html.index('<main class="site-main"') : html.index("</main>")]
    assert main.count("<p") >= 4
    assert ("。" in main) == (language == "ja")
    assert "!" not in re.sub(r"<[^>]*>", "", main)


def test_the_error_page_of_a_database_that_is_away_asks_it_nothing(
    app: App, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(sessions, "find", away)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"
    answer = client.post("/language", data={"locale": "ja"})
    assert answer.status_code == 503
    assert "保存された内容は無事です" in answer.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_of_pieces_is_valid_and_nothing_is_inline(app: App, language: str) -> None:
    with app.test_request_context("/dev/pieces", headers={"Accept-Language": language}):
        html = render_template("dev/pieces.html", forms=sample_forms())
    html5lib.HTMLParser(strict=True).parse(html)
    assert f'<html lang="{language}"' in html
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", html))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_stylesheet_is_its_layers_in_order() -> None:
    joined = "".join((STYLES / "layers" / f"{layer}.css").read_text() for layer in LAYERS)
    assert (STYLES / "app.css").read_text() == joined, "run `make css`"


def test_colours_are_named_in_one_place() -> None:
    for layer in set(LAYERS) - {"tokens", "print"}:
        colours = re.findall(
            r"#[0-9a-fA-F]{3,8}\b(?=[;, ])", (STYLES / "layers" / f"{layer}.css").read_text()
        )
        assert set(colours) <= {"#fff"}, f"{layer}.css names {colours}"


def test_lazy_words_are_escaped_like_all_others(app: App) -> None:
    """Flask-Babel takes a lazy text for ready HTML; it may hold what somebody typed."""
    with app.test_request_context("/"):
        words = lazy_gettext("“%(text)s” is no mail address.", text="<script>alert(1)</script>")
        assert "<script>" not in render_template_string("{{ words }}", words=words)
        assert "&lt;script&gt;" in render_template_string("{{ words }}", words=words)
