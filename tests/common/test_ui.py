"""The design system's tags: what people read and what their browsers send."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.db import models
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from common import clock
from common.exceptions import Difference, Stale
from common.forms import Form
from common.pagination import Page
from common.templatetags import ui
from common.todos import Todo

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


class NeedForm(Form):
    need = forms.ChoiceField(
        label="What do you need?", choices=[("a", "Medicine"), ("b", "School")], widget=forms.RadioSelect
    )
    name = forms.CharField(
        label="Your name", help_text="As on the card", error_messages={"required": "Write it."}
    )
    more = forms.CharField(label="More", required=False, widget=forms.Textarea)


class OneQuestionForm(Form):
    name = forms.CharField(label="Your name", error_messages={"required": "Write your name."})


def render(source: str, request: Any = None, **values: Any) -> str:
    with translation.override("en"):
        return Template(source).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (148800, "¥\xa01,488.00"),
        (0, "¥\xa00.00"),
        (5, "¥\xa00.05"),
        (-91200, "\N{MINUS SIGN}¥\xa0912.00"),
        (None, "—"),
    ],
)
def test_yuan_is_exact_to_the_fen(fen: int | None, shown: str) -> None:
    assert ui.yuan(fen) == shown


def test_wan_keeps_full_yuan_for_english_readers() -> None:
    with translation.override("en"):
        assert ui.wan(2_318_000_000) == "¥ 23,180,000"
        assert ui.wan(None) == "—"


def test_number_groups_by_three_in_both_languages() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert ui.number(18402) == "18,402"
            assert ui.number(Decimal("1234.50")) == "1,234.5"


def test_percent_rounds_a_ratio() -> None:
    assert ui.percent(0.936) == "93.6 %"
    assert ui.percent(Decimal("-0.021")) == "\N{MINUS SIGN}2.1 %"
    assert ui.percent(None) == "—"


def test_amount_shows_money_goods_and_parts_of_units() -> None:
    money = SimpleNamespace(is_money=True, unit_factor=100, unit_label="yuan")
    stove = SimpleNamespace(is_money=False, unit_factor=1, unit_label="pieces")
    rice = SimpleNamespace(is_money=False, unit_factor=1000, unit_label="kg")
    assert ui.amount(91200, money) == "¥\xa0912.00"
    assert ui.amount(2, stove) == "2 pieces"
    assert ui.amount(2_500, rice) == "2.5 kg"
    assert ui.amount(None, rice) == "—"


@pytest.mark.parametrize(
    ("quantity", "unit", "shown"),
    [
        (1, "hour", "1 hour"),
        (3, "hour", "3 hours"),
        (2, "query", "2 queries"),
        (2, "day", "2 days"),
        (5, "kg", "5 kg"),
    ],
)
def test_english_counts_its_units(quantity: int, unit: str, shown: str) -> None:
    item = SimpleNamespace(is_money=False, unit_factor=1, unit_label=unit)
    with translation.override("en"):
        assert ui.amount(quantity, item) == shown
    with translation.override("zh-hans"):
        assert ui.amount(quantity, item) == f"{quantity} {unit}"


def test_dates_are_local_and_in_table_form() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert ui.day(late) == "2026-11-23"
    assert ui.moment(late) == "2026-11-23 00:30"
    assert ui.day(date(2026, 1, 2)) == "2026-01-02"
    assert ui.day(None) == "—"


def test_tag_takes_colour_from_the_slug_and_escapes_the_word() -> None:
    assert ui.tag("<b>", "rejected") == '<span class="tag tag-alert">&lt;b&gt;</span>'
    assert ui.tag("Draft", "draft") == '<span class="tag">Draft</span>'


def test_tag_reads_an_object_with_a_state_and_a_choice() -> None:
    class State(models.TextChoices):
        APPROVED = "approved", "Approved"

    row = SimpleNamespace(state="returned", get_state_display=lambda: "Sent back")
    assert ui.tag(row) == '<span class="tag tag-warm">Sent back</span>'
    assert ui.tag(State.APPROVED) == '<span class="tag tag-ok">Approved</span>'


def test_to_dos_say_what_is_overdue_by_the_products_clock() -> None:
    due = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    todo = Todo("Visit the family", "/visit/", due=due)
    source = '{% include "components/todos.html" %}'
    with clock.fixed(due + timedelta(days=1)):
        assert "Overdue since" in render(source, todos=[todo])
    with clock.fixed(due - timedelta(days=1)):
        assert "Overdue since" not in render(source, todos=[todo])


def test_a_date_in_a_sentence_names_another_year() -> None:
    with clock.fixed(datetime(2026, 11, 20, tzinfo=UTC)), translation.override("en"):
        assert ui.day_words(date(2026, 11, 23)) == "23 November"
        assert ui.day_words(date(2027, 1, 2)) == "2 January 2027"


def test_conflict_page_offers_both_answers_and_keeps_the_rest() -> None:
    stale = Stale("Changed.", differences=[Difference("name", "Your name", "李秀英", "李秀")], version=2)
    form = NeedForm({"name": "李秀", "need": "a", "version": "1", "_key": "k"})
    request = RequestFactory().post("/file/", {"_key": "k"})
    page = render('{% include "conflict.html" %}', request, stale=stale, form=form)
    assert 'name="name" value="李秀英"' in page
    assert 'name="name" value="李秀" checked' in page
    assert '<input type="hidden" name="need" value="a">' in page
    assert '<input type="hidden" name="version" value="2">' in page
    assert 'value="k"' not in page


@pytest.mark.parametrize("code", [400, 403, 404, 413, 500])
def test_error_page_says_what_was_kept_and_shows_the_way_on(code: int) -> None:
    page = render(f'{{% include "{code}.html" %}}', limit_mb=12, county_phone="0991-0000000")
    assert re.search(r"kept|Nothing was", page)
    assert 'class="button"' in page
    assert "0991-0000000" in page


def test_no_state_has_two_colours() -> None:
    slugs = [slug for group in ui.STATES.values() for slug in group.split()]
    assert len(slugs) == len(set(slugs))


def test_severity_speaks_four_words_for_five_grades() -> None:
    with translation.override("en"):
        assert "tag-alert" in ui.severity(5)
        assert ui.severity(2) == ui.severity(1)
        assert ui.severity(None) == ""


def test_submit_key_is_fresh_on_a_new_page() -> None:
    request = RequestFactory().get("/")
    first, second = render("{% submit_key %}", request), render("{% submit_key %}", request)
    assert re.fullmatch(r'<input type="hidden" name="_key" value="[0-9a-f]{32}">', first)
    assert first != second


def test_submit_key_stays_when_the_page_comes_back_with_errors() -> None:
    request = RequestFactory().post("/", {"_key": "k1"})
    assert 'value="k1"' in render("{% submit_key %}", request)
    assert 'value="k1"' not in render("{% submit_key fresh=True %}", request)


def test_fields_mark_the_optional_ones_and_never_use_asterisks() -> None:
    page = render("{% form_fields form %}", form=NeedForm())
    assert page.count("(optional)") == 1
    assert "*" not in page
    assert " required" not in page
    assert 'aria-describedby="id_name_helptext"' in page


def test_errors_stand_in_the_summary_and_at_the_field_in_the_same_words() -> None:
    page = render("{% form_fields form %}", form=NeedForm({"need": "a"}))
    assert '<a href="#id_name">Your name · Write it.</a>' in page
    assert page.count("Write it.") == 2
    assert 'id="id_name_error"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page


def test_a_single_question_says_its_error_without_repeating_itself() -> None:
    page = render("{% form_fields form hide_label=True %}", form=OneQuestionForm({}))
    assert '<a href="#id_name">Write your name.</a>' in page
    assert 'class="field-label visually-hidden"' in page


def test_the_heading_that_asks_the_first_question_stands_in_for_its_label() -> None:
    page = render("{% form_fields form hide_label=True %}", form=NeedForm(), title="What do you need?")
    assert '<legend class="field-label visually-hidden">What do you need?' in page
    assert '<label class="field-label" for="id_name">' in page


def test_a_choice_left_open_asks_to_choose() -> None:
    with translation.override("en"):
        assert NeedForm({"name": "李秀英"}).errors["need"] == ["Choose one to go on."]


def test_an_answer_left_open_asks_to_fill_it_in() -> None:
    class Note(Form):
        text = forms.CharField()

    with translation.override("en"):
        assert Note({}).errors["text"] == ["Still open: fill it in to go on."]


def test_long_lists_of_options_are_small_and_stay_optional() -> None:
    form = NeedForm()
    form.fields["need"].required = False
    page = render("{% field form.need small=True %}", form=form)
    assert 'class="options options-tight options-2"' in page
    assert "(optional)" in page


def test_facts_say_in_words_what_is_not_there() -> None:
    source = '{% include "components/facts.html" %}'
    page = render(source, facts=[("Sent", "2026-11-23"), ("Arrived", "—"), ("Receipt", None), ("Left", 0)])
    assert page.count("none yet") == 2
    assert "<dd>2026-11-23</dd>" in page
    assert "<dd>0</dd>" in page


def test_a_filter_stands_open_only_when_somebody_filtered() -> None:
    class Kept(Form):
        missing = forms.NullBooleanField(required=False, widget=forms.CheckboxInput)

    source = '{% include "components/filters.html" %}'
    assert "data-active" not in render(source, form=Kept(QueryDict("")))
    assert "data-active" in render(source, form=Kept(QueryDict("missing=on")))


def test_the_summary_is_shown_once() -> None:
    page = render("{% error_summary form %}{% form_fields form %}", form=NeedForm({}))
    assert page.count('class="error-summary"') == 1


def test_summary_links_to_the_first_option_of_a_choice() -> None:
    assert 'href="#id_need_0"' in render("{% form_fields form %}", form=NeedForm({"name": "李秀英"}))


def test_option_cards_keep_the_answer_and_show_hints() -> None:
    form = NeedForm({"need": "b", "name": "李秀英"})
    form.fields["need"].option_hints = {"a": "hospital"}  # type: ignore[attr-defined]
    page = render("{% form_fields form %}", form=form)
    assert re.search(r'value="b"[^>]* checked', page)
    assert '<span class="option-hint">hospital</span>' in page


def test_compact_fields_of_a_filter_call_nothing_optional() -> None:
    assert "(optional)" not in render("{% form_fields form compact=True %}", form=NeedForm())


def test_pager_keeps_the_filters_and_replaces_the_cursor() -> None:
    request = RequestFactory().get("/", {"kind": ["a", "b"], "cursor": "old"})
    page = render("{% pager page %}", request, page=Page(rows=[], next="n2", previous=""))
    assert 'href="?kind=a&amp;kind=b&amp;cursor=n2"' in page
    assert 'rel="prev"' not in page


def test_pager_is_silent_when_there_is_one_page() -> None:
    assert render("{% pager page %}", RequestFactory().get("/"), page=Page([], "", "")).strip() == ""


def test_meter_never_exceeds_its_total() -> None:
    page = render('{% meter 7 3 label="Covered" %}')
    assert 'value="3" max="3"' in page
    assert 'value="0" max="1"' in render('{% meter 0 0 label="Covered" %}')


def test_timeline_says_when_who_and_what() -> None:
    page = render(
        "{% timeline entries %}", entries=[{"at": datetime(2026, 11, 23, 6, 5, tzinfo=UTC), "title": "Paid"}]
    )
    assert "2026-11-23 14:05" in page
    assert "Paid" in page


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_has_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def test_stylesheet_needs_nothing_newer_than_chrome_80() -> None:
    css = (ROOT / "static/css/bangfu.css").read_text(encoding="utf-8")
    for newer in (":has(", ":is(", ":where(", "@layer", "@container", "inset:", "aspect-ratio", "color-mix("):
        assert newer not in css
    for rule in re.findall(r"{([^{}]*)}", css):
        assert not ("display: flex" in rule and re.search(r"(?:^|[; ])gap:", rule))


def test_first_view_stays_small() -> None:
    css, js = ROOT / "static/css/bangfu.css", ROOT / "static/js/bangfu.js"
    assert js.stat().st_size <= 10 * 1024
    assert css.stat().st_size <= 40 * 1024


def test_gallery_shows_every_component() -> None:
    page = render('{% include "pages/components.html" %}', RequestFactory().get("/components/"))
    for mark in (
        "option",
        "field-error",
        "tag-alert",
        "notice-ok",
        "meter",
        "timeline",
        "pager",
        "job",
        "empty",
    ):
        assert re.search(rf'class="[^"]*\b{mark}\b', page), mark
