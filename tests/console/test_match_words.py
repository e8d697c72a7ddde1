"""Whatever decides a match has words of its own, and every wish comes back as it was asked for."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from hotline.console.wishes import AGES, MARKS, PERSONS, WAITS, Avoided, Wishes, wishes_of
from hotline.i18n import CONSOLE
from referral import reasons
from referral.reasons import Because, Change, wait
from tests.house import House

SAID = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)
FACTS = {
    "metres": 600,
    "keep_away": 1000,
    "approximate": True,
    "within": 5000,
    "minimum_age": 18,
    "maximum_age": 25,
    "area": "Quayside",
    "areas": "Quayside",
    "language": "ti",
    "languages": "en",
    "documents": "passport",
    "amount": 5.0,
    "currency": "EUR",
    "available": 2,
    "unit": "bed",
    "said": SAID,
    "until": SAID,
    "opens": SAID,
    "serves": "woman",
    "gender": "woman",
    "status": "paused",
    "need": "shelter",
}
"""Whatever any reason may say."""


@pytest.fixture
def words(house: House):
    """The macros of reasons, as a page in English has them."""
    languages = house.hotline.languages
    template = languages.environment("en", CONSOLE).get_template("console/reasons.html")
    context = {
        "language_name": lambda code: f"<{code}>",
        "day": str,
        "time": lambda at: f"{at:%H:%M}",
        "ago": lambda _at: "3 hours",
        "is_signed": lambda code: code in ("gsg", "tsm"),
        "sign_countries": {"gsg": "Germany"},
    }
    return template.make_module(context)


def test_every_code_of_a_reason_has_words(words) -> None:
    told = {code: str(words.reason(wait(code, 1, **FACTS))).strip() for code in Because}
    bare = [code for code, text in told.items() if text == re.sub(r"[._]", " ", code)]
    assert bare == []
    assert len(set(told.values())) == len(told), "two codes say the same"
    changes = {code: str(words.change(code)).strip() for code in Change}
    bare = [code for code, text in changes.items() if text == code.replace("_", " ")]
    assert bare == [Change.NEVER, Change.PAID], "these two are the words themselves"


def test_the_facts_of_each_reason_are_those_that_its_code_is_documented_with() -> None:
    lines = re.findall(r'= "[\w.]+"  # (.+)', Path(reasons.__file__).read_text())
    named = {name for line in lines for name in re.sub(r"\(.*\)", "", line).split(", ")}
    assert {name.strip() for name in named} <= FACTS.keys()


def test_every_choice_of_the_form_has_words(words) -> None:
    for macro, codes in (("person", PERSONS), ("years", AGES), ("wait", WAITS), ("mark", MARKS)):
        told = [str(getattr(words, macro)(code)).strip() for code in codes]
        assert len(set(told)) == len(told)
    assert words.tongue("gsg") == "Sign language: Germany"
    assert "tsm" in words.tongue("tsm")


def test_free_places_come_with_the_age_of_what_was_said(words) -> None:
    told = {
        code: str(words.room(wait(code, 1, **FACTS)))
        for code in (Because.CAPACITY_FREE, Because.CAPACITY_FREE_LONG_AGO)
    }
    assert all("said 3 hours ago" in text for text in told.values())
    assert "too old to rely on" not in told[Because.CAPACITY_FREE]
    assert "too old to rely on" in told[Because.CAPACITY_FREE_LONG_AGO]
    assert "never said" in words.room(wait(Because.CAPACITY_NOT_KNOWN))


def test_wishes_come_back_as_they_were_asked_for() -> None:
    whole = Wishes(
        need="legal",
        where="Quayside",
        within=25,
        keep_away=2,
        languages=("ti", "gsg"),
        whom="girl",
        age="12-15",
        wait="now",
        marks=frozenset(MARKS),
        avoided=(Avoided("North Coast"), Avoided("Ansel", 5)),
    )
    assert wishes_of(MultiDict(whole.pairs)) == whole
    assert "Quayside" not in repr(whole)


def test_what_the_form_does_not_know_is_not_asked_for() -> None:
    form = MultiDict(
        [
            ("need", "fun"),
            ("within", "7"),
            ("keep_away", "-1"),
            ("language", "und"),
            ("whom", "ghost"),
            ("age", "900"),
            ("wait", "never"),
            *[("avoid", f"Place {number}") for number in range(9)],
            ("around", "x"),
        ]
    )
    found = wishes_of(form)
    assert (found.need, found.within, found.keep_away) == ("shelter", 0, 0)
    assert (found.languages, found.whom, found.age, found.wait) == ((), "anyone", "", "any")
    assert len(found.avoided) == 5
    assert {one.around for one in found.avoided} == {0}
    assert wishes_of(MultiDict(found.pairs)) == found
