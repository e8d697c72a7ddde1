"""Whoever gave code and number hears what they allowed, takes it back, answers a question: with keys, and sure of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.consent import HANDOFF
from hotline.dialogue.calls.mine import Act, Mine, Question, Whom, Yes
from hotline.dialogue.calls.saying import PROMISES
from hotline.dialogue.calls.script import script
from hotline.leads.disclose import FIELDS
from tests.dialogue.calls.conftest import CODE, GUARDED, MINE, NUMBER, UNTIL, begun

WAY = ["way", "way_mine", "hear_promise"]


@pytest.fixture
def returned():
    """Somebody who gave their code and their number."""
    return came_back()


def came_back(locale="en", **changes):
    return begun(languages=(), locale=locale, **changes).presses("#", f"{GUARDED}#", f"{NUMBER}#")


def test_whoever_gave_code_and_number_hears_that_a_question_waits(returned):
    assert returned.prompts == ["answer_waits", "question_waits", *WAY]
    assert returned.presses("5").prompts == ["mine", "question_here"]


@pytest.mark.parametrize("keys", [[], ["#", f"{CODE}#"], ["#", f"{GUARDED}#", "1111#", "2222#"]])
def test_without_code_and_number_none_of_it_is_there(keys):
    call = begun(languages=()).is_silent() if not keys else begun(languages=()).presses(*keys)
    said = {prompt for turn in call.turns for prompt in [line.prompt for line in turn.lines]}
    assert not said & {"way_mine", "question_waits"}
    call.presses("5")
    assert call.step != "mine"
    assert not call.wishes


def test_they_hear_how_often_they_said_yes_and_what_came_of_it(returned):
    returned.presses("5", "1")
    assert returned.prompts == [
        "yes_count",
        *["to_investigators", "yes_until", "were_told", "stands_still"],
        *["to_place", "name_is", "yes_until", "not_told"],
        *["mine", "question_here"],
    ]
    assert returned.words == ["March 30", "Bayt al-Amal", "March 3"]
    assert [line.digits for line in returned.last.lines if line.digits] == ["2"]


def test_where_no_voice_speaks_the_days_that_are_left_are_counted_and_no_name_is_said():
    call = came_back("fr").presses("5", "1")
    assert not call.words
    assert [line.digits for line in call.last.lines if line.digits] == ["2", "28", "1"]
    assert "yes_days" in call.prompts


def test_at_most_five_are_told():
    many = Mine(yeses=(Yes(Whom.PLACE, UNTIL),) * 9)
    call = came_back(mine=lambda _report: many).presses("5", "1")
    assert call.prompts.count("to_place") == 5


def test_who_said_yes_to_nothing_hears_that():
    call = came_back(mine=lambda _report: Mine()).presses("5", "1")
    assert call.prompts == ["yes_none", "mine"]
    assert call.presses("5").prompts == ["not_an_answer", "mine"]


def test_one_key_takes_all_of_it_back(returned):
    returned.presses("5", "2")
    assert [wish.act for wish in returned.wishes] == [Act.TAKE_BACK]
    assert returned.prompts == ["taken_back", "mine", "question_here"]


def test_the_question_says_who_what_and_until_when(returned):
    returned.presses("5", "5")
    assert returned.prompts == [
        "question_investigators",
        *["they_learn", "field_country", "field_summary"],
        *["yes_until", "question_keys"],
    ]
    assert returned.words == ["March 30"]
    assert not returned.last.then.hears


def test_a_yes_counts_when_it_was_given_twice_in_the_words_that_were_spoken(returned):
    returned.presses("5", "5")
    put = returned.last.lines
    assert returned.presses("1").prompts == ["sure_yes"]
    assert not returned.wishes
    returned.presses("1")
    (wish,) = returned.wishes
    assert (wish.act, wish.ask) == (Act.SAY_YES, MINE.question.id)
    assert wish.put[: len(put)] == put
    assert [line.prompt for line in wish.put[len(put) :]] == ["sure_yes"]
    assert returned.prompts == ["said_yes", *WAY]
    assert [line.prompt for line in wish.instead] == ["question_over", *WAY]
    assert not returned.state.put


def test_a_no_takes_one_key(returned):
    returned.presses("5", "5", "2")
    assert [wish.act for wish in returned.wishes] == [Act.SAY_NO]
    assert returned.prompts == ["said_no", *WAY]


@pytest.mark.parametrize("key", ["2", "0", "3", "8", "9", "#", "*", "7"])
def test_whoever_is_not_sure_has_said_nothing(returned, key):
    returned.presses("5", "5", "1", key)
    assert not returned.wishes


@pytest.mark.parametrize(
    ("key", "sure", "act", "done"),
    [
        ("3", "sure_copy", Act.COPY, "copy_asked"),
        ("4", "sure_erase", Act.ERASE, "erase_asked"),
    ],
)
def test_a_copy_and_erasure_take_one_key_more(returned, key, sure, act, done):
    assert returned.presses("5", key).prompts == [sure]
    assert returned.presses("2").prompts == ["mine", "question_here"]
    assert not returned.wishes
    returned.presses(key, "1")
    assert [wish.act for wish in returned.wishes] == [act]
    assert returned.prompts[0] == done


def test_what_is_to_be_erased_can_be_kept():
    call = came_back(mine=lambda _report: Mine(is_to_be_erased=True)).presses("5", "4")
    assert call.prompts == ["sure_keep"]
    assert [wish.act for wish in call.presses("1").wishes] == [Act.KEEP]


@pytest.mark.parametrize("keys", [["5", "5", "1"], ["5", "4"], ["5", "3"]])
def test_silence_is_never_sure(returned, keys):
    returned.presses(*keys).is_silent(3)
    assert returned.is_over
    assert not returned.wishes


@pytest.mark.parametrize("keys", [["5"], ["5", "5"], ["5", "5", "1"], ["5", "4"]])
def test_a_key_that_is_held_does_nothing(returned, keys):
    returned.presses(*keys)
    for _ in range(4):
        returned.setting = replace(
            returned.setting, at=returned.setting.at - timedelta(seconds=4.5)
        )
        returned.presses("1")
    assert not returned.wishes


def test_three_keys_that_mean_nothing_go_back_and_do_nothing(returned):
    returned.presses("5", "5", "1", "9", "9", "9")
    assert returned.step == "way"
    assert not returned.wishes


def test_a_question_that_went_away_meanwhile_is_over(returned):
    returned.presses("5", "5")
    returned.setting = replace(returned.setting, mine=lambda _report: Mine())
    assert returned.is_silent().prompts == ["still_there", "question_over", "mine"] or (
        returned.prompts == ["question_over", "mine"]
    )
    assert not returned.wishes


def test_a_question_with_a_name_or_a_fact_that_cannot_be_said_is_left_to_a_person():
    place = Question("9" * 32, Whom.PLACE, ("need",), UNTIL, "Bayt al-Amal")
    odd = Question("9" * 32, Whom.INVESTIGATORS, ("of_tomorrow",), UNTIL)
    call = came_back(mine=lambda _report: Mine(question=place)).presses("5", "5")
    assert call.prompts[:2] == ["question_place", "name_is"]
    assert call.words[0] == "Bayt al-Amal"
    for question, locale in ((place, "fr"), (odd, "en")):
        call = came_back(locale, mine=lambda _report, one=question: Mine(question=one))
        assert call.presses("5", "5").prompts == ["mine", "question_person"]
        assert call.step == "mine"


def test_another_language_on_the_way_keeps_who_they_are(returned):
    returned.setting = replace(returned.setting, languages=("en", "es"))
    returned.presses("5", "5", "1", "*", "2")
    assert (returned.state.locale, returned.prompts) == ("es", WAY)
    assert not returned.wishes
    assert returned.presses("5", "5").words == ["30 de marzo"]


@pytest.mark.parametrize("key", ["8", "9"])
def test_eight_and_nine_mean_nothing_here_either(returned, key):
    returned.presses("5", key)
    assert returned.prompts == ["not_an_answer", "mine", "question_here"]


def test_every_fact_that_may_be_told_can_be_said():
    assert {*FIELDS, *HANDOFF, "investigators.*", "place.*"} <= set(script().facts)


# What we promise, without a code.


def test_what_we_promise_is_heard_before_anything_is_told(call):
    assert call.is_silent().prompts[-1] == "hear_promise"
    call.presses("4")
    assert call.prompts == [*PROMISES, "way", "hear_promise"]
    assert not call.last.keeps


def test_who_only_presses_keys_hears_of_it_at_the_first_question_and_at_the_end(call):
    assert call.presses("5").prompts == ["keys", "cut", "hear_promise"]
    assert call.presses("4").prompts == [*PROMISES, "cut", "hear_promise"]
    assert call.presses("3").prompts == ["ask_safe"]
    call.presses("1", "1", "6", "1", "2", "#", "1", "#", "3", "2")
    assert call.prompts == ["done", "hear_promise"]
    assert call.presses("4").prompts == [*PROMISES, "done", "hear_promise"]


def test_elsewhere_that_key_is_an_answer(call):
    call.presses("5", "3", "1", "1", "4")
    assert call.answers["area"] == "road"
