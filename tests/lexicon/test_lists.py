"""What is written by hand for each language is there, and what the assessment looks for can be read."""

import pytest

from hotline.anonymize import redact
from hotline.lexicon import open_lexicon, open_names, phrases
from hotline.lexicon.build import hand_list
from hotline.lexicon.folding import fold
from hotline.lexicon.format import Stays
from hotline.lexicon.triage_words import triage_words
from tests.lexicon.served import SERVED

ROMANIZED = [
    "ar-Latn",
    "hi-Latn",
    "ur-Latn",
    "fa-Latn",
    "bn-Latn",
    "ru-Latn",
    "uk-Latn",
    "am-Latn",
    "ti-Latn",
    "my-Latn",
    "th-Latn",
]
ASSESSED = [
    "am",
    "ar",
    "bg",
    "bn",
    "en",
    "es",
    "fa",
    "fr",
    "ha",
    "hi",
    "id",
    "my",
    "ne",
    "pl",
    "pt",
    "ro",
    "ru",
    "sw",
    "th",
    "tl",
    "tr",
    "uk",
    "ur",
    "vi",
    "yo",
    "zh",
]
NEEDED = ("introducers", "titles", "kin", "numbers", "years", "money", "venues", "places")

NAMES = ("persons", "places")


@pytest.mark.parametrize("code", [*SERVED, *ROMANIZED])
def test_each_language_keeps_what_people_say_in_reports(code: str) -> None:
    assert len(set(hand_list("keep", code))) >= 400
    assert open_lexicon(code) is not None


@pytest.mark.parametrize("code", SERVED)
def test_each_language_has_the_words_that_stand_beside_names(code: str) -> None:
    assert [kind for kind in NEEDED if not phrases.of(code, kind)] == []


@pytest.mark.parametrize("code", ASSESSED)
def test_what_the_assessment_looks_for_may_stay(code: str) -> None:
    lexicon = open_lexicon(code)
    assert lexicon is not None
    barred = set(hand_list("never", code)) | set(phrases.towns(code))
    words = triage_words(code).words - barred
    hidden = [word for word in words if not (lexicon.stays(word) or 0) & Stays.WITHOUT_CASE]
    assert len(words) >= 20
    # What somebody or some place is called, too, is hidden in doubt.
    names = [word for word in hidden if any(word in open_names(kind) for kind in NAMES)]
    assert len(hidden) - len(names) <= 0.01 * len(words), set(hidden) - set(names)
    assert len(names) <= 0.1 * len(words)


@pytest.mark.parametrize("network", ["WhatsApp", "Telegram", "Facebook"])
def test_the_name_of_a_network_stays(network: str) -> None:
    assert (
        network in redact(f"My boss reads my {network} every night and will not let me leave").text
    )


def test_traditional_chinese_reads_as_simplified() -> None:
    assert fold("他們拿走我的護照") == fold("他们拿走我的护照")
    assert redact("他們拿走我的護照").text == "他們拿走我的護照"


def test_a_preposition_that_folds_to_a_name_stays_and_the_name_goes() -> None:
    account = redact("وقعت من على السلم وقال علي نعم").text
    assert "على" in account
    assert "علي" not in account
