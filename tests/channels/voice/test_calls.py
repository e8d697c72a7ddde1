"""A call through a whole hotline: what was pressed is kept at once, and whatever comes twice is answered alike."""

import pytest
from sqlalchemy import func, select

from hotline.contact.calls import forget_calls
from hotline.contact.tables import calls, erase_at_provider
from hotline.reports.tables import messages, reports
from tests.cast import MARIA
from tests.channels.voice.phone import Phone
from tests.house import ORIGIN


def count(house, table):
    with house.hotline.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def phone(house):
    return Phone(house)


def test_a_call_begins_with_words_and_is_a_report_from_its_first_key(house, phone):
    phone.dials()
    assert phone.root.find("Gather/Say").text
    assert count(house, reports) == 0
    phone.presses("1")
    phone.presses("2")
    assert count(house, reports) == 1


def test_the_same_step_twice_is_answered_alike_and_kept_once(house, phone):
    first = phone.dials().data
    assert phone.dials().data == first
    action = phone.root.find("Gather").get("action")
    answer = phone.posts(action, Digits="1").data
    kept = count(house, messages)
    assert phone.posts(action, Digits="1").data == answer
    assert phone.posts(action, Digits="2").data == answer
    assert count(house, messages) == kept


def test_the_spare_address_goes_on_where_the_call_stands(house, phone):
    phone.dials()
    action = phone.root.find("Gather").get("action").partition("#")[0]
    told = {"ErrorCode": "11200", "ErrorUrl": action, "Digits": "1"}
    there = phone.posts(f"{ORIGIN}/twilio/fallback", **told).data
    assert phone.posts(action, Digits="1").data == there


def test_a_key_that_is_held_down_is_that_key(house):
    one, held = Phone(house), Phone(house)
    for phone, keys in ((one, "1"), (held, "1111111")):
        phone.dials()
        phone.presses(keys)
    assert [verb.text for verb in one.root.iter("Say")] == [
        verb.text for verb in held.root.iter("Say")
    ]


def test_every_wrong_key_is_met_with_a_question_and_no_call_ends_by_it(house, phone):
    phone.dials()
    for keys in ("9", "#", "*", "0", "99999", "hangup", ""):
        phone.presses(keys)
        if phone.root.find("Gather") is None:
            phone.posts(phone.root.find("Redirect").text)
        assert phone.root.find("Gather") is not None


@pytest.mark.parametrize("keys", ["1", "12", "121", "1212", "12121", "121212"])
def test_whoever_hangs_up_anywhere_is_kept_and_forgotten_by_the_provider(house, phone, keys):
    phone.dials()
    for key in keys:
        if phone.root.find("Gather") is None:
            break
        phone.presses(key)
    kept = count(house, messages)
    phone.hangs_up()
    phone.hangs_up()
    assert count(house, messages) == kept
    # Its recording may come late, and nothing comes later than a day.
    house.clock.passes(days=2)
    house.hotline.store.write(lambda session: forget_calls(session, at=house.clock()))
    assert count(house, calls) == 0
    with house.hotline.store.read() as session:
        kinds = session.execute(select(erase_at_provider.c.kind)).scalars().all()
    assert set(kinds) == {"call"}


def test_a_call_without_a_number_is_taken_like_any(house):
    phone = Phone(house, sender="+266696687")
    phone.dials()
    phone.presses("1")
    phone.presses("1")
    assert count(house, reports) == 1


def test_two_calls_at_once_do_not_mix(house):
    one, other = Phone(house), Phone(house, sender="sip:maria@gateway.example")
    one.dials()
    other.dials()
    steps = {phone.root.find("Gather").get("action") for phone in (one, other)}
    assert len(steps) == 2
    # A step of another call is none of this one: the question stands.
    asked = one.last
    foreign = other.root.find("Gather").get("action")
    assert one.posts(foreign, Digits="1").data == asked


def test_no_address_in_a_call_names_what_was_pressed_or_who_called(house, phone):
    phone.dials()
    for _ in range(4):
        assert phone.call not in phone.last.decode()
        assert MARIA not in phone.last.decode()
        if phone.root.find("Gather") is None:
            break
        phone.presses("1")


def test_a_sound_that_is_played_can_be_fetched_by_anybody(house):
    prompts = house.hotline.prompts
    locale = next(one for one in prompts.offered if prompts.voice(one) is None)
    digest = prompts.sound("start", locale).digest
    response = house.app.test_client().get(f"/twilio/voice/sound/{digest}")
    assert response.mimetype == "audio/mpeg"
    assert len(response.data) > 1000
