"""Single sentences in many languages that must, or must not, be taken for one fact."""

import tomllib
from pathlib import Path

import pytest

from hotline.assess import assess
from hotline.domain.urgency import Indicator, Urgency

_FOLDER = Path(__file__).parent / "sentences"


def _sentences(name: str) -> list[tuple[str, str]]:
    table = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), _sentences("self_harm"))
def test_whoever_may_hurt_themselves_is_immediate(language, text):
    assert assess(text, language=language).urgency is Urgency.IMMEDIATE


@pytest.mark.parametrize(("language", "text"), _sentences("no_self_harm"))
def test_a_threat_or_an_accident_is_no_self_harm(language, text):
    reasons = assess(text, language=language).reasons
    assert "self_harm" not in {reason.rule for reason in reasons}


@pytest.mark.parametrize(("language", "text"), _sentences("danger"))
def test_danger_now_is_immediate(language, text):
    assert assess(text, language=language).urgency is Urgency.IMMEDIATE


@pytest.mark.parametrize(("language", "text"), _sentences("no_danger"))
def test_a_word_of_danger_alone_is_not_immediate(language, text):
    assert assess(text, language=language).urgency is not Urgency.IMMEDIATE


@pytest.mark.parametrize(("language", "text"), _sentences("still_held"))
def test_to_have_left_something_does_not_make_a_held_person_free(language, text):
    assert assess(text, language=language).urgency.rank >= Urgency.HIGH.rank


@pytest.mark.parametrize(("language", "text"), _sentences("own_papers"))
def test_papers_in_ones_own_hands_are_not_withheld(language, text):
    assert Indicator.DOCUMENTS_HELD not in assess(text, language=language).indicators


@pytest.mark.parametrize(("language", "text"), _sentences("held_papers"))
def test_papers_in_the_hands_of_others_are_withheld(language, text):
    assert Indicator.DOCUMENTS_HELD in assess(text, language=language).indicators


@pytest.mark.parametrize(("language", "text"), _sentences("not_dismissed"))
def test_a_word_of_thanks_or_a_wrong_number_does_not_dismiss_the_rest(language, text):
    assert assess(text, language=language).urgency is not Urgency.NONE
