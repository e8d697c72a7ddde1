"""What a reporter chose as answers stands on the report's page in words, and not as a row of digits."""

import re

from tests.cast import Member, Texter


def plain(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def test_answers_by_text_are_shown_in_words(noor: Member, maria: Texter):
    for text in ("they keep my passport", "1", "2", "1", "2", "1 3", "no dice", "2"):
        maria.texts(text)
    noor.signs_in()
    page = plain(noor.opens(f"/console/report/{noor.first_report()}"))
    assert "Safe now No" in page
    assert "Needed first A safe place · Papers, a lawyer" in page
    assert "Free to leave No" in page
    # In the conversation each stands where it was said; words stand in the account.
    assert "Safe now: No" in page
    # The first text, and what was no answer; choices are no accounts.
    assert "2 messages, folded" in page


def test_what_was_chosen_last_counts(noor: Member, maria: Texter):
    for text in ("they keep my passport", "1", "2", "#", "1"):
        maria.texts(text)
    noor.signs_in()
    page = plain(noor.opens(f"/console/report/{noor.first_report()}"))
    assert "Safe now Yes" in page
