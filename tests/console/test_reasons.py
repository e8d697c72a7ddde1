"""The first reason that a caseworker hears is the one that decided."""

from hotline.console.reasons import telling


def test_what_decided_comes_first_then_dangers_then_indicators() -> None:
    rules = ["asks_shelter", "debt_bondage", "minor", "promise", "captive", "urgency_captive"]
    assert telling(rules) == ("captive", "minor", "debt_bondage", "asks_shelter")


def test_what_could_not_be_read_is_told_last() -> None:
    assert telling(["urgency_unclear", "violence_now"]) == ("violence_now", "unclear")
    assert telling(["urgency_unknown_language"]) == ("unknown_language",)


def test_without_rules_there_is_nothing_to_tell() -> None:
    assert telling([]) == ()
