"""Whom to dial where a life is in danger: the police, or one number for everything, first."""

import tomllib
from pathlib import Path

import pytest
from phonenumbers import SUPPORTED_REGIONS

import hotline.law
from hotline.law import emergency_numbers


@pytest.mark.parametrize(
    ("country", "first"),
    [
        ("IE", ("999", "112")),
        ("GB", ("999", "112")),
        ("US", ("911", "112")),
        ("MX", ("911", "060", "065", "066", "068", "080")),
        ("BR", ("190", "112", "911", "128", "192", "193")),
        ("FR", ("17", "112", "15", "18")),
        ("DE", ("110", "112")),
        ("ES", ("112", "085", "088")),
        ("RO", ("112",)),
        ("UA", ("102", "112", "101", "103")),
        ("IN", ("112", "100", "101", "102", "108", "1298", "2611")),
        ("NP", ("100", "112", "101", "102", "103")),
        ("TH", ("191", "199", "1669")),
        ("VN", ("113", "114", "115")),
        ("JP", ("110", "119")),
        ("QA", ("999",)),
        ("AE", ("999", "112", "997", "998")),
        ("ZA", ("10111", "112", "10177")),
        ("AU", ("000", "112", "106")),
        ("NZ", ("111",)),
    ],
)
def test_a_country_s_own_number_comes_first(country, first):
    assert emergency_numbers(country) == first


def test_a_country_may_be_written_small():
    assert emergency_numbers("ie") == emergency_numbers("IE")


@pytest.mark.parametrize("country", ["", "XX", "ZZ", "Ireland", "001", "../IE"])
def test_what_is_no_country_has_no_numbers(country):
    assert emergency_numbers(country) == ()


def test_no_page_is_flooded_with_numbers():
    assert len(emergency_numbers("GA")) == 8
    assert emergency_numbers("GA")[0] == "1730"


def test_nearly_every_country_has_a_number():
    nothing = {country for country in SUPPORTED_REGIONS if not emergency_numbers(country)}
    assert nothing == {"GN", "GQ", "IO", "TA", "TK"}


def test_every_number_to_dial_first_is_one_of_that_country():
    path = Path(hotline.law.__file__).parent / "dial_first.toml"
    for number, countries in tomllib.loads(path.read_text()).items():
        for country in countries:
            assert emergency_numbers(country)[0] == number, country
