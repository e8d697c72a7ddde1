"""Numbers to call: said in a session in which it is safe, to who asked for them, while nobody of us is awake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dialogue.turns import Effect
from tests.dialogue.harness import EVERY_LANGUAGE, Conversation
from tests.dialogue.test_taking import agreed
from tests.examples import examples

KEYS = st.sampled_from(
    [*"0123456789#", "1 yes", "Sparrow", "Hill Town", "please", "they shout at us"]
)
STEPS = st.lists(st.tuples(KEYS, st.booleans(), st.booleans(), st.booleans()), max_size=30)
NIGHT = {"asleep": True, "open": True}


def names(turn):
    return [saying.name for saying in turn.says]


def numbers(turn):
    return [saying.verbatim for saying in turn.says if saying.is_apart]


def needs(*codes):
    """A conversation of somebody who said that it is safe, and what they need first."""
    conversation = Conversation(EVERY_LANGUAGE, "en")
    conversation.hear("hello")
    conversation.hear("1", asleep=True)
    for text in ("0", "0", "0"):
        conversation.hear(text, **NIGHT)
    assert names(conversation.hear(" ".join(codes), **NIGHT)) == ["ask_near"]
    return conversation


@given(STEPS, st.booleans())
@examples(150)
def test_no_order_of_texts_gets_a_number_unasked_or_before_it_is_safe(steps, has_word):
    conversation = agreed() if has_word else Conversation(EVERY_LANGUAGE, "en")
    wanted = 0
    for text, asleep, is_open, awaited in steps:
        turn = conversation.hear(text, asleep=asleep, open=is_open, awaited=awaited)
        if "ask_near" in names(turn):
            assert is_open or Effect.OPEN in turn.effects
            assert asleep
        wanted += turn.answers.get("near") == "yes"
        if numbers(turn) or "near_none" in names(turn):
            assert is_open or Effect.OPEN in turn.effects
            assert wanted > 0
            wanted = 0
        if turn.state.cover:
            assert not numbers(turn)
            assert "ask_near" not in names(turn)


def test_a_yes_asks_where_it_is_and_each_number_is_a_text_of_its_own():
    conversation = needs("1", "4")
    assert conversation.turns[-1].state.needs == ("place", "food")
    turn = conversation.hear("1", **NIGHT)
    assert (turn.answers, names(turn), numbers(turn)) == ({"near": "yes"}, ["ask_place"], [])
    turn = conversation.hear("Hill Town", **NIGHT)
    assert [text.split("\n")[0] for text in numbers(turn)] == ["Harbor House", "Hill Kitchen"]
    assert turn.answers == {"named": ["Harbor House", "Hill Kitchen"]}
    assert names(turn)[2:] == ["near_said", "ask_go"]
    assert conversation.said(turn).count("\f") == 2
    assert not turn.is_key


@pytest.mark.parametrize("text", ["2", "0", "2 no"])
def test_who_does_not_want_them_is_not_asked_again_in_this_session(text):
    conversation = needs("1")
    assert names(conversation.hear(text, **NIGHT)) == ["ask_go"]
    for text in ("0", "0", "0", "1", "0", "0"):
        assert "ask_near" not in names(conversation.hear(text, **NIGHT))


def test_a_place_that_is_left_out_leaves_nobody_without():
    conversation = needs("1")
    conversation.hear("1", **NIGHT)
    assert len(numbers(conversation.hear("0", **NIGHT))) == 1


@pytest.mark.parametrize("text", ["No", "no thanks!", "нет", "لا", "2", "2 no"])
def test_a_no_to_where_it_is_takes_back_that_they_want_numbers(text):
    conversation = needs("1")
    conversation.hear("1", **NIGHT)
    turn = conversation.hear(text, **NIGHT)
    assert (turn.answers, names(turn), numbers(turn)) == ({"near": "no"}, ["ask_go"], [])
    assert "ask_near" not in names(conversation.hear("0", **NIGHT))


def test_while_somebody_is_awake_nothing_is_offered():
    conversation = Conversation(EVERY_LANGUAGE, "en")
    for text in ("hello", "1", *"000", "1", *"000"):
        assert "ask_near" not in names(conversation.hear(text, open=True))


def test_who_answers_later_is_asked_first_if_it_is_safe_still():
    conversation = needs("1")
    turn = conversation.hear("1", asleep=True, later=60)
    assert (names(turn), turn.answers) == (["knock"], {})
    assert names(conversation.hear("1", asleep=True)) == ["ask_near"]
    conversation.hear("1", **NIGHT)
    turn = conversation.hear("Hill Town", asleep=True, later=60)
    assert names(turn) == ["received_more", "knock"]
    assert names(conversation.hear("1", asleep=True)) == ["ask_near"]


def test_who_comes_back_in_another_night_is_asked_if_it_is_safe_and_then_offered_them():
    conversation = needs("1")
    for text in ("2", *"0000000"):
        conversation.hear(text, **NIGHT)
    assert "done" in conversation.turns[-1].state.told
    assert names(conversation.hear("he is back", asleep=True, later=900)) == [
        "received_more",
        "knock",
    ]
    assert names(conversation.hear("and shouts", asleep=True)) == ["received_more"]
    assert names(conversation.hear("1", asleep=True)) == ["received_more", "ask_near"]
    assert names(conversation.hear("1", **NIGHT)) == ["ask_place"]
    assert numbers(conversation.hear("Hill Town", **NIGHT))


def test_where_a_word_is_agreed_it_comes_before_the_offer():
    conversation = Conversation(EVERY_LANGUAGE, "en")
    for text in ("hello", "1", *"000", "1", *"000", "1", "Sparrow", "2"):
        conversation.hear(text)
    assert names(conversation.hear("he is back", asleep=True)) == ["received_more", "knock"]
    assert names(conversation.hear("1", asleep=True)) == ["ask_for_word"]
    assert names(conversation.hear("sparow", asleep=True)) == ["ask_for_word"]
    turn = conversation.hear("sparrow", asleep=True)
    assert names(turn) == ["received_more", "ask_near"]
    assert Effect.OPEN in turn.effects


def test_whoever_guesses_the_word_gets_no_number():
    conversation = agreed()
    for text in ("1", "wrong", "wrong again"):
        conversation.hear(text, awaited=True, asleep=True)
    for text in ("1", "Hill Town", "please"):
        turn = conversation.hear(text, asleep=True)
        assert turn.state.cover
        assert not numbers(turn)


def test_what_waits_for_them_goes_before_any_offer():
    conversation = needs("1")
    for text in ("2", *"0000000"):
        conversation.hear(text, **NIGHT)
    assert names(conversation.hear("1", awaited=True, asleep=True, later=900)) == []
