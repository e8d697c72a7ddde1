"""Whom to dial where a life is in danger: the police, or one number for everything, first."""

import tomllib
from itertools import chain
from pathlib import Path

import pytest
from phonenumbers import SUPPORTED_REGIONS
from phonenumbers.shortnumberinfo import is_emergency_number

import hotline.law
from hotline.i18n import country_name
from hotline.law import Dial, dial, emergency_numbers


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


def kept() -> dict[str, dict[str, list[str]]]:
    path = Path(hotline.law.__file__).parent / "numbers.toml"
    return tomllib.loads(path.read_text())


def test_each_number_is_an_emergency_number_of_that_country_or_says_where_it_stands():
    countries = kept()
    elsewhere = countries.pop("elsewhere")
    foreign = {
        country
        for country, its in countries.items()
        for number in chain(*its.values())
        if not is_emergency_number(number, country)
    }
    assert foreign == set(elsewhere)


def test_each_country_is_one_and_has_some_number():
    countries = kept()
    del countries["elsewhere"]
    assert set(countries) <= SUPPORTED_REGIONS
    for country, its in countries.items():
        assert set(its) <= {"all", "police", "ambulance"}, country
        assert its.get("all") or its.get("police"), country
        assert country_name(country, "en") != country


@pytest.mark.parametrize("country", sorted(kept().keys() - {"elsewhere"}))
def test_the_police_are_dialled_first_or_a_number_for_everything(country):
    its = dial(country)
    assert emergency_numbers(country)[0] == (*its.police, *its.all)[0]


def test_who_has_one_number_for_everything_and_who_has_several():
    assert dial("ie") == Dial("IE", all=("999", "112"))
    assert dial("BR") == Dial("BR", police=("190",), ambulance=("192",))
    assert dial("FR") == Dial("FR", all=("112",), police=("17",), ambulance=("15",))


@pytest.mark.parametrize("country", ["", "XX", "GN", "elsewhere", "../IE"])
def test_nothing_is_guessed(country):
    assert dial(country) is None
