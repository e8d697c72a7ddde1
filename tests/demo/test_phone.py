"""The phone in the page: one texts, answers come back, and the page says what it is."""

import re

import pytest

from hotline.demo import cast
from hotline.demo.facts import Facts
from hotline.demo.orders import Order
from referral.load import SAMPLE_CITY, load_package
from tests.cast import Member
from tests.demo.conftest import LINE, MARIA


@pytest.fixture
def browser(live):
    return live.house.app.test_client()


def bubbles(browser, who="maria", on="sms"):
    page = browser.get(f"/demo/bubbles?who={who}&on={on}").text
    return re.findall(r'<bdi dir="auto">(.*?)</bdi>', page)


def test_a_text_from_the_page_is_kept_and_answered(browser):
    sent = browser.post("/demo/text", data={"who": "maria", "on": "sms", "text": "hola <b>&"})
    assert sent.status_code == 303
    page = browser.get(sent.location)
    assert page.status_code == 200
    mine, theirs = bubbles(browser)
    assert mine == "hola &lt;b&gt;&amp;"
    assert theirs


def test_each_person_has_a_phone_of_their_own_and_each_channel_a_conversation(browser):
    browser.post("/demo/text", data={"who": "amina", "on": "whatsapp", "text": "مرحبا"})
    assert bubbles(browser, "amina", "whatsapp")[0] == "مرحبا"
    assert not bubbles(browser, "amina", "sms")
    assert not bubbles(browser, "maria", "whatsapp")


def test_the_page_says_that_it_is_a_demo_and_runs_nothing_inline(browser):
    page = browser.get("/demo/")
    assert "This is a demo." in page.text
    assert " style=" not in page.text
    assert "<script>" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert LINE in page.text


def test_the_page_shows_how_a_service_says_its_room_and_how_it_becomes_night(browser, live):
    link = {"service": "Beds", "url": f"{live.url}/handoff/abc", "pin": "12345678"}
    browser.application.extensions["demo"] = Facts(live.url, {}, [], [], [link])
    live.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
    Member(live.house, "noor").signs_in()
    page = browser.get("/demo/").text
    assert f'href="{link["url"]}"' in page
    assert link["pin"] in page
    assert 'href="/console/directory"' in page
    assert "Sign everybody out" in page
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/demo/night", headers=foreign).status_code == 403
    page = browser.post("/demo/night", follow_redirects=True).text
    assert "Nobody is signed in: it is night." in page


def test_another_site_cannot_text_for_us(browser):
    form = {"who": "maria", "on": "sms", "text": "x"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/demo/text", data=form, headers=foreign).status_code == 403
    assert not bubbles(browser)


@pytest.mark.parametrize("query", ["who=nobody", "on=web", "who=maria&on=voice", "on=x"])
def test_who_is_not_there_is_not_found(browser, query):
    assert browser.get(f"/demo/?{query}").status_code == 404


def test_what_is_too_long_for_a_phone_is_cut(browser):
    browser.post("/demo/text", data={"who": "maria", "on": "sms", "text": "x" * 5000})
    assert len(bubbles(browser)[0]) == 1600


def test_a_stranger_cannot_ask_the_provider(browser, live):
    account = live.hotline.config.twilio.account_sid
    path = f"/demo/twilio/2010-04-01/Accounts/{account}/Messages.json"
    assert browser.get(path).status_code == 401
    assert browser.get(path, auth=(account, "guess")).status_code == 401
    assert (
        browser.get(path.replace(account, "AC" + "0" * 32), auth=(account, "x")).status_code == 401
    )


def test_the_cast_has_phones_in_the_test_range_and_speaks_many_languages():
    numbers = [persona.number for persona in cast.personas().values()]
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("+1500555") for number in numbers)
    assert len({cast.personas()[story.who].language for story in cast.stories()}) >= 6


def switch(browser, **headers):
    return browser.post("/demo/switch", data={"who": "maria", "on": "sms"}, headers=headers)


def test_a_phone_that_is_off_gets_its_texts_when_it_is_on_again(browser, live):
    assert switch(browser).status_code == 303
    assert "Switch the phone on" in browser.get("/demo/?who=maria&on=sms").text
    live.network.create(Order(MARIA, LINE, "hola"))
    live.network.settle()
    assert not bubbles(browser)
    switch(browser)
    live.network.settle()
    assert bubbles(browser) == ["hola"]
    assert switch(browser, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_providers_own_words_and_pictures_are_seen(browser, live):
    live.network.text_us(sender=MARIA, line=LINE, body="HELP", media=2)
    page = browser.get("/demo/bubbles?who=maria&on=sms").text
    assert "2 pictures" in page
    assert "Reply STOP to unsubscribe." in page


def test_the_weather_is_a_page_of_the_demo(browser):
    page = browser.get("/demo/weather")
    assert page.status_code == 200
    assert "Weather at the provider" in page.text
    assert "/demo/weather" in browser.get("/demo/").text
