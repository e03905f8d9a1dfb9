"""Check digits against published numbers and against every single slip of a pen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.exceptions import Refused
from common.identity import (
    RESIDENT_CHECKS,
    USCC_ALPHABET,
    birth_date_of,
    check_id_document,
    check_resident_id,
    check_uscc,
    kind_of_number,
    known_region,
    plain_name,
    resident_id_check_digit,
    sex_of,
    uscc_check_character,
)

TODAY = date(2026, 11, 23)
PUBLISHED = ["11010519491231002X", "440524188001010014", "360426199101010071"]
PUBLISHED_CODES = ["91110000600037341L", "51100000MJ00000015", "52610000MJ0000002T", "53100000500000003A"]


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def refusal(check, text, **options) -> str:
    with pytest.raises(Refused) as refused:
        check(text, **options)
    return refused.value.code


@pytest.mark.parametrize("number", PUBLISHED)
def test_resident_id_published_examples_pass(number):
    assert check_resident_id(number, today=TODAY) == number


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        full_width("11010519491231002X"),
        "110105\u300019491231002X",
    ],
)
def test_resident_id_is_normalised(written):
    assert check_resident_id(written, today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("360426199101010072", "resident_id_check_digit"),
        ("36042619910102009X", "resident_id_check_digit"),
        ("360426199113010079", "resident_id_birth_date"),
        ("36042617990101001X", "resident_id_birth_date"),
        ("431389760616601", "resident_id_old"),
        ("36042619910101007", "resident_id_length"),
        ("", "resident_id_length"),
        ("3604261991010100711", "resident_id_length"),
        ("T60426199101010078", "resident_id_characters"),
        ("3604261991010100\u06671", "resident_id_characters"),
    ],
)
def test_resident_id_refuses_with_its_own_code(number, code):
    assert refusal(check_resident_id, number, today=TODAY) == code


def test_resident_id_born_today_passes_and_tomorrow_is_refused():
    born = "61072620261123001"
    unborn = "61072620261124001"

    assert check_resident_id(born + resident_id_check_digit(born), today=TODAY)
    assert (
        refusal(check_resident_id, unborn + resident_id_check_digit(unborn), today=TODAY)
        == "resident_id_birth_date"
    )


def test_resident_id_born_on_a_leap_day_needs_a_leap_year():
    leap, common = "61072620000229001", "61072619990229001"

    assert check_resident_id(leap + resident_id_check_digit(leap), today=TODAY)
    assert (
        refusal(check_resident_id, common + resident_id_check_digit(common), today=TODAY)
        == "resident_id_birth_date"
    )


def test_resident_id_refusal_names_its_field():
    with pytest.raises(Refused) as refused:
        check_resident_id("1", today=TODAY, field="id_number")

    assert refused.value.field == "id_number"


@given(
    seventeen=st.from_regex(
        r"610726(19[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True
    ),
    place=st.integers(0, 17),
    shift=st.integers(1, 9),
)
def test_resident_id_never_passes_with_one_wrong_character(seventeen, place, shift):
    number = seventeen + resident_id_check_digit(seventeen)
    if place == 17:
        wrong = number[:17] + RESIDENT_CHECKS[(RESIDENT_CHECKS.index(number[17]) + shift) % 11]
    else:
        wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert check_resident_id(number, today=TODAY) == number
    with pytest.raises(Refused):
        check_resident_id(wrong, today=TODAY)


def test_birth_date_and_sex_are_read_from_the_number():
    assert birth_date_of("11010519491231002X") == date(1949, 12, 31)
    assert sex_of("11010519491231002X") == "female"
    assert sex_of("440524188001010014") == "male"


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "371001198010082394", "810000199001010001", "830000199001010001"]
)
def test_known_region_accepts_present_historic_and_permit_prefixes(number):
    assert known_region(number)


@pytest.mark.parametrize("number", ["990101199001010001", "345955198706122245", "000000199001010001"])
def test_known_region_says_no_to_a_prefix_never_given(number):
    assert not known_region(number)


def test_unknown_region_is_no_reason_to_refuse():
    assert check_resident_id("990426199112010074", today=TODAY) == "990426199112010074"


@pytest.mark.parametrize("tail", ["44", "11", "73", "44B1", "4401"])
def test_disability_certificate_carries_the_id_and_two_or_four_more(tail):
    number = "11010519491231002X" + tail

    assert check_id_document("disability_certificate", number, today=TODAY) == number
    assert birth_date_of(number) == date(1949, 12, 31)


@pytest.mark.parametrize("tail", ["", "4", "84", "45", "444", "44C1", "44B"])
def test_disability_certificate_with_another_tail_is_refused(tail):
    number = "11010519491231002X" + tail

    assert refusal(lambda text: check_id_document("disability_certificate", text), number) == (
        "disability_certificate_shape"
    )


def test_disability_certificate_holds_a_checked_resident_id():
    assert refusal(
        lambda text: check_id_document("disability_certificate", text), "11010519491231003X44"
    ) == ("resident_id_check_digit")


def test_document_of_kind_resident_id_is_the_card_alone():
    assert check_id_document("resident_id", "11010519491231002x", today=TODAY) == "11010519491231002X"
    assert (
        refusal(lambda text: check_id_document("resident_id", text), "11010519491231002X44")
        == "resident_id_length"
    )


@pytest.mark.parametrize("code", PUBLISHED_CODES)
def test_uscc_published_examples_pass(code):
    assert check_uscc(code) == code


@pytest.mark.parametrize(
    "written", ["91 110000 600037341L", "91110000600037341l", " " + full_width("91110000600037341L")]
)
def test_uscc_is_normalised(written):
    assert check_uscc(written) == "91110000600037341L"


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("91110000600037341N", "uscc_check_character"),
        ("9111000060003IOZSV", "uscc_characters"),
        ("911A0000600037341L", "uscc_characters"),
        ("91110000600037341", "uscc_length"),
        ("", "uscc_length"),
    ],
)
def test_uscc_refuses_with_its_own_code(code, refused):
    assert refusal(check_uscc, code) == refused


@pytest.mark.parametrize("authority", ["N2", "Y1", "G1"])
def test_uscc_of_any_authority_passes(authority):
    seventeen = authority + "610726MA0000001"

    assert check_uscc(seventeen + uscc_check_character(seventeen))


@given(
    seventeen=st.from_regex(rf"[{USCC_ALPHABET}]{{2}}[0-9]{{6}}[{USCC_ALPHABET}]{{9}}", fullmatch=True),
    place=st.integers(0, 17),
    shift=st.integers(1, 30),
)
def test_uscc_never_passes_with_one_wrong_character(seventeen, place, shift):
    code = seventeen + uscc_check_character(seventeen)
    other = USCC_ALPHABET[(USCC_ALPHABET.index(code[place]) + shift) % 31]

    assert check_uscc(code) == code
    with pytest.raises(Refused):
        check_uscc(code[:place] + other + code[place + 1 :])


# One number of each class of the published vectors, all of them nobody's: the prefix 990101 was never given.
DECIDED = [
    ("99010119540308024", "valid", "a card"),
    ("99010119540308024x", "valid", "a small x, or whatever the check digit is"),
    ("99010119541308024", "resident_id_birth_date", "a month that is none"),
    ("99010119550230024", "resident_id_birth_date", "a day that never was"),
    ("99010120990101024", "resident_id_birth_date", "a day still to come"),
    ("T9010119540308024", "resident_id_characters", "a letter for a digit"),
    ("990101540308024", "resident_id_old", "a number of the first generation"),
    ("9901011954030802", "resident_id_length", "a digit lost"),
]


@pytest.mark.parametrize(("stem", "verdict", "what"), DECIDED, ids=[what for _, _, what in DECIDED])
def test_every_class_of_number_is_decided(stem: str, verdict: str, what: str) -> None:
    """The table of decision 0003, class by class; the unknown place is a warning in all of them."""
    seventeen = stem[:17]
    whole = seventeen.isdigit() and len(seventeen) == 17
    number = (
        seventeen + resident_id_check_digit(seventeen) if whole else stem + ("0" if len(stem) == 17 else "")
    )
    assert not known_region(number)
    if verdict == "valid":
        assert check_resident_id(number, today=TODAY) == number
    else:
        assert refusal(check_resident_id, number, today=TODAY) == verdict


def test_every_wrong_check_digit_of_a_made_up_number_is_refused() -> None:
    seventeen = "99010119540308024"
    right = resident_id_check_digit(seventeen)

    for digit in RESIDENT_CHECKS:
        if digit != right:
            assert refusal(check_resident_id, seventeen + digit, today=TODAY) == "resident_id_check_digit"


@pytest.mark.parametrize(
    ("length", "kind"), [(18, "resident_id"), (20, "disability_certificate"), (22, "disability_certificate")]
)
def test_kind_follows_from_the_length_where_none_is_named(length: int, kind: str) -> None:
    number = "99010119540308024" + resident_id_check_digit("99010119540308024")

    assert kind_of_number((number + "44B1")[:length]) == kind


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・ 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提.依明", "阿卜杜拉·买买提·依明"),
        (" 王 芳 ", "王芳"),
        ("\u3000王\u3000芳", "王芳"),
        ("赵", "赵"),
        ("玛", "玛"),
        ("John F. Smith", "John F. Smith"),
    ],
)
def test_name_is_kept_as_the_card_spells_it(written: str, kept: str) -> None:
    assert plain_name(written) == kept
