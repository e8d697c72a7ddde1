"""One table names every locale: browsers, phones, providers, CLDR and gettext must all find it there."""

import gettext
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import hotline.prompts
from hotline import locales
from hotline.catalogs import Catalogs
from hotline.i18n import accepted

CORE = [
    "en",
    "es",
    "ar",
    "fr",
    "pt-BR",
    "ro",
    "sq",
    "vi",
    "zh-Hans",
    "zh-Hant",
    "fil",
    "id",
    "ms",
    "th",
    "my",
    "km",
    "lo",
    "hi",
    "bn",
    "ur",
    "pa",
    "ne",
    "si",
    "ta",
    "fa",
    "ps",
    "ckb",
    "kmr",
    "tr",
    "ru",
    "uk",
    "uz",
    "pl",
    "hu",
    "bg",
    "am",
    "ti",
    "om",
    "so",
    "sw",
]
TRANSLATIONS = Path(__file__).parents[2] / "translations"
MILLIONS = {"es", "fr", "pt-BR"}
NAMES = {
    "zh": "zh-Hans", "zh-CN": "zh-Hans", "zh_SG": "zh-Hans", "zh-TW": "zh-Hant", "zh_HK": "zh-Hant",
    "zh-Hant-HK": "zh-Hant", "yue-Hant-HK": "zh-Hant", "cmn-Hans-CN": "zh-Hans", "cmn-Hant-TW": "zh-Hant",
    "pt": "pt-BR", "pt_BR": "pt-BR", "pt-PT": "pt-BR", "ku": "kmr", "ku_TR": "kmr", "ku-Arab": "ckb", "ku-IQ": "ckb",
    "ckb-IQ": "ckb", "tl": "fil", "fil-PH": "fil", "in": "id", "id-ID": "id", "zsm": "ms", "pes": "fa", "prs": "fa",
    "fa-AF": "fa", "pa-guru-IN": "pa", "pa-Arab": "ur", "pnb": "ur", "mo": "ro", "als": "sq", "gaz": "om", "es-419": "es",
    "ES_mx": "es", "ar-XA": "ar", "arz": "ar", "uz-Cyrl": "uz", "uz_Latn_UZ": "uz", " EN-gb ": "en",
}  # fmt: skip
NOBODYS = ["", "xx", "de-DE", "ru-Latn", "bn-Latn-BD", "*", "-", "\x00"]


def test_the_forty_languages_are_there():
    assert len(CORE) == 40
    assert set(CORE) <= set(locales.table())


@pytest.mark.parametrize(("name", "tag"), NAMES.items())
def test_a_locale_is_found_by_any_name(name, tag):
    assert locales.tag_of(name) == tag


@pytest.mark.parametrize("name", NOBODYS)
def test_what_names_no_locale_of_ours_finds_none(name):
    assert locales.tag_of(name) == ""
    assert locales.suiting(name) == ()


def test_no_name_means_two_locales():
    names = [name.lower() for row in locales.table().values() for name in (row.tag, *row.aliases)]
    assert len(names) == len(set(names))


def test_only_the_two_ways_of_writing_chinese_stand_for_each_other():
    nearest = {tag: row.nearest for tag, row in locales.table().items() if row.nearest}
    assert nearest == {"zh-Hans": ("zh-Hant",), "zh-Hant": ("zh-Hans",)}


def test_what_the_provider_calls_a_language_is_found():
    voices = (Path(hotline.prompts.__file__).parent / "voices.toml").read_text("utf-8")
    for tag, said in tomllib.loads(voices).items():
        for name in filter(None, (said.get("speech"), said.get("language"))):
            assert locales.tag_of(name) == tag, name


@pytest.mark.parametrize("tag", locales.table())
def test_cldr_knows_it_and_writes_it_as_we_do(tag):
    known = locales.cldr(tag)
    assert known is not None
    row = locales.table()[tag]
    assert known.text_direction == row.direction
    assert known.get_display_name(known) == row.autonym or tag in {"kmr", "pt-BR"}


@pytest.mark.parametrize("tag", locales.table())
def test_it_counts_as_cldr_does(tag):
    row, known = locales.table()[tag], locales.cldr(tag)
    form = gettext.c2py(row.plural.partition("plural=")[2].rstrip(";"))
    numbers = range(3_000)
    forms = {}
    for number in numbers:
        forms.setdefault(known.plural_form(number), set()).add(form(number))
    assert all(len(each) == 1 for each in forms.values()), forms
    assert len(set().union(*forms.values())) == len(forms) == row.forms
    assert (known.plural_form(1_000_000) not in forms) == (tag in MILLIONS)


@pytest.mark.parametrize("path", sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")), ids=str)
def test_every_catalog_counts_as_the_table_says_and_is_read_as_babel_reads_it(path):
    with path.open("rb") as file:
        catalog = read_po(file)
    header = dict(catalog.mime_headers)["Plural-Forms"]
    tag = path.parent.parent.name.replace("_", "-")
    assert header == locales.table()[tag].plural
    words = Catalogs(TRANSLATIONS).words(tag, path.stem)
    for one in catalog:
        sentence, said = (
            each if isinstance(each, tuple) else (each,) for each in (one.id, one.string)
        )
        assert not sentence[0] or words.said(sentence[0]) == said


def test_a_name_that_strangers_send_costs_little() -> None:
    assert locales.tag_of("a-" * 100_000) == ""
    assert locales.tag_of("sw-" + "KE-" * 100_000) == "sw"


def test_a_browser_may_write_blanks_and_refuse_a_language() -> None:
    assert accepted("sw; q=0.1, fr ;Q=0.9, en;q=0, de") == ["de", "fr", "sw"]
