"""Own language within 15 seconds: computed from how long each language takes to be offered."""

import pytest

from hotline.catalogs import TRANSLATIONS
from hotline.i18n import Languages
from hotline.prompts import Prompts, Said, menu, page, pages, waits


@pytest.fixture(scope="module")
def prompts():
    names = [path.name.replace("_", "-") for path in TRANSLATIONS.iterdir() if path.is_dir()]
    return Prompts(Languages(TRANSLATIONS, only=names))


def two_seconds(_: Said) -> float:
    return 2.0


def test_a_page_holds_what_fits_into_the_time_and_has_a_key():
    many = [f"x{number}" for number in range(30)]
    assert page(many, seconds=two_seconds, budget=13) == tuple(many[:6])
    assert page(many, seconds=lambda _: 0.1) == tuple(many[:9])
    assert page(many, seconds=lambda _: 99) == ("x0",)
    assert page([], seconds=two_seconds) == ()


def test_pages_go_on_until_every_language_was_offered():
    many = [f"x{number}" for number in range(30)]
    assert [name for one in pages(many, seconds=two_seconds) for name in one] == many


def test_who_comes_later_waits_for_those_before_them():
    assert waits(["es", "fr", "ar"], seconds=two_seconds) == [2, 4, 6]
    assert waits(["es", "fr"], seconds=two_seconds, before=5) == [7, 9]


def test_each_option_is_said_in_its_own_language_with_its_key():
    asked: list[Said] = []

    def listen(said: Said) -> float:
        asked.append(said)
        return 1

    waits(["es", "fr"], seconds=listen)
    assert [(one.locale, one.prompt, one.digits) for one in asked] == [
        ("es", "language", "1"),
        ("fr", "language", "2"),
    ]


def test_every_language_is_heard_within_15_seconds_on_the_first_page_that_has_it(prompts):
    assert len(prompts.offered) > 20
    *full, last = pages(prompts.offered, seconds=prompts.seconds)
    for one in (*full, last):
        assert max(waits(one, seconds=prompts.seconds)) <= menu.LISTENING < menu.PROMISED
    assert all(len(one) >= 4 for one in full)


def test_every_language_can_be_first_on_its_page(prompts):
    for locale in prompts.offered:
        assert waits([locale], seconds=prompts.seconds)[0] < 4, locale
