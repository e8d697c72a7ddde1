"""What is said of roles is data in every language that the hotline serves, and cannot be made to cost."""

import re
from pathlib import Path

import pytest

from hotline.anonymize.cues import Kind
from hotline.lexicon import phrases
from tests.lexicon.served import SERVED

FOLDER = Path(phrases.__file__).parent / "roles"
CODES = sorted(path.stem for path in FOLDER.glob("*.txt"))
ABOUT_THE_DATA = {"order", "prefixes"}
NEEDED = {
    *(Kind.SELF, Kind.MINE, Kind.BOSS, Kind.ACTS, Kind.ACTS_ON_ME, Kind.KIN, Kind.FELLOW),
    *(Kind.HARM, Kind.US, Kind.WITNESS, Kind.SITE, Kind.HIRES, Kind.CARRIES, Kind.REFUGE),
}


def test_every_served_language_has_a_list() -> None:
    assert set(SERVED) <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_list_has_each_kind_and_no_other(code: str) -> None:
    kinds = phrases.role_kinds(code)
    assert set(NEEDED) <= set(kinds)
    assert set(kinds) <= {*Kind, *ABOUT_THE_DATA}
    assert set(kinds.get("order", ("amid",))) <= {"first", "amid", "last"}


@pytest.mark.parametrize("code", CODES)
def test_no_phrase_is_open_at_both_ends_or_matches_everything(code: str) -> None:
    for listed in phrases.role_kinds(code).values():
        for phrase in listed:
            assert len(phrase.replace("*", "").strip()) >= 1
            assert not re.search(r"\*\*|\*$", phrase) or not phrase.startswith("*")
            assert not re.search(r"[\[\]{}()|\\]", phrase)
