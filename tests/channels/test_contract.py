"""What is asked of a provider is written down once, and what is written there is true."""

import re
from inspect import getmembers, isclass
from pkgutil import resolve_name

import hotline.channels
from hotline.channels.twilio import TwilioCarrier, hearing, signature, twiml, twiml_rules
from hotline.contact import carrier, fate
from hotline.domain.report import IncomingMessage
from hotline.errors import HotlineError
from tests.fakes import FakeCarrier

WORDS = hotline.channels.__doc__ or ""
METHODS = {name for name in vars(carrier.Carrier) if not name.startswith("_")}


def test_everything_that_a_provider_must_do_is_written_down():
    assert {name for name in METHODS if f"`{name}`" not in WORDS} == set()
    errors = {
        name
        for name, kind in getmembers(carrier, isclass)
        if issubclass(kind, HotlineError) and kind.__module__ == carrier.__name__
    }
    assert {name for name in errors if f"`{name}`" not in WORDS} == set()


def test_every_word_for_what_became_of_a_text_is_written_down():
    known = WORDS.split("**What became of it.**")[1].split("They have ranks")[0]
    assert [word for word in fate._FATE if not re.search(rf"\b{word}\b", known)] == []


def test_the_limits_are_those_that_hold():
    limits = WORDS.split("**Limits.**")[1].split("**Erase.**")[0]
    assert (f"{twiml.LONGEST_TEXT:,}" in limits, twiml.MOST_TEXTS) == (True, 5)
    assert twiml.LARGEST_ANSWER == signature.LARGEST_BODY == twiml_rules.LARGEST == 64 * 1024
    for number in (twiml_rules.LONGEST_WORDS, hearing.MOST_KEYS, hearing.MOST_WORDS):
        assert f"{number:,}" in limits


def test_what_is_named_exists():
    for name in re.findall(r"`(hotline[\w.]+)`", WORDS):
        resolve_name(name)
    fields = re.findall(r"\*(provider_id|sender|line|opted|wants_answer)\*", WORDS)
    assert set(fields) <= set(IncomingMessage.__slots__)


def test_our_provider_and_the_fake_do_all_of_it():
    for kind in (TwilioCarrier, FakeCarrier):
        assert {name for name in METHODS if not callable(getattr(kind, name, None))} == set()
