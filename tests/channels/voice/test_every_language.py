"""Every sentence of a call, in every language that callers are offered, is heard, and in a document that is right."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from hotline.catalogs import TRANSLATIONS
from hotline.channels.twilio.calling import Calling
from hotline.channels.twilio.twiml_rules import faults, speech
from hotline.dialogue.calls.document import Document, Line, Then, Wait
from hotline.i18n import Languages
from hotline.migrations import create_all
from hotline.prompts import Prompts
from hotline.store import Store
from tests.channels.voice.telephone import ORIGIN, QUEUE, STEP
from tests.dialogue.calls.paths import documents


@pytest.fixture(scope="module")
def prompts(tmp_path_factory):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('prompts') / 'hotline.db'}")
    create_all(store)
    yield Prompts.of(Languages(TRANSLATIONS), store)
    store.close()


def heard(root):
    return [verb for verb in root.iter() if verb.tag in ("Say", "Play")]


def test_every_sentence_is_heard_in_every_language(prompts):
    writing = Calling(prompts, ORIGIN)
    assert {"en", "es", "ar"} <= set(prompts.offered)
    for locale in prompts.offered:
        lines = tuple(Line(locale, name) for name in prompts.names)
        for then in (Then(Wait.KEYS, hears=True), Then(Wait.END)):
            data = writing.answer(Document(STEP, locale, lines, then)).data
            assert faults(data) == []
            assert len(heard(ElementTree.fromstring(data))) == len(prompts.names)


def test_every_way_of_waiting_is_right_in_every_language(prompts):
    writing = Calling(prompts, ORIGIN)
    for locale in prompts.offered:
        for wait in Wait:
            then = Then(wait, most=0, hears=True, longest=1800, ref=QUEUE)
            lines = (Line(locale, "start", pause=1), Line(locale, digits="0123456789"))
            data = writing.answer(Document(STEP, locale, lines, then)).data
            assert faults(data) == []
            assert len(heard(ElementTree.fromstring(data))) == 11


def test_every_language_has_a_voice_that_the_provider_documents(prompts):
    for locale in prompts.offered:
        voice, heard_as = prompts.voice(locale), prompts.speech(locale)
        if voice:
            assert voice.language in speech().said
            assert speech().has(voice.say, voice.language)
        assert not heard_as or heard_as in speech().heard


def test_a_language_is_offered_to_callers_in_its_own_words(prompts):
    lines = tuple(Line(locale, "language", digits="1") for locale in prompts.offered)
    data = Calling(prompts, ORIGIN).answer(Document(STEP, "en", lines, Then(Wait.KEYS))).data
    assert faults(data) == []
    assert len(heard(ElementTree.fromstring(data))) == 2 * len(prompts.offered)


def test_every_path_of_a_call_is_right_in_every_language(prompts):
    writing = Calling(prompts, ORIGIN)
    places = documents()
    assert len(places) > 100
    for locale in prompts.offered:
        for place in places.values():
            lines = tuple(replace(line, locale=locale) for line in place.lines)
            then = replace(place.then, ref=QUEUE if place.then.wait is Wait.PERSON else "")
            data = writing.answer(replace(place, locale=locale, lines=lines, then=then)).data
            assert faults(data) == []
