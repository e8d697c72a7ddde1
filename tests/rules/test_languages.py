"""Whoever is answered is answered whole, in one language."""

from pathlib import Path

import pytest

from hotline import messages
from hotline.domain.report import Channel
from hotline.i18n import Languages, direction
from hotline.operate import strings

ROOT = Path(__file__).parents[2]
LANGUAGES = Languages(ROOT / "translations")


@pytest.mark.parametrize("locale", ["en", "es", "fr", "ar", "ru"])
def test_the_named_languages_are_offered(locale):
    assert locale in LANGUAGES.offered


@pytest.mark.parametrize("locale", LANGUAGES.offered)
def test_the_first_answer_is_one_segment_and_gives_nothing_away(locale):
    text = messages.render(LANGUAGES, "received", Channel.SMS, locale)
    assert messages.segments(text) == 1
    assert not strings.BANNED_WORDS.search(text.upper())
    for word in ("traffick", "police", "victim", "hotline", "report"):
        assert word not in text.lower()


def test_an_incomplete_language_is_not_offered(tmp_path):
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "messages.pot").write_text('msgid ""\nmsgstr ""\n\nmsgid "One."\nmsgstr ""\n')
    (folder / "messages.po").write_text('msgid ""\nmsgstr ""\n')
    assert Languages(tmp_path).offered == ("en",)


def test_arabic_runs_from_right_to_left():
    assert direction("ar") == "rtl"
    assert direction("ru") == "ltr"


def test_segments_count_as_carriers_count():
    assert messages.segments("a" * 160) == 1
    assert messages.segments("a" * 161) == 2
    assert messages.segments("€" * 80) == 1
    assert messages.segments("€" * 81) == 2
    assert messages.segments("á" * 70) == 1
    assert messages.segments("á" * 71) == 2
    assert messages.segments("😀" * 35) == 1
    assert messages.segments("😀" * 36) == 2


def test_a_language_is_found_by_its_script_its_region_or_its_other_name(tmp_path):
    for name in ("zh_Hans", "fil", "pt_BR"):
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "One."\nmsgstr "x"\n')
    (tmp_path / "messages.pot").write_text('msgid ""\nmsgstr ""\n\nmsgid "One."\nmsgstr ""\n')
    languages = Languages(tmp_path)
    found = {name: languages.best([name]) for name in ("zh", "zh-TW", "tl", "pt_BR", "xx")}
    assert found == {"zh": "zh-Hans", "zh-TW": "zh-Hans", "tl": "fil", "pt_BR": "pt-BR", "xx": None}
