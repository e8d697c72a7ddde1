"""Points on the map go, however they are written."""

import pytest

from hotline.anonymize import redact
from hotline.domain.identity import Label

POINTS = [
    "41.40338, 2.17403", "41,40338 2,17403", "-34.6037, -58.3816", "41°24'12.2\"N 2°10'26.5\"E", "N 41.40338° E 2.17403°",
    "55.7558°, 37.6173°", "lat 41.40338, lon 2.17403", "geo:37.786971,-122.399677", "8FVC9G8F+6W", "٢٤٫٧١٣٦, ٤٦٫٦٧٥٣",
    "///filled.count.soap", "https://maps.example/?q=41.40338,2.17403",
]  # fmt: skip
KILOMETRES = {"en": "km 45", "es": "kilómetro 12,5", "fr": "PK 30", "ru": "км 112", "pt": "quilômetro 8", "ro": "kilometrul 7", "fa": "کیلومتر ۲۵", "pl": "kilometr 14", "hi": "किलोमीटर १२", "am": "ኪሎ ሜትር 18"}  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_nothing_of_a_point_stays(point, left):
    assert left(f"we are at {point} now", point) == ""


@pytest.mark.parametrize("named", ["w3w {}", "what3words is {}", "what three words: {}"])
def test_three_words_without_slashes_go_after_their_name(named, left):
    assert left(named.format("filled.count.soap"), "filled.count.soap") == ""


def test_three_words_with_dots_stay_elsewhere():
    assert redact("tell me what to do please.help.now").text.endswith("please.help.now")


@pytest.mark.parametrize("kilometre", KILOMETRES.values())
def test_no_digit_of_a_kilometre_stays(kilometre, left):
    assert not any(map(str.isdigit, left(f"x {kilometre} x", kilometre)))


@pytest.mark.parametrize(
    "text", ["it is 5 km away", "we walked 20 kilometres", "3,5 hours and 2,5 more"]
)
def test_lengths_stay(text, labels):
    assert Label.ADDRESS not in labels(text)
