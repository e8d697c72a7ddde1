"""What a caller hears: their house's own recording, else a voice, else a stand-in, and never half a language."""

import shutil
from datetime import UTC, datetime

import pytest

from hotline.catalogs import TRANSLATIONS
from hotline.i18n import Languages
from hotline.prompts import Prompts, Said, pace, recordings, standins, voices
from hotline.prompts.audio import read_audio
from hotline.prompts.recordings import OwnRecording, RecordingChanged
from hotline.prompts.standins import digest_of_bytes
from tests.prompts.sounding import mp3, tone

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
SPOKEN = ("es", "sw", "ur")


@pytest.fixture(scope="module")
def languages():
    return Languages(TRANSLATIONS, only=[*SPOKEN, "ha"])


class Ticks:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def prompts(languages, store, ticks):
    return Prompts(languages, store, clock=ticks)


def upload(store, prompts, locale="sw", name="start", raw=None, by="ada"):
    audio = read_audio(raw or tone(), longest=6)
    words = prompts.words_digest(name, locale)
    return store.write(
        lambda session: recordings.upload(session, locale, name, audio, words=words, by=by, at=AT)
    )


def approve(store, prompts, digest, locale="sw", name="start", by="ines", is_alone=False):
    words = prompts.words_digest(name, locale)
    was_own = store.write(
        lambda session: recordings.approve(
            session, locale, name, digest, words=words, by=by, is_alone=is_alone, at=AT
        )
    )
    prompts.forget()
    return was_own


def test_every_prompt_has_its_words(prompts):
    assert {"start", "language", "digit_0", "digit_9", "call_again"} <= set(prompts.names)
    assert prompts.words("digit_3", "es") == "tres"
    assert prompts.words("digit_3", "en") == "three"
    # A language that is not whole is not begun.
    assert prompts.words("digit_3", "xx") == "three"


def test_a_language_is_offered_when_all_of_it_can_be_heard(prompts):
    assert prompts.offered == ("en", "es", "sw", "ur")
    assert prompts.voice("es").say.startswith("Google.es-")
    assert prompts.voice("sw") is None
    # Hausa is translated and has neither voice nor stand-in.
    assert "ha" not in prompts.offered


def test_a_stand_in_is_heard_only_where_no_voice_speaks(prompts):
    assert prompts.sound("start", "es") is None
    sound = prompts.sound("start", "sw")
    assert sound is not None
    assert sound.is_synthetic
    kind, content = prompts.content(sound.digest)
    assert kind == "audio/mpeg"
    assert digest_of_bytes(content) == sound.digest


def test_speech_is_understood_where_the_provider_says_so(prompts):
    assert prompts.speech("sw") == "sw-KE"
    assert prompts.speech("ha") == ""


def test_one_prompt_without_sound_takes_the_whole_language_away(languages, store, tmp_path):
    folder = tmp_path / "sounds"
    shutil.copytree(standins.FOLDER, folder)
    listing = folder / "sounds.toml"
    text = listing.read_text()
    changed = standins.digest_of(Prompts(languages).words("kept", "sw"))
    listing.write_text(text.replace(changed, "0" * 64))
    assert "sw" not in Prompts(languages, store, folder).offered
    assert "ur" in Prompts(languages, store, folder).offered


def test_what_is_uploaded_is_not_heard_before_someone_approves_it(store, prompts):
    before = prompts.sound("start", "sw")
    digest = upload(store, prompts)
    prompts.forget()
    assert prompts.sound("start", "sw") == before
    assert prompts.content(digest) is None
    assert approve(store, prompts, digest) is False
    own = prompts.sound("start", "sw")
    assert (own.digest, own.is_synthetic) == (digest, False)
    assert own.seconds == pytest.approx(1.5)
    assert prompts.content(digest) == ("audio/wav", tone())


def test_an_own_recording_wins_over_the_voice_too(store, prompts):
    digest = upload(store, prompts, locale="es", raw=mp3())
    approve(store, prompts, digest, locale="es")
    assert prompts.sound("start", "es").digest == digest
    assert prompts.sound("kept", "es") is None


def test_who_uploaded_it_does_not_approve_it(store, prompts):
    digest = upload(store, prompts)
    with pytest.raises(OwnRecording):
        approve(store, prompts, digest, by="ada")
    assert approve(store, prompts, digest, by="ada", is_alone=True) is True


def test_nobody_approves_another_recording_than_they_heard(store, prompts):
    heard = upload(store, prompts)
    upload(store, prompts, raw=tone(2))
    with pytest.raises(RecordingChanged):
        approve(store, prompts, heard)
    with store.read() as session:
        assert [one.seconds for one in recordings.recordings(session)] == [2]


def test_a_recording_of_other_words_is_not_approved_and_not_heard(store, prompts):
    digest = upload(store, prompts)
    with pytest.raises(RecordingChanged):
        store.write(
            lambda session: recordings.approve(
                session, "sw", "start", digest, words="0" * 64, by="ines", is_alone=False, at=AT
            )
        )
    approve(store, prompts, digest)
    store.write(
        lambda session: session.execute(
            recordings.update(recordings.prompt_sounds).values(words="0" * 64)
        )
    )
    prompts.forget()
    assert prompts.sound("start", "sw").is_synthetic


def test_a_new_recording_takes_the_place_of_the_old_one(store, prompts):
    approve(store, prompts, upload(store, prompts))
    newer = upload(store, prompts, raw=tone(2))
    approve(store, prompts, newer)
    with store.read() as session:
        assert [one.digest for one in recordings.recordings(session)] == [newer]


def test_what_is_taken_back_is_silent_at_once(store, prompts):
    digest = upload(store, prompts)
    approve(store, prompts, digest)
    store.write(lambda session: recordings.withdraw(session, "sw", "start", digest))
    prompts.forget()
    assert prompts.sound("start", "sw").is_synthetic
    assert prompts.content(digest) is None
    with pytest.raises(RecordingChanged):
        store.write(lambda session: recordings.withdraw(session, "sw", "start", digest))


def test_another_process_hears_of_it_within_seconds(languages, store, prompts, ticks):
    other = Prompts(languages, store, clock=ticks)
    assert other.sound("start", "sw").is_synthetic
    approve(store, prompts, upload(store, prompts))
    assert other.sound("start", "sw").is_synthetic
    ticks.now += 16
    assert not other.sound("start", "sw").is_synthetic


def test_without_a_database_there_are_voices_and_stand_ins(languages):
    bare = Prompts(languages)
    assert bare.offered == ("en", "es", "sw", "ur")
    assert bare.content("0" * 64) is None


def test_a_file_that_is_gone_takes_its_language_away_and_breaks_nothing(languages, store, tmp_path):
    folder = tmp_path / "sounds"
    shutil.copytree(standins.FOLDER, folder)
    (folder / "sounds.toml").unlink()
    prompts = Prompts(languages, store, folder)
    assert prompts.offered == ("en", "es")
    assert prompts.sound("start", "sw") is None


def test_seconds_are_measured_for_sounds_and_added_up(prompts):
    start, one = prompts.sound("start", "sw"), prompts.sound("digit_1", "sw")
    assert prompts.seconds(Said("sw", "start")) == start.seconds
    spoken = prompts.seconds(Said("sw", "start", digits="11", pause=2))
    assert spoken == pytest.approx(start.seconds + 2 * one.seconds + pace.BETWEEN_DIGITS + 2)
    assert prompts.seconds(Said("sw", "")) == 0


def test_seconds_of_a_voice_grow_with_what_it_says(prompts):
    short = prompts.seconds(Said("en", "kept"))
    assert 0.5 < short < prompts.seconds(Said("en", "done")) < 30
    assert prompts.seconds(Said("en", "", words="Come to the station.")) > 1


@pytest.mark.parametrize(
    ("text", "at_least"),
    [("你可以随时再打来。", 2), ("คุณโทรมาใหม่ได้", 1.5), ("ሰላም ነው", 1), ("Halo", 0.7), ("?", 0.4)],
)
def test_a_language_without_a_pace_of_its_own_has_that_of_its_script(text, at_least):
    assert at_least <= pace.seconds_of(text) < 5


def test_each_voice_speaks_the_language_that_goes_with_it():
    for locale, tongue in voices.tongues().items():
        if tongue.voice:
            assert tongue.voice.say.split(".")[1].startswith(f"{tongue.voice.language}-"), locale
            assert 3 <= tongue.letters <= 15, locale
            # A generative voice may say something else than the sentence.
            assert "Chirp" not in tongue.voice.say
            assert "Generative" not in tongue.voice.say
        assert tongue.speech, locale
