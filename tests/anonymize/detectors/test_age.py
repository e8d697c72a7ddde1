"""An age goes, in figures and in words; counts, durations, amounts and clock times stay."""

import pytest

from hotline.anonymize import redact
from hotline.domain.identity import Label

AGES = [
    "my sister is 16 years old", "mi prima tiene 16 años", "Моей сестре 16.", "she is 15", "عمرها 16 سنة", "uma menina de 13 anos",
    "sora mea are 16 ani", "moja siostra ma 17 lat", "em 15 tuổi", "umri miaka 14", "umur 16 tahun", "मेरी बहन 15 साल की है", "বয়স ১২ বছর",
    "15 yaşında", "ዕድሜዋ 13 ዓመት", "我妹妹今年16岁", "อายุ 15 ปี", "အသက် ၁၆ နှစ်", "shekarunta 13", "16 anyos siya", "sie ist 16 Jahre alt",
    "a 14-year-old girl", "aged 17", "сестрі 15 років", "my girl is 5 years old",
]  # fmt: skip
SAID = [
    ("i am sixteen years old", "sixteen"), ("tengo quince años", "quince"), ("мне шестнадцать лет", "шестнадцать"),
    ("मैं पंद्रह साल की हूँ", "पंद्रह"), ("mam siedemnaście lat", "siedemnaście"), ("tenho catorze anos", "catorze"),
    ("am cincisprezece ani", "cincisprezece"), ("kardeşim on beş yaşında", "on beş"), ("em gái mười lăm tuổi", "mười lăm"),
    ("عمرها خمسة عشر", "خمسة عشر"), ("خواهرم پانزده ساله است", "پانزده"), ("बहिनी पन्ध्र वर्ष", "पन्ध्र"), ("kapatid ko kinse anyos", "kinse"),
]  # fmt: skip
HARMLESS = [
    "there are 22 men in one room", "3 weeks without pay", "we work 16 hours a day", "they pay 500 dollars", "he owes $14,000 to them",
    "somos 3 chicas y trabajamos 12 horas", "il me doit 28 000 euros", "нас 3 женщины", "they come at 9 pm", "2 men took me at 10:30",
    "hace 3 años que no veo a mi familia", "I worked 3 years without pay", "we are 5 people", "они держат нас 2 года",
]  # fmt: skip


@pytest.mark.parametrize("text", AGES)
def test_no_figure_of_an_age_stays(text):
    spans = redact(text).spans
    hidden = {place for span in spans for place in range(span.start, span.end)}
    assert not [char for at, char in enumerate(text) if char.isdigit() and at not in hidden]
    assert {span.label for span in spans} & {Label.AGE, Label.OTHER_ID}


@pytest.mark.parametrize(("text", "age"), SAID)
def test_an_age_in_words_goes(text, age, left):
    assert left(text, age) == ""


@pytest.mark.parametrize("text", HARMLESS)
def test_counts_money_time_and_durations_stay(text):
    assert [char for char in redact(text).text if char.isdigit()] == list(filter(str.isdigit, text))


def test_a_duration_in_words_stays():
    assert redact("I worked three years without pay").text == "I worked three years without pay"
