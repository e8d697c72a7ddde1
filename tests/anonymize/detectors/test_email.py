"""E-mail addresses go as they are written and as they are said."""

import pytest

from hotline.domain.identity import Label

WRITTEN = [
    "g.okwuosa88@example.com", "maria @ example.org", "мария@пример.рф", "li_wei@example.com.cn", "joão.silva@exemplo.com.br",
    "m\u200baria@example.org", "mаria@exаmple.com", "maria(at)example(dot)org", "maria [at] example [dot] org", "ａｌｉ＠example.com",
    "maria @ example . com", "maria@example,com", "maria@example com", "m a r i a @ g m a i l . c o m",
]  # fmt: skip
SAID = {
    "en": "maria at example dot org",
    "es": "maria punto lopez arroba gmail punto com",
    "es, underscore": "juan guion bajo perez arroba hotmail punto com",
    "pt": "ana arroba uol ponto com ponto br",
    "fr": "jean arobase orange point fr",
    "it": "maria chiocciola libero punto it",
    "ru": "мария собака яндекс точка ру",
    "pl": "kasia małpa wp kropka pl",
    "tr": "ali et gmail nokta com",
    "ar": "صفية ات جيميل دوت كوم",
    "hi": "राम एट जीमेल डॉट कॉम",
    "no at": "m.lopez88 hotmail com",
    "spelled": "j o y zero nine at yahoo dot com",
}


@pytest.mark.parametrize("address", WRITTEN)
@pytest.mark.parametrize("around", ["write to {} please", "{}", "почта: {}"])
def test_nothing_of_a_written_address_stays(address, around, left):
    assert left(around.format(address), address) == ""


@pytest.mark.parametrize("address", SAID.values())
def test_nothing_of_a_spoken_address_stays(address, left, labels):
    assert left(f"mail {address}", address) == ""
    assert Label.EMAIL in labels(f"mail {address}")


@pytest.mark.parametrize(
    "text",
    [
        "reach me @ work in town",
        "we work at that point in town",
        "he waits at the door",
        "look at me",
        "I live at home",
    ],
)
def test_at_alone_makes_no_address(text, labels):
    assert Label.EMAIL not in labels(text)
