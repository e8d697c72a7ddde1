"""Whatever we answer is a document that the provider reads: well-formed, of verbs that it knows, not too large."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.catalogs import TRANSLATIONS
from hotline.channels.twilio import twiml
from hotline.channels.twilio.twiml_rules import faults
from hotline.i18n import REPORTER, Languages
from tests.examples import examples

# What a text may hold: everything but lone surrogates, which no answer of ours can have and some test must.
ANYTHING = st.text(st.characters(codec="utf-8"), max_size=300) | st.text(max_size=50)


def checked(response) -> list[str]:
    """Return the texts of an answer, having checked it as the provider does."""
    assert response.status_code == 200
    assert response.mimetype == "text/xml"
    assert response.content_type == "text/xml; charset=utf-8"
    assert len(response.data) <= twiml.LARGEST_ANSWER == 65536
    assert response.data.startswith(b'<?xml version="1.0" encoding="UTF-8"?><Response')
    root = ElementTree.fromstring(response.data)
    assert (root.tag, root.attrib, root.text) == ("Response", {}, None)
    assert [child.tag for child in root] == ["Message"] * len(root)
    for child in root:
        assert len(child) == 0
        assert child.tail is None
        assert child.attrib == {}
    assert faults(response.data) == []
    return [child.text or "" for child in root]


def test_silence_is_an_empty_response():
    for nothing in ((), ("",), ("", ""), ("\x00\x0b",), (" \n", "\x85")):
        assert checked(twiml.message(*nothing)) == []


def test_texts_go_out_in_their_order():
    assert checked(twiml.message("first", "", "second")) == ["first", "second"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a < b & c > \"d\" 'e' ]]>", "a < b & c > \"d\" 'e' ]]>"),
        ("</Message><Dial>+15005550006</Dial>", "</Message><Dial>+15005550006</Dial>"),
        ("a\x00\x0b\x1b\x7f\u0085b", "a\x7f\u0085b"),
        ("\ufffe\uffff\ud800x", "x"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("<!-- --> <![CDATA[ &amp; &#0; ", "<!-- --> <![CDATA[ &amp; &#0; "),
        ("مرحبا 🙂 ñ \u200f", "مرحبا 🙂 ñ \u200f"),
    ],
)
def test_what_xml_cannot_carry_is_left_out_and_the_rest_stays(text, said):
    assert checked(twiml.message(text)) == [said]


@examples(300)
@given(st.lists(ANYTHING, max_size=8))
def test_every_answer_is_well_formed(texts):
    said = checked(twiml.message(*texts))
    assert len(said) <= twiml.MOST_TEXTS


@pytest.mark.parametrize("letter", ["a", '"', "&", "ñ", "字", "🙂"])
def test_no_answer_is_larger_than_the_provider_reads(letter):
    said = checked(twiml.message(*[letter * 10_000] * 20))
    assert said == [letter * twiml.LONGEST_TEXT] * twiml.MOST_TEXTS


def test_every_message_of_ours_arrives_as_it_was_written():
    languages = Languages(TRANSLATIONS)
    for locale in sorted(languages.offered):
        text = languages.render("messages/received/sms.txt", locale, REPORTER).strip()
        assert checked(twiml.message(text)) == [text]
