"""A jurisdiction file is read whole or not at all, and whoever wrote it is told where it is wrong."""

from datetime import date

import pytest

from hotline.errors import Misconfigured
from hotline.law import ConsentAge, Counsel, Feedback, Law
from hotline.law.reading import read_file
from tests.law.files import WHOLE, jurisdiction_file

TODAY = date(2026, 11, 26)


def read(folder, *changes):
    return read_file(jurisdiction_file(folder, *changes) / "ie.toml")


def test_everything_that_stands_in_a_file_is_read(tmp_path):
    its = read(tmp_path)
    assert (its.code, its.name, its.reader) == ("IE", "Ireland", "A house of the tests.")
    assert its.counsel == Counsel("Aoife Byrne, solicitor", date(2026, 1, 15))
    duty = its.duties[0]
    assert (duty.id, duty.under, duty.within, duty.to) == (
        "children_first", 18, 48, "child_protection",
    )  # fmt: skip
    assert duty.to_whom == "The Child and Family Agency"
    assert duty.source.checked == date(2026, 1, 10)
    assert its.consent_age == ConsentAge(16, "A parent or guardian.", its.consent_age.source)
    assert its.feedback == Feedback(5, 2)
    assert its.feedback_of("night") == Feedback(0, 3)
    assert its.feedback_of("main") == Feedback(5, 2)
    assert its.emergency_numbers == ("112", "999")
    assert [source.statute for source in its.sources] == [
        "An Act, section 14", "An Act, section 2", "A directive, article 9",
    ]  # fmt: skip


def test_at_once_is_no_hours_at_all(tmp_path):
    assert read(tmp_path, ("within = 48", 'within = "at once"')).duties[0].within == 0


@pytest.mark.parametrize(
    ("counsel", "is_in_force"),
    [
        (('name = "Aoife Byrne, solicitor"', 'name = ""'), False),
        (('name = "Aoife Byrne, solicitor"', 'name = "  "'), False),
        (('name = "Aoife Byrne, solicitor"\n', ""), False),
        (('date = "2026-01-15"', 'date = ""'), False),
        (('date = "2026-01-15"\n', "\n"), False),
        (('date = "2026-01-15"', 'date = "2026-11-27"'), False),
        (('date = "2026-01-15"', 'date = "2062-01-15"'), False),
        (('date = "2026-01-15"', 'date = "2026-11-26"'), True),
        (('date = "2026-01-15"', "date = 2026-01-15"), True),
    ],
)
def test_a_duty_counts_only_once_counsel_stands_in_the_file_by_name_and_past_day(
    tmp_path, counsel, is_in_force
):
    assert bool(read(tmp_path, counsel).duties_on(TODAY)) is is_in_force


@pytest.mark.parametrize(
    "written", ['"soon"', '"2026-02-30"', '"15.1.2026"', '"20260115"', "20260115", "2026-01-15T10:00:00", "true"]
)  # fmt: skip
def test_a_day_of_counsel_that_is_no_day_stops_the_start(tmp_path, written):
    with pytest.raises(Misconfigured, match=r"^ie\.toml: counsel\.date: it is no day"):
        read(tmp_path, ('date = "2026-01-15"', f"date = {written}"))


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        (('code = "IE"', 'code = "ie"'), "code", "does not look like IE"),
        (('code = "IE"\n', ""), "code", "missing"),
        (('name = "Ireland"', "name = 7"), "name", "no words"),
        (('name = "Ireland"', 'name = " "'), "name", "empty"),
        (("[counsel]\n", "[council]\n"), "counsel", "missing"),
        (('id = "children_first"', 'id = "Children First"'), "duty 1.id", "does not look like"),
        (("under = 18", "under = 19"), "duty 1.under", "from 1 to 18"),
        (("under = 18", "under = true"), "duty 1.under", "from 1 to 18"),
        (("under = 18\n", ""), "duty 1.under", "from 1 to 18"),
        (("within = 48", 'within = "soon"'), "duty 1.within", "from 1 to 744"),
        (("within = 48", "within = 0"), "duty 1.within", "from 1 to 744"),
        (("within = 48", "within = -1"), "duty 1.within", "from 1 to 744"),
        (("within = 48", "withing = 48"), "duty 1.within", "from 1 to 744"),
        (("within = 48", "within = 48\nurgent = true"), "duty 1.urgent", "nobody knows"),
        (('to = "child_protection"', 'to = "family"'), "duty 1.to", "none of police"),
        (('source = "https://law.example/14"', 'source = "law.example"'), "duty 1.source", "https"),
        (("checked = 2026-01-10", 'checked = ""'), "duty 1.checked", "no day"),
        (("alone = 16", "alone = 0"), "consent_age.alone", "from 1 to 21"),
        (("acknowledge_days = 5", "acknowledge_days = 900"), "feedback.acknowledge_days", "366"),
        (("[feedback.desk.night]\nacknowledge_days = 0", "[feedback.desk]\nnight = 3"), "feedback.desk.night", "no table"),
        (('["112", "999"]', "[112]"), "emergency.numbers", "no list"),
        (('["112", "999"]', '["call us"]'), "emergency.numbers", "no list"),
        (("[[duty]]", "[duty]"), "duty", "no list of tables"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_field_and_reason(tmp_path, change, field, why):
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, change)
    assert str(refused.value).startswith(f"ie.toml: {field}: ")
    assert why in str(refused.value)


def test_two_duties_never_share_an_id(tmp_path):
    duty = WHOLE[WHOLE.index("[[duty]]") : WHOLE.index("[consent_age]")]
    with pytest.raises(Misconfigured, match="duty: two of them have the id children_first"):
        read(tmp_path, ("[consent_age]", duty + "[consent_age]"))


@pytest.mark.parametrize("content", [b"code = ", b"\xff\xfe", b"#" * 300_000])
def test_what_is_no_file_of_rules_is_refused(tmp_path, content):
    (tmp_path / "ie.toml").write_bytes(content)
    with pytest.raises(Misconfigured, match=r"^ie\.toml: it "):
        read_file(tmp_path / "ie.toml")


def test_one_malformed_file_keeps_all_of_them_out(tmp_path):
    folder = jurisdiction_file(tmp_path)
    jurisdiction_file(folder, ('code = "IE"', 'code = "GB"'), ("under = 18", ""), name="gb.toml")
    with pytest.raises(Misconfigured, match=r"^gb\.toml: duty 1\.under"):
        Law.load(folder, "IE")
