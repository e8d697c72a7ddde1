"""The cover story is asked for, or comes as a file; a house without one says so."""

import unicodedata
from pathlib import Path

import pytest

from hotline.demo.setup import COVERS
from hotline.dialogue.covering import read_story
from hotline.errors import Misconfigured
from hotline.locales import table
from hotline.messages import segments
from hotline.operate import cover


def test_it_is_asked_for_line_by_line(tmp_path: Path):
    answers = iter(
        ['Is the "blue" bike still there?', "Come on Sunday.", "", "es", "¿Vienes?", "", ""]
    )
    cover.keep(tmp_path, cover.from_answers(lambda _ask: next(answers)))
    story = ('Is the "blue" bike still there?', "Come on Sunday.")
    assert read_story(tmp_path / "cover.toml") == {"": story, "es": ("¿Vienes?",)}
    assert (tmp_path / "cover.toml").stat().st_mode & 0o077 == 0


def test_a_language_that_has_no_such_code_is_asked_for_again(tmp_path: Path):
    answers = iter(["Hello.", "", "pt br", 'es" = 1', "pt-BR", "Oi.", "", ""])
    cover.keep(tmp_path, cover.from_answers(lambda _ask: next(answers)))
    assert read_story(tmp_path / "cover.toml") == {"": ("Hello.",), "pt-BR": ("Oi.",)}


def test_whoever_writes_no_line_has_no_story(tmp_path: Path):
    cover.keep(tmp_path, cover.from_answers(lambda _ask: " "))
    assert read_story(tmp_path / "cover.toml") == {}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "story = 3",
        "story = [1]",
        'story = [""]',
        "[[",
        f'story = ["{"x" * 161}"]',
        'lines = ["a"]',
    ],
)
def test_a_file_that_tells_no_story_is_refused(tmp_path: Path, content: str):
    (tmp_path / "mine.toml").write_text(content)
    with pytest.raises(Misconfigured):
        cover.from_file(tmp_path / "mine.toml")


@pytest.mark.parametrize("path", sorted(COVERS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_demo_tells_one_of_three_each_whole_in_every_language_that_has_it(path: Path):
    story = read_story(path)
    assert {"", "es", "ar", "pt-BR", "zh-Hant", "th"} <= set(story)
    assert set(story) - {""} <= set(table())
    assert {len(lines) for lines in story.values()} == {3}
    for locale, lines in story.items():
        for line in lines:
            assert segments(line) == 1, (locale, line)
            assert line == unicodedata.normalize("NFC", line), (locale, line)
            script = table()[locale or "en"].script
            assert scripts_in(line) <= {script, *_BESIDE.get(script, ())}, (locale, line)


def test_the_three_have_the_same_languages():
    stories = [read_story(path) for path in sorted(COVERS.glob("*.toml"))]
    assert len(stories) == 3
    assert stories[0].keys() == stories[1].keys() == stories[2].keys()


_BESIDE = {"Hans": {"Hani"}, "Hant": {"Hani"}}
_NAMED = {
    "CJK": "Hani",
    "LATIN": "Latn",
    "ARABIC": "Arab",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
}
_NAMED |= {
    "BENGALI": "Beng",
    "GURMUKHI": "Guru",
    "SINHALA": "Sinh",
    "TAMIL": "Taml",
    "THAI": "Thai",
}
_NAMED |= {"LAO": "Laoo", "KHMER": "Khmr", "MYANMAR": "Mymr", "ETHIOPIC": "Ethi"}


def scripts_in(line: str) -> set[str]:
    letters = (one for one in line if unicodedata.category(one) in ("Lu", "Ll", "Lo"))
    return {_NAMED[unicodedata.name(one).split()[0]] for one in letters}
