"""Accounts in many languages, all invented for these tests, and what each of them needs."""

import json
from pathlib import Path

import pytest

from hotline.assess import assess

_ACCOUNTS = {
    path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for path in sorted((Path(__file__).parent / "accounts").glob("*.jsonl"))
}


@pytest.mark.parametrize("language", _ACCOUNTS)
def test_accounts_are_read_as_a_person_would_read_them(language: str):
    for account in _ACCOUNTS[language]:
        found = assess(account["text"], language=language)
        assert found.urgency == account["urgency"], account["text"]
        assert found.minor == account["minor"], account["text"]
        assert set(account["indicators"]) <= found.indicators, account["text"]
        assert set(account["needs"]) <= found.needs, account["text"]


@pytest.mark.parametrize("language", sorted(set(_ACCOUNTS) - {"fr", "tr"}))
def test_shouting_makes_no_difference(language: str):
    for account in _ACCOUNTS[language]:
        shouted = account["text"].upper()
        assert assess(shouted, language=language).urgency == account["urgency"], shouted


@pytest.mark.parametrize("language", _ACCOUNTS)
def test_every_reason_points_at_words_of_the_account(language: str):
    for account in _ACCOUNTS[language]:
        text = account["text"]
        for reason in assess(text, language=language).reasons:
            assert 0 <= reason.start <= reason.end <= len(text)
            assert text[reason.start : reason.end] == text[reason.start : reason.end].strip()
