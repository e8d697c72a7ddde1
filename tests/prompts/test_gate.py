"""The gate: a call in a language may not be stale, damaged, too long, or lead a caller to another key."""

import shutil

import pytest

from hotline.catalogs import TRANSLATIONS
from hotline.cli import main
from hotline.operate import prompts as gate
from hotline.operate.strings import catalogs
from hotline.prompts import standins


@pytest.fixture
def kept(tmp_path):
    """Swahili alone with its stand-ins, in folders that a test may damage."""
    written, sounds = tmp_path / "translations", tmp_path / "sounds"
    for name in ("voice.pot", "sw/LC_MESSAGES/voice.po", "es/LC_MESSAGES/voice.po"):
        (written / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TRANSLATIONS / name, written / name)
    sounds.mkdir()
    shutil.copytree(standins.FOLDER / "sw", sounds / "sw")
    lines = (standins.FOLDER / "sounds.toml").read_text().splitlines()
    begin = lines.index("[sw]")
    end = next((at for at in range(begin + 1, len(lines)) if lines[at].startswith("[")), len(lines))
    (sounds / "sounds.toml").write_text("\n".join(lines[begin:end]))
    return written, sounds


def faults(kept):
    standins.stand_ins.cache_clear()
    return gate.check(kept[0], folder=kept[1])


@pytest.mark.exhaustive
def test_what_is_shipped_passes():
    """`make check` asks the same at every change."""
    assert main(["prompts", "check"]) == 0


def test_what_is_whole_passes(kept):
    assert faults(kept) == []


def test_a_sentence_that_changed_wants_a_new_sound(kept):
    path = kept[0] / "sw/LC_MESSAGES/voice.po"
    words = catalogs.read(path)["Thank you. We have kept it."].string
    path.write_text(path.read_text().replace(f'"{words}"', f'"{words} Asante."'))
    assert faults(kept) == [
        "sw: the prompt kept is new or changed: run `hotline prompts render sw`"
    ]


def test_a_sound_that_is_not_listed_leaves_a_gap(kept):
    listing = kept[1] / "sounds.toml"
    lines = [line for line in listing.read_text().splitlines() if not line.startswith("start =")]
    listing.write_text("\n".join(lines))
    assert faults(kept) == [
        "sw: the prompt start is new or changed: run `hotline prompts render sw`",
        "sounds/sw/start.mp3: nothing names this file",
    ]


def test_a_missing_and_a_damaged_file_are_told(kept):
    (kept[1] / "sw/start.mp3").unlink()
    path = kept[1] / "sw/kept.mp3"
    path.write_bytes(path.read_bytes()[:-72])
    assert faults(kept) == [
        "sounds/sw/kept: the file is not the one that was rendered",
        "sounds/sw/start: the file is missing",
    ]


def test_a_length_that_is_not_the_files_own_is_told(kept):
    listing = kept[1] / "sounds.toml"
    text = listing.read_text()
    before = text.partition("start = { seconds = ")[2].partition(",")[0]
    listing.write_text(text.replace(f"start = {{ seconds = {before}", "start = { seconds = 0.5"))
    assert faults(kept) == ["sounds/sw/start: the file does not last as long as it says"]


@pytest.mark.parametrize(
    ("said", "longer", "fault"),
    [
        (
            "Hello. If you can speak, wait. If you cannot, press any key now.",
            "a " * 60,
            "start takes",
        ),
        ("For English, press", "a " * 30, "language takes"),
        ("Thank you. We have kept it.", "a " * 210, "kept takes"),
    ],
    ids=["start", "language", "any"],
)
def test_a_prompt_that_takes_too_long_is_told(kept, said, longer, fault):
    path = kept[0] / "es/LC_MESSAGES/voice.po"
    changed = catalogs.read(path)
    changed[said].string = longer
    catalogs.write(path, changed)
    found = faults(kept)
    assert len(found) >= 1
    assert fault in found[0]


def test_all_sounds_together_stay_small(kept, monkeypatch):
    monkeypatch.setattr(gate, "LARGEST", 1000)
    assert "more than 1000" in faults(kept)[0]


def test_an_offer_that_comes_too_late_is_told(kept, monkeypatch):
    monkeypatch.setattr(gate.menu, "PROMISED", 0.5)
    assert any("hear it offered after" in fault for fault in faults(kept))
