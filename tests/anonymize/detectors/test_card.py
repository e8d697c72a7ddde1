"""Bank cards and accounts go, with a right check digit or without."""

import pytest

from hotline.anonymize.detectors.card import passes_luhn
from hotline.anonymize.detectors.iban import is_valid

CARDS = ["4111 1111 1111 1111", "5500-0000-0000-0004", "3782 822463 10005", "6011000000000004", "4111 1111 1111 1112", "٤١١١ ١١١١ ١١١١ ١١١١"]  # fmt: skip
ACCOUNTS = [
    "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "FR14 2004 1010 0505 0001 3M02 606", "ES91 2100 0418 4502 0005 1332",
    "IT60 X054 2811 1010 0000 0123 456", "NL91 ABNA 0417 1643 00", "PL61 1090 1014 0000 0712 1981 2874", "RO49 AAAA 1B31 0075 9384 0000",
    "TR33 0006 1005 1978 6457 8413 26", "BG80 BNBG 9661 1020 3456 78", "AE07 0331 2345 6789 0123 456", "SA03 8000 0000 6080 1016 7519",
    "UA21 3223 1300 0002 6007 2335 6600 1", "BR18 0036 0305 0000 1000 9795 493C 1", "GB82 WEST 1234 5698 7654 33",
]  # fmt: skip


@pytest.mark.parametrize("number", CARDS + ACCOUNTS)
@pytest.mark.parametrize("around", ["send it to {} now", "{}", "счёт {} вот"])
def test_nothing_of_a_card_or_account_stays(number, around, left):
    assert left(around.format(number), number) == ""


def test_check_digits():
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")
    assert is_valid("gb82west12345698765432")
    assert not is_valid("gb82west12345698765433")
