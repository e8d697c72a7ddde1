"""The phone's call screen: whoever calls hears the line as captions and answers it, without a script and with one."""

import pytest

from hotline.demo.calling.documents import Verb
from hotline.demo.calling.orders import CallOrder
from tests.demo.conftest import MARIA


@pytest.fixture
def browser(live):
    return live.house.app.test_client()


def presses(browser, who="maria", status=303, **form):
    answer = browser.post("/demo/call", data={"who": who, **form})
    assert answer.status_code == status
    return browser.get(f"/demo/call?who={who}").text


def test_she_calls_and_reads_what_the_line_says_in_its_language(browser, live):
    page = presses(browser, does="call")
    assert 'role="log" aria-live="polite"' in page
    assert 'lang="en' in page
    (phone,) = live.network.exchange.on_phone(MARIA)
    assert phone.status == "in-progress"
    presses(browser, does="wait")
    assert phone.second == 5


def test_time_stands_still_until_a_button_lets_it_pass(browser, live):
    presses(browser, does="call")
    (phone,) = live.network.exchange.on_phone(MARIA)
    browser.get("/demo/call?who=maria")
    assert phone.second == 0


def test_a_script_lets_it_pass_as_it_does(browser, live):
    presses(browser, does="call")
    (phone,) = live.network.exchange.on_phone(MARIA)
    for _ in range(2):
        page = browser.post("/demo/call/now", data={"who": "maria"})
    assert page.status_code == 200
    assert "<html" not in page.text
    assert 0 < phone.second < 4


def test_keys_are_buttons_with_names(browser):
    page = presses(browser, does="call")
    for key in "1234567890*#":
        assert f'name="key" value="{key}"' in page
    assert 'value="*" aria-label="Star"' in page
    assert 'value="#" aria-label="Hash"' in page
    assert '<label class="heard" for="words">Say something</label>' in page


def test_a_key_leads_on_and_hanging_up_ends_it(browser, live):
    presses(browser, does="call")
    (phone,) = live.network.exchange.on_phone(MARIA)
    before = len(phone.documents)
    presses(browser, key="2")
    assert len(phone.documents) > before
    page = presses(browser, does="hang up")
    assert "The call is over." in page
    assert 'value="call"' in page
    assert phone.is_over


def test_the_connection_can_be_lost(browser):
    presses(browser, does="call")
    assert "The call is over." in presses(browser, does="drop")


@pytest.mark.parametrize(
    ("number", "start"), [("withheld", "anonymous"), ("sip", "sip:"), ("shown", "+1")]
)
def test_the_line_sees_what_the_phone_shows(browser, live, number, start):
    presses(browser, does="call", number=number)
    (call,) = live.network.calls.newest()
    assert call.sender.startswith(start)
    assert live.network.exchange.on_phone(MARIA)


def test_one_phone_makes_one_call(browser, live):
    presses(browser, does="call")
    presses(browser, does="call")
    assert len(live.network.calls) == 1


def test_a_phone_that_is_called_can_be_picked_up(browser, live):
    answer = live.network.call(order(live, "+15005550160"))
    page = browser.get("/demo/call?who=noor").text
    assert "is calling." in page
    assert "The phone of \u2068Noor\u2069 is ringing." in browser.get("/demo/call?who=maria").text
    assert "The call is over." not in presses(browser, "noor", does="pick up")
    assert answer.status == "in-progress"


def order(live, to):
    twilio = live.network.settings
    waits = (Verb("Pause", {"length": "60"}),)
    return CallOrder(to, twilio.voice_number or twilio.sms_number, verbs=waits)


@pytest.mark.parametrize(("act", "status"), [("decline", "busy"), ("machine", "in-progress")])
def test_or_not(browser, live, act, status):
    call = live.network.call(order(live, "+15005550160"))
    presses(browser, "noor", does=act)
    assert call.status == status


def test_a_phone_that_rings_says_so_beside_its_texts(browser, live):
    live.network.call(order(live, MARIA))
    assert "The phone is ringing." in browser.get("/demo/bubbles?who=maria").text


def test_another_site_cannot_call_for_us(browser, live):
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/demo/call", "/demo/call/now"):
        answer = browser.post(path, data={"who": "maria", "does": "call"}, headers=foreign)
        assert answer.status_code == 403
    assert not len(live.network.calls)


@pytest.mark.parametrize("form", [{"does": "nonsense"}, {"key": "x"}, {"does": "say"}, {}])
def test_nonsense_is_nothing(browser, form):
    assert "Nobody is called." in presses(browser, **form)
    presses(browser, does="call")
    presses(browser, **form)


def test_nobody_of_that_name_has_a_phone(browser):
    assert browser.get("/demo/call?who=nobody").status_code == 404


def test_the_page_is_like_every_other(browser):
    page = browser.get("/demo/call?who=maria")
    assert "This is a demo." in page.text
    assert " style=" not in page.text
    assert "<script>" not in page.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
