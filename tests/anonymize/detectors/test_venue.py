"""The name of a hotel, bar or agency goes; that it is a hotel, a bar or an agency stays."""

import pytest

from hotline.anonymize import redact
from hotline.domain.identity import Label

NAMED = {
    "en": ("The bar is called {}", "Golden Lotus"), "en, after": ("at the {}", "Sunrise Massage Spa"), "en, kind": ("the {}", "Hotel Sol y Mar"),
    "es": ("el bar se llama {}", "El Tumi de Plata"), "es, quoted": ('la finca "{}" está lejos', "La Esperanza Vieja"),
    "ru": ("агентство «{}»", "Дивавояж"), "ru, told": ("ферма под названием {}", "Липовые Кочки"), "ro": ("firma {}", "Eurojob Recrutix SRL"),
    "pl": ("restauracja o nazwie {}", "Biały Orzeł"), "pt": ("casa de massagem {}", "Paraíso Azul"), "id": ("lewat {}", "PT Samudra Wirjaya"),
    "hi": ("होटल का नाम {} है", "शांति निवास"), "th": ("ร้านชื่อ{}", "ดาวทอง"), "de": ("das Restaurant heißt {}", "Goldener Krug"),
    "id, ship": ("kami di kapal km {}", "bintang laut"), "en, ship": ("we are on mv {} at sea", "ocean star"), "bn, ship": ("ট্রলার এমভি {} তে আছি", "সোনার তরী"),
    "ar, name of": ("اسم المركب {}", "الأمل"), "bg, ship": ("корабът се казва {}", "морска звезда"), "en, lower": ("i was at {} before", "hope high school"),
    "it": ("il locale si chiama {}", "La Rosa Blu"), "tr": ("otelin adı {}", "Mavi Deniz"), "fr": ("le bar s'appelle {}", "Les Trois Ormes"),
}  # fmt: skip


@pytest.mark.parametrize("language", NAMED)
def test_nothing_stays_of_the_name_of_a_place(language, left, labels):
    text, name = NAMED[language]
    assert left(text.format(name), name) == ""
    assert Label.VENUE in labels(text.format(name))


@pytest.mark.parametrize(
    "text",
    ["the factory is far and the hotel is dirty", "I live in a hotel with 3 girls", "they own a farm and a bar", "the best hotel near the old school", "at the name of the house"],
)  # fmt: skip
def test_a_kind_of_place_stays(text):
    assert redact(text).text == text


def test_the_owner_of_a_farm_is_a_person(labels):
    assert labels("the farm owner Ramon took me") == {Label.PERSON}


def test_a_school_or_temple_of_words_goes_where_no_space_parts_them(left):
    assert left("เรียนที่โรงเรียนบ้านหนองบัวค่ะ", "หนองบัว") == ""
    assert redact("เขาไม่ให้ไปโรงเรียนแล้ว").text == "เขาไม่ให้ไปโรงเรียนแล้ว"
