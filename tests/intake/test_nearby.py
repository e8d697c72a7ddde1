"""A night in which nobody is awake: who asks gets numbers to call, over the provider's webhook, and nothing is given away."""

from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from hotline import consent
from hotline.dialogue.state import State
from hotline.dialogue.turns import Turn
from hotline.intake.conversing import Step
from hotline.intake.nearby import Near, _hours, _text, tells
from hotline.intake.saying import APART
from hotline.messages import segments
from hotline.triage.tables import rota
from referral.numbers import Span
from referral.shortlist import shortlist
from tests.cast import Member
from tests.city import give_city
from tests.intake.questions import doubts, first_report
from tests.intake.test_conversing import said

NIGHT = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)


@pytest.fixture
def city(house):
    give_city(house.hotline.store)
    return house


def asks_for_bed(texter, *, young="2"):
    """Come as far as the question after what is needed first, and return it."""
    for text in ("they keep my passport", "1", "0", "0", young):
        texter.texts(text)
    return texter.texts("1")


def texts_in(response):
    return [message.text for message in ElementTree.fromstring(response.data).iter("Message")]


def withheld_names(house):
    with house.hotline.store.read() as session:
        found = [one for one in shortlist(session, need="shelter") if one.withheld]
    assert found
    return {name for one in found for name in (one.name, one.organization)}


def excludes(house, kind="organization", ref="", words=""):
    keyring, report_id, at = house.hotline.keyring, first_report(house), house.clock()
    its = {"report_id": report_id, "kind": kind, "ref": ref, "words": words, "at": at}
    house.hotline.store.write(lambda session: consent.exclude(session, keyring, **its))


def test_who_asks_gets_a_text_for_each_number_and_a_retry_gets_the_same(city, maria):
    assert asks_for_bed(maria) == said(city, "ask_near")
    assert maria.texts("1") == said(city, "ask_place")
    maria.texts("near Brackwater")
    *numbers, last = texts_in(maria.retries())
    assert texts_in(maria.retries()) == [*numbers, last]
    assert last == "\n".join((said(city, "near_said"), said(city, "ask_go")))
    assert 1 <= len(numbers) <= 3
    for text in numbers:
        assert segments(text) == 1
        assert "+" in text
        assert not tells(text)
        assert not any(name in text for name in withheld_names(city))
    noor = Member(city, "noor")
    noor.signs_in()
    page = noor.opens(f"/console/report/{first_report(city)}")
    shown = page.split("Numbers they got")[1].split("</dl>")[0]
    for text in numbers:
        assert text.split("\n")[0] in unescape(shown)


def test_each_text_of_an_answer_is_counted_by_itself():
    step = Step(Turn(State("en")), "a" * 160 + APART + "b", b"", None)
    assert step.parts == 2


def test_a_known_organization_that_was_excluded_is_never_named(city, maria):
    asks_for_bed(maria)
    with city.hotline.store.read() as session:
        offices = {one.organization_id for one in shortlist(session, need="shelter")}
    for office in offices:
        excludes(city, ref=office)
    maria.texts("1")
    assert maria.texts("0") == "\n".join((said(city, "near_none"), said(city, "ask_go")))


def test_somebody_named_in_words_that_nobody_has_read_stops_it(city, maria):
    for text in ("they keep my passport", "1"):
        maria.texts(text)
    excludes(city, kind="words", words="nobody of my town")
    maria.texts("0")
    maria.texts("0")
    maria.texts("2")
    assert maria.texts("1") == said(city, "ask_go")


def test_a_doubt_about_who_writes_stops_it(city, maria):
    asks_for_bed(maria)
    doubts(city)
    maria.texts("1")
    assert said(city, "near_none") in maria.texts("0")


def test_who_answers_after_the_session_is_asked_again_if_it_is_safe(city, maria):
    asks_for_bed(maria)
    city.clock.passes(minutes=31)
    assert maria.texts("1") == said(city, "knock")
    assert maria.texts("1") == said(city, "ask_near")


def test_while_a_caseworker_is_signed_in_nothing_is_offered(city, maria):
    Member(city, "noor").signs_in()
    assert asks_for_bed(maria) == said(city, "ask_go")


@pytest.mark.parametrize(("who", "is_awake"), [("abel", False), ("tala", False), ("noor", True)])
def test_only_who_may_answer_at_this_desk_counts(city, who, is_awake):
    Member(city, who).signs_in()
    assert city.hotline.reception.conversing.nearby.is_quiet(at=city.clock()) is not is_awake
    city.clock.passes(minutes=31)
    assert city.hotline.reception.conversing.nearby.is_quiet(at=city.clock())


def test_who_is_on_duty_is_awake_and_who_is_not_is_not(city):
    nearby, staff_id = city.hotline.reception.conversing.nearby, city.staff["noor"].member_id
    row = {
        "staff_id": staff_id,
        "desk": "main",
        "weekday": 0,
        "from_minute": 0,
        "to_minute": 18 * 60,
    }
    city.hotline.store.write(lambda session: session.execute(insert(rota), row))
    assert not nearby.is_quiet(at=city.clock())
    assert nearby.is_quiet(at=city.clock.passes(hours=8))


def test_without_a_directory_nothing_is_offered(house, maria):
    assert asks_for_bed(maria) == said(house, "ask_go")


@pytest.mark.parametrize(
    "name",
    [
        "Shelter for Women",
        "Anti-Trafficking Unit",
        "Casa Refugio",
        "Приют «Свет»",
        "دار الإيواء",
        "IOM",
        "受害人援助",
    ],
)
def test_a_name_that_tells_what_it_is_for_is_told_as_such(name):
    assert tells(name)


@pytest.mark.parametrize(
    "name", ["Harbor House", "Bayt al-Amal", "Lantern Line", "Coast Legal Aid", "Biome Garden"]
)
def test_a_name_that_tells_nothing_is_not(name):
    assert not tells(name)


def test_hours_are_written_as_people_write_them_and_keep_their_order():
    today = Span(NIGHT.replace(day=2, hour=20), NIGHT.replace(hour=6))
    assert _hours(today, "es", at=NIGHT) == "20:00-06:00"
    other = Span(NIGHT.replace(hour=9), NIGHT.replace(day=4, hour=0), is_today=False)
    assert _hours(other, "fr", at=NIGHT) == "mar 09:00-24:00"
    assert _hours(other, "zh-Hans", at=NIGHT) == "周二 09:00-24:00"
    assert _hours(Span(NIGHT, NIGHT, always=True), "ar", at=NIGHT) == "24/7"
    assert _hours(None, "ar", at=NIGHT) == ""


def test_whose_clock_it_is_stands_beside_hours_only_where_it_is_another():
    athens, vienna = ZoneInfo("Europe/Athens"), ZoneInfo("Europe/Vienna")
    span = Span(datetime(2026, 3, 2, 20, tzinfo=athens), datetime(2026, 3, 3, 6, tzinfo=athens))
    assert _hours(span, "en", at=NIGHT, zone=athens) == "20:00-06:00"
    assert _hours(span, "en", at=NIGHT, zone=vienna) == "20:00-06:00 (Athens)"
    assert _hours(span, "ru", at=NIGHT, zone=vienna) == "20:00-06:00 (Афины)"
    fixed = Span(NIGHT.astimezone(timezone(timedelta(hours=3))), NIGHT)
    assert _hours(fixed, "en", at=NIGHT, zone=vienna) == "06:00-03:00 (UTC+03:00)"


def test_a_long_name_is_cut_at_a_word_and_a_number_never():
    name = "Συμβουλευτικό Κέντρο της Πόλης και όλης της Ακτής, Κεντρικό Γραφείο"
    text = _text(Near(name, "+1-500-555-0101 x12", "Di. 09:00-17:00"), "de")
    assert segments(text) == 1
    assert text.split("\n")[1:] == ["+1-500-555-0101 x12", "Di. 09:00-17:00"]
    assert name.startswith(text.split("\n")[0])
    arabic = _text(Near("", "+1-500-555-0101", ""), "ar")
    assert arabic == "\u200e+1-500-555-0101"
