"""What is shipped passes, by our own rules and by those of other people; `make check` asks them at every change."""

import pytest

from hotline.catalogs import TRANSLATIONS
from hotline.cli import main
from hotline.operate import strings
from hotline.operate.strings import second_opinion
from hotline.operate.strings.entries import Entry


@pytest.mark.exhaustive
def test_every_sentence_of_every_language_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strings", "check"]) == 0, capsys.readouterr().err


def test_forty_languages_are_promised_and_eight_of_them_to_the_desk() -> None:
    folders = {path.name.replace("_", "-") for path in TRANSLATIONS.iterdir() if path.is_dir()}
    assert len(strings.CORE) == 40
    assert folders | {"en"} >= strings.CORE
    assert len(strings.DESK | {"en"}) == 8


def test_a_second_opinion_is_asked_for_here_and_knows_the_faults_too() -> None:
    assert second_opinion.is_there()
    source = "Call 500 555 0142, %(name)s"
    said = {
        "Llame al 500 555 0143, %(name)s": ["numbers"],
        "Llame al 500 555 0142, %(nombre)s": ["printf"],
        "Llame al 500 555 0142": ["printf"],
        source: ["same"],
        "Llame al 500 555 0142, %(name)s": [],
    }
    for translation, tests in said.items():
        found = second_opinion.ask(Entry("es", "messages", (source,), (translation,)))
        assert [test for test, _ in found] == tests, translation
