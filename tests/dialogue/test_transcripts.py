"""Whole conversations, in every language that is offered: what a person sends, and what they read.

The expected transcripts are files. After a wanted change run with ``UPDATE_TRANSCRIPTS=1`` and read what changed.
"""

import os
from pathlib import Path

import pytest
import yaml

from hotline import messages
from hotline.dialogue.flow import flow
from hotline.dialogue.turns import Effect
from hotline.i18n import Languages
from hotline.operate import strings
from tests.dialogue.harness import (
    COVER,
    EVERY_LANGUAGE,
    NOON,
    TRANSLATIONS,
    Conversation,
    scripts,
    transcript,
)
from tests.scripts import one_of_each

FOLDER = Path(__file__).parent / "transcripts"
LANGUAGES = EVERY_LANGUAGE
# Whoever holds the phone may read it. Words of other languages stand in their own lists.
TELLING = ("traffick", "police", "victim", "hotline", "report", "rescue")


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pseudo")
    strings.pseudo.write(TRANSLATIONS, folder)
    return Languages(folder)


def is_as_expected(played, name):
    path = FOLDER / f"{name}.yaml"
    written = yaml.safe_dump(played, allow_unicode=True, sort_keys=False, width=120)
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        path.write_text(written, "utf-8")
    return yaml.safe_load(written) == yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("locale", one_of_each(LANGUAGES.offered))
def test_conversations_go_as_written_down_are_short_and_give_nobody_away(locale):
    played = transcript(LANGUAGES, locale)
    assert is_as_expected(played, locale)
    for name, conversation in played.items():
        # The first answer is one part, and no answer is long.
        assert len(conversation[0]["say"].encode("utf-16-le")) // 2 <= 70, name
        for step in conversation:
            for text in step["say"].split("\f"):
                assert messages.segments(text) <= 3, (name, step)
            # Nothing that is said holds a word that providers act on, or that tells what this is.
            assert not strings.BANNED_WORDS.search(step["say"].upper()), step
            assert not any(word in step["say"].lower() for word in TELLING), step


def test_nothing_is_left_untranslated(pseudo):
    """In a made-up language every sentence of ours stands in brackets, until a script chooses another."""
    made_up = (strings.pseudo.LONG, strings.pseudo.MIRRORED)
    assert set(made_up) < set(pseudo.offered)
    played = [one for locale in made_up for one in transcript(pseudo, locale).items()]
    for name, conversation in played:
        if "language" in name or "a code that" in name or "numbers" in name:
            continue
        for line in (line for step in conversation for line in step["say"].split("\n")):
            assert not line or line.startswith("[") or line in COVER[""], (name, line)


def test_every_question_key_effect_and_sentence_is_in_some_conversation():
    turns = []
    for script in scripts().values():
        conversation = Conversation(LANGUAGES, "en")
        for step in script:
            step = dict(step)
            turns.append(conversation.hear(step.pop("hear"), **step))
    effects = set().union(*(turn.effects for turn in turns))
    names = {saying.name for turn in turns for saying in turn.says}
    answered = {name for turn in turns for name in turn.answers}
    asked = {f"ask_{question.name}" for question in flow().on("text")}
    assert effects == set(Effect)
    assert asked <= names
    ours = {
        path.parent.name
        for path in (Path(messages.__file__).parent / "templates/messages").glob("*/sms.txt")
    }
    elsewhere = {"erase_word", "keep_word", "offer", "tell_code", "nothing_new", "ask_young_must"}
    elsewhere |= {
        "offer_agreed",
        "back_word",
        "what_word",
        "copy_word",
        "how_word",
        "help_first",
        "help_called",
    }
    elsewhere |= {f"allowed_{what}" for what in ("lead", "help", "told", "untold", "how")}
    assert ours - names == elsewhere
    picked = {one.name for one in flow().on("text") if one.pick in ("one", "several", "near")}
    assert answered == picked | {"how", "named"}


def test_a_flood_is_answered_a_few_times_and_kept_whole():
    conversation = Conversation(LANGUAGES, "en")
    turns = [conversation.hear("again and again", later=0) for _ in range(2_000)]
    assert sum(bool(turn.says) for turn in turns) == 13
    conversation.at = NOON.replace(hour=20)
    assert conversation.hear("later that day").says
