"""What a text may ask for: one of our words, a code, a code word, in any order and any script."""

import pytest

from hotline.domain.report import Channel, IncomingMessage
from hotline.messages import render
from hotline.triage.texted import fold
from hotline.vault.codes import mint, parse
from hotline.vault.codes_in_text import codes_in, without


def found(text):
    return [one.code.digits for one in codes_in(text)]


@pytest.mark.parametrize(
    "around",
    [
        "{digits}",
        "ERASE {digits} apple",
        "ERASE 1234 {digits} apple",
        "{digits}apple",
        "ERASE: {dashes}, apple",
        "my code is {plain}. apple",
        "a{plain}b",
    ],
)
def test_digits_are_found_among_words(around):
    code = mint()
    plain = code.digits.replace(" ", "")
    text = around.format(digits=code.digits, plain=plain, dashes=code.digits.replace(" ", "-"))
    assert code.digits in found(text)


def test_digits_of_other_scripts_are_found():
    code = mint()
    arabic = "".join(chr(0x660 + int(d)) if d.isdigit() else d for d in code.digits)
    assert found(f"امسح {arabic} تفاحة") == [code.digits]


def test_a_longer_number_is_no_code():
    plain = mint().digits.replace(" ", "")
    assert found(f"9{plain}9") == []
    assert found("no number and no words of ours here at all") == []


def test_words_are_found_among_others():
    code = mint()
    assert code.digits in found(f"please ERASE {code.words}, xylophoned")
    assert code.digits in found(code.words.upper())


def test_what_is_found_is_taken_out_whole():
    code = mint()
    text = f"ERASE {code.digits} xyzzy {code.words} xyzzy"
    left = without(text, list(codes_in(text)))
    assert parse(left) is None
    assert not set(code.words.split()) <= set(left.split())
    assert left.endswith(" xyzzy")


def text_of(body):
    return IncomingMessage(channel=Channel.SMS, text=body, locale="", provider_id="x", sender="y")


@pytest.mark.parametrize(
    ("body", "concerns"),
    [
        ("ERASE {digits} apple", True),
        ("apple {digits} erase", True),
        ("Erase! {digits}", True),
        ("keep {digits} apple", True),
        ("{digits} apple", False),
        ("ERASE my code please", False),
        ("erased {digits} apple", False),
        ("", False),
    ],
)
def test_only_our_word_with_a_code_asks_for_anything(house, body, concerns):
    wishes = house.hotline.reception.wishes
    assert wishes.concern(text_of(body.format(digits=mint().digits))) is concerns


def test_a_code_that_is_nobodys_is_kept_without_it(house):
    code = mint()
    kept = house.hotline.reception.wishes.heed(
        text_of(f"ERASE {code.digits} apple"), at=house.clock()
    )
    assert kept.text == "ERASE … apple"


def test_every_language_has_a_word_of_its_own_for_both(house):
    languages = house.hotline.languages
    for locale in languages.offered:
        erase, keep = (
            render(languages, name, Channel.SMS, locale) for name in ("erase_word", "keep_word")
        )
        assert fold(erase) != fold(keep), locale
        assert len(erase.split()) == len(keep.split()) == 1, locale
        assert fold(erase) not in ("stop", "cancel", "end", "quit"), locale


def test_a_flood_of_codes_costs_three_looks_at_most(house, monkeypatch):
    looked = []
    codes = house.hotline.codes
    derive = codes.derive
    monkeypatch.setattr(type(codes), "derive", lambda _self, code: looked.append(1) or derive(code))
    body = "ERASE " + " ".join(mint().digits + "," for _ in range(40))
    house.hotline.reception.wishes.heed(text_of(body), at=house.clock())
    assert len(looked) <= 3
