"""A yes by text is one with the right word alone, to words that were put to them, in the language that they chose."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dialogue.state import State
from hotline.dialogue.turns import Effect
from tests.dialogue.harness import ASKS, COVER, Conversation
from tests.dialogue.test_taking import KEYS, LANGUAGES, WORDS, agreed
from tests.examples import examples

WAITS = {"asks": ["lead"], "awaited": True, "texted": True}
THERE = {"asks": ["lead"], "open": True}


def names(turn):
    return [saying.name for saying in turn.says]


def put(word="Sparrow"):
    """A conversation in which the question was put to somebody who said that word."""
    conversation = agreed(word)
    assert names(conversation.hear("1", **WAITS)) == ["ask_for_word"]
    assert names(conversation.hear(word, **WAITS)) == ["ask_lead"]
    return conversation


def step(conversation):
    return conversation.turns[-1].state.step


def test_the_question_comes_after_the_knock_and_the_word_and_a_yes_needs_the_word_again():
    conversation = put()
    turn = conversation.hear("1", **THERE)
    assert (names(turn), turn.decided) == (["ask_sure"], None)
    turn = conversation.hear("Sparrow", **THERE)
    assert turn.decided.ask == ASKS["lead"]
    assert turn.decided.yes
    assert turn.is_secret
    assert not turn.effects
    assert names(turn) == ["ask_yes"]


def test_a_no_counts_at_once_and_nobody_asks_why():
    turn = put().hear("2", **THERE)
    assert not turn.decided.yes
    assert names(turn) == ["ask_no"]


@pytest.mark.parametrize("later", ["3", "0"])
def test_later_leaves_it_asked_and_does_not_ask_again_by_itself(later):
    conversation = put()
    turn = conversation.hear(later, **THERE)
    assert turn.decided is None
    # "We tell them nothing" is for a no alone.
    assert names(turn) == ["received_more"]
    assert names(conversation.hear("sparrow", **THERE)) == ["received_more"]


def test_no_word_makes_no_yes():
    conversation = Conversation(LANGUAGES, "en")
    conversation.hear("hello")
    assert names(conversation.hear("1", **WAITS)) == ["ask_lead"]
    assert names(conversation.hear("1", **THERE)) == ["ask_elsewhere"]
    for text in ("1", "YES", "sparrow"):
        assert conversation.hear(text, **THERE).decided is None


def test_a_word_with_a_condition_beside_it_is_no_yes_and_is_read():
    conversation = put()
    conversation.hear("1", **THERE)
    turn = conversation.hear("sparrow not him", **THERE)
    assert turn.decided is None
    assert (turn.rest, turn.is_secret) == ("not him", True)
    assert names(turn) == ["received_more", "ask_sure"]
    assert conversation.hear("sparrow", **THERE).decided.yes


def test_a_wrong_word_twice_tells_the_cover_story_and_decides_nothing():
    conversation = put()
    for text in ("1", "eagle"):
        assert conversation.hear(text, **THERE).decided is None
    turn = conversation.hear("crow", **THERE)
    assert turn.effects == {Effect.DURESS}
    assert turn.says[0].verbatim in COVER[""]
    for text in ("1", "2", "yes", "TAKEBACK crow", "PROMISE"):
        turn = conversation.hear(text, open=True)
        assert turn.decided is None
        assert not turn.wish
        assert turn.says[0].verbatim in COVER[""]


def test_a_question_that_waits_no_more_is_answered_like_any_text():
    for text in ("1", "2", "3", "hello"):
        turn = put().hear(text, open=True)
        assert names(turn) == ["received_more"], text
        assert turn.decided is None
    conversation = put()
    conversation.hear("1", **THERE)
    turn = conversation.hear("sparrow", open=True)
    assert turn.decided is None
    assert names(turn) == ["received_more"]


def test_a_question_in_other_words_by_now_is_put_anew():
    conversation = put()
    conversation.hear("1", **THERE)
    kept = State.from_json(conversation.kept)
    conversation.kept = replace(kept, ask="a1 ask_lead in other words").to_json()
    turn = conversation.hear("sparrow", **THERE)
    assert turn.decided is None
    assert "ask_lead" in names(turn)


@pytest.mark.parametrize("before", [(), ("1",)])
def test_another_language_in_the_middle_begins_the_question_anew_in_it(before):
    conversation = put()
    for text in before:
        conversation.hear(text, **THERE)
    turn = conversation.hear("Español", **THERE)
    assert turn.state.locale == "es"
    assert names(turn) == ["language_set", "ask_lead"]
    # The word alone, sent after that, is no yes yet.
    assert conversation.hear("sparrow", **THERE).decided is None
    assert names(conversation.hear("1", **THERE)) == ["ask_sure"]
    turn = conversation.hear("sparrow", **THERE)
    assert turn.decided.yes
    assert turn.state.locale == "es"


def test_another_language_hours_later_shows_the_question_to_nobody():
    turn = put().hear("Español", asks=["lead"])
    assert names(turn) == ["language_set", "knock"]


def test_hours_later_a_yes_is_asked_for_from_the_word_on():
    conversation = put()
    assert names(conversation.hear("1", asks=["lead"])) == ["received_more"]
    assert names(conversation.hear("sparrow", asks=["lead"])) == ["received_more", "ask_lead"]
    conversation.hear("1", **THERE)
    turn = conversation.hear("sparrow", asks=["lead"])
    assert turn.decided is None
    assert "ask_lead" in names(turn)


def test_hours_later_other_words_do_not_bring_the_question_back():
    conversation = put()
    for text in ("hello", "what do you want"):
        assert names(conversation.hear(text, asks=["lead"])) == ["received_more"]


@pytest.mark.parametrize("before", [(), ("1",)])
@pytest.mark.parametrize("key", ["0", "1", "2", "3", "4", "1 yes", "hello"])
def test_hours_later_a_phone_is_answered_as_one_that_was_asked_nothing(before, key):
    asked, other = put(), agreed()
    for text in before:
        asked.hear(text, **THERE)
    turn = asked.hear(key, asks=["lead"])
    other.hear("sparrow", awaited=True)
    assert names(turn) == names(other.hear(key)) == ["received_more"]
    assert turn.decided is None
    # Who says the word is asked still.
    assert names(asked.hear("sparrow", asks=["lead"])) == ["received_more", "ask_lead"]


@pytest.mark.parametrize("text", ["1", "2", "3"])
def test_a_knock_that_overtook_the_question_leaves_no_answer_to_be_misread(text):
    turn = put().hear(text, awaited=True, **THERE)
    assert turn.decided is None
    assert names(turn) == ["knock"]


def test_a_knock_in_the_second_step_makes_the_word_a_word_again():
    conversation = put()
    conversation.hear("1", **THERE)
    turn = conversation.hear("sparrow", awaited=True, **THERE)
    assert turn.decided is None
    assert Effect.RELEASE in turn.effects


def test_two_questions_come_one_after_the_other():
    conversation = agreed()
    waits = {"asks": ["lead", "help"], "texted": True, "awaited": True}
    conversation.hear("1", **waits)
    assert names(conversation.hear("sparrow", **waits)) == ["ask_lead"]
    turn = conversation.hear("2", asks=["lead", "help"], open=True)
    assert names(turn) == ["ask_no", "ask_handoff"]
    conversation.hear("1", asks=["help"], open=True)
    turn = conversation.hear("sparrow", asks=["help"], open=True)
    assert turn.decided.ask == ASKS["help"]


def test_a_flood_puts_no_question_that_it_does_not_say():
    conversation = agreed()
    for _ in range(13):
        conversation.hear("again and again and again", later=0)
    turn = conversation.hear("sparrow", later=0, **WAITS)
    assert (turn.says, turn.put) == ((), "")
    assert turn.state.step != "consent"
    assert conversation.hear("2", later=0, **THERE).decided is None


STEPS = st.lists(
    st.tuples(
        KEYS | WORDS | st.sampled_from(["1", "2", "3", "sparrow", "Sparrow 1", "TAKEBACK sparrow"]),
        st.booleans(),
        st.booleans(),
        st.lists(st.sampled_from(sorted(ASKS)), unique=True),
        st.sampled_from([1, 1, 90]),
    ),
    max_size=20,
)


@given(STEPS)
@examples(150)
def test_whatever_comes_a_yes_follows_the_question_its_second_step_and_the_word(steps):
    conversation = agreed()
    for text, awaited, is_open, asks, later in steps:
        before = conversation.turns[-1]
        turn = conversation.hear(
            text, awaited=awaited, texted=awaited, open=is_open, asks=asks, later=later
        )
        if turn.put:
            # Nothing is put to whom we do not know to be there.
            assert turn.is_secret or is_open or before.state.word == ""
            assert turn.says[-1].name in ("ask_lead", "ask_handoff")
        if turn.decided and turn.decided.yes:
            assert text.strip().lower() == "sparrow"
            assert before.state.step == "consent_sure"
            assert is_open
        elif turn.decided:
            assert is_open
            assert before.state.step in ("consent", "consent_sure")
        if turn.wish:
            assert text == "TAKEBACK sparrow"


def test_an_old_state_is_read_and_an_old_reader_reads_ours():
    old = b'{"locale":"es","step":"need","word":"mark","told":["received","keys"]}'
    assert State.from_json(old).ask == ""
    kept = State.from_json(put().kept)
    assert State.from_json(kept.to_json()) == kept


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("TAKEBACK sparrow", "back_word"),
        ("sparrow takeback", "back_word"),
        ("Takeback, SPARROW.", "back_word"),
        ("ALLOWED sparrow", "what_word"),
        ("mycopy sparrow", "copy_word"),
        ("takeback", ""),
        ("takeback crow", ""),
        ("takeback sparrow please", ""),
        ("please takeback sparrow", ""),
        ("erase sparrow", ""),
        ("promise sparrow", ""),
    ],
)
def test_a_wish_is_our_word_and_the_code_word_and_nothing_else(text, act):
    turn = agreed().hear(text)
    assert turn.wish == act
    assert turn.is_secret == bool(act)
    assert Effect.OPEN not in turn.effects


def test_a_wish_is_heard_in_every_language_and_after_they_asked_for_no_more_texts():
    conversation = agreed()
    conversation.hear("9")
    turn = conversation.hear("TAKEBACK sparrow")
    assert turn.wish == "back_word"
    assert names(turn) == ["taken_back"]
    assert turn.state.is_closed


def test_without_a_code_word_our_words_do_nothing():
    conversation = Conversation(LANGUAGES, "en")
    conversation.hear("hello")
    for text in ("TAKEBACK", "TAKEBACK sparrow", "ALLOWED", "MYCOPY"):
        assert not conversation.hear(text, open=True).wish


def test_guesses_with_our_word_count_like_any_and_lock_nobody_out_before():
    conversation = agreed()
    for number in range(50):
        assert not conversation.hear(f"TAKEBACK guess{number}", later=11).wish
    assert conversation.hear("TAKEBACK sparrow").wish
    for number in range(70):
        conversation.hear(f"TAKEBACK guess{number}", later=11)
    assert not conversation.hear("TAKEBACK sparrow").wish


def test_what_we_promise_is_told_to_whoever_is_there_and_to_nobody_else():
    conversation = agreed()
    first = conversation.hear("promise")
    assert names(first) == ["received_more"]
    told = [names(conversation.hear("PROMISE", open=True)) for _ in range(5)]
    assert told == [["promise"], ["exceptions"], ["who_reads"], ["what_next"], ["promise"]]


def test_what_we_promise_leaves_the_question_waiting():
    conversation = put()
    assert names(conversation.hear("PROMISE", **THERE)) == ["promise"]
    assert step(conversation) == "consent"
    assert conversation.hear("2", **THERE).decided


def test_nothing_is_promised_before_the_first_answer_or_while_a_word_is_asked_for():
    conversation = Conversation(LANGUAGES, "en")
    assert names(conversation.hear("PROMISE", open=True)) == ["received"]
    conversation = agreed()
    conversation.hear("1", **WAITS)
    assert "promise" not in names(conversation.hear("PROMISE", **WAITS))


OURS = {"ALLOWED": "what_word", "TAKEBACK": "back_word", "MYCOPY": "copy_word"}


@pytest.mark.parametrize(("ours", "act"), OURS.items())
def test_a_wish_without_the_word_is_asked_for_it_and_the_next_text_may_be_it(ours, act):
    conversation = agreed("Sparrow")
    bare = conversation.hear(ours.lower(), open=True)
    assert (names(bare), bare.wish, bare.is_key) == (["ask_for_word"], "", True)
    turn = conversation.hear("sparrow", open=True)
    assert (turn.wish, turn.is_secret) == (act, True)
    assert not turn.effects
    assert not conversation.hear("sparrow", open=True).wish


@pytest.mark.parametrize(
    "between", ["crow", "1", "He is here again and I am afraid.", "TAKEBACK x"]
)
def test_a_wish_lapses_with_the_next_text_that_is_not_the_word(between):
    conversation = agreed("Sparrow")
    conversation.hear("TAKEBACK", open=True)
    turn = conversation.hear(between, open=True)
    assert (turn.wish, turn.is_secret) == ("", False)
    assert not conversation.hear("sparrow", open=True).wish


def test_a_wish_is_asked_for_no_word_of_who_has_none_or_is_not_there():
    conversation = agreed("Sparrow")
    assert names(conversation.hear("TAKEBACK")) != ["ask_for_word"]
    assert not conversation.hear("sparrow", open=True).wish
    wordless = Conversation(LANGUAGES, "en")
    wordless.hear("hello")
    wordless.hear("1", open=True)
    assert "ask_for_word" not in names(wordless.hear("TAKEBACK", open=True))


def test_who_asks_to_take_back_before_a_yes_is_sure_says_no_yes_with_the_word():
    conversation = put()
    conversation.hear("1", **THERE)
    assert names(conversation.hear("TAKEBACK", **THERE)) == ["ask_for_word"]
    turn = conversation.hear("sparrow", **THERE)
    assert (turn.wish, turn.decided) == ("back_word", None)
    assert conversation.hear("sparrow", **THERE).decided is None


def test_a_copy_is_promised_to_nobody_who_has_no_code_to_read_it_with():
    conversation = agreed("Sparrow")
    without = conversation.hear("MYCOPY sparrow", open=True)
    assert (names(without), without.wish) == (["received_more"], "copy_word")
    having = conversation.hear("MYCOPY sparrow", open=True, has_code=True)
    assert (names(having), having.wish) == (["copy_asked"], "copy_word")


def choosing():
    """A conversation that asks for a code word."""
    conversation = Conversation(LANGUAGES, "en")
    for text in ("hello", "1", *"0000000", "1"):
        conversation.hear(text, open=True)
    assert step(conversation) == "word"
    return conversation


@pytest.mark.parametrize(
    "tried", ["blue mango", "my blue mango", "ab", "Mango, 1987", "манго синее"]
)
def test_a_try_at_choosing_a_word_is_read_by_nobody_and_asked_again(tried):
    conversation = choosing()
    for _ in range(3):
        turn = conversation.hear(tried, open=True)
        assert (names(turn), turn.is_secret, turn.rest) == (["ask_word"], True, "")
        assert turn.contact == {}
    assert conversation.hear("mango", open=True).contact == {"word": "mango"}


@pytest.mark.parametrize(
    "said",
    [
        "which word?",
        "please help",
        "he hurt me",
        "no word",
        "112",
        "He is at the door now",
        "他们拿走了我的护照而且每天晚上都把门锁起来不让我们出去",
        "the blue house on the river bank",
    ],
)
def test_what_says_something_where_a_word_is_chosen_is_read(said):
    turn = choosing().hear(said, open=True)
    assert not turn.is_secret
