"""Everybody hears their own language offered before they would hang up."""

from dataclasses import replace

from phonenumbers import PhoneNumberFormat, example_number, format_number

from hotline.dialogue.calls.document import Line
from tests.house import found_house
from tests.intake.calls.caller import VOICE_LINE, Caller

SECONDS = 15
# Where people call from who speak it, by what CLDR says of each country.
COUNTRIES = {
    "am": "ET", "ar": "EG", "bg": "BG", "bn": "BD", "ckb": "IQ", "en": "GB", "es": "MX", "fa": "IR", "fil": "PH", "fr": "FR",
    "hi": "IN", "hu": "HU", "id": "ID", "kmr": "TR", "ms": "MY", "my": "MM", "ne": "NP", "om": "ET", "pa": "CA", "pl": "PL",
    "pt-BR": "BR", "ro": "RO", "ru": "RU", "si": "LK", "so": "SO", "sq": "AL", "sw": "TZ", "ta": "LK", "th": "TH", "ti": "ER",
    "tr": "TR", "uk": "UA", "ur": "PK", "uz": "UZ", "vi": "VN", "zh-Hans": "CN", "zh-Hant": "TW",
}  # fmt: skip


def number_in(country):
    return format_number(example_number(country), PhoneNumberFormat.E164)


def until_offered(call, locale):
    """Return the seconds until *locale* was offered with its digit; the digit counts from the first word on."""
    prompts, spent = call.house.hotline.prompts, 0.0
    for line in call.hears.lines:
        spent += prompts.seconds(line)
        if line.locale == locale and line.digits:
            return spent
    return float("inf")


def test_every_language_that_is_offered_has_a_country(house):
    assert set(COUNTRIES) == set(house.hotline.prompts.offered)


def test_a_phone_of_their_country_hears_it_in_time(house):
    waits = {
        locale: until_offered(Caller(house, sender=number_in(country)).dials(), locale)
        for locale, country in COUNTRIES.items()
    }
    assert {locale: wait for locale, wait in waits.items() if wait > SECONDS} == {}


def test_every_page_of_languages_ends_in_time_and_all_have_their_turn(house):
    call, heard = Caller(house, sender="").dials(), set()
    for _ in range(len(COUNTRIES)):
        assert sum(map(house.hotline.prompts.seconds, call.hears.lines)) <= SECONDS
        heard |= set(call.offered)
        if heard >= set(COUNTRIES):
            break
        call.is_silent()
    assert heard == set(COUNTRIES)


def test_a_number_of_their_own_speaks_it_from_the_first_word(house):
    prompts = house.hotline.prompts
    greetings = {one: prompts.seconds(Line(one, prompt="start")) for one in COUNTRIES}
    assert max(greetings.values()) <= 8


def test_a_line_with_a_language_of_its_own_greets_in_it(tmp_path):
    lines = {VOICE_LINE: "ur", "+15005550008": "es"}
    house = found_house(tmp_path, adjust=lambda config: replace(config, lines=lines))
    call = Caller(house).dials()
    assert {line.locale for line in call.hears.lines} == {"ur"}
    assert call.prompts == ["start", "start_more"]
    house.close()


def test_where_all_lines_say_the_same_everybody_is_still_offered_their_own(tmp_path):
    lines = {VOICE_LINE: "ur", "+15005550008": "ur"}
    house = found_house(tmp_path, adjust=lambda config: replace(config, lines=lines))
    assert Caller(house, sender="").dials().offered[0] == "ur"
    assert Caller(house, sender=number_in("MX")).dials().offered[:3] == ["es", "en", "ur"]
    house.close()
