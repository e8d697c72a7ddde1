"""Words that look like names are found also where no identity keeps them; what the lead tells as a fact is not."""

from typing import Any

import pytest

from hotline.leads.name_like import name_like
from tests.leads.desk import draft


def words(**changes: Any) -> list[str]:
    """Return the words that were found, as they stand where they were found."""
    its = draft(**changes)
    texts = {"headline": its.headline, "summary": its.summary, "venue": its.venue}
    texts |= {f"translations.{name}": text for name, text in its.translations.items()}
    found = name_like(its).against([])
    return [texts[one.field][one.start : one.end] for one in found]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"summary": "Alleged recruiters lock the workers in."}, []),
        ({"headline": "Maria is held at a farm"}, ["Maria"]),
        ({"summary": "They fear Inspector Souza, and Souza knows."}, ["Inspector", "Souza"]),
        ({"summary": "They are held in Romania."}, []),
        ({"summary": "They are held in Cluj."}, ["Cluj"]),
        ({"summary": "They are held in Cluj.", "town": "Cluj"}, []),
        ({"venue": "Maria Souza"}, ["Maria", "Souza"]),
        (
            {"translations": {"es": "Los obreros duermen en un contenedor y Souza lo sabe."}},
            ["Souza"],
        ),
    ],
)
def test_what_looks_like_a_name_is_found_word_by_word(
    change: dict[str, Any], found: list[str]
) -> None:
    assert words(**change) == found


def test_what_somebody_looked_at_no_longer_stands_against_it_and_the_house_knows_its_words() -> (
    None
):
    found = name_like(draft(summary="They fear Souza and Anselma."))
    assert found.words == ("Souza", "Anselma")
    assert [one.start for one in found.against(["Souza"])] == [20]
    assert found.against(found.words) == ()
    its = draft(summary="They are kept at the souzery.", headline="Souzery")
    assert name_like(its).words
    assert name_like(its, also=frozenset({"souzery"})).words == ()
