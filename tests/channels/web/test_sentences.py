"""What reporters read is short, plain and covert, and every language says all of it."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from hotline import messages
from hotline.catalogs import TRANSLATIONS
from hotline.domain.report import Channel
from hotline.i18n import REPORTER, Languages
from hotline.operate import strings
from hotline.operate.strings import catalogs

LOCALES = ("ar", "es", "fr", "ru")
LONGEST_SENTENCE = {"en": 12, "ar": 14, "es": 14, "fr": 14, "ru": 14}
NEVER = {
    "en": r"victim|rescue|report|hotline|survivor|traffick|illegal|prostitut",
    "es": r"v[ií]ctima|rescat|denunci|trata\b|ilegal",
    "fr": r"victime|sauvetage|signal(?:er|ement)|traite\b|illégal",
    "ar": r"ضحي|إنقاذ|بلاغ|اتجار",
    "ru": r"жертв|спасе|заявлен|торговл|нелегал",
}
TEXTS = sorted(
    path.parent.name for path in Path(messages.__file__).parent.glob("templates/messages/*/sms.txt")
)


def forms(entries: Iterable[str | tuple[str, ...]]) -> list[str]:
    """Return each sentence, and each number that it is said in, by itself."""
    return [form for entry in entries for form in ((entry,) if isinstance(entry, str) else entry)]


@cache
def sources() -> list[str]:
    return forms(entry.id for entry in strings.template(REPORTER) if entry.id)


def sentences(text: str) -> list[str]:
    plain = re.sub(r"<[^>]+>|%\(\w+\)s", "x", text)
    # What stands behind a digit of a menu is read by itself.
    return re.split(r"(?<=[.!?؟])\s+|\s+(?=\d\s)", plain)


def said_in(locale: str) -> list[str]:
    if locale == "en":
        return sources()
    catalog = catalogs.read(TRANSLATIONS / locale / "LC_MESSAGES" / f"{REPORTER}.po")
    return forms(entry.string for entry in catalog if entry.id)


@pytest.mark.parametrize("locale", LONGEST_SENTENCE)
def test_sentences_are_short_and_never_say_what_this_is(locale: str) -> None:
    for text in said_in(locale):
        assert not re.search(NEVER[locale], text, re.IGNORECASE), text
        for sentence in sentences(text):
            assert len(sentence.split()) <= LONGEST_SENTENCE[locale], sentence


def test_english_is_read_after_six_years_of_school() -> None:
    assert grade(" ".join(f"{text.rstrip('.!?')}." for text in sources())) <= 6


def test_every_language_is_whole() -> None:
    languages = Languages(TRANSLATIONS)
    assert set(languages.offered) >= {"en", *LOCALES}
    for locale in LOCALES:
        assert languages.missing(locale, REPORTER) == []


def test_a_text_is_one_part_before_it_is_safe_and_two_at_most_in_every_language() -> None:
    languages = Languages(TRANSLATIONS)
    for locale in languages.offered:
        for name in TEXTS:
            facts = strings.longest_facts(locale)
            text = messages.render(languages, name, Channel.SMS, locale, **facts)
            most = 70 if name in strings.ONE_PART else 134
            assert len(text.encode("utf-16-le")) // 2 <= most, (locale, name)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of an English text."""
    ends, spoken = re.findall(r"[.!?]+(?:\s|$)", text), re.findall(r"[A-Za-z']+", text)
    syllables = sum(_syllables(word.lower()) for word in spoken)
    return 0.39 * len(spoken) / len(ends) + 11.8 * syllables / len(spoken) - 15.59


def _syllables(word: str) -> int:
    if len(word) <= 3:
        return 1
    stem = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word)
    return max(1, len(re.findall(r"[aeiouy]{1,2}", stem)))
