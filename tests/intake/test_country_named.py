"""A country that somebody names among the words for a place."""

import pytest

from hotline.intake.country import country_named


@pytest.mark.parametrize(
    ("words", "locale", "country"),
    [
        ("Doha, Qatar", "en", "QA"),
        ("الدوحة، قطر", "ar", "QA"),
        ("Doha, Qatar", "ar", "QA"),
        ("Mumbai भारत", "hi", "IN"),
        ("กรุงเทพ ประเทศไทย", "th", ""),
        ("กรุงเทพ ไทย", "th", "TH"),
        ("Jordan Street, Beirut, Lebanon", "en", "LB"),
        ("new zealand", "en", "NZ"),
        ("Juba, South Sudan", "en", "SS"),
        ("Papua New Guinea", "en", "PG"),
        ("Malabo, Equatorial Guinea", "en", "GQ"),
        ("send us food", "en", ""),
        ("Dublin", "en", ""),
        ("", "en", ""),
        ("Qatar", "xx", "QA"),
    ],
)
def test_only_whole_names_count_and_the_last_of_them(words, locale, country):
    assert country_named(words, locale) == country
