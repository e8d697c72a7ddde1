"""Numbers of documents go whole: by their form, by their check digits, or because a document is named before them."""

import pytest

from hotline.anonymize.detectors.national_number import countries, is_surely_an_id
from hotline.domain.identity import Label

BY_FORM = {
    "ES": ["12345678Z", "X1234567L"], "GB": ["AB123456C", "AB 12 34 56 C"], "US": ["123-45-6789"], "MX": ["GOMC900101HDFXXX05"],
    "BR": ["123.456.789-09"], "IN": ["ABCDE1234F", "1234 5678 9012"], "CN": ["11010519491231002X"], "RO": ["1960101123456"],
    "DE": ["L01X00T47"], "IT": ["RSSMRA85T10A562S"], "FR": ["1 84 12 76 451 089 46"], "TH": ["1-2345-67890-12-1"],
    "PK": ["12345-1234567-1"], "MM": ["12/ကခဂ(နိုင်)123456"], "PL": ["ABS123456"], "TZ": ["TAE000418"], "PH": ["P1234567A"],
    "ET": ["ETH-0000417"], "NG": ["A00000318"], "KE": ["A001234567B"], "zone": ["P<UTOERIKSSON<<ANNA<MARIA<<<<<"],
}  # fmt: skip
AFTER_A_DOCUMENT = [
    ("passport no {}", "AB 123 456"), ("pasaporte: {}", "G 001287"), ("паспорт серии {}", "45 09 123456"), ("паспорт {}", "00 0004127"),
    ("CNP {}", "5000101 00017"), ("PESEL {}", "000 000 00417"), ("NIN {}", "000 0041 7220"), ("CCCD {}", "000204 000317"),
    ("passeport n° {}", "12 AB 34567"), ("passaporte {}", "GA 000773"), ("आधार {}", "0000 1111 2207"), ("پاسپورٹ نمبر {}", "AB 1234567"),
    ("جواز السفر رقم {}", "A 1234 567"), ("گذرنامه {}", "A 0000 4172"), ("護照號碼 {}", "3001 2345 6"), ("hộ chiếu số {}", "B 123 4567"),
    ("buku pelaut F, NIK {}", "0000 0001 0185 0017"), ("my iqama is {}", "2000 000 417"),
]  # fmt: skip
CHECKED = {
    "AR": "27220346140", "BE": "00122275131", "BG": "1525254867", "BR": "57280922171", "CH": "7566375809264",
    "DE": "63482574013", "DO": "84485368876", "EE": "58712073259", "GR": "17069883365", "HR": "05493820340", "LT": "91242586982",
    "LV": "63704993323", "NO": "17490169539", "PE": "20551201491", "PL": "74621842239", "TR": "68424035596", "PY": "44591900",
    "CO": "2608614555", "CZ": "9971246054", "EC": "2167819446", "GB": "0307383148", "IS": "5712935799", "UA": "5966137950",
    "AU": "312361396", "CA": "951230853", "CL": "61099508K", "IL": "193472198", "NL": "436933974", "PT": "468266941",
    "KR": "1804290197033", "MD": "8795317747451", "ME": "1312332242917", "RO": "7500101176286", "TH": "7575980278543",
    "ZA": "8603312097184", "ES": "25493490Z", "SK": "7459051248",
}  # fmt: skip


@pytest.mark.parametrize("number", [each for forms in BY_FORM.values() for each in forms])
@pytest.mark.parametrize("around", ["see {} please", "{}", "мой {}."])
def test_nothing_of_an_id_stays(number, around, left):
    assert left(around.format(number), number) == ""


@pytest.mark.parametrize(("text", "number"), AFTER_A_DOCUMENT)
def test_what_follows_a_document_is_an_id(text, number, left, labels):
    said = text.format(number)
    assert left(said, number) == ""
    assert labels(said) & {Label.ID, Label.VEHICLE, Label.PHONE}


@pytest.mark.parametrize("country", CHECKED)
def test_check_digits_tell_whose_id_a_number_is(country):
    number = CHECKED[country]
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert country in countries(number)
    assert country not in countries(wrong)


@pytest.mark.parametrize("country", ["TR", "NO", "RO", "ZA", "PL"])
def test_a_number_that_checks_is_called_an_id_and_one_that_does_not_goes_too(country, left, labels):
    number = CHECKED[country]
    assert is_surely_an_id(number)
    assert Label.ID in labels(f"here {number} it is")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert left(f"here {wrong} it is", wrong) == ""


@pytest.mark.parametrize("number", ["", "1", "x" * 30, "0" * 18, "11010519991331002X", "ÀÀ1234567"])
def test_no_number_makes_a_check_fail(number):
    assert isinstance(countries(number), tuple)


@pytest.mark.parametrize(
    "text",
    ["they took my passport 3 weeks ago", "no visa and 2 children", "my passport is with the boss"],
)
def test_a_document_without_a_number_leaves_its_words(text, labels):
    assert Label.ID not in labels(text)
