"""Rendering is a developer's act: two programs speak and write, and here small fakes stand in for both."""

import os
import re
import sys
from pathlib import Path

import pytest

from hotline.catalogs import TRANSLATIONS
from hotline.cli import main
from hotline.i18n import Languages
from hotline.operate import prompts as rendering_all
from hotline.operate import rendering
from hotline.prompts import Prompts, standins
from hotline.prompts.standins import stand_ins

ROOT = Path(__file__).parents[2]

SPEAKER = """#!{python}
import sys
if "--voices" in sys.argv:
    print("Pty Language Age/Gender VoiceName File Other\\n 5 sw --/M Swahili bnt/sw\\n 5 ur --/M Urdu inc/ur\\n")
    sys.exit()
words = sys.stdin.buffer.read()
sys.path.insert(0, {root!r})
from tests.prompts.sounding import tone
pace = int(sys.argv[sys.argv.index("-s") + 1])
sys.stdout.buffer.write(b"" if b"xxx" in words else tone(len(words) / 15 * 150 / pace))
"""
WRITER = """#!{python}
import io, sys, wave
sys.path.insert(0, {root!r})
from tests.prompts.sounding import mp3
with wave.open(io.BytesIO(sys.stdin.buffer.read())) as file:
    sys.stdout.buffer.write(mp3(file.getnframes() / file.getframerate()))
"""


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """Two programs of those names, found before any others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in (("espeak-ng", SPEAKER), ("ffmpeg", WRITER)):
        path = folder / name
        path.write_text(text.format(python=sys.executable, root=str(ROOT)))
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    yield folder
    stand_ins.cache_clear()


@pytest.fixture
def few(monkeypatch):
    """Only a few prompts: a program is started for each sentence."""
    monkeypatch.setattr("hotline.prompts.Prompts.names", ("start", "kept", "language"))


def render(folder, *locales):
    return list(rendering_all.render(TRANSLATIONS, locales, folder=folder))


def test_what_is_missing_is_rendered_and_nothing_twice(tools, few, tmp_path):
    sounds = tmp_path / "sounds"
    assert render(sounds, "sw") == ["sw: 3 prompts rendered"]
    assert {path.name for path in (sounds / "sw").iterdir()} == {
        "start.mp3",
        "kept.mp3",
        "language.mp3",
    }
    assert gate_faults(sounds) == []
    assert "synthetic = true" in (sounds / "sounds.toml").read_text()
    assert render(sounds, "sw") == ["sw: 0 prompts rendered"]
    # A second language leaves the first alone.
    assert render(sounds, "ur") == ["ur: 3 prompts rendered"]
    assert {locale for locale, _ in stand_ins(sounds)} == {"sw", "ur"}


def gate_faults(sounds):
    stand_ins.cache_clear()
    found = rendering_all.check(TRANSLATIONS, folder=sounds)
    return [fault for fault in found if "sounds/" in fault or "run `hotline" in fault]


def test_a_damaged_sound_is_rendered_anew_and_one_without_sentence_goes(tools, few, tmp_path):
    sounds = tmp_path / "sounds"
    render(sounds, "sw")
    (sounds / "sw" / "kept.mp3").write_bytes(b"")
    (sounds / "sw" / "gone.mp3").write_bytes(b"x")
    assert render(sounds, "sw") == ["sw: 1 prompts rendered"]
    assert not (sounds / "sw" / "gone.mp3").exists()
    assert gate_faults(sounds) == []


def test_it_says_plainly_what_it_does_not_render(tools, tmp_path):
    said = render(tmp_path / "sounds", "es", "ha", "xx")
    assert said == [
        "es: a voice speaks it; nothing was rendered",
        "ha: espeak-ng does not speak it; record it, or it is not offered in calls",
        "xx: its sentences are not complete; nothing was rendered",
    ]


def test_a_sentence_that_would_take_too_long_is_spoken_faster(tools):
    _, slow = rendering.render("a" * 45, "sw", longest=30)
    _, faster = rendering.render("a" * 45, "sw", longest=slow - 0.2)
    assert faster < slow


def test_without_the_programs_it_says_which_are_missing(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["prompts", "render", "sw"]) == 1
    assert "rendering needs espeak-ng and ffmpeg on this machine" in capsys.readouterr().err


def test_a_program_that_fails_is_named(tools, tmp_path):
    (tools / "espeak-ng").write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(rendering.ToolMissing, match="espeak-ng could not do it"):
        rendering.render("kesho", "sw", longest=6)
    (tools / "espeak-ng").write_text(
        SPEAKER.format(python=sys.executable, root=str(ROOT)).replace("tone(len", "tone(0 * len")
    )
    with pytest.raises(rendering.ToolMissing, match="said nothing"):
        rendering.render("kesho", "sw", longest=6)


def test_an_encoder_that_writes_something_else_is_noticed(tools):
    (tools / "ffmpeg").write_text("#!/bin/sh\ncat > /dev/null\necho nothing\n")
    with pytest.raises(rendering.ToolMissing, match="no MP3"):
        rendering.render("kesho", "sw", longest=6)


def test_stand_ins_say_where_they_lie():
    for (locale, name), one in stand_ins().items():
        assert one.path == standins.FOLDER / locale / f"{name}.mp3"


@pytest.mark.parametrize("locale", ["ckb", "so", "ti"])
def test_a_language_without_a_voice_is_spelled_for_the_nearest(locale):
    prompts = Prompts(Languages(TRANSLATIONS, only=[locale]))
    for name in prompts.names:
        spelled = rendering.spell(prompts.words(name, locale), locale)
        if locale == "ckb":
            assert spelled.isascii() or not re.search("[\u0600-\u06ff]", spelled), (name, spelled)
        else:
            assert not re.search("[0-9xcqyቐ-ቖ]", spelled), (name, spelled)


def test_sorani_is_spelled_with_the_vowels_that_it_is_read_with():
    said = "بەڵێ: 1 داگرن. چ شوێنێکە؟ من وڵاتێک"
    assert rendering.spell(said, "ckb") == "belê: 1 dagrn. çi şwênêke? min wilatêk"
