"""Street addresses go whole in the order and script of each country; a street alone stays."""

import pytest

from hotline.anonymize import redact
from hotline.domain.identity import Label

ADDRESSES = {
    "en": "14 Larkspur Rise", "en, flat": "flat 3, 14 High Street", "en, lower": "12 oak street", "es": "calle Alfarero 19, 3b",
    "fr": "7 rue des Glycines bleues 4e étage", "fr, bis": "12 bis rue des Tanneurs", "pt": "rua João Quitanda 88 fundos", "ru": "ул. Садовая, 9а кв. 12",
    "ru, after": "кабачковый проезд 17", "uk": "вулиця Акацьова 44", "pl": "ul. Żółwiowa 45 m. 3", "it": "Via Roma 3",
    "ro": "str. Florilor nr. 6, bl. A2, sc. 1, ap. 14", "de": "Musterstraße 12", "nl": "Kerkstraat 44", "tr": "Küçükpazar Cad. No: 61 Kat 2",
    "ar": "شارع النخيل ٥ بناية ٣ الطابق ٢", "fa": "خیابان نیلوفر کوچه ۴ پلاک ۱۲", "ur": "گلی نمبر 7 مکان نمبر 118",
    "hi": "गली नंबर 7, मकान नंबर 118", "bn": "বাসা ২৭, রোড ৪", "am": "ቀበሌ 07 የቤት ቁጥር 1123", "sw": "mtaa wa Mnazi nyumba namba 12",
    "ha": "layin Yan Goro gida na 31", "yo": "ojúlé 15, òpópónà Alágbẹ̀dẹ", "vi": "số 215 đường Bến Sậy", "id": "Jl. Melati No. 12",
    "tl": "Blk 14 Lot 3 Sampaguita St", "zh": "槐花里西街46号3单元502室", "ko": "강남대로 123 번지", "es, plain": "calle mayor 5 piso 3", "en, plain": "hope road", "km": "ផ្ទះលេខ 27 ផ្លូវ 310",
}  # fmt: skip
NUMBERS = [
    "room 5",
    "PO Box 1234",
    "apartado postal 45",
    "а/я 12",
    "квартира 9",
    "chambre 12",
    "3丁目5番地",
    "phòng 305",
]


@pytest.mark.parametrize("country", ADDRESSES)
@pytest.mark.parametrize("around", ["{}", "x: {}"])
def test_nothing_of_an_address_stays(country, around, left):
    assert left(around.format(ADDRESSES[country]), ADDRESSES[country]) == ""


@pytest.mark.parametrize("country", ADDRESSES)
def test_an_address_is_called_one(country, labels):
    assert labels(ADDRESSES[country]) & {Label.ADDRESS, Label.OTHER_ID, Label.ID}


@pytest.mark.parametrize("number", NUMBERS)
def test_no_figure_of_a_room_or_a_box_stays(number, left):
    assert not any(map(str.isdigit, left(f"we are in {number} now", number)))


@pytest.mark.parametrize(
    "text",
    ["2 men on the street took me", "calle y me golpearon 3 veces", "the guards close the road 3 times", "the place is close to the road",
     "in 5 minutes on the road", "they sleep in the street"],
)  # fmt: skip
def test_a_street_without_a_name_or_number_stays(text):
    assert Label.ADDRESS not in {span.label for span in redact(text).spans}
