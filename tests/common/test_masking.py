"""What a masked page shows, and that nothing else can be read from it."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from common.masking import age_band, age_on, mask_account, mask_address, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("王", "*"),
        ("王芳", "王*"),
        ("王小明", "王*明"),
        ("欧阳小明", "欧**明"),
        ("阿卜杜拉·买买提", "阿******提"),
        (" 王芳 ", "王*"),
    ],
)
def test_mask_name_keeps_the_first_and_of_long_names_the_last(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("610726194912311234", "610***********1234"),
        ("61072619491231123x", "610***********123X"),
        ("61072619491231123X44", "610***********123X**"),
        ("61072619491231123X44B1", "610***********123X****"),
        ("431389760616601", "***************"),
        ("", ""),
    ],
)
def test_mask_id_hides_the_birth_date_and_the_disability(number, masked):
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001234", "138****1234"),
        ("138 0000 1234", "138****1234"),
        ("+86 138-0000-1234", "138****1234"),
        ("0914-8121234", "*******1234"),
        ("8121234", "***1234"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_mask_phone_shows_head_and_tail(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("account", "masked"), [("6222 0000 1111 2345", "****2345"), ("1234567", "****"), ("", "")]
)
def test_mask_account_shows_the_last_four(account, masked):
    assert mask_account(account) == masked


@pytest.mark.parametrize(
    ("address", "masked"), [("河湾村三组12号", "河湾****"), ("三组12", "****"), ("  ", ""), ("", "")]
)
def test_mask_address_shows_where_it_begins(address, masked):
    assert mask_address(address) == masked


@given(st.from_regex(r"[0-9]{18}", fullmatch=True))
def test_mask_id_shows_seven_characters_of_eighteen(number):
    shown = mask_id(number)

    assert len(shown) == 18
    assert shown[3:14] == "*" * 11
    assert shown.count("*") == 11


def test_age_counts_completed_years():
    assert age_on(date(2010, 11, 24), date(2026, 11, 23)) == 15
    assert age_on(date(2010, 11, 23), date(2026, 11, 23)) == 16
    assert age_on(date(2000, 2, 29), date(2026, 2, 28)) == 25


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2026, 1, 1), "0–5 years old"),
        (date(2020, 11, 23), "6–15 years old"),
        (date(1967, 1, 1), "40–59 years old"),
        (date(1946, 11, 24), "60–79 years old"),
        (date(1946, 11, 23), "80 years and older"),
    ],
)
def test_age_band_stands_for_the_birth_date(born, band):
    with translation.override("en"):
        assert age_band(born, date(2026, 11, 23)) == band


def test_template_filters_mask_and_leave_nothing_as_nothing():
    page = Template(
        "{% load masking %}{{ name|mask_name }} {{ number|mask_id }} {{ phone|mask_phone }} {{ account|mask_account }}"
        "[{{ none|mask_name }}{{ none|mask_id }}{{ none|mask_phone }}{{ none|mask_account }}{{ none|age_band }}]"
        "{{ born|age_band }}"
    )
    values = {
        "name": "王小明",
        "number": "610726194912311234",
        "phone": "13800001234",
        "account": "62220000",
        "born": clock.today(),
        "none": None,
    }

    with translation.override("en"):
        shown = page.render(Context(values))

    assert shown == "王*明 610***********1234 138****1234 ****0000[]0–5 years old"
