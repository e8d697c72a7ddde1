"""STOP, START and HELP, as the provider minds them itself: its words come, ours do not, and we hear of it."""

import pytest

from hotline.demo.terms import DEFAULT, HELP, OFF, Keyword
from tests.demo.station import LINE, MARIA, WHATSAPP


def texts(station, body, sender=MARIA, line=LINE):
    station.network.text_us(sender=sender, line=line, body=body)
    return station.line.forms()[-1]


def is_refused(station):
    answer = station.sends()
    station.network.settle()
    return answer.status_code == 400 and answer.json()["code"] == 21610


@pytest.mark.parametrize(
    "word", ["STOP", "stopall", " Unsubscribe ", "CANCEL", "end", "QUIT", "Revoke", "OPTOUT\n"]
)
def test_a_stop_word_closes_the_line_and_still_reaches_us(station, word):
    form = texts(station, word)
    assert (form["Body"], form["OptOutType"]) == (word, "STOP")
    (canned,) = station.sees()
    assert canned.startswith("You have successfully been unsubscribed.")
    assert is_refused(station)
    # Another phone is not concerned.
    assert station.sends("+15005550143").status_code == 201


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
def test_a_start_word_opens_it_again(station, word):
    texts(station, "STOP")
    assert texts(station, word)["OptOutType"] == "START"
    assert "re-subscribed" in station.sees()[1]
    assert not is_refused(station)
    # Where nothing was closed, the same word is answered by us alone.
    before = station.sees()
    texts(station, word)
    assert station.sees() == [*before, "Thank you."]


@pytest.mark.parametrize("word", ["HELP", "info"])
def test_help_is_answered_in_the_providers_words_before_ours(station, word):
    assert texts(station, word)["OptOutType"] == HELP
    assert station.sees() == ["Reply STOP to unsubscribe. Msg&Data Rates May Apply.", "Thank you."]


def test_a_sentence_is_no_keyword(station):
    assert "OptOutType" not in texts(station, "Help me, make it stop")
    assert station.sees() == ["Thank you."]


def test_without_the_advanced_feature_nobody_tells_us(station):
    station.network.terms.opting = DEFAULT
    assert "OptOutType" not in texts(station, "STOP")
    assert is_refused(station)
    assert len(station.sees()) == 1


def test_switched_off_every_word_is_ours(station):
    station.network.terms.opting = OFF
    texts(station, "STOP")
    assert station.sees() == ["Thank you."]
    assert not is_refused(station)


def test_the_account_may_choose_its_own_words(station):
    station.network.terms.keywords["STOP"] = Keyword(frozenset({"ALTO"}), "")
    texts(station, "STOP")
    assert not is_refused(station)
    texts(station, "alto")
    assert is_refused(station)
    assert not [words for words in station.sees() if "unsubscribed" in words]


def test_whatsapp_knows_no_such_words(station):
    form = texts(station, "STOP", f"whatsapp:{MARIA}", WHATSAPP)
    assert "OptOutType" not in form
    assert station.sees(f"whatsapp:{MARIA}", WHATSAPP) == ["Thank you."]


@pytest.mark.parametrize("word", ["lost", "late", "swapped"])
def test_the_line_is_closed_when_the_phone_writes_not_when_we_hear_of_it(station, word):
    station.network.weather.lateness = 0.5
    station.network.weather.expects("webhooks", word)
    sid = station.network.text_us(sender=MARIA, line=LINE, body="STOP")
    assert not station.line.heard
    assert station.sends().json()["code"] == 21610
    # Whenever it is told, and however often, it says what it was taken for.
    station.network.again(sid)
    assert station.line.forms()[-1]["OptOutType"] == "STOP"
