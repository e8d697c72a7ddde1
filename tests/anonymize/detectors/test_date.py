"""A day of any calendar goes, in figures, with the name of a month, or said in words."""

import pytest

from hotline.domain.identity import Label

DAYS = [
    "03/14/1988", "21.06.2002", "1999-12-31", "12-05-2001", "2003年5月17日", "3月2日", "2024년 5월 3일", "1 de enero de 2000", "2 de abril",
    "le 14 juillet 1999", "12 March 1990", "March 3rd", "the 3rd of May", "7 января 2001", "22 лютого", "7 lipca 1979", "1 ianuarie 2000",
    "4 Haziran", "5 ธันวาคม 2523", "3 رمضان 1445", "۲۱ مهر", "۱۳۷۵/۰۲/۱۸", "५ जनवरी २०१०", "২০০১/০৯/১৪", "৬ জানুয়ারি", "ika-3 ng Mayo",
    "tarehe 9 Aprili 1996", "3 ga Maris 1995", "መስከረም 12 ቀን 2016", "25 tháng 9", "23 Maret", "1998 ခုနှစ် မေလ ၄ ရက်", "असोज १५ गते",
    "19.06.2001 г", "ọjọ́ 6 oṣù Kejì", "5 مارچ", "11 August '98", "２０２１年５月",
]  # fmt: skip
SAID = [
    "third of May",
    "tres de mayo",
    "пятого мая",
    "seventh of October",
    "siódmego lipca",
    "trois avril 1999",
]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("around", ["born on {} there", "{}", "x {}."])
def test_no_figure_of_a_day_stays(day, around, left):
    assert not any(map(str.isdigit, left(around.format(day), day)))


@pytest.mark.parametrize("day", [day for day in DAYS if "年" not in day])
def test_a_day_is_called_a_date(day, labels):
    assert Label.DATE in labels(f"x {day}")


@pytest.mark.parametrize("day", SAID)
def test_nothing_stays_of_a_day_in_words(day, left):
    assert left(day, day) == ""


@pytest.mark.parametrize(
    "text", ["we may come, the two of us", "24/7 without rest", "they march us 3 hours"]
)
def test_a_month_that_is_an_ordinary_word_stays_alone(text, labels):
    assert Label.DATE not in labels(text)
