"""Identifiers with a form of their own are found in the forms of many countries."""

import pytest

from hotline.anonymize import redact
from hotline.anonymize.detectors.card import passes_luhn
from hotline.anonymize.detectors.iban import is_valid
from hotline.domain.identity import Label

PHONES = [
    "+1 500 555 0006", "(500) 555-0006", "500.555.0006", "00 44 7700 900123", "07700 900123", "+34 600 000 111",
    "06 12 34 56 78", "8 (900) 000-00-11", "+380 50 000 00 11", "+55 11 90000-0011", "0812-0000-0011", "+86 139 0000 0011",
    "٠١٠ ٠٠٠٠ ٠٠١١", "۰۹۱۲ ۰۰۰ ۰۰۱۱", "९८४०००००११", "০১৭০০-০০০০১১", "๐๘๑ ๐๐๐ ๐๐๑๑", "5.0.0.5.5.5.0.0.0.6", "5 0 0 5 5 5 0 0 0 6", "５００５５５０００６",
    "o7700 9oo123", "0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣",
]  # fmt: skip

SPOKEN = [
    "you can reach me on oh seven seven double oh nine double oh one four",
    "mi número es seis cero cero uno dos tres cuatro cinco seis",
    "mon numéro zéro six douze trente-quatre cinquante-six soixante-dix huit zéro",
    "мой номер восемь девятьсот ноль ноль один двадцать три сорок пять",
    "رقمي خمسة صفر صفر واحد سبعة صفر ثلاثة",
    "我的电话一三八零零一二三四五六",
    "เบอร์ศูนย์แปดหนึ่งสองสามสี่ห้าหก",
]

IDENTITY_NUMBERS = [
    "X1234567L", "12345678Z", "AB123456C", "123-45-6789", "GOMC900101HDFXXX05", "123.456.789-09", "ABCDE1234F",
    "1234 5678 9012", "11010519491231002X", "1960101123456", "P1234567", "GA-000773", "TAE000418", "4509 123456",
    "4111 1111 1111 1111", "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000",
]  # fmt: skip

PLATES = [
    "AB12 CDE",
    "1234 BCD",
    "AA-123-BB",
    "А123ВС 77",
    "ABC-1D23",
    "粤B·12345",
    "KA 01 AB 1234",
    "กข 1234",
    "WX 12345",
]

ADDRESSES = [
    "112 Gannet Lane",
    "calle Alfarero 19",
    "7 rue des Lilas",
    "ул. Садовая, 9",
    "Jl. Melati 12",
    "Via Roma 3",
    "شارع النخيل ٥",
]

DATES = [
    "03/14/1988",
    "21.06.2002",
    "2003年5月17日",
    "1 de enero de 2000",
    "7 января 2001",
    "12 March 1990",
    "५ जनवरी २०१०",
    "3 رمضان 1445",
]

PAGES = [
    "https://jobs.example/apply?x=1",
    "www.work-abroad.example",
    "t.me/agent",
    "jobs-asia.com/form",
    "hxxp://bad.example",
]

EMAILS = [
    "g.okwuosa88@example.com",
    "maria at example dot org",
    "maria arroba gmail punto com",
    "мария@пример.рф",
]

HANDLES = ["@kelvin_naso", "kelvin_naso", "#agentkelvin"]


def _left(text: str, identifier: str) -> str:
    """Return what is still visible of *identifier* in the redacted text."""
    redaction = redact(text)
    start = text.index(identifier)
    hidden = {place for span in redaction.spans for place in range(span.start, span.end)}
    return "".join(c for at, c in enumerate(identifier, start) if c.isalnum() and at not in hidden)


@pytest.mark.parametrize(
    "identifier", PHONES + IDENTITY_NUMBERS + PLATES + PAGES + EMAILS + HANDLES
)
@pytest.mark.parametrize("around", ["please note {} thank you", "{}", "x: {}.", "моё {} вот"])
def test_nothing_of_an_identifier_stays(identifier: str, around: str) -> None:
    assert _left(around.format(identifier), identifier) == ""


@pytest.mark.parametrize("identifier", DATES)
def test_no_number_of_a_date_stays(identifier: str) -> None:
    assert not any(char.isdigit() for char in _left(f"born on {identifier} there", identifier))


@pytest.mark.parametrize("identifier", ADDRESSES)
def test_no_address_stays(identifier: str) -> None:
    assert _left(f"we are at {identifier}", identifier) == ""


@pytest.mark.parametrize("text", SPOKEN)
def test_a_number_said_digit_by_digit_is_a_phone(text: str) -> None:
    assert Label.PHONE in {span.label for span in redact(text).spans}


@pytest.mark.parametrize(
    "text",
    [
        "there are 22 men in one room", "3 weeks without pay", "we work 16 hours a day", "they pay 500 dollars",
        "somos 3 chicas y trabajamos 12 horas", "il me doit 28 000 euros", "нас 3 женщины", "they come at 9 pm",
        "he owes $14,000 to them", "2 men took me at 10:30",
    ],
)  # fmt: skip
def test_counts_money_and_clock_times_stay(text: str) -> None:
    assert [char for char in redact(text).text if char.isdigit()] == [
        c for c in text if c.isdigit()
    ]


@pytest.mark.parametrize(
    "text",
    ["my sister is 16 years old", "mi prima tiene 16 años", "ma sœur a 16 ans", "Моей сестре 16.", "she is 15", "عمرها 16 سنة"],
)  # fmt: skip
def test_ages_go(text: str) -> None:
    assert not any(
        char.isdigit()
        for char in redact(text).text.replace("[AGE 1]", "").replace("[OTHER_ID 1]", "")
    )


@pytest.mark.parametrize(
    "text", ["telegram: kelvin.99", "line id kelvin99", "加微信kelvin99", "انستا kelvin.99"]
)
def test_a_name_on_a_network_goes_and_the_network_stays(text: str) -> None:
    redacted = redact(text).text
    assert "kelvin" not in redacted
    assert "[HANDLE 1]" in redacted


def test_check_digits() -> None:
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")
    assert is_valid("gb82west12345698765432")
    assert not is_valid("gb82west12345698765433")
