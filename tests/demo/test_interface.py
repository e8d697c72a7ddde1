"""What the loopback provider answers has the shape that Twilio publishes, key by key."""

import io
import wave
from datetime import timedelta

import pytest
import requests

from hotline.demo.network import Network
from tests.demo.published import check, check_form, check_list, query_of
from tests.demo.station import ACCOUNT, LINE, MARIA, SERVICE, TOKEN, VOICE, opened

MESSAGE = "api.v2010.account.message"
MEDIA = "api.v2010.account.message.media"
CALL = "api.v2010.account.call"
RECORDING = "api.v2010.account.recording"
OF_A_CALL = "api.v2010.account.call.call_recording"
PICTURE = ("image/jpeg", b"\xff\xd8 not really")


def gets(station, place, status=200, **options):
    answer = station.asks("GET", place, **options)
    assert answer.status_code == status
    return answer.json()


def refuses(answer, status, code):
    assert answer.status_code == status
    told = answer.json()
    assert set(told) == {"code", "message", "more_info", "status"}
    assert (told["status"], told["code"]) == (status, code)


def test_a_text_that_is_taken_has_the_published_shape_at_every_moment(station):
    form = {"To": MARIA, "From": LINE, "Body": "Hello", "ValidityPeriod": "900"}
    form["StatusCallback"] = station.callback()
    check_form("form.CreateMessage", form)
    answer = station.asks("POST", "Messages.json", data=form)
    assert answer.status_code == 201
    created = answer.json()
    check(MESSAGE, created)
    assert (created["status"], created["price"], created["date_sent"]) == ("queued", None, None)
    assert created["messaging_service_sid"] is None
    station.network.settle()

    delivered = gets(station, f"Messages/{created['sid']}.json")
    check(MESSAGE, delivered)
    assert delivered["status"] == "delivered"
    assert (delivered["price"], delivered["price_unit"]) == ("-0.00790", "USD")
    assert delivered["num_segments"] == "1"


def test_a_service_accepts_first_and_counts_later():
    with opened(messaging_service_sid=SERVICE) as station:
        created = station.sends(From="", MessagingServiceSid=SERVICE).json()
        check(MESSAGE, created)
        assert (created["status"], created["num_segments"]) == ("accepted", "0")
        assert created["messaging_service_sid"] == SERVICE
        station.network.settle()
        assert gets(station, f"Messages/{created['sid']}.json")["num_segments"] == "1"
        station.network.text_us(sender=MARIA, line=LINE, body="hola")
        assert station.line.forms()[0]["MessagingServiceSid"] == SERVICE


def test_texts_are_listed_by_pages_newest_first(station):
    sids = [
        station.network.text_us(sender=MARIA, line=LINE, body=str(number)) for number in range(5)
    ]
    page = gets(station, f"Messages.json?To={LINE.replace('+', '%2B')}&PageSize=2")
    seen = []
    while True:
        check_list("list.Messages", "messages", MESSAGE, page)
        seen += [text["sid"] for text in page["messages"]]
        if not page["next_page_uri"]:
            break
        path = page["next_page_uri"].partition(f"{ACCOUNT}/")[2]
        page = gets(station, path)
    assert seen == sids[::-1]
    assert page["page"] == 2


def test_a_text_that_comes_in_between_pages_shifts_nothing(station):
    for number in range(4):
        station.network.text_us(sender=MARIA, line=LINE, body=str(number))
    first = gets(station, f"Messages.json?To={LINE.replace('+', '%2B')}&PageSize=2")
    station.network.text_us(sender=MARIA, line=LINE, body="later")
    second = gets(station, first["next_page_uri"].partition(f"{ACCOUNT}/")[2])
    assert [text["body"] for text in second["messages"]] == ["1", "0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("DateSent>=", True),
        ("DateSent<=", False),
        ("DateSent=", True),
        ("From=%2B15005550142&DateSent>=", True),
        ("From=%2B15005550143&DateSent>=", False),
    ],
)
def test_lists_are_asked_by_date_and_number(station, query, found):
    station.network.text_us(sender=MARIA, line=LINE, body="hola")
    today = station.network.clock().date().isoformat()
    page = gets(station, f"Messages.json?To=%2B15005550006&{query}{today}")
    assert bool(page["messages"]) is found


def test_the_queries_are_those_that_are_published():
    base = "/2010-04-01/Accounts/{AccountSid}/"
    assert {"To", "From", "DateSent", "DateSent<", "DateSent>"} <= query_of(f"{base}Messages.json")
    assert {"StartTime>", "EndTime<", "Status"} <= query_of(f"{base}Calls.json")
    assert {"DateCreated>", "CallSid", "IncludeSoftDeleted"} <= query_of(f"{base}Recordings.json")


def test_only_an_empty_body_redacts(station):
    sid = station.network.text_us(sender=MARIA, line=LINE, body="hola")
    refuses(station.asks("POST", f"Messages/{sid}.json", data={"Body": "x"}), 400, 30400)
    both = {"Body": "", "Status": "canceled"}
    refuses(station.asks("POST", f"Messages/{sid}.json", data=both), 400, 30400)
    emptied = station.asks("POST", f"Messages/{sid}.json", data={"Body": ""}).json()
    check(MESSAGE, emptied)
    assert emptied["body"] == ""
    # The phone still shows it.
    assert station.network.bubbles(MARIA, LINE)[0].text == "hola"


def test_deleting_waits_for_the_end_and_takes_pictures_along(station):
    station.network.weather.pace = 0.2
    sid = station.sends().json()["sid"]
    refuses(station.asks("DELETE", f"Messages/{sid}.json"), 409, 20009)
    station.network.settle()
    assert station.asks("DELETE", f"Messages/{sid}.json").status_code == 204
    refuses(station.asks("DELETE", f"Messages/{sid}.json"), 404, 20404)

    sid = station.network.text_us(sender=MARIA, line=LINE, body="", pictures=[PICTURE])
    (picture,) = gets(station, f"Messages/{sid}/Media.json")["media_list"]
    assert station.asks("DELETE", f"Messages/{sid}.json").status_code == 204
    path = f"Messages/{sid}/Media/{picture['sid']}"
    refuses(station.asks("GET", f"{path}.json"), 404, 20404)
    refuses(station.asks("GET", path), 404, 20404)


def test_pictures_are_told_listed_fetched_and_deleted(station):
    sid = station.network.text_us(sender=MARIA, line=LINE, body="look", pictures=[PICTURE, PICTURE])
    assert sid.startswith("MM")
    (form,) = station.line.forms()
    assert (form["NumMedia"], form["MediaContentType1"]) == ("2", "image/jpeg")
    path = form["MediaUrl0"].partition(f"{ACCOUNT}/")[2]
    assert form["MediaUrl0"].startswith("https://api.twilio.com/2010-04-01/Accounts/")

    page = gets(station, f"Messages/{sid}/Media.json")
    check_list("list.Media", "media_list", MEDIA, page)
    assert len(page["media_list"]) == 2
    check(MEDIA, gets(station, f"{path}.json"))
    fetched = station.asks("GET", path)
    assert (fetched.content, fetched.headers["Content-Type"]) == (PICTURE[1], "image/jpeg")
    assert station.asks("GET", path, auth=(ACCOUNT, "guess")).status_code == 401
    assert station.asks("DELETE", f"{path}.json").status_code == 204
    refuses(station.asks("DELETE", f"{path}.json"), 404, 20404)
    assert gets(station, f"Messages/{sid}.json")["num_media"] == "1"


def test_calls_are_listed_and_deleted_once_they_have_ended(station):
    sid = station.network.call_us(sender=MARIA, line=VOICE, status="in-progress")
    page = gets(station, "Calls.json?Status=in-progress")
    check_list("list.Calls", "calls", CALL, page)
    assert page["calls"][0]["duration"] is None
    refuses(station.asks("DELETE", f"Calls/{sid}.json"), 409, 20009)
    ended = station.asks("POST", f"Calls/{sid}.json", data={"Status": "completed"}).json()
    check(CALL, ended)
    assert ended["status"] == "completed"
    assert station.asks("DELETE", f"Calls/{sid}.json").status_code == 204
    refuses(station.asks("DELETE", f"Calls/{sid}.json"), 404, 20404)
    assert not gets(station, "Calls.json")["calls"]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_calls_that_came_to_nothing_are_calls_too(station, status):
    sid = station.network.call_us(sender="ANONYMOUS", line=VOICE, seconds=0, status=status)
    call = gets(station, f"Calls/{sid}.json")
    check(CALL, call)
    assert call["status"] == status


def test_a_recording_is_heard_deleted_and_remembered_for_forty_days(station):
    call = station.network.call_us(sender=MARIA, line=VOICE)
    sid = station.network.record(call, seconds=2)
    station.network.settle()
    check_list("list.Recordings", "recordings", RECORDING, gets(station, "Recordings.json"))
    page = gets(station, f"Calls/{call}/Recordings.json")
    check_list("list.CallRecordings", "recordings", OF_A_CALL, page)
    check(OF_A_CALL, gets(station, f"Calls/{call}/Recordings/{sid}.json"))
    with wave.open(io.BytesIO(station.asks("GET", f"Recordings/{sid}.wav").content)) as sound:
        assert sound.getnframes() == 2 * sound.getframerate()

    assert station.asks("DELETE", f"Recordings/{sid}.json").status_code == 204
    refuses(station.asks("DELETE", f"Recordings/{sid}.json"), 404, 20404)
    refuses(station.asks("GET", f"Recordings/{sid}.wav"), 404, 20404)
    refuses(station.asks("GET", f"Recordings/{sid}.json"), 404, 20404)
    assert not gets(station, "Recordings.json")["recordings"]
    page = gets(station, "Recordings.json?IncludeSoftDeleted=true")
    check_list("list.Recordings", "recordings", RECORDING, page)
    assert page["recordings"][0]["status"] == "deleted"

    later = station.network.clock() + timedelta(days=41)
    station.network.clock = lambda: later
    assert not gets(station, "Recordings.json?IncludeSoftDeleted=true")["recordings"]


def test_a_late_recording_comes_after_its_call(station):
    call = station.network.call_us(sender=MARIA, line=VOICE)
    sid = station.network.record(call, after=0.3, callback=f"{station.line.url}/recorded")
    early = gets(station, f"Recordings/{sid}.json")
    check(RECORDING, early)
    assert (early["status"], early["duration"]) == ("processing", None)
    refuses(station.asks("DELETE", f"Recordings/{sid}.json"), 409, 20009)
    refuses(station.asks("GET", f"Recordings/{sid}.wav"), 404, 20404)
    station.network.settle()
    assert gets(station, f"Recordings/{sid}.json")["status"] == "completed"
    (heard,) = station.line.heard
    assert heard.signed
    assert heard.form["RecordingSid"] == sid
    assert heard.form["CallSid"] == call


def test_the_real_client_cannot_tell_it_from_the_real_one(station):
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Loop(TwilioHttpClient):
        def request(self, method, url, *args, **options):
            there = url.replace("https://api.twilio.com", f"{station.url}/demo/twilio")
            return super().request(method, there, *args, **options)

    client = Client(ACCOUNT, TOKEN, http_client=Loop(timeout=5))
    sent = client.messages.create(to=MARIA, from_=LINE, body="Hello")
    for number in range(3):
        station.network.text_us(sender=MARIA, line=LINE, body=str(number), pictures=[PICTURE])
    station.network.settle()
    assert client.messages(sent.sid).fetch().status == "delivered"
    assert len(client.messages.list(to=LINE, page_size=2)) == 3
    (inbound, *_) = client.messages.list(to=LINE)
    (picture,) = inbound.media.list()
    assert picture.content_type == "image/jpeg"
    assert inbound.update(body="").body == ""
    assert inbound.delete() is True
    call = station.network.call_us(sender=MARIA, line=VOICE)
    station.network.record(call)
    station.network.settle()
    assert client.calls.list(start_time_after=sent.date_created)[0].sid == call
    (recording,) = client.recordings.list(call_sid=call)
    assert recording.delete() is True
    assert client.calls(call).delete() is True
    client.http_client.session.close()


def test_strangers_and_other_accounts_are_turned_away(station):
    refuses(station.asks("GET", "Messages.json", auth=(ACCOUNT, "guess")), 401, 20003)
    refuses(station.asks("GET", "Messages.json", auth=("AC" + "0" * 32, TOKEN)), 401, 20003)
    other = f"{station.url}/demo/twilio/2010-04-01/Accounts/{'AC' + '0' * 32}/Messages.json"
    assert requests.get(other, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 401


def test_two_networks_share_nothing(station):
    with opened() as other:
        other.network.text_us(sender=MARIA, line=LINE, body="hola")
        assert isinstance(station.network, Network)
        assert not station.network.texts(lambda _: True)
