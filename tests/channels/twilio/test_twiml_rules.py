"""The rules find each fault that would end a call with the provider's own error, and none where there is none."""

from inspect import signature

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml import voice_response

from hotline.channels.twilio.twiml_rules import (
    LARGEST,
    NOT_READ,
    NOT_SO,
    TOO_LARGE,
    Fault,
    faults,
    speech,
    verbs,
)
from tests.examples import examples

GATHER = (
    '<Gather input="dtmf" action="/twilio/voice/a" method="POST" timeout="6" numDigits="1"'
    ' actionOnEmptyResult="true" profanityFilter="false">{}</Gather>'
)
RECORD = (
    '<Record action="/a" method="POST" maxLength="60" timeout="5" recordingStatusCallback="/r"'
    ' recordingStatusCallbackEvent="completed absent">{}</Record><Redirect method="POST">/a</Redirect>'
)
ES = '<Say voice="Google.es-US-Chirp3-HD-Aoede" language="es-US">hola</Say>'
END = "<Hangup/>"


def asked(template, right, wrong):
    """A document of one *template* in which something is *wrong*."""
    return f"<Response>{template.replace(right, wrong).format('')}</Response>"


RIGHT = [
    "<Response/>",
    f"<Response>{ES}{END}</Response>",
    f"<Response>{GATHER.format(ES)}</Response>",
    f"<Response>{RECORD.format('')}</Response>",
    '<Response><Say language="fr-CA">bonjour</Say><Hangup/></Response>',
    '<Response><Say voice="Polly.Zhiyu-Neural" language="zh-CN">您好</Say><Hangup/></Response>',
    '<Response><Say voice="Polly.Kajal-Neural" language="hi-IN">x</Say><Hangup/></Response>',
    '<Response><Play>https://line.example/a.mp3</Play><Redirect method="POST">/a</Redirect></Response>',
    '<Response><Enqueue action="/a" method="POST" waitUrl="/w">ref</Enqueue></Response>',
    '<Response><Dial answerOnBridge="true"><Queue>ref</Queue></Dial><Hangup/></Response>',
    '<Response><Dial action="/a" method="POST" callerId="+15005550006"><Number>+15005550142</Number></Dial></Response>',
    "<Response><Leave/></Response>",
    '<Response><Reject reason="busy"/></Response>',
    "<Response><Message>one</Message><Message>two</Message></Response>",
    '<Response><Pause length="2"/><Redirect method="POST">http://127.0.0.1:5000/a</Redirect></Response>',
]


@pytest.mark.parametrize("document", RIGHT)
def test_a_right_document_has_no_faults(document):
    assert faults(document) == []
    assert faults(document.encode()) == []


WRONG = {
    "cut short": "<Response><Say>hola</Say>",
    "a character that XML cannot carry": "<Response><Say>a\x0bb</Say><Hangup/></Response>",
    "a lone surrogate": "<Response><Say>a\ud800b</Say><Hangup/></Response>",
    "a declaration": '<!DOCTYPE r [<!ENTITY a "b">]><Response><Say>&a;</Say><Hangup/></Response>',
    "nothing at all": "",
    "not a response": "<Reply><Hangup/></Reply>",
    "a verb that does not exist": "<Response><Shout>hola</Shout><Hangup/></Response>",
    "a verb in the wrong letters": "<Response><say>hola</say><Hangup/></Response>",
    "an attribute that does not exist": asked(GATHER, "numDigits", "numDigit"),
    "an attribute as the library's argument": asked(GATHER, "numDigits", "num_digits"),
    "a value out of range": asked(GATHER, 'timeout="6"', 'timeout="0"'),
    "a value that is no number": asked(GATHER, 'timeout="6"', 'timeout="six"'),
    "an input that does not exist": asked(GATHER, 'input="dtmf"', 'input="dtmf,speech"'),
    "words censored": asked(GATHER, 'profanityFilter="false"', 'profanityFilter="true"'),
    "silence not told": asked(GATHER, ' actionOnEmptyResult="true"', ""),
    "keys that go where the call came from": asked(GATHER, ' action="/twilio/voice/a"', ""),
    "keys in an address": asked(GATHER, 'method="POST"', 'method="GET"'),
    "keys without an end": asked(GATHER, ' numDigits="1"', ""),
    "hearing in no language": asked(GATHER, '"dtmf"', '"dtmf speech"'),
    "a question inside a question": f"<Response>{GATHER.format(GATHER.format(''))}</Response>",
    "a hang-up inside a question": f"<Response>{GATHER.format(END)}</Response>",
    "a recording with something inside": f"<Response>{RECORD.format(ES)}</Response>",
    "a recording with words inside": f"<Response>{RECORD.format('hola')}</Response>",
    "a recording written down by others": asked(RECORD, "<Record", '<Record transcribe="true"'),
    "a recording without news of it": asked(RECORD, ' recordingStatusCallback="/r"', ""),
    "a recording longer than there is": asked(RECORD, '"60"', '"14401"'),
    "a voice that does not exist": '<Response><Say voice="Google.ur-IN-Wavenet-A">x</Say><Hangup/></Response>',
    "a voice of another language": '<Response><Say voice="Polly.Zeina" language="fr-FR">x</Say><Hangup/></Response>',
    "a language that is not spoken": '<Response><Say language="ti-ER">x</Say><Hangup/></Response>',
    "a language as we call it": '<Response><Say language="es">x</Say><Hangup/></Response>',
    "nothing said": "<Response><Say> </Say><Hangup/></Response>",
    "too much said": f"<Response><Say>{'x' * 4097}</Say><Hangup/></Response>",
    "too long a text": f"<Response><Message>{'x' * 1601}</Message></Response>",
    "something inside what is said": "<Response><Say>a<Hangup/>b</Say><Hangup/></Response>",
    "words between verbs": "<Response><Say>a</Say>hola<Hangup/></Response>",
    "words and no verb": "<Response>hola</Response>",
    "a way on that is not encrypted": '<Response><Redirect method="POST">http://line.example/a</Redirect></Response>',
    "a way on to nowhere": '<Response><Redirect method="POST"/></Response>',
    "a way on to another host's place": '<Response><Redirect method="POST">//line.example/a</Redirect></Response>',
    "a way on that loses the keys": "<Response><Redirect>/a</Redirect></Response>",
    "something behind the end": f"<Response>{END}{ES}</Response>",
    "something behind a way on": f'<Response><Redirect method="POST">/a</Redirect>{END}</Response>',
    "a call that breaks off": f"<Response>{ES}</Response>",
    "a call that breaks off behind a recording": f"<Response>{RECORD.format('').partition('<Redirect')[0]}</Response>",
    "a queue without a name": '<Response><Enqueue action="/a" method="POST" waitUrl="/w"/></Response>',
    "a queue with music": '<Response><Enqueue action="/a" method="POST">ref</Enqueue></Response>',
    "a number that is none": "<Response><Dial><Number>noor</Number></Dial><Hangup/></Response>",
    "a talk recorded": '<Response><Dial record="record-from-answer"><Queue>a</Queue></Dial><Hangup/></Response>',
    "too large": f"<Response>{ES * 1000}{END}</Response>",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_planted_fault_is_found(wrong):
    assert faults(WRONG[wrong])


def test_a_fault_has_the_code_of_the_providers_own_debugger():
    assert faults(WRONG["too large"]) == [
        Fault(TOO_LARGE, "the document is larger than the provider reads")
    ]
    assert [fault.code for fault in faults(WRONG["cut short"])] == [NOT_READ]
    assert [fault.code for fault in faults(WRONG["a hang-up inside a question"])] == [NOT_SO]


def test_a_document_at_the_limit_is_taken():
    room = LARGEST - len(f"<Response>{END}</Response>")
    said = f"<Say>{'x' * 4000}</Say>" * (room // 4011)
    padding = "<Say>" + "x" * (room - len(said) - 11) + "</Say>"
    document = f"<Response>{said}{padding}{END}</Response>"
    assert len(document) == LARGEST
    assert faults(document) == []
    assert faults(document.replace(END, END + " "))[0].code == TOO_LARGE


def test_a_fault_never_repeats_what_stands_in_the_document():
    for document in WRONG.values():
        assert all("hola" not in one.sentence for one in faults(document))


@examples(100)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_whatever_it_is_the_rules_answer(document):
    assert faults(document)


def test_every_verb_and_attribute_is_one_that_the_library_knows():
    for name, verb in verbs().items():
        if name not in ("Response", "Message"):
            assert set(verb.attributes) <= _known(name)
            assert verb.needs <= set(verb.attributes)
            assert verb.holds <= set(verbs())


def _known(name):
    """The attributes that the library's own methods write for a verb."""
    places = (voice_response.VoiceResponse, voice_response.Gather, voice_response.Dial)
    methods = [getattr(place, name.lower(), None) for place in places]
    return {_camel(one) for method in methods if method for one in signature(method).parameters}


def _camel(argument):
    first, *rest = argument.strip("_").split("_")
    return first + "".join(map(str.title, rest))


def test_every_voice_speaks_a_language_that_is_spoken():
    known = speech()
    assert len(known.voices) == 897
    # Three languages have voices, and stand in no list of what <Say> speaks.
    unnamed = {"eu-ES", "gl-ES", "lt-LT"}
    assert all(languages <= known.said | unnamed for languages in known.voices.values())
    assert set(known.same.values()) <= known.said
    assert (len(known.said), len(known.heard)) == (69, 130)
