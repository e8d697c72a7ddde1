"""What a call says and asks: by keys, by words, and in silence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.dialogue.calls.document import Wait
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.turns import Effect, Event
from hotline.dialogue.flow import flow
from tests.dialogue.calls.conftest import CODE, GUARDED, NUMBER, begun, called_back


def test_a_line_with_its_own_language_greets_in_it_at_once():
    call = begun(languages=(), locale="es")
    assert call.prompts == ["start", "start_more"]
    assert {line.locale for line in call.last.lines} == {"es"}


def test_languages_are_offered_in_their_own_words_and_a_digit_chooses_at_once():
    call = begun()
    assert [line.locale for line in call.last.lines if line.prompt] == ["en", "es"]
    assert [line.digits for line in call.last.lines if line.digits] == ["1", "2"]
    call.presses("2")
    assert (call.state.locale, call.step) == ("es", "start")


def test_languages_go_on_by_themselves_and_begin_again():
    call = begun().is_silent()
    assert [line.locale for line in call.last.lines if line.prompt] == ["fr"]
    call.is_silent()
    assert [line.locale for line in call.last.lines if line.prompt] == ["en", "es"]
    assert call.is_silent(2).step == "start"
    assert not call.state.is_chosen


def test_a_digit_of_another_page_offers_the_same_languages_again():
    call = begun().is_silent().presses("7")
    assert [line.locale for line in call.last.lines if line.prompt] == ["fr"]
    assert call.presses("1").state.locale == "fr"


@pytest.mark.parametrize("key", list("0123456789"))
def test_any_key_after_the_greeting_tells_that_they_cannot_speak(call, key):
    call.presses(key)
    assert call.prompts == ["keys", "cut", "hear_promise"]
    assert call.state.is_silent
    assert call.last.keeps


def test_the_languages_are_offered_again_on_the_way(call):
    call.presses("5", "3", "*")
    assert call.step == "language"
    call.presses("2")
    assert (call.state.locale, call.step) == ("es", "safe")


def test_three_silences_end_the_call_and_it_is_kept(call):
    assert call.is_silent().prompts == ["way", "hear_promise"]
    assert call.is_silent().prompts == ["still_there", "way", "hear_promise"]
    call.is_silent()
    assert call.is_over
    assert call.prompts == ["good_bye"]


def test_a_call_of_nothing_but_silence_is_kept_at_its_end():
    call = begun(languages=()).is_silent(3)
    assert call.is_over
    assert call.prompts == ["silent_end"]
    assert call.last.keeps
    assert call.answers == {"call": "silent"}
    assert not any(turn.keeps for turn in call.turns[:-1])


def test_who_only_presses_keys_that_mean_nothing_is_asked_with_keys(call):
    call.is_silent().presses("5", "5")
    assert call.prompts == ["not_an_answer", "way", "hear_promise"]
    call.presses("5")
    assert call.step == "cut"
    assert call.state.is_silent


def test_words_are_an_account_and_are_asked_again_once(call):
    call.says("they have my passport")
    assert (call.last.words, call.prompts) == (
        "they have my passport",
        ["kept", "way", "hear_promise"],
    )
    call.says("please help me")
    assert call.last.words == "please help me"
    assert call.step == "cut"


@pytest.mark.parametrize(("locale", "words", "code"), [("en", "Yes.", "yes"), ("es", "sí", "yes"), ("es", "No", "no"), ("en", "3", "unsure")])  # fmt: skip
def test_a_spoken_yes_is_a_yes(locale, words, code):
    call = begun(languages=(), locale=locale).is_silent().presses("2", "3").says(words)
    assert call.answers["safe"] == code
    assert call.last.words == words


def test_a_person_is_rung_after_two_questions(call):
    call.is_silent().presses("1", "2", "2")
    assert call.last.then.wait is Wait.PERSON
    assert Effect.PERSON in call.last.effects
    assert call.meets(Event.TALKED).is_over


def test_who_finds_nobody_leaves_a_message(call):
    call.is_silent().presses("1", "2", "2").meets(Event.NOBODY)
    assert call.prompts == ["no_person", "may_record"]


def test_where_nobody_is_on_call_they_are_told_before_they_wait():
    call = begun(has_person=False).presses("1").is_silent().presses("1", "2", "2")
    assert call.prompts == ["no_person", "may_record"]
    assert Effect.PERSON not in call.effects


def test_seven_is_a_person_from_every_question(call):
    call.presses("5", "3", "1", "7")
    assert call.last.then.wait is Wait.PERSON
    assert call.meets(Event.NOBODY).prompts == ["no_person", "ask_country"]


def test_nothing_is_recorded_without_a_yes(call):
    call.is_silent().presses("2", "3", "1", "2")
    assert call.step == "tell"
    assert call.answers["record"] == "no"
    assert call.says("we are six in one room").last.words == "we are six in one room"
    assert Effect.RECORD not in call.effects


def test_a_yes_records_and_goes_on(call):
    call.is_silent().presses("2", "3", "1", "1")
    assert (call.last.then.wait, call.last.then.longest) == (Wait.RECORD, 1800)
    assert Effect.RECORD in call.last.effects
    assert call.meets(Event.RECORDED).prompts == ["kept", "ask_back"]


def test_a_recording_that_is_empty_is_tried_once_more(call):
    call.is_silent().presses("2", "3", "1", "1").meets(Event.NO_RECORDING)
    assert call.prompts == ["still_there", "record"]
    assert call.meets(Event.NO_RECORDING).step == "back"


def test_where_speech_is_not_understood_only_keys_and_recordings_are():
    call = begun(languages=(), locale="fr").is_silent().presses("2", "3", "1", "2")
    assert call.step == "back"
    assert not any(turn.then.hears for turn in call.turns)


@pytest.mark.parametrize("number", ["911", "999", "112"])
def test_whoever_dials_for_the_police_in_fear_changes_nothing_by_it(call, number):
    first, *others = number
    call.presses(first)
    for key in others:
        call.setting = replace(call.setting, at=call.setting.at - timedelta(seconds=4.5))
        call.presses(key)
    assert call.step == "cut"
    assert call.answers == {"call": "no_voice"}
    assert not call.contact


@pytest.mark.parametrize("key", ["8", "9"])
def test_eight_and_nine_mean_nothing_in_a_call(call, key):
    call.presses("5", key)
    assert call.prompts == ["not_an_answer", "cut", "hear_promise"]


def test_a_hash_after_four_digits_that_ended_by_themselves_skips_nothing(call):
    call.presses("5", "1", "1", "2", "351#", "4", "1", "2", "#", "1", "#", "1", "3", "1200")
    assert call.step == "word"
    call.setting = replace(call.setting, at=call.setting.at - timedelta(seconds=4))
    call.presses("#")
    assert call.step == "word"


def test_a_key_as_the_next_languages_begin_means_those_before(call):
    late = begun().is_silent()
    late.setting = replace(late.setting, at=late.setting.at - timedelta(seconds=4))
    assert late.presses("2").state.locale == "es"


def test_who_shows_no_number_is_not_asked_how_to_reach_them():
    call = begun(number_is_known=False).presses("1", "5")
    assert call.step == "safe"
    call.presses("1", "1", "6", "1", "2", "#", "1", "#")
    assert call.step == "code"


def test_elsewhere_is_named_by_the_code_that_is_dialled(call):
    call.presses("5", "3", "1", "2")
    assert call.presses("999#").prompts == ["not_an_answer", "ask_dial_code"]
    call.presses("351#", "4")
    assert call.answers["country"] == "PT"
    # The hours are those of that country, whose clock is not sure.
    call.presses("1", "2", "#", "1", "#")
    assert call.presses("1", "3", "1200").step == "word"
    assert call.contact["zone"] == "Europe/Lisbon"


def test_a_number_of_their_own_has_four_digits(call):
    call.presses("5", "1", "1", "1", "6", "1", "2", "#", "1", "#", "1", "1", "123#")
    assert call.prompts == ["not_an_answer", "ask_word"]
    call.presses("1234#", "1")
    assert (call.contact["word"], call.last.word, call.last.new_code) == ("1234", "1234", "0" * 21)
    assert call.presses("1").prompts == ["tell_code", "code_again"]


def test_the_code_is_read_slowly_and_twice(call):
    call.presses("5", "1", "1", "1", "6", "1", "2", "#", "1", "#", "1", "1", "#", "1")
    spoken = [line for line in call.last.lines if line.digits]
    assert [line.digits for line in spoken] == ["000"] * 14
    assert all(line.pause for line in spoken)
    # A key in the middle of it loses nothing.
    assert [line.digits for line in call.presses("5").last.lines if line.digits] == ["000"] * 14
    call.presses("2")
    assert not call.state.code
    assert not call.state.word


def test_the_code_is_not_offered_to_a_report_that_has_one():
    call = begun(has_code=True).presses("1", "5", "3", "1", "1", "6", "1", "2", "#", "1", "#", "3")
    assert call.step == "done"


def test_a_key_that_is_held_or_hit_in_fear_answers_one_question(call):
    call.presses("5", "1")
    asked = call.last
    for _ in range(5):
        # At the very moment, before anybody has heard the question.
        call.setting = replace(call.setting, at=call.setting.at - timedelta(seconds=4.5))
        call.presses("1")
        assert (call.step, call.last.lines, call.last.keeps) == ("safe", asked.lines, False)
    call.presses("2")
    assert call.answers == {"call": "no_voice", "cut": "call", "safe": "no"}


# Somebody comes back.


def test_the_code_reads_out_what_was_answered(call):
    call.presses("#", f"{CODE}#")
    assert call.prompts == ["answer_waits", "way", "hear_promise"]
    assert call.words == ["Come at six."]
    assert Effect.RETURN in call.last.effects
    assert not call.last.read
    # It is read when they go on, and not where the line breaks before.
    assert call.presses("2").last.read == (2,)


def test_where_no_voice_reads_it_the_answer_is_not_taken_for_read():
    call = begun(languages=(), locale="fr").presses("#", f"{CODE}#")
    assert call.prompts == ["answer_waits", "way", "hear_promise"]
    assert not call.words
    assert not any(turn.read for turn in call.presses("2").turns)


def test_a_code_that_is_none_is_typed_again_and_then_left(call):
    call.presses("#", "1#", "2#")
    assert call.prompts == ["code_unknown", "enter_code"]
    assert call.presses("3#").prompts == ["code_unknown", "way", "hear_promise"]


def test_where_a_number_was_agreed_the_code_alone_opens_nothing(call):
    call.presses("#", f"{GUARDED}#")
    assert (call.step, call.words) == ("enter_word", [])
    assert call.presses(f"{NUMBER}#").words == ["Come at six."]


def test_two_wrong_numbers_begin_the_cover_story_which_never_mentions_the_case(call):
    call.presses("#", f"{GUARDED}#", "1111#", "2222#")
    assert call.words == ["Your parcel is at the shop."]
    assert call.last.effects == {Effect.DURESS, Effect.RETURN, Effect.TRIED}
    call.says("what parcel?")
    assert call.words == ["We are open until six."]
    assert call.last.words == "what parcel?"
    call.is_silent()
    assert (call.prompts, call.is_over) == (["wrong_number"], True)
    assert "Come at six." not in [line.words for turn in call.turns for line in turn.lines]


# We call somebody back.


def test_our_call_says_nothing_before_it_is_a_good_time_and_they_are_it():
    call = called_back()
    assert call.prompts == ["good_time"]
    assert call.presses("1").prompts == ["enter_word"]
    assert call.presses(f"{NUMBER}#").last.then.wait is Wait.PERSON


def test_our_call_to_somebody_without_a_number_rings_the_caseworker():
    assert called_back(has_word=False).presses("1").last.then.wait is Wait.PERSON


@pytest.mark.parametrize("keys", [["2"], ["5"]])
def test_later_is_heeded(keys):
    call = called_back().presses(*keys)
    assert (call.is_over, call.prompts) == (True, ["later"])
    assert call.last.effects == {Effect.LATER}


def test_whoever_keeps_silent_hears_no_more():
    call = called_back().is_silent()
    assert call.prompts == ["good_time"]
    call.is_silent()
    assert (call.is_over, call.prompts) == (True, [])


def test_somebody_else_hears_a_cover_story_and_the_desk_is_told():
    call = called_back().presses("1", "1111#", "2222#")
    assert call.words == ["Your parcel is at the shop."]
    assert call.last.effects >= {Effect.DURESS, Effect.WRONG_PERSON}


def test_without_a_cover_story_it_was_a_wrong_number():
    call = called_back(cover={}).presses("1", "1111#", "2222#")
    assert (call.prompts, call.is_over) == (["wrong_number"], True)


def test_nothing_that_our_call_says_before_the_number_tells_of_us():
    telling = {"no_person", "may_record", "way", "wait", "ask_safe", "kept", "done", "answer_waits"}
    call = called_back().presses("1").is_silent().presses("1111#", "2222#").is_silent(3)
    assert not telling & {line.prompt for turn in call.turns for line in turn.lines}


# The script itself.


def test_every_question_that_a_call_asks_stands_in_the_script_and_in_the_same_order():
    asked = [question.name for question in flow().on("voice")]
    assert [step for step in script().goals["keys"] if step in asked] == asked


def test_digits_of_menus_leave_those_alone_that_mean_the_same_everywhere():
    assert all(len(codes) <= 6 for codes in script().codes.values())
