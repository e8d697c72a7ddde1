"""Which rules hold for a report: those of the house, and those of its country where there is a file."""

from datetime import date, timedelta

import pytest

from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.law import ADULT, NO_LAW, Feedback, Law, emergency_numbers
from tests.law.files import jurisdiction_file

TODAY = date(2026, 11, 26)
GB = (('code = "IE"', 'code = "GB"'), ('id = "children_first"', 'id = "working_together"'))


def ids(law, country, on=TODAY):
    return [(its.code, duty.id) for its, duty in law.duties(country, on)]


@pytest.mark.parametrize("house", ["", "IE", "IN", "US"])
@pytest.mark.parametrize("country", ["", "IE", "IN", "US", "FR"])
def test_what_is_shipped_binds_nobody(house, country):
    law = Law.load(house=house)
    assert ids(law, country) == []
    assert not law.must_tell_of_children(TODAY)
    assert law.consent_age(country, TODAY) == ADULT


def test_every_shipped_example_names_its_statutes_and_nobody_s_counsel():
    law = Law.load()
    assert set(law.jurisdictions) == {"IE", "IN", "US"}
    for its in law.jurisdictions.values():
        assert its.counsel.name == ""
        assert its.counsel.day is None
        assert its.duties
        for source in its.sources:
            assert source.statute
            assert source.address.startswith("https://")
            assert source.checked <= TODAY


def test_a_file_of_the_operators_stands_in_place_of_the_shipped_one(tmp_path):
    law = Law.load(jurisdiction_file(tmp_path), "IE")
    assert ids(law, "") == [("IE", "children_first")]
    assert law.jurisdiction("IE").counsel.name == "Aoife Byrne, solicitor"
    assert law.jurisdiction("IN") is not None
    assert law.must_tell_of_children(TODAY)
    assert not law.must_tell_of_children(date(2026, 1, 14))


def test_the_house_s_law_holds_everywhere_and_a_country_s_beside_it(tmp_path):
    law = Law.load(jurisdiction_file(jurisdiction_file(tmp_path), *GB, name="gb.toml"), "IE")
    assert ids(law, "FR") == [("IE", "children_first")]
    assert ids(law, "IE") == [("IE", "children_first")]
    assert ids(law, "GB") == [("IE", "children_first"), ("GB", "working_together")]


def test_where_a_duty_may_come_from_another_country_the_stronger_word_is_said(tmp_path):
    assert Law.load(jurisdiction_file(tmp_path, *GB)).must_tell_of_children(TODAY)


def test_no_file_means_no_duty():
    assert ids(NO_LAW, "IE") == []
    assert NO_LAW.of_country("IE") is None
    assert NO_LAW.feedback("main") == Feedback(7, 3)


def test_a_report_from_elsewhere_is_the_house_s(tmp_path):
    law = Law.load(jurisdiction_file(tmp_path), "IE")
    assert law.of_country("FR").code == "IE"
    assert law.of_country("IN").code == "IN"


def test_an_age_of_consent_counts_like_a_duty_once_counsel_has_read_it(tmp_path):
    law = Law.load(jurisdiction_file(tmp_path), "IE")
    assert law.consent_age("", TODAY) == 16
    assert law.consent_age("", date(2026, 1, 15) - timedelta(days=1)) == ADULT


def test_each_desk_may_keep_its_own_clocks(tmp_path):
    law = Law.load(jurisdiction_file(tmp_path), "IE")
    assert law.feedback("main") == Feedback(5, 2)
    assert law.feedback("night").acknowledge_days == 0


def test_a_file_may_say_whom_to_dial(tmp_path):
    numbers = ('["112", "999"]', '["112"]')
    law = Law.load(jurisdiction_file(tmp_path, numbers), "IE")
    assert law.emergency_numbers("IE") == ("112",)
    assert law.emergency_numbers("GB") == emergency_numbers("GB")


def test_a_house_without_a_file_does_not_start():
    with pytest.raises(Misconfigured, match="JURISDICTION: there is no file for FR"):
        Law.load(house="FR")


def test_two_files_for_one_country_do_not_start(tmp_path):
    folder = jurisdiction_file(jurisdiction_file(tmp_path), name="other.toml")
    with pytest.raises(Misconfigured, match=r"other\.toml: code: another file is for IE"):
        Law.load(folder)


def test_the_settings_name_the_house_s_country_and_the_folder(tmp_path):
    env = {"PUBLIC_URL": "https://line.example", "DATABASE_URL": "sqlite:///x", "KEYS_DIR": str(tmp_path)}  # fmt: skip
    config = Config.from_env({**env, "JURISDICTION": "IE", "JURISDICTIONS": str(tmp_path)})
    assert (config.jurisdiction, config.jurisdictions) == ("IE", tmp_path)
    assert Config.from_env(env).jurisdictions is None
    for name, value in (("JURISDICTION", "Ireland"), ("JURISDICTIONS", "/nowhere/at/all")):
        with pytest.raises(Misconfigured, match=name):
            Config.from_env({**env, name: value})
