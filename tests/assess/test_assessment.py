"""What an account needs, in the words people use; every text here is invented."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.assess import assess, assess_lines
from hotline.domain.urgency import Indicator, Need, Urgency
from tests.examples import examples


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


@examples(60)
@given(text=st.text(max_size=200), language=st.sampled_from(["en", "und", "", "../x", "en-GB"]))
def test_it_never_fails_and_its_reasons_point_into_the_text(text: str, language: str):
    for reason in assess(text, language=language).reasons:
        assert 0 <= reason.start <= reason.end <= len(text)


@given(text=st.text(alphabet="\ud800\u202e\x00\u200d\ufdfa٣३'.a 5", max_size=80))
def test_strange_characters_do_no_harm(text: str):
    for reason in assess(text, language="en").reasons:
        assert 0 <= reason.start <= reason.end <= len(text)


DANGER = {
    "en": "i want to kill myself",
    "es": "me quiero morir",
    "fr": "je veux mourir",
    "ar": "بدي موت",
    "ru": "не хочу жить",
}


@pytest.mark.parametrize("language", DANGER)
@pytest.mark.parametrize("before", ["", "lol ", "wrong number sorry. ", "thanks! ", "STOP. "])
def test_danger_to_oneself_is_heard_whatever_stands_beside_it(language: str, before: str):
    assert assess(before + DANGER[language], language=language).urgency is Urgency.IMMEDIATE


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "nobody hits me and they never took my passport. what are my rights at work"),
        ("es", "nadie me pega y no me quitaron el pasaporte. cuales son mis derechos"),
        ("fr", "personne ne me frappe et on ne m'a pas pris mon passeport. quels sont mes droits"),
        ("ru", "меня никто не бьет и паспорт не забирали. какие у меня права"),
        ("ar", "محدش بيضربني وما اخذوا جوازي. ايش حقوقي"),
    ],
)
def test_what_is_denied_is_not_stated(language: str, text: str):
    found = assess(text, language=language)
    assert not {Indicator.VIOLENCE, Indicator.DOCUMENTS_HELD} <= found.indicators
    assert found.urgency is not Urgency.IMMEDIATE


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "ten years ago i was locked in a house. i still have nightmares, who can i talk to"),
        ("es", "hace diez años estuve encerrada en una casa. tengo pesadillas, con quien hablo"),
        ("fr", "il y a dix ans j'ai été enfermée. je fais encore des cauchemars, à qui parler"),
        ("ru", "десять лет назад меня держали взаперти. снятся кошмары, с кем поговорить"),
        ("ar", "قبل عشر سنوات كنت محبوسة في بيت. لسه عندي كوابيس مع مين احكي"),
    ],
)
def test_what_is_long_past_can_wait_and_still_needs_someone_to_talk_to(language: str, text: str):
    found = assess(text, language=language)
    assert found.urgency is Urgency.NORMAL
    assert Need.PSYCHOLOGICAL in found.needs
    assert not found.minor


@pytest.mark.parametrize(
    "text",
    [
        "when i was 12 my aunt sold me to a family. that was twenty years ago",
        "i was 15 years old back then and they made me work. it happened many years ago",
    ],
)
def test_an_adult_who_recalls_childhood_is_no_minor(text: str):
    assert not assess(text, language="en").minor


def test_a_witness_of_a_daily_round_is_not_in_danger_now():
    text = "I want to report a house. A van takes the girls at night and brings them back tomorrow."
    found = assess(text, language="en")
    assert found.bystander
    assert found.urgency is Urgency.HIGH


def test_a_witness_who_cries_for_help_is():
    text = "hurry, i can see a man beating a girl through the window, send the police now"
    assert assess(text, language="en").urgency is Urgency.IMMEDIATE


def test_papers_held_call_for_papers_and_wages_for_a_lawyer():
    found = assess("the boss keeps my passport and has not paid me", language="en")
    assert {Need.DOCUMENTS, Need.LEGAL} <= found.needs


def test_an_accident_calls_for_a_doctor_and_blows_also_for_the_police():
    fell = assess("help he fell off the roof and is unconscious, gate is locked", language="en")
    assert {Need.MEDICAL, Need.EMERGENCY} <= fell.needs
    assert Need.POLICE not in fell.needs
    beaten = assess("help the boss beat him with a pipe, he is unconscious", language="en")
    assert {Need.MEDICAL, Need.EMERGENCY, Need.POLICE} <= beaten.needs


@pytest.mark.parametrize(
    "text",
    [
        "is this confidential? im scared",
        "stop texting me he found the phone",
        "wrong number... please help me",
        "im looking for a job because my boss keeps my passport",
        "who is this? are you the people who help workers?",
        "hello",
    ],
)
def test_small_talk_that_may_hide_a_report_is_not_dismissed(text: str):
    assert assess(text, language="en").urgency.rank >= Urgency.HIGH.rank


def test_whoever_laughs_about_a_game_reports_nothing_and_a_true_story_is_heard():
    game = "haha in the game last night he shot me from behind and locked us in"
    assert assess(game, language="en").urgency is Urgency.NONE
    true = f"{game}. he keeps my passport and he beats me"
    assert assess(true, language="en").urgency is not Urgency.NONE


def test_who_is_locked_in_with_nothing_to_eat_is_in_danger_now():
    locked = "they locked me in the room"
    assert assess(locked, language="en").urgency is Urgency.HIGH
    assert assess(f"{locked}, i have no food", language="en").urgency is Urgency.IMMEDIATE


def test_who_is_hunted_is_in_danger_now_and_not_said_to_be_beaten():
    hunted = assess("i ran away from the farm and they are looking for me", language="en")
    assert hunted.urgency is Urgency.IMMEDIATE
    assert Indicator.VIOLENCE not in hunted.indicators


def test_english_beside_another_language_may_only_raise():
    assert assess("gracias. thanks", language="es").urgency is Urgency.NONE
    assert assess("یک چیز دیگر. thanks bye", language="fa").urgency is Urgency.HIGH
    mixed = assess("hola please help me my boss locked me in the house", language="es")
    assert mixed.urgency is Urgency.IMMEDIATE


def test_somebody_who_may_not_go_out_is_at_least_high():
    found = assess("my salary was short", language="en", answers={"go": "no"})
    assert found.urgency is Urgency.HIGH
    assert Indicator.RESTRICTION_OF_MOVEMENT in found.indicators


def test_who_saw_it_is_a_bystander():
    assert assess("a house", language="en", answers={"who": "saw"}).bystander
    assert not assess("a house", language="en", answers={"who": "me"}).bystander


@pytest.mark.parametrize(
    ("language", "danger"),
    [
        ("en", "I want to kill myself"),
        ("es", "me quiero matar"),
        ("fr", "je veux me suicider"),
        ("ar", "اريد ان اقتل نفسي"),
        ("ru", "хочу покончить с собой"),
    ],
)
@given(before=st.text(max_size=60))
def test_whatever_stands_before_it_danger_to_oneself_is_immediate(language, danger, before):
    assert assess(f"{before}. {danger}", language=language).urgency is Urgency.IMMEDIATE
