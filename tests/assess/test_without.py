"""What the machine's judgement hangs on: without the words of one reason it may say less, and never more."""

import pytest

from hotline.assess import assess, without
from hotline.domain.report import Reason
from hotline.domain.urgency import Urgency

KNIFE = "He took my passport. He has a knife at my throat."


def test_one_reason_decides_and_the_others_do_not() -> None:
    said = [assess(KNIFE, language="en").reasons]
    assert without.urgency(said) is Urgency.IMMEDIATE
    assert without.urgency(said, leave_out="weapon_drawn") is Urgency.HIGH
    assert without.urgency(said, leave_out="retention_of_identity_documents") is Urgency.IMMEDIATE


def test_what_rests_on_the_same_words_goes_with_them() -> None:
    said = [assess("They lock us in the house every night", language="en").reasons]
    rules = {reason.rule for reason in said[0]}
    assert {"captive", "restriction_of_movement"} <= rules
    assert without.urgency(said, leave_out="captive").rank < without.urgency(said).rank


def test_of_several_messages_the_most_urgent_counts() -> None:
    said = [assess(text, language="en").reasons for text in (KNIFE, "Thanks, goodbye")]
    assert without.urgency(said) is Urgency.IMMEDIATE
    assert without.urgency([said[1]]).rank < Urgency.HIGH.rank


@pytest.mark.parametrize("rule", ["unreadable", "unknown_language", "not_assessed", "unclear"])
def test_what_could_not_be_read_stays_high(rule: str) -> None:
    said = [(Reason(f"urgency_{rule}", 0, 0),)]
    assert without.urgency(said) is Urgency.HIGH
    assert without.urgency(said, leave_out=rule) is Urgency.NONE


def test_nothing_said_is_nothing() -> None:
    assert without.urgency([]) is Urgency.NONE
