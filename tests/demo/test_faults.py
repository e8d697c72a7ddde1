"""Everything that can go wrong at the provider goes wrong on demand: by a number, by a word, or by chance."""

from datetime import timedelta

import pytest
import requests

from hotline.demo.faults import faults
from tests.demo.published import check
from tests.demo.station import LINE, MARIA, SERVICE, VOICE, WHATSAPP, opened

MESSAGE = "api.v2010.account.message"
EMIL = f"whatsapp:{MARIA}"


def numbers(place):
    return [(one.number, one.word) for one in faults().numbers if one.place == place]


def ends(station, to=MARIA, **form):
    """Send, let it arrive, and return what the interface says of it then."""
    sid = station.sends(to, StatusCallback=station.callback(), **form).json()["sid"]
    station.network.settle()
    shown = station.asks("GET", f"Messages/{sid}.json").json()
    check(MESSAGE, shown)
    return shown


# What is not taken.


@pytest.mark.parametrize(
    ("number", "word"), [pair for pair in numbers("requests") if pair[1].isdecimal()]
)
def test_numbers_refuse_as_the_test_numbers_of_the_real_one(station, number, word):
    answer = station.sends(number)
    assert answer.status_code == faults().refusals[int(word)].status
    assert answer.json()["code"] == int(word)
    assert not station.network.texts(lambda _: True)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "Maria"}, 21211),
        ({"To": "+1"}, 21211),
        ({"To": "US.1234"}, 21211),
        ({"To": LINE}, 21266),
        ({"From": ""}, 21603),
        ({"From": "+15005550001"}, 21212),
        ({"From": VOICE}, 21606),
        ({"From": "+15005550008"}, 21611),
        ({"From": "+15005550123"}, 21606),
        ({"From": WHATSAPP}, 21612),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"StatusCallback": "https://under_score.example/x"}, 21609),
        ({"ValidityPeriod": "0"}, 20001),
        ({"ValidityPeriod": "36001"}, 20001),
        ({"MessagingServiceSid": SERVICE}, 21701),
    ],
)
def test_a_form_that_is_wrong_is_refused(station, form, code):
    answer = station.sends(**({"to": form.pop("To")} if "To" in form else {}), **form)
    assert answer.status_code >= 400
    assert answer.json()["code"] == code


def test_a_service_without_a_number_sends_nothing():
    with opened(messaging_service_sid=SERVICE) as station:
        object.__setattr__(station.network.settings, "sms_number", "")
        answer = station.sends(From="", MessagingServiceSid=SERVICE)
        assert answer.json()["code"] == 21703


def test_only_the_accounts_countries_get_an_sms(station):
    answer = station.sends("+447700900123")
    assert (answer.status_code, answer.json()["code"]) == (403, 21408)
    assert station.sends("whatsapp:+447700900123", From=WHATSAPP).status_code == 201
    assert station.sends().status_code == 201


def test_a_country_can_be_blocked_on_top():
    with opened(countries=("US", "GB", "IE")) as station:
        station.network.terms.blocked.add("GB")
        assert station.sends("+447700900123").json()["code"] == 21408
        assert station.sends("+353850000000").status_code == 201


@pytest.mark.parametrize(
    ("word", "status", "code"),
    [("busy", 429, 20429), ("down", 503, 20503), ("problem", 503, 20503)],
)
def test_the_interface_may_fail_before_it_takes_anything(station, word, status, code):
    station.network.weather.expects("requests", word)
    answer = station.sends()
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not station.network.texts(lambda _: True)
    is_problem = answer.headers["Content-Type"] == "application/problem+json"
    assert is_problem is (word == "problem")
    assert {"type", "title", "detail"} <= set(answer.json()) or not is_problem
    assert station.sends().status_code == 201


@pytest.mark.parametrize(
    ("word", "taken"),
    [("refused", 0), ("hangs", 1), ("taken and silent", 1), ("taken and refused", 1)],
)
def test_after_a_broken_call_only_the_list_knows(station, word, taken):
    station.network.weather.hang = 0.6
    station.network.weather.expects("requests", word)
    try:
        answer = station.asks("POST", "Messages.json", data=form(), timeout=0.3)
        assert answer.status_code == 500
    except requests.RequestException:
        assert word != "taken and silent"
    station.network.settle()
    assert len(station.asks("GET", "Messages.json").json()["messages"]) == taken
    assert len(station.sees()) == taken


def form():
    return {"To": MARIA, "From": LINE, "Body": "Hello"}


@pytest.mark.parametrize(
    ("number", "word"), [pair for pair in numbers("requests") if not pair[1].isdecimal()]
)
def test_numbers_break_the_call(station, number, word):
    station.network.weather.hang = 0.1
    try:
        answer = station.sends(number)
    except requests.ConnectionError:
        assert word in ("refused", "taken and refused")
    else:
        assert answer.status_code == (201 if word == "hangs" else answer.json()["status"])
    assert len(station.network.texts(lambda _: True)) == (word.startswith(("taken", "hangs")))


# What is taken and does not arrive.


@pytest.mark.parametrize(("number", "word"), numbers("courses"))
def test_numbers_choose_what_becomes_of_a_text(station, number, word):
    shown = ends(station, number, ValidityPeriod="900")
    if word.isdecimal():
        fate = faults().fates[int(word)]
        assert (shown["status"], shown["error_code"]) == (fate.status, fate.code)
        assert shown["error_message"] == fate.message
        news = station.line.heard[-1].form
        assert (news["MessageStatus"], news["ErrorCode"]) == (fate.status, word)
        assert (shown["price"] == "-0.00000") is (fate.status == "failed")
    else:
        assert (shown["status"], shown["price"]) == ("sent", None)
    assert len(station.sees(number)) == (word == "stuck")


@pytest.mark.parametrize("code", sorted(faults().fates))
def test_every_end_can_be_asked_for(station, code):
    station.network.weather.expects("courses", str(code))
    assert ends(station)["error_code"] == code
    assert station.sees() == []
    assert ends(station)["status"] == "delivered"


def test_the_phone_is_off_and_comes_on_in_time(station):
    station.network.phones.switch_off(MARIA)
    shown = ends(station, ValidityPeriod="900")
    assert shown["status"] == "sent"
    assert station.sees() == []
    station.network.switch_on(MARIA)
    station.network.settle()
    assert station.sees() == ["Hello"]
    assert station.line.told() == ["sending", "sent", "delivered"]


def test_what_was_sent_arrives_whole_although_the_record_of_it_is_emptied(station):
    # Erasing begins as soon as the provider has a text; it must never empty what is on its way to her.
    station.network.phones.switch_off(MARIA)
    sid = ends(station)["sid"]
    emptied = station.asks("POST", f"Messages/{sid}.json", data={"Body": ""})
    assert (emptied.status_code, emptied.json()["body"]) == (200, "")
    station.network.switch_on(MARIA)
    station.network.settle()
    assert station.sees() == ["Hello"]


def test_a_phone_that_texts_is_on(station):
    station.network.phones.switch_off(MARIA)
    ends(station)
    station.network.text_us(sender=MARIA, line=LINE, body="hola")
    station.network.settle()
    assert sorted(station.sees()) == ["Hello", "Thank you."]


@pytest.mark.parametrize("comes_on", [True, False])
def test_a_text_that_waited_too_long_is_never_shown(station, comes_on):
    station.network.phones.switch_off(MARIA)
    sid = ends(station, ValidityPeriod="900")["sid"]
    later = station.network.clock() + timedelta(seconds=901)
    moves(station, later)
    if comes_on:
        station.network.switch_on(MARIA)
    station.network.find(sid)
    station.network.settle()
    shown = station.asks("GET", f"Messages/{sid}.json").json()
    assert (shown["status"], shown["error_code"]) == ("undelivered", 30036)
    assert station.line.told() == ["sending", "sent", "undelivered"]
    assert station.sees() == []


def moves(station, later):
    station.network.clock = station.network._delivery.clock = lambda: later


def test_whatsapp_outside_its_day_takes_templates_only(station):
    template = "HX" + "c3" * 16
    assert ends(station, EMIL, From=WHATSAPP)["error_code"] == 63016
    shown = ends(station, EMIL, From=WHATSAPP, Body="", ContentSid=template)
    assert shown["status"] == "delivered"
    assert station.sees(EMIL, WHATSAPP) == ["Hello. Is this a good time?"]

    # Her own message opens the window,
    station.network.text_us(sender=EMIL, line=WHATSAPP, body="hola")
    assert ends(station, EMIL, From=WHATSAPP)["status"] == "delivered"

    # for a day.
    moves(station, station.network.clock() + timedelta(hours=25))
    assert ends(station, EMIL, From=WHATSAPP)["error_code"] == 63016


def test_the_account_says_what_its_templates_say(station):
    template = "HX" + "c3" * 16
    station.network.terms.templates[template] = "Are you there?"
    ends(station, EMIL, From=WHATSAPP, Body="", ContentSid=template)
    assert station.sees(EMIL, WHATSAPP) == ["Are you there?"]


def test_whatsapp_says_when_it_was_read(station):
    station.network.text_us(sender=EMIL, line=WHATSAPP, body="hola")
    station.network.weather.expects("courses", "read")
    assert ends(station, EMIL, From=WHATSAPP)["status"] == "read"
    assert station.line.told()[-2:] == ["delivered", "read"]


# What we are told of it.


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([""], ["sending", "sent", "delivered"]),
        (["lost"], ["sent", "delivered"]),
        (["", "", "lost"], ["sending", "sent"]),
        (["", "twice"], ["sending", "sent", "sent", "delivered"]),
        (["", "swapped"], ["sending", "delivered", "sent"]),
        (["late"], ["sent", "delivered", "sending"]),
        (["", "", "swapped"], ["sending", "sent", "delivered"]),
    ],
)
def test_callbacks_come_as_the_weather_wants(station, words, told):
    station.network.weather.lateness = 0.3
    station.network.weather.callbacks.extend(words)
    ends(station)
    assert station.line.told() == told
    assert all(heard.signed for heard in station.line.heard)


@pytest.mark.parametrize(("number", "word"), numbers("callbacks"))
def test_numbers_choose_what_we_are_told(station, number, word):
    station.network.weather.lateness = 0.2
    assert ends(station, number)["status"] == "delivered"
    counts = {"lost": 0, "twice": 6}
    assert len(station.line.told()) == counts.get(word, 3)


@pytest.mark.parametrize(("number", "word"), numbers("webhooks"))
def test_numbers_choose_how_their_texts_come(station, number, word):
    station.network.weather.lateness = 0.2
    station.network.text_us(sender=number, line=LINE, body="hola")
    station.network.settle()
    counts = {"lost": 0, "twice": 2, "at once": 2}
    assert len(station.line.heard) == counts.get(word, 1)


# Looking and erasing.


@pytest.mark.parametrize(("word", "status"), [("busy", 429), ("down", 503), ("problem", 503)])
@pytest.mark.parametrize("place", ["Messages.json", "Calls.json", "Recordings.json"])
def test_looking_may_fail(station, place, word, status):
    station.network.weather.expects("looks", word)
    assert station.asks("GET", place).status_code == status
    assert station.asks("GET", place).status_code == 200


@pytest.mark.parametrize("word", ["hangs", "refused"])
def test_looking_may_end_without_an_answer(station, word):
    station.network.weather.hang = 0.6
    station.network.weather.expects("looks", word)
    with pytest.raises(requests.RequestException):
        station.asks("GET", "Messages.json", timeout=0.3)


def things(station):
    """Have one of everything, and return where each is deleted."""
    sid = station.network.text_us(sender=MARIA, line=LINE, body="x", media=1)
    other = station.network.text_us(sender=MARIA, line=LINE, body="x", media=1)
    picture = station.network.find(other).pictures[0].sid
    call = station.network.call_us(sender=MARIA, line=VOICE)
    recording = station.network.record(call)
    station.network.settle()
    return [
        f"Messages/{sid}.json",
        f"Messages/{other}/Media/{picture}.json",
        f"Recordings/{recording}.json",
        f"Calls/{call}.json",
    ]


@pytest.mark.parametrize(
    ("word", "status", "gone"),
    [
        ("not yet", 409, False),
        ("busy", 429, False),
        ("down", 503, False),
        ("problem", 503, False),
        ("gone and silent", 500, True),
    ],
)
def test_deleting_may_fail_and_then_succeeds(station, word, status, gone):
    for place in things(station):
        station.network.weather.expects("erasing", word)
        assert station.asks("DELETE", place).status_code == status, place
        again = station.asks("DELETE", place)
        assert again.status_code == (404 if gone else 204), place


def test_a_number_puts_deletion_off_a_few_times(station):
    (number,) = [number for number, _ in numbers("erasing")]
    sid = station.network.text_us(sender=number, line=LINE, body="x")
    station.network.weather.stubbornness = 3
    answers = [station.asks("DELETE", f"Messages/{sid}.json").status_code for _ in range(5)]
    assert answers == [409, 409, 409, 204, 404]


def test_emptying_may_fail(station):
    sid = station.network.text_us(sender=MARIA, line=LINE, body="x")
    station.network.weather.expects("erasing", "down")
    assert station.asks("POST", f"Messages/{sid}.json", data={"Body": ""}).status_code == 503
    assert station.network.find(sid).body == "x"
