"""What an account needs, in the words people use; every text here is invented."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.assess import assess, assess_lines
from hotline.domain.urgency import Indicator, Need, Urgency


def test_a_text_in_a_language_we_cannot_read_is_at_least_high():
    found = assess("Zxqv mnop rstu", language="und")
    assert found.urgency is Urgency.HIGH
    assert "urgency_unknown_language" in {reason.rule for reason in found.reasons}


@pytest.mark.parametrize("text", ["", "   ", "🙏🙏", "...", "\n"])
def test_a_text_without_words_is_high(text: str):
    assert assess(text, language="en").urgency is Urgency.HIGH


def test_thanks_in_an_unknown_language_are_not_dropped():
    assert assess("thanks", language="xx").urgency is Urgency.HIGH


def test_thanks_alone_are_no_report():
    assert assess("thank you so much, god bless", language="en").urgency is Urgency.NONE


def test_thanks_beside_a_report_do_not_hide_it():
    found = assess("thank you for answering. my boss took our passports", language="en")
    assert found.urgency is Urgency.HIGH
    assert Indicator.DOCUMENTS_HELD in found.indicators


def test_a_child_needs_protection():
    found = assess("my niece is 14, they make her clean all day", language="en")
    assert found.minor
    assert Need.CHILD_PROTECTION in found.needs
    assert Indicator.ABUSE_OF_VULNERABILITY in found.indicators
    assert found.urgency.rank >= Urgency.HIGH.rank


def test_not_being_safe_raises():
    text = "they have not paid me since june, how do i claim"
    assert assess(text, language="en").urgency is Urgency.NORMAL
    raised = assess(text, language="en", answers={"safe": "no"})
    assert raised.urgency is Urgency.HIGH


def test_answers_state_needs_and_an_unknown_code_says_nothing():
    found = assess(
        "hello", language="en", answers={"need": ["place", "doctor", "?"], "young": "yes", "x": "y"}
    )
    assert {Need.SHELTER, Need.MEDICAL, Need.CHILD_PROTECTION} <= found.needs
    assert found.minor


def test_lines_find_the_language_that_is_missing():
    lines = [
        json.dumps({"text": "he locked me in", "lang": "en"}),
        "",
        json.dumps({"text": "he locked me in"}),
    ]
    found = [json.loads(line) for line in assess_lines(lines, detect=lambda text: "und")]
    assert [line["urgency"] for line in found] == ["high", "high"]
    assert found[0]["reasons"][0]["start"] >= 0


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), language=st.sampled_from(["en", "und", "", "../x", "en-GB"]))
def test_it_never_fails_and_its_reasons_point_into_the_text(text: str, language: str):
    for reason in assess(text, language=language).reasons:
        assert 0 <= reason.start <= reason.end <= len(text)


@given(text=st.text(alphabet="\ud800\u202e\x00\u200d\ufdfa٣३'.a 5", max_size=80))
def test_strange_characters_do_no_harm(text: str):
    for reason in assess(text, language="en").reasons:
        assert 0 <= reason.start <= reason.end <= len(text)
