"""What happens next is told before anybody writes, in short plain words, and gives nothing away."""

import re

import pytest
from flask.testing import FlaskClient

from tests.channels.web.test_sentences import NEVER, grade, sentences


def said_on(page: str) -> list[str]:
    """Return each sentence that a page says in its middle."""
    main = page[page.index("<main") : page.index("</main>")]
    told = re.findall(r"<(?:h1|h2|p|li|a)[^>]*>([^<]+)</", main)
    return [one for text in told for one in sentences(text.strip())]


def test_it_says_what_happens_in_short_and_plain_sentences(sam: FlaskClient) -> None:
    page = sam.get("/en/how")
    assert page.status_code == 200
    told = said_on(page.text)
    assert max(len(one.split()) for one in told) <= 12
    assert grade(" ".join(f"{one.rstrip('.!?')}." for one in told)) <= 6
    assert not re.search(NEVER["en"], page.text, re.IGNORECASE)


@pytest.mark.parametrize(
    "promise",
    [
        "A trained person reads this",
        "within hours",
        "Nothing without your yes",
        "If you only saw it, we may pass on what you saw. Never who you are. Tell us if not.",
        "There is a field for it: Who must not know this?",
        "We pass on nothing before we read that.",
        "Later your page says what we told",
        "A life is in danger",
        "The law says so",
        "This phone may remember",
        "Who has the code can read new answers",
        "After three days all of it is erased",
        "It costs nothing. You can stop at any time.",
        "Call the emergency number",
    ],
)
def test_it_promises_no_more_than_is_kept(sam: FlaskClient, promise: str) -> None:
    assert promise in sam.get("/en/how").text


def test_it_is_told_in_every_language_and_sets_no_cookie(sam: FlaskClient) -> None:
    page = sam.get("/ar/how")
    assert page.status_code == 200
    assert 'dir="rtl"' in page.text
    assert "Set-Cookie" not in page.headers
    assert sam.get("/xx/how").status_code == 404
