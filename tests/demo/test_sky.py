"""The control page: every fault can be chosen by hand, without a script, in every language of the desk."""

import re

import pytest
import requests

from hotline.demo.faults import faults
from hotline.demo.weather import storm
from tests.demo.station import LINE, MARIA


class Browser:
    def __init__(self, url):
        self.url = f"{url}/demo/weather"

    def opens(self, language="en"):
        answer = requests.get(self.url, headers={"Accept-Language": language}, timeout=10)
        assert answer.status_code == 200
        return answer

    def presses(self, button, headers=None, status=200, **form):
        form = {"does": button, **form}
        answer = requests.post(self.url, data=form, headers=headers, timeout=10)
        assert answer.status_code == status
        return answer.text


@pytest.fixture
def browser(station):
    return Browser(station.url)


def test_it_is_a_page_like_every_other(browser):
    page = browser.opens()
    assert "Weather at the provider" in page.text
    assert "This is a demo." in page.text
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for static in re.findall(r'href="(/static/[^"]+)"', page.text):
        assert requests.get(browser.url.replace("/demo/weather", static), timeout=5).ok, static


@pytest.mark.parametrize(("language", "sense"), [("ar", "rtl"), ("ru", "ltr"), ("en", "ltr")])
def test_it_is_whole_in_each_language(browser, language, sense):
    assert f'<html lang="{language}" dir="{sense}">' in browser.opens(language).text


def test_every_word_and_every_number_stands_there(browser):
    page = browser.opens().text
    for place, words in faults().places.items():
        for word in words:
            assert f'value="{place}: {word}"' in page
    for one in faults().numbers:
        assert one.number in page


def test_the_next_thing_goes_wrong(station, browser):
    page = browser.presses("expect", fault="webhooks: lost", times="2")
    assert page.count("<li>It never comes</li>") == 2
    for _ in range(3):
        station.network.text_us(sender=MARIA, line=LINE, body="hola")
    assert len(station.line.heard) == 1
    assert "<li>It never comes</li>" not in browser.opens().text


def test_things_go_wrong_at_random_until_the_sky_clears(station, browser):
    page = browser.presses("storm", percent="12,5", seed="3")
    assert "Up to 12.5 % of everything" in page
    assert station.network.weather.rates == storm(0.125)
    browser.presses("clear")
    assert not station.network.weather.rates


def test_what_takes_long_and_who_answers(station, browser):
    browser.presses("last", pace="0.5", hang="1", lateness="2")
    weather = station.network.weather
    assert (weather.pace, weather.hang, weather.lateness) == (0.5, 1, 2)
    weather.pace = 0
    page = browser.presses("agree", opting="off", blocked="gb  fr")
    assert 'value="FR GB"' in page
    assert station.network.terms.blocked == {"GB", "FR"}
    assert station.network.terms.opting == "off"


def test_it_shows_what_is_left_and_what_failed(station, browser):
    station.network.text_us(sender=MARIA, line=LINE, body="hola", media=3)
    station.line.answers = [(404, "", "text/plain")] * 2
    station.network.text_us(sender=MARIA, line=LINE, body="hola")
    page = browser.opens().text
    assert "<dt>Texts</dt><dd>3</dd>" in page
    assert "<dt>Pictures</dt><dd>3</dd>" in page
    assert "11200 " in page


@pytest.mark.parametrize(
    ("button", "form"),
    [
        ("expect", {}),
        ("expect", {"fault": "webhooks: x"}),
        ("expect", {"fault": "x: lost"}),
        ("expect", {"fault": "looks: busy", "times": "many"}),
        ("storm", {"percent": "101"}),
        ("storm", {"percent": "nan"}),
        ("storm", {"percent": "5", "seed": "x"}),
        ("last", {"pace": "-1", "hang": "1", "lateness": "1"}),
        ("last", {}),
        ("agree", {"opting": "nobody"}),
        ("nonsense", {}),
    ],
)
def test_nonsense_changes_nothing_and_is_said(station, browser, button, form):
    before = station.network.weather.shown()
    assert "This could not be read." in browser.presses(button, status=400, **form)
    assert station.network.weather.shown() == before


def test_a_page_of_another_site_changes_nothing(station, browser):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = requests.post(browser.url, data={"does": "clear"}, headers=headers, timeout=5)
        assert answer.status_code == 403
