"""Plates go, and with them what describes the vehicle; a vehicle without a plate stays."""

import pytest

from hotline.domain.identity import Label

PLATES = {
    "GB": "AB12 CDE", "ES": "1234 BCD", "FR": "AA-123-BB", "RU": "А123ВС 77", "UA": "ВХ 0000 ХХ", "BR": "ABC-1D23", "CN": "粤B·12345",
    "IN": "KA 01 AB 1234", "TH": "กข 1234", "PL": "WX 12345", "RO": "AG 12 ZZX", "TR": "34 ABC 123", "KE": "KZZ 004Q", "NG": "LSR-123AA",
    "VN": "15Z-000.12", "ID": "B 1234 XYZ", "PH": "ZZZ 0017", "BD": "ঢাকা মেট্রো-ট ১১-৪৪১২", "NP": "बा २ ज ००१२", "DE": "B-XY 1234", "US": "7ABC123",
}  # fmt: skip
DESCRIBED = {
    "en": ("they use ", "white van, plate AB12 CDE"),
    "es": ("vienen en un ", "coche blanco matrícula 0043 BZX"),
    "fr": ("il vient en ", "voiture grise immatriculée ZZ-001-QX"),
    "pt": ("chegou o ", "ônibus branco placa QXZ0A01"),
    "ru": ("приехала ", "белая машина, номер А123ВС 77"),
    "id": ("ada ", "truk kuning BK 0012 ZX"),
    "vi": ("có ", "xe 7 chỗ màu đen biển 15Z-000.12"),
    "tr": ("her gece ", "beyaz araba 34 ZZ 012"),
    "pl": ("przyjeżdża ", "biały bus WZ 0000Z"),
    "ha": ("yana da ", "farar mota mai lamba KTN-000ZX"),
    "said": ("follow the ", "red van plate oh four seven b k two"),
}


@pytest.mark.parametrize("country", PLATES)
@pytest.mark.parametrize("around", ["we saw {} outside", "{}", "вот {}."])
def test_nothing_of_a_plate_stays(country, around, left):
    assert left(around.format(PLATES[country]), PLATES[country]) == ""


@pytest.mark.parametrize("language", DESCRIBED)
def test_nothing_stays_of_a_vehicle_beside_its_plate(language, left, labels):
    before, vehicle = DESCRIBED[language]
    assert left(before + vehicle, vehicle) == ""
    assert Label.VEHICLE in labels(before + vehicle)


@pytest.mark.parametrize(
    "text", ["the red car with 3 men", "a white van came at night", "un camión azul con 5 personas", "чёрная машина и 2 мужчины"]
)  # fmt: skip
def test_a_vehicle_without_a_plate_stays(text, labels):
    assert Label.VEHICLE not in labels(text)
