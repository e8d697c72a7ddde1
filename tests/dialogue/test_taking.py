"""Rules of every conversation, whatever is sent in whatever order."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import i18n
from hotline.dialogue.state import State
from hotline.dialogue.turns import Effect
from tests.dialogue.harness import COVER, EVERY_LANGUAGE, Conversation, mark
from tests.examples import examples

LANGUAGES = EVERY_LANGUAGE
KEYS = st.sampled_from(
    [*"0123456789*#", "1 yes", "1,3", "14-16", "2pm-4pm", "english", "Español", "vi"]
)
WORDS = st.text(max_size=40) | st.sampled_from(
    ["please", "they come at night", "😭", "١", "Sparrow"]
)
STEPS = st.lists(
    st.tuples(KEYS | WORDS, st.booleans(), st.sampled_from([(), ("vi", "th"), ("xx",)])),
    max_size=25,
)


def agreed(word="Sparrow"):
    """A conversation in which that code word was chosen."""
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1", *"0000000", "1", word, "2"):
        conversation.hear(text)
    assert conversation.turns[-2].contact.get("word")
    return conversation


@given(STEPS)
@examples(100)
def test_no_order_of_texts_breaks_it_and_its_state_always_comes_back(steps):
    conversation = Conversation(LANGUAGES, "en")
    for text, awaited, suggest in steps:
        turn = conversation.hear(text, awaited=awaited, suggest=suggest)
        assert State.from_json(turn.state.to_json()) == turn.state
        assert turn.state.locale in LANGUAGES.offered
        is_kept = b"parrow" in turn.state.to_json()
        assert not is_kept or "code" not in turn.state.asked


@given(STEPS)
@examples(60)
def test_what_waits_is_never_let_out_before_somebody_said_that_it_is_safe(steps):
    conversation = agreed()
    for text, awaited, suggest in steps:
        turn = conversation.hear(text, awaited=awaited, suggest=suggest)
        if Effect.RELEASE in turn.effects:
            assert "sparrow" in text.lower()
            return


@given(st.lists(WORDS | KEYS, max_size=20))
@examples(60)
def test_the_cover_story_says_only_its_own_lines_until_the_word_comes(texts):
    conversation = agreed()
    for text in ("1", "wrong", "wrong again"):
        turn = conversation.hear(text, awaited=True)
    assert turn.effects == {Effect.DURESS}
    for text in texts:
        turn = conversation.hear(text, awaited=True)
        if "sparrow" in text.lower():
            return
        assert {saying.verbatim for saying in turn.says} <= set(COVER[""])
        assert not any(saying.name for saying in turn.says)
        assert not turn.effects
        assert not turn.answers
        assert not turn.is_key


def test_the_right_word_ends_the_cover_story_and_lets_out_what_waits():
    conversation = agreed()
    for text in ("1", "wrong", "wrong again"):
        conversation.hear(text, awaited=True)
    turn = conversation.hear("sparrow", awaited=True)
    assert turn.effects == {Effect.OPEN, Effect.RELEASE}
    assert turn.is_secret


def test_who_guesses_all_day_gets_nowhere():
    conversation = agreed()
    conversation.hear("1", awaited=True)
    for number in range(65):
        conversation.hear(f"guess{number}", awaited=True)
    assert not conversation.hear("sparrow", awaited=True).effects


def test_one_wrong_word_is_forgiven():
    conversation = agreed()
    conversation.hear("1", awaited=True)
    conversation.hear("sparow", awaited=True)
    assert Effect.RELEASE in conversation.hear("Sparrow", awaited=True).effects


@pytest.mark.parametrize("word", ["Воробей", "麻雀", "عصفور", "gorrión", "x7x", "１２３４"])
def test_a_code_word_may_be_of_any_script(word):
    conversation = agreed(word)
    conversation.hear("1", awaited=True)
    assert Effect.RELEASE in conversation.hear(f" {word.upper()}. ", awaited=True).effects


def test_a_word_in_the_wrong_script_is_a_wrong_word_and_no_error():
    conversation = agreed("sol")
    conversation.hear("1", awaited=True)
    assert not conversation.hear("сол", awaited=True).effects


def test_a_cry_in_the_place_of_a_word_is_an_account():
    conversation = agreed()
    conversation.hear("1", awaited=True)
    turn = conversation.hear("please he is coming back now", awaited=True)
    assert not turn.is_secret
    assert turn.state.wrong == 0


def test_nothing_is_awaited_so_nothing_asks_for_the_word():
    conversation = agreed()
    turn = conversation.hear("are you there")
    assert [saying.name for saying in turn.says] == ["received_more"]


def test_who_writes_while_something_waits_is_asked_whatever_became_of_our_question():
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1"):
        conversation.hear(text)
    while conversation.turns[-1].state.step:
        conversation.hear("0")
    # Whoever may hold the phone in their place is not asked.
    turn = conversation.hear("1", awaited=True, asked=False, doubted=True)
    assert [saying.name for saying in turn.says] == ["received_more"]
    # What was asked is a day old, and its key is no answer any more.
    turn = conversation.hear("1", awaited=True, asked=False)
    assert [saying.name for saying in turn.says] == ["received_more", "knock"]
    assert Effect.RELEASE not in turn.effects
    assert Effect.RELEASE in conversation.hear("1", awaited=True, asked=False).effects


def choosing_a_word():
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1"):
        conversation.hear(text)
    while conversation.turns[-1].state.step != "hours":
        conversation.hear("0")
    conversation.hear("1")
    assert conversation.turns[-1].state.step == "word"
    return conversation


def test_yes_to_our_asking_beside_the_choice_of_a_word_lets_what_waits_in():
    conversation = choosing_a_word()
    # Which of both was answered is asked once more.
    turn = conversation.hear("1", awaited=True)
    assert [saying.name for saying in turn.says] == ["knock"]
    assert Effect.RELEASE in conversation.hear("1", awaited=True).effects


def test_a_word_that_is_chosen_beside_our_asking_is_kept():
    conversation = choosing_a_word()
    assert conversation.hear("sparrow", awaited=True).state.word == mark("sparrow")


@pytest.mark.parametrize(("key", "effect"), [("8", Effect.LATER), ("9", Effect.CLOSE)])
def test_one_key_puts_us_off_or_ends_our_writing(key, effect):
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1"):
        conversation.hear(text)
    assert effect in conversation.hear(key).effects


def test_nine_oclock_is_no_wish_to_be_left_alone():
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1", *"0000000", "14-16"):
        conversation.hear(text)
    assert not conversation.hear("9").effects
    assert conversation.hear("9 am").contact["zone"]


def test_their_zone_follows_from_the_time_on_their_wall():
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1", *"0000000", "14-16"):
        conversation.hear(text)
    there = (conversation.at + timedelta(minutes=1)).astimezone(ZoneInfo("America/Los_Angeles"))
    turn = conversation.hear(f"{there:%H:%M}")
    assert turn.contact["zone"] == "America/Los_Angeles"


def test_where_the_number_tells_the_zone_nobody_asks_for_it():
    conversation = Conversation(LANGUAGES, "en", zones=("Asia/Bangkok",))
    for text in ("hello", "1", *"0000000"):
        conversation.hear(text)
    turn = conversation.hear("14-16")
    assert turn.contact == {"hours": "14:00-16:00", "zone": "Asia/Bangkok", "not_before": ""}
    assert turn.state.step == "word"


@pytest.mark.parametrize("text", ["hi", "so", "no", "ha"])
def test_a_greeting_is_no_language(text):
    turn = Conversation(LANGUAGES, "en").hear(text)
    assert turn.state.locale == "en"
    assert [saying.name for saying in turn.says] == ["received"]


@pytest.mark.parametrize("locale", LANGUAGES.offered)
def test_every_language_is_chosen_by_its_names_and_its_code(locale):
    for name in (i18n.autonym(locale), i18n.name_of(locale, "en"), locale):
        conversation = Conversation(LANGUAGES, "en" if locale != "en" else "es")
        conversation.hear("12 of us are here")
        conversation.hear("*")
        assert conversation.hear(f" {name.upper()}! ").state.locale == locale, name


def test_words_of_another_language_list_it_first_and_switch_nothing():
    conversation = Conversation(LANGUAGES, "en")
    for _ in range(2):
        turn = conversation.hear("toi khong the ra ngoai", suggest=("vi",))
        assert turn.state.locale == "en"
        assert turn.says[0].verbatim.startswith("1 Tiếng Việt\n2 English")
        assert turn.says[0].verbatim.endswith("\n0 …")
    assert conversation.hear("1").state.locale == "vi"


def test_whoever_goes_through_the_questions_in_a_hurry_is_never_slowed():
    conversation = Conversation(LANGUAGES, "en")
    for text in (
        "hello",
        "1",
        "2",
        "1",
        "0",
        "1 3",
        "2",
        "1 4",
        "near it",
        "14-16",
        "12:00",
        "Sparrow",
        "1",
    ):
        assert conversation.hear(text, later=0).says, text


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("14-16", "14:00-16:00"),
        ("\u200e14-16", "14:00-16:00"),
        ("2pm-4pm", "14:00-16:00"),
        ("9:00 to 17:30", "09:00-17:30"),
        ("22-6", "22:00-06:00"),
        ("3", "12:00-18:00"),
        ("2 3", ""),
        ("2-4", ""),
        ("9-5", ""),
        ("after work", ""),
    ],
)
def test_hours_are_taken_only_where_nobody_can_mistake_them(typed, hours):
    conversation = Conversation(LANGUAGES, "en", zones=("Asia/Bangkok",))
    for text in ("hello", "1", *"0000000"):
        conversation.hear(text)
    assert conversation.hear(typed).contact.get("hours", "") == hours


@pytest.mark.parametrize("cry", ["police", "why?", "help", "YES", "911", "ayuda", "कमेत?", "what"])
def test_what_is_no_word_is_not_taken_for_one(cry):
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1", *"0000000", "1"):
        conversation.hear(text)
    turn = conversation.hear(cry)
    assert not turn.is_secret
    assert not turn.state.word


def test_an_impatient_yes_is_no_wrong_word():
    conversation = agreed()
    for text in ("1", "1", "who is it?", "1"):
        turn = conversation.hear(text, awaited=True)
        assert turn.state.wrong == 0
    assert Effect.RELEASE in conversation.hear("sparrow", awaited=True).effects
