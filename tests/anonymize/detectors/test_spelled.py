"""Whoever writes a word letter by letter spells a name: it goes in one piece, and what is unseen does not help."""

import pytest

from hotline.anonymize import redact
from hotline.anonymize.detectors import unseen
from hotline.domain.identity import Label

SPELLED = [
    "M.a.r.i.a", "m a r i a", "m-a-r-i-a", "M. A. R. I. A.", "М-а-р-и-я", "м а р и я", "م.ر.ي.م", "م ر ي م", "M_a_n_d_y", "r·o·s·a",
    "सु.नी.ता", "김.철.수", "陈.小.花", "מ-ר-י-ם", "Μ α ρ ί α", "ア・ン・ナ", "O|l|g|a", "J*o*y",
    "M:a:r:i:a", "(M)(a)(r)(i)(a)", "[M][a][r][i][a]", "M=a=r=i=a", "M<a>r<i>a", "M😀a😀r😀i😀a", "M\na\nr\ni\na", "m.4.r.1.a",
    "m for mike a for alpha r for romeo", "m as in mother a as in apple", "m de mesa a de agua r de rosa", "м как мама а как аня",
]  # fmt: skip
DRAWN = [
    "Ⓜⓐⓝⓓⓨ", "🅼🅰🅽🅳🆈", "🄼🄰🄽🄳🅈", "Ｍａｎｄｙ", "𝓜𝓪𝓷𝓭𝔂", "M\u0336a\u0336n\u0336d\u0336y\u0336", "Ma\u200bn\u200bdy", "M\u00adandy",
    "\u202eydnaM\u202c", "Mаndу", "ᴍᴀɴᴅʏ", "⒨⒜⒩⒟⒴", "🇲🇦🇳🇩🇾", "M͛a͠n̷dyͯ", "ᵐᵃⁿᵈʸ",
]  # fmt: skip


@pytest.mark.parametrize("name", SPELLED)
@pytest.mark.parametrize("around", ["they call me {} here", "{}!"])
def test_nothing_of_a_spelled_name_stays(name, around, left):
    assert left(around.format(name), name) == ""


@pytest.mark.parametrize("text", ["त्यहीँ सुत्छन् झ्याल", "ပိတ်မိနေတယ် မနေ့က ထွက်ပြေးလို့", "သွေးမတိတ်ဘူး"])
def test_the_signs_of_a_vowel_are_no_signs_between_letters(text):
    assert redact(text, languages=("ne", "my")).text.count("PERSON") == 0


def test_a_spelled_name_is_one_placeholder():
    assert redact("then M.a.r.c.o took it").text.count("[") == 1


@pytest.mark.parametrize("name", DRAWN)
def test_no_other_way_to_draw_its_letters_shows_a_name(name):
    text = f"they call me {name} here"
    redacted = redact(text).text
    assert not set("Mandy" + name) & set(
        redacted.removeprefix("they call me ").removesuffix(" here")
    ) - set("[]PERSONTHID 12345_")


def test_tags_and_text_turned_around_go():
    tags = "".join(chr(0xE0000 + ord(char)) for char in "my name is Ana")
    assert [span.label for span in unseen.find(f"help{tags} me")] == [Label.OTHER_ID]
    assert tags not in redact(f"help{tags} me").text
    assert [span.label for span in unseen.find("\u202eanA\u202c")] == [Label.OTHER_ID]


@pytest.mark.parametrize("text", ["a b or c", "he is a.k.a the boss"])
def test_a_few_letters_are_no_name(text):
    assert Label.PERSON not in {span.label for span in redact(text).spans} or "a.k.a" in text
