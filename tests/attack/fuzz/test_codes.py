"""What people type to be known again: codes in any digits and words, keys of a telephone, PINs, one-time codes, papers."""

from datetime import UTC, datetime

from hypothesis import example
from hypothesis import strategies as st

from hotline.domain.keypad import is_typed, keys_of
from hotline.domain.numbers import ascii_digits, phone_number
from hotline.errors import HotlineError
from hotline.vault import codes, links, papers, recovery, totp
from hotline.vault.codes import ReturnCode
from hotline.vault.codes_in_text import codes_in, without
from tests.attack.fuzz.hostile import fuzz, mutated, refusing, texts

CODE = ReturnCode(0x2_5A5A_1234_5678_9ABC)
PAPERS = papers.cut(bytes(range(32)), threshold=2, papers=3)
ZEROS = "0٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐０𝟎𝟘"
"""The zero of many scripts; the nine digits that follow it are its digits."""
known = st.sampled_from([CODE.digits, CODE.words, "14:30", "+1 (500) 555-0142", *PAPERS])
typed = st.one_of(texts(), known, mutated(CODE.digits.encode(), CODE.words.encode(), PAPERS[0].encode()).map(lambda raw: raw.decode("utf-8", "replace")))  # fmt: skip


def in_digits_of(zero: str, text: str) -> str:
    return "".join(chr(ord(zero) + int(each)) if each.isdigit() else each for each in text)


@fuzz(60, 5_000, typed)
@example("9" * 50_000)
@example("abandon " * 3_000)
def test_whatever_is_typed_is_a_code_or_none(text: str) -> None:
    found = codes.parse(text)
    assert found is None or codes.parse(found.digits) == codes.parse(found.words) == found
    assert len(without(text, list(codes_in(text)))) <= len(text) + 10
    for read in (links.read_pin, recovery.looks_like_code, phone_number, ascii_digits):
        read(text)
    assert totp.matching_step(bytes(20), text, datetime(2026, 3, 2, tzinfo=UTC)) is None or text
    assert not keys_of(text) or is_typed(text, keys_of(text))
    is_typed("lantern", text)
    links.read_ticket(text)


@fuzz(
    60,
    5_000,
    st.integers(0, (1 << 66) - 1),
    st.sampled_from(ZEROS),
    st.sampled_from("  -. \u200f\u202f"),
)
def test_a_code_is_read_in_the_digits_of_any_script(number: int, zero: str, gap: str) -> None:
    code = ReturnCode(number)
    written = in_digits_of(zero, code.digits).replace(" ", gap)
    assert codes.parse(written) == code
    wrong = written[:-1] + in_digits_of(zero, str((int(ascii_digits(written[-1])) + 1) % 10))
    assert codes.parse(wrong) is None
    assert codes.parse(code.words.upper()) == code


@fuzz(60, 5_000, st.lists(typed, max_size=4).map("\n\n".join))
def test_papers_give_the_key_or_are_refused_in_our_words(text: str) -> None:
    with refusing(HotlineError) as said:
        assert papers.join(papers.read_papers(text)) == bytes(range(32))
    assert not any(word in "".join(said) for word in PAPERS[0].split()[2:] if len(word) > 6)
