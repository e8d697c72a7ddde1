"""Detection orders candidates; it never decides what a person is answered in."""

import pytest

from hotline.anonymize import redact
from hotline.anonymize.language import candidates, detect

TEXTS = [
    ("en", "they took my passport and locked the door"), ("es", "me quitaron el pasaporte y cerraron la puerta"),
    ("fr", "ils ont pris mon passeport et fermé la porte"), ("ar", "اخذوا جوازي وقفلوا الباب"),
    ("ru", "у меня забрали паспорт и заперли дверь"), ("uk", "у мене забрали паспорт і замкнули двері"),
    ("zh", "他们拿走了我的护照，把门锁上了"), ("th", "เขายึดพาสปอร์ตและล็อกประตู"), ("fa", "پاسپورتم را گرفتند و در را قفل کردند"),
    ("ur", "انہوں نے میرا پاسپورٹ لے لیا اور دروازہ بند کر دیا"), ("hi", "उन्होंने मेरा पासपोर्ट ले लिया और दरवाजा बंद कर दिया"),
    ("ne", "मेरो राहदानी राखेको छ र ढोका बन्द गरेको छ"), ("bn", "আমার পাসপোর্ট রেখে দিছে, দরজা বন্ধ"),
    ("sw", "wamechukua pasipoti yangu na wamefunga mlango"), ("tl", "kinuha nila ang pasaporte ko at ikinulong ako"),
    ("vi", "họ giữ hộ chiếu của tôi và khóa cửa"), ("id", "paspor saya ditahan dan pintu dikunci"), ("am", "ፓስፖርቴን ወሰዱ በሩን ቆለፉ"),
    ("my", "ပတ်စပို့ သိမ်းထားတယ် တံခါး ပိတ်ထား"), ("ru", "menya derzhat v podvale, pasport zabrali, pomogite"),
    ("ar", "mar7aba, akhadou jawaz w sakkaro el bab, ana khayfe"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_short_texts_are_told_apart(language: str, text: str) -> None:
    assert detect(text) == language


def test_romanized_candidates_name_their_script() -> None:
    assert "ru-Latn" in candidates("menya derzhat v podvale, pasport zabrali, pomogite")


@pytest.mark.parametrize("text", ["", " ", "12345", "\ud800", "\x00", "🙏🙏"])
def test_a_text_that_tells_nothing_is_undetermined(text: str) -> None:
    assert detect(text) == "und"


def test_a_hint_is_asked_where_the_text_tells_little() -> None:
    assert "es" in candidates("ok", ("es",))
    assert candidates("ok", ("../../etc",)) == candidates("ok")


def test_a_text_that_changes_language_is_read_sentence_by_sentence() -> None:
    english = "They keep us locked in the house and the boss does not pay us for the work that we do here. "
    spanish = "No puedo salir de la casa porque el dueño me quitó el pasaporte y dice que debo mucho dinero. "
    russian = (
        "Мы работаем каждый день без отдыха и нам не платят денег, а паспорта забрали у нас сразу. "
    )
    account = redact(english * 2 + spanish * 2 + russian * 2).text
    for word in ("locked", "pasaporte", "dueño", "паспорта", "платят"):
        assert account.count(word) == 2
