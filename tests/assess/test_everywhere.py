"""What is said alike in every language is heard alike in every language; every text here is invented."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.assess import assess
from hotline.assess.evidence import Evidence
from hotline.assess.indicators import conclude_indicators
from hotline.assess.lexicon import lexicon_for
from hotline.assess.rules import ASKED, DANGERS, INDICATORS, STATED
from hotline.assess.urgency import urgency_of
from hotline.domain.urgency import Indicator, Urgency

_TOLD = tomllib.loads(Path(__file__).with_name("everywhere.toml").read_text("utf-8"))
_RAISING = sorted(INDICATORS | ASKED | DANGERS | {"cry_for_help", "hurry", "child"})


@pytest.mark.parametrize("language", _TOLD)
def test_each_language_hears_danger_children_denial_and_the_past(language: str):
    told = _TOLD[language]
    found = {name: assess(text, language=language) for name, text in told.items()}
    for danger in ("moved", "armed", "hurt", "despair"):
        assert found[danger].urgency is Urgency.IMMEDIATE, told[danger]
    assert found["child"].minor
    assert found["child"].urgency is Urgency.HIGH
    assert found["past"].urgency is Urgency.NORMAL
    assert Indicator.VIOLENCE not in found["denied"].indicators
    assert found["denied"].urgency is not Urgency.IMMEDIATE
    assert found["help"].urgency is Urgency.HIGH


@pytest.mark.parametrize("language", [one for one, told in _TOLD.items() if "waiting" in told])
def test_a_door_a_dinner_and_a_debt_owed_are_told_apart(language: str):
    told = _TOLD[language]
    assert assess(told["waiting"], language=language).urgency is Urgency.IMMEDIATE
    assert assess(told["dinner"], language=language).urgency is Urgency.NONE
    owed = assess(told["owed"], language=language)
    assert owed.urgency is Urgency.NORMAL
    assert Indicator.WAGES_WITHHELD in owed.indicators
    assert Indicator.DEBT_BONDAGE not in owed.indicators


def test_a_parcel_that_is_held_is_nobody():
    text = "Your parcel is held at customs, pay the fee https://dhl.example"
    assert assess(text, language="en").urgency is Urgency.NONE


@pytest.mark.parametrize("language", _TOLD)
def test_what_every_language_says_is_sayable_in_each(language: str):
    lexicon = lexicon_for(language)
    assert lexicon is not None
    assert {"years_ago", "story", "figure_of_speech"} <= {phrase.rule for phrase in lexicon.phrases}


@given(facts=st.sets(st.sampled_from(sorted(STATED))), more=st.sets(st.sampled_from(_RAISING)))
def test_what_is_heard_beside_a_danger_never_lowers_it(facts: set[str], more: set[str]):
    before, decided_by = _urgency(facts)
    if decided_by != "unclear":
        assert _urgency(facts | more)[0].rank >= before.rank


@given(said=st.lists(st.sampled_from(Urgency)), more=st.sampled_from(Urgency))
def test_one_more_message_never_lowers_a_report(said: list[Urgency], more: Urgency):
    before = Urgency.highest(Urgency.NONE, *said)
    assert Urgency.highest(before, more).rank >= before.rank


def _urgency(facts: set[str]) -> tuple[Urgency, str]:
    evidence = Evidence(dict.fromkeys(facts, (0, 0)))
    conclude_indicators(evidence)
    return urgency_of(evidence)
