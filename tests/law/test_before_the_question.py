"""What a yes leads to is said before the question is put, in every channel, and it is the law of the house that says it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.dialogue.calls.asking import put
from hotline.dialogue.calls.state import CallState
from hotline.domain.report import Channel
from hotline.messages import render
from tests.cast import MARIA, Texter
from tests.dialogue.calls.conftest import setting
from tests.house import ORIGIN, House, found_house
from tests.law.files import jurisdiction_file

SIGNED, UNSIGNED = (), (('name = "Aoife Byrne, solicitor"', 'name = ""'),)
SAYS = {True: ("must tell", "makes us tell"), False: ("may tell", "may make us tell")}


@pytest.fixture(params=[True, False], ids=["must", "may"])
def must(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def irish(tmp_path: Path, must: bool) -> Iterator[House]:
    folder = jurisdiction_file(tmp_path / "law", *(SIGNED if must else UNSIGNED))
    house = found_house(
        tmp_path / "house",
        adjust=lambda c: replace(c, jurisdictions=folder, jurisdiction="IE"),
    )
    yield house
    house.close()


def asked_by_text(house: House, said: str, number: str = MARIA) -> str:
    """Answer what we ask by text until it is the question of age, and return that text."""
    texter = Texter(house, number)
    texter.texts(said)
    for _ in range(6):
        answer = texter.texts("1")
        if "under 18" in answer:
            return answer
    raise AssertionError("nobody asked")


def test_by_text_it_stands_before_the_question(irish: House, must: bool) -> None:
    answer = asked_by_text(irish, "He took my passport and locks the door at night.")
    told = answer.index(SAYS[must][0])
    assert told < answer.index("?") < answer.index("1 yes")
    assert SAYS[not must][0] not in answer


def test_it_never_depends_on_what_was_said(irish: House) -> None:
    plain = asked_by_text(irish, "He took my passport and locks the door at night.")
    child = asked_by_text(irish, "I am 12 years old and they beat me.", "+15005550144")
    assert plain.splitlines()[-1] == child.splitlines()[-1]


def test_on_the_web_it_stands_before_the_question(irish: House, must: bool) -> None:
    page = irish.app.test_client().get("/en/new", base_url=ORIGIN).text
    told = page.index(SAYS[must][1])
    asked = page.index("<legend>Is someone under 18 in this?")
    assert told < asked < page.index('name="young"')
    assert 'aria-describedby="young-told"' in page[told:asked]
    assert SAYS[not must][1] not in page


@pytest.mark.parametrize("locale", ["en"])
def test_in_a_call_it_is_said_before_the_question(irish: House, must: bool, locale: str) -> None:
    its = irish.hotline.law.must_tell_of_children(irish.clock().date())
    assert its is must
    turn = put(CallState(locale), "young", setting(must_tell=its))
    name = turn.lines[-1].prompt
    assert name == ("ask_young_must" if must else "ask_young")
    words = irish.hotline.prompts.words(name, locale)
    assert words.index(SAYS[must][0]) < words.index("?") < words.index("press 1")


def test_the_settings_of_a_call_know_the_law_of_the_house(irish: House, must: bool) -> None:
    settings = irish.hotline.calls.settings
    assert settings.law is irish.hotline.law is irish.hotline.reception.conversing.law


def test_both_say_it_in_one_text(house: House) -> None:
    for name in ("ask_young", "ask_young_must"):
        text = render(house.hotline.languages, name, Channel.SMS, "en")
        assert len(text) <= 134
        assert text.index("tell child protection") < text.index("?")
