"""A new house answers in what native speakers have read; who chooses otherwise is told what that means."""

from hotline.operate import offering
from hotline.reviews import State


def test_the_usual_is_what_is_reviewed(capsys) -> None:
    assert offering.asked(lambda _ask: "") is State.REVIEWED
    assert offering.asked(lambda _ask: "reviewed") is State.REVIEWED
    assert offering.told({}, State.REVIEWED).startswith(
        "Put into the settings, OFFER_LOCALES=reviewed: "
    )
    assert "no native speaker has read" in capsys.readouterr().out


def test_who_chooses_less_is_told_what_that_means() -> None:
    answers = iter(["all", "drafted", "cross-checked"])
    assert offering.asked(lambda _ask: next(answers)) is State.CROSS_CHECKED
    said = offering.told({"OFFER_LOCALES": "cross-checked"}, State.CROSS_CHECKED)
    assert said.startswith("OFFER_LOCALES=cross-checked: ")
    assert "no native speaker has read" in " ".join(said.split())
    assert "demonstrations" in offering.told({}, State.DRAFTED)
