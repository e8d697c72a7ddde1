"""Each word of a text has one rule that decided about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.anonymize import Rule, explain, redact
from hotline.domain.identity import Label
from tests.examples import examples

TEXT = (
    "My name is Zorka Blint. The boss took my passport, we are 3 women here. Call +34 600 000 111."
)


def rules(text: str, also: frozenset[str] = frozenset()) -> dict[str, Rule]:
    return {text[each.start : each.end]: each.rule for each in explain(text, also=also)}


def test_each_word_has_the_rule_that_decided() -> None:
    told = rules(TEXT)
    assert told["passport"] is Rule.ORDINARY
    assert told["3"] is Rule.COUNT
    assert told["Zorka"] in {Rule.UNLISTED, Rule.CAPITAL, Rule.INTRODUCED}
    assert told["600"] is Rule.FORM


def test_a_word_the_house_found_ordinary_stays_and_says_so() -> None:
    text = "they keep us in the zorblax every night"
    assert rules(text)["zorblax"] is Rule.UNLISTED
    assert rules(text, frozenset({"zorblax"}))["zorblax"] is Rule.ALSO
    assert "zorblax" in redact(text, also=frozenset({"zorblax"})).text


def test_a_given_back_word_is_hidden_after_an_introducer_all_the_same() -> None:
    text = "my name is zorblax"
    assert "zorblax" not in redact(text, also=frozenset({"zorblax"})).text


def test_labels_are_those_of_the_spans() -> None:
    assert {each.label for each in explain(TEXT) if each.rule is Rule.FORM} == {Label.PHONE}


@examples(60)
@given(
    st.text(st.characters(), max_size=80) | st.lists(st.sampled_from(TEXT.split())).map(" ".join)
)
def test_decisions_agree_with_the_spans(text: str) -> None:
    spans = redact(text).spans
    covered = {at for span in spans for at in range(span.start, span.end)}
    for each in explain(text):
        assert each.masked == (not covered.isdisjoint(range(each.start, each.end)))


@pytest.mark.parametrize("text", ["", " ", "...", "\u200b"])
def test_nothing_gives_nothing(text: str) -> None:
    assert not [each for each in explain(text) if not each.masked]
