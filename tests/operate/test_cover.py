"""The cover story is asked for, or comes as a file; a house without one says so."""

from pathlib import Path

import pytest

from hotline.demo.setup import _COVER
from hotline.dialogue.covering import read_story
from hotline.errors import Misconfigured
from hotline.operate import cover


def test_it_is_asked_for_line_by_line(tmp_path: Path):
    answers = iter(
        ['Is the "blue" bike still there?', "Come on Sunday.", "", "es", "¿Vienes?", "", ""]
    )
    cover.keep(tmp_path, cover.from_answers(lambda _ask: next(answers)))
    story = ('Is the "blue" bike still there?', "Come on Sunday.")
    assert read_story(tmp_path / "cover.toml") == {"": story, "es": ("¿Vienes?",)}
    assert (tmp_path / "cover.toml").stat().st_mode & 0o077 == 0


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


def test_the_demo_has_one_in_several_languages():
    story = read_story(_COVER)
    assert {"", "es", "ar"} <= set(story)
