"""A number to call goes, in the forms of many countries and scripts, and however it is disguised."""

import pytest

from hotline.anonymize.detectors import phone
from hotline.domain.identity import Label
from hotline.lexicon.folding import fold, without_unseen

BY_COUNTRY = {
    "US": ["+1 500 555 0006", "(500) 555-0006", "500.555.0006"],
    "GB": ["00 44 7700 900123", "07700 900123"],
    "ES": ["+34 600 000 111", "600 00 01 11"],
    "FR": ["06 12 34 56 78", "+33 6 12 34 56 78"],
    "RU": ["8 (900) 000-00-11", "+7 900 000 00 11"],
    "UA": ["+380 50 000 00 11", "(050) 000-00-11"],
    "BR": ["+55 11 90000-0011", "(11) 90000-0011"],
    "ID": ["0812-0000-0011"],
    "CN": ["+86 139 0000 0011", "13900000011"],
    "EG": ["٠١٠ ٠٠٠٠ ٠٠١١"],
    "IR": ["۰۹۱۲ ۰۰۰ ۰۰۱۱"],
    "NP": ["९८४०००००११"],
    "BD": ["০১৭০০-০০০০১১"],
    "TH": ["๐๘๑ ๐๐๐ ๐๐๑๑"],
    "MM": ["၀၉ ၅၀၀ ၀၀၀ ၁၁"],
    "KH": ["០១២ ០០០ ០១១"],
    "LA": ["໐໒໐ ໕໕໐ ໐໐໑໑"],
    "NG": ["0803 000 0011", "+234 803 000 0011"],
    "KE": ["0722 000 011"],
    "ET": ["+251 91 100 0011"],
    "VN": ["090 000 00 11"],
    "PL": ["500 000 011"],
}
DISGUISED = [
    "5.0.0.5.5.5.0.0.0.6", "5 0 0 5 5 5 0 0 0 6", "５００５５５０００６", "o7700 9oo123", "0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣", "O77OO 9l2 345",
    "5\u200b0\u200b0\u200b5\u200b5\u200b5\u200b0\u200b0\u200b0\u200b6", "5\u03360\u03360\u033655500\u033606", "⑤⓪⓪⑤⑤⑤⓪⓪⓪⑥",
    "𝟓𝟎𝟎𝟓𝟓𝟓𝟎𝟎𝟎𝟔", "⁵⁰⁰⁵⁵⁵⁰⁰⁰⁶", "5_0_0_5_5_5_0_0_0_6", "500*555*0006", "500 / 555 / 0006", "+1(500)555~0006",
    "\u202a+15005550006\u202c", "5\ufe0f0\ufe0f0\ufe0f5\ufe0f5\ufe0f5\ufe0f0006",
]  # fmt: skip


@pytest.mark.parametrize("number", [each for forms in BY_COUNTRY.values() for each in forms])
@pytest.mark.parametrize("around", ["please call {} thank you", "{}", "x: {}.", "моё {} вот"])
def test_no_digit_of_a_number_stays(number, around, left):
    assert left(around.format(number), number) == ""


@pytest.mark.parametrize("number", DISGUISED)
def test_no_disguise_helps(number, left):
    assert left(f"call me on {number} soon", number) == ""


@pytest.mark.parametrize("number", [each for forms in BY_COUNTRY.values() for each in forms])
def test_each_is_found_by_its_form_alone(number):
    folded = fold(without_unseen(number)[0])
    assert [span.label for span in phone.find(folded)][:1] == [Label.PHONE]


@pytest.mark.parametrize(
    "text", ["they pay 1 000 000 in all", "he owes 25,000,000 rupiah", "3 weeks", "is 5 at 2 to 10"]
)
def test_amounts_and_counts_are_no_numbers_to_call(text):
    assert list(phone.find(fold(text))) == []
