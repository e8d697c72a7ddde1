"""Rules know what is right in other languages: they tell faults, and not what looks strange to whoever reads English."""

import pytest

from hotline.operate.strings import rules
from hotline.operate.strings.entries import Entry


def faults(locale: str, source: str, said: str, domain: str = "messages") -> list[str]:
    entry = Entry(locale, domain, (source,), (said,), places=("messages/a/sms.txt",))
    return [fault.what for _, fault in rules.judged(entry)]


@pytest.mark.parametrize(
    ("locale", "source", "said"),
    [
        ("fa", "You can go", "می\u200cتوانید بروید"),
        ("si", "A little", "ශ්\u200dරී"),
        ("km", "You can go", "អ្នក\u200bអាច\u200bទៅ"),
        ("fr", "Is it safe?", "Est-ce sûr\u00a0?"),
        ("uz", "Yes, write", "Yoʻq, koʻp"),
        ("ar", "Like 14-16", "مثل \u200e14-16"),
        ("th", "Or six words", "หรือคำ 6 คำ"),
        ("bn", "Press 1. Not 2.", "১ চাপুন। ২ নয়।"),
        ("id", "Be careful", "Hati-hati"),
        ("zh-Hant", "Write here", "寫在這裡"),
        ("zh-Hans", "Write here", "写在这里"),
        ("hi", "Someone makes it. It is found here.", "कोई इसे तैयार करता है। यह यहीं मिलेगी।"),
    ],
)
def test_what_is_right_in_a_language_is_no_fault(locale: str, source: str, said: str) -> None:
    assert faults(locale, source, said) == []


@pytest.mark.parametrize(
    ("locale", "said", "fault"),
    [
        ("zh-Hans", "寫在這裡", "of another language"),
        ("zh-Hant", "写在这里", "of another language"),
        ("ro", "Scrieţi aici", "of another language"),
        ("fa", "می\u200cتوانيد", "of another language"),
        ("ar", "اكتب \u202eهنا\u202c", "turns the direction"),
        ("th", "เขียน\u200dที่นี่", "unseen"),
        ("hi", "यहाँ write करें", "another script"),
    ],
)
def test_what_only_looks_right_is_told(locale: str, said: str, fault: str) -> None:
    assert any(fault in found for found in faults(locale, "Write here", said))


@pytest.mark.parametrize(
    ("said", "source", "fault"),
    [
        ("Sí: pulse 2. No: pulse 1.", "Yes: press 1. No: press 2.", "other digits"),
        ("Sí: pulse uno.", "Yes: press 1.", "other digits"),
        ("Pulse #.", "Press hash.", "cannot be said"),
        ("Llame a la Hotline.", "Hello.", "tells who overhears"),
        ("Police 1", "Press 1", "tells who overhears"),
        ("a" * 401, "Hello.", "longer than 400"),
    ],
)
def test_a_sentence_that_misleads_or_tells_is_no_prompt(said: str, source: str, fault: str) -> None:
    found = faults("es", source, said, "voice")
    assert len(found) == 1
    assert fault in found[0]


def test_digits_of_any_script_are_the_same_keys() -> None:
    assert faults("hi", "Yes: 1. No: 2.", "हाँ: १ दबाएँ। नहीं: २।", "voice") == []
    assert "other digits" in faults("hi", "Yes: 1. No: 2.", "हाँ: २ दबाएँ। नहीं: १।", "voice")[0]


def test_a_form_of_one_number_alone_may_leave_the_number_out() -> None:
    sources = ("%(count)s day of %(name)s", "%(count)s days of %(name)s")
    two = ("%(count)s %(name)s", "%(name)s")
    said = {"es": two, "ar": ("%(name)s",) * 3 + ("%(count)s %(name)s",) * 3}
    found = {
        locale: [fault.what for _, fault in rules.judged(Entry(locale, "console", sources, forms))]
        for locale, forms in said.items()
    }
    assert found == {"es": ["other fields"], "ar": []}
