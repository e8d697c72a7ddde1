"""A role is proposed where the words around a placeholder say one, and nowhere else."""

import time

import pytest

from hotline.anonymize.roles import Proposal, Role, RoleRule, propose
from hotline.domain.identity import Redaction

WE_WORK = "i work here and they keep us. "


def proposals(text: str, language: str = "en") -> dict[str, Proposal]:
    return {each.placeholder: each for each in propose(Redaction(text, language, ()))}


def roles(text: str, language: str = "en") -> dict[str, str]:
    return {name: str(each.role) for name, each in proposals(text, language).items()}


def test_who_gives_their_name_among_their_own_hardship_is_harmed() -> None:
    text = "my boss locks me in. my name is [PERSON 1], call me on [PHONE 1]"
    assert roles(text) == {"[PERSON 1]": "victim", "[PHONE 1]": "victim"}


def test_who_gives_their_name_and_saw_others_reports() -> None:
    text = "I want to report what I saw next door. My name is [PERSON 1], my number [PHONE 1]"
    assert roles(text) == {"[PERSON 1]": "reporter", "[PHONE 1]": "reporter"}


def test_the_words_that_decided_are_told() -> None:
    text = WE_WORK + "the foreman [PERSON 1] shouts"
    found = proposals(text)["[PERSON 1]"]
    assert found.role is Role.SUSPECT
    assert found.rule is RoleRule.IN_CHARGE
    assert text[found.start : found.end] == "foreman"


def test_who_does_harm_is_alleged_and_to_whom_is_not() -> None:
    assert roles(WE_WORK + "[PERSON 1] locked [PERSON 2] in the cellar") == {
        "[PERSON 1]": "suspect",
        "[PERSON 2]": "victim",
    }


def test_who_was_beaten_beat_nobody() -> None:
    assert roles("[PERSON 1] was beaten by [PERSON 2]") == {
        "[PERSON 1]": "victim",
        "[PERSON 2]": "suspect",
    }


def test_what_another_does_is_not_laid_on_the_name_before() -> None:
    assert roles("[PERSON 1] says the boss beats everybody").get("[PERSON 1]") != "suspect"


def test_family_of_somebody_who_is_harmed_is_third_and_otherwise_harmed() -> None:
    assert roles(WE_WORK + "tell my mother [PERSON 1]") == {"[PERSON 1]": "third_party"}
    assert roles("My sister [PERSON 1] went missing") == {"[PERSON 1]": "victim"}


def test_a_number_beside_a_name_goes_with_the_name() -> None:
    text = WE_WORK + "The recruiter [PERSON 1], [PHONE 1]"
    assert roles(text)["[PHONE 1]"] == "suspect"


def test_where_people_are_kept_is_a_place_of_exploitation() -> None:
    assert roles("they keep us at [VENUE 1], [ADDRESS 1]") == {
        "[VENUE 1]": "venue_of_exploitation",
        "[ADDRESS 1]": "venue_of_exploitation",
    }


def test_a_van_that_takes_people_away_is_alleged() -> None:
    assert roles("a [VEHICLE 1] takes them away at dawn") == {"[VEHICLE 1]": "suspect"}


def test_the_embassy_is_nobodys_part() -> None:
    assert roles(WE_WORK + "we went to the embassy [VENUE 1]") == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[PERSON 1]",
        "see you on [DATE 1] at [PLACE 1]",
        "[PERSON 1] [PERSON 2] [PHONE 1]",
        "[ [PERSON] [PERSON x] [NOBODY 1] ]",
    ],
)
def test_nothing_is_proposed_where_nothing_is_said(text: str) -> None:
    assert propose(Redaction(text, "und", ())) == ()


def test_as_much_for_one_role_as_for_another_proposes_none() -> None:
    assert roles("the boss [PERSON 1] ... a girl [PERSON 1]") == {}


def test_each_placeholder_has_one_proposal_in_order() -> None:
    text = WE_WORK + "boss [PERSON 2] and boss [PERSON 1] and boss [PERSON 2]"
    assert [each.placeholder for each in propose(Redaction(text, "en", ()))] == [
        "[PERSON 2]",
        "[PERSON 1]",
    ]


@pytest.mark.parametrize(
    "part",
    [
        "my boss [PERSON 1] locked me. ",
        "[PERSON 1]",
        "boss" * 10,
        "boss " * 10,
        "boss \n\t  \u200b",
        "e\u0301" * 10,
        "老板打我",
        "\u0301",
    ],
)
def test_a_long_text_takes_time_in_proportion(part: str) -> None:
    def seconds(length: int) -> float:
        text = (part * (length // len(part) + 1))[:length]
        began = time.process_time()
        propose(Redaction("[PERSON 9] " + text, "en", ()))
        return time.process_time() - began

    seconds(1000)
    short = max(seconds(4_000), seconds(4_000), 0.008)
    assert min(seconds(40_000), seconds(40_000)) < 60 * short


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "trabajo en un taller y el patrón [PERSON 1] cierra con candado", "suspect"),
        ("es", "quiero denunciar, mi vecina. mi hermana [PERSON 1] desapareció", "victim"),
        ("fr", "je travaille sans salaire, la patronne [PERSON 1] garde mon passeport", "suspect"),
        ("ar", "انا محبوسة. الكفيل [PERSON 1] اخذ جوازي", "suspect"),
        ("ar", "ضربني [PERSON 1] وحبسني", "suspect"),
        ("ru", "работаю на складе, бригадир [PERSON 1] забрал паспорт", "suspect"),
        ("hi", "ठेकेदार [PERSON 1] ने हमें बंद कर दिया", "suspect"),
        ("hi", "मेरी सहेली [PERSON 1] को मारते हैं", "victim"),
        ("tr", "çalışıyoruz, patron [PERSON 1] pasaportumu aldı", "suspect"),
        ("tr", "maaşım yok. adım [PERSON 1]", "victim"),
        ("zh", "我打工，老板[PERSON 1]扣了我的护照", "suspect"),
        ("zh", "救救我，我叫[PERSON 1]", "victim"),
        ("th", "ช่วยหนูด้วย นายจ้าง[PERSON 1] ยึดพาสปอร์ต", "suspect"),
        ("th", "ขอแจ้งเบาะแส น้องสาวของดิฉันชื่อ[PERSON 1]", "victim"),
        ("my", "သူဌေး [PERSON 1] က ပတ်စပို့ သိမ်းထားတယ်", "suspect"),
        ("km", "ថៅកែ [PERSON 1] វាយខ្ញុំ", "suspect"),
        ("am", "እርዱኝ ማዳም [PERSON 1] ፓስፖርቴን ወስዳለች", "suspect"),
        ("sw", "nisaidieni, jina langu ni [PERSON 1]", "victim"),
        ("ha", "oga [PERSON 1] ya kulle mu", "suspect"),
        ("tl", "tulungan nyo ako, ako si [PERSON 1]", "victim"),
        ("tl", "sinaktan ako ni [PERSON 1]", "suspect"),
        ("vi", "cứu em, em tên [PERSON 1]", "victim"),
        ("ta", "முதலாளி [PERSON 1] எங்களை அடிக்கிறார்", "suspect"),
        ("fa", "صاحب‌کار [PERSON 1] پاسپورتم را گرفت", "suspect"),
        ("hu", "a főnök [PERSON 1] elvette az útlevelem", "suspect"),
        ("ig", "oga [PERSON 1] kpọchiri anyị", "suspect"),
        ("yo", "ọ̀gá [PERSON 1] gba pasipọọtù mi", "suspect"),
    ],
)
def test_other_languages_are_read_as_well(language: str, text: str, expected: str) -> None:
    assert roles(text, language) == {"[PERSON 1]": expected}


def test_what_the_eye_cannot_see_does_not_hide_a_cue() -> None:
    assert roles(WE_WORK + "my bo\u200bss [PERSON 1] shouts") == {"[PERSON 1]": "suspect"}
