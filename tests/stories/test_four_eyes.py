"""María's name must reach the shelter she agreed to. The desk has four eyes: Noor asks, Ines approves at her own
screen, and it opens at Noor's for a quarter of an hour. That night María writes that he is coming: Noor opens her
number and place at once, alone, while nobody else is signed in. In the morning Vera asks about it and settles it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline import audit
from hotline.worker import WORK
from tests.cast import MARIA, Member, Texter
from tests.house import House, found_house

TOLD = "My boss took my passport. My name is Maria Lopez"
TONIGHT = "he is coming back with a knife, we are at 12 Quay Street"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = found_house(tmp_path, four_eyes=True)
    yield house
    house.close()


def did(house: House) -> list[tuple[str, str]]:
    with house.hotline.store.read() as session:
        lines = audit.page(session)
    kinds = ("reveal", "emergency", "alert")
    return [(line.did, line.what) for line in reversed(lines) if line.did.startswith(kinds)]


def test_two_open_it_together_and_one_alone_when_a_life_is_in_danger(house: House) -> None:
    maria = Texter(house, MARIA)
    noor, ines, vera = (Member(house, name) for name in ("noor", "ines", "vera"))
    maria.texts(TOLD)

    # Noor asks for one name of the message, and says what for. Nothing opens.
    noor.signs_in()
    path = f"/console/report/{noor.first_report()}"
    noor.sends(
        f"{path}/reveal", what="1 PERSON 1", purpose="handoff", why="the shelter needs a name"
    )
    assert "Lopez" not in noor.opens(path)

    # Ines sees on her next page that somebody waits, reads what and why, and approves.
    ines.signs_in()
    assert "1 reveal waits for your approval" in ines.opens("/console/")
    page = ines.opens("/console/approvals")
    assert "the shelter needs a name" in page
    (request,) = re.findall(r'id="request-([0-9a-f]{32})"', page)
    ines.approves(request)
    assert "Lopez" not in ines.opens("/console/approvals") + ines.opens(path)

    # It opens at Noor's: the name, and neither the number nor the rest of the message.
    page = noor.sends(f"{path}/reveal/granted", expect=200, request=request).text
    assert "Maria Lopez" in page
    assert MARIA not in page

    # The others go home. A quarter of an hour later it is closed, and swept with its half.
    for member in (ines,):
        member.sends("/console/signout")
    house.clock.passes(minutes=16)
    noor.sends(f"{path}/reveal/granted", expect=403, request=request)
    WORK["sweep"](house.hotline, "")

    # That night a life is in danger. Nobody else is there, and nobody is waited for.
    maria.texts(TONIGHT)
    page = noor.sends(f"{path}/emergency", expect=200).text
    assert MARIA in page
    assert "12 Quay Street" in page
    assert "Lopez" not in page

    # In the morning Vera finds it on top of her page, asks Noor, and writes down what she heard.
    house.clock.passes(hours=9)
    vera.signs_in()
    assert "1 alert needs a supervisor's eyes" in vera.opens("/console/")
    (alert,) = re.findall(r'id="alert-([0-9a-f]{32})"', vera.opens("/console/alerts"))
    vera.sends(f"/console/alerts/{alert}/settle", remark="Noor rang 112. They came in time.")
    assert "supervisor's eyes" not in vera.opens("/console/")

    assert did(house) == [
        ("reveal_asked", "1 PERSON 1"),
        ("reveal_approved", "1 PERSON 1"),
        ("reveal", "1 PERSON 1"),
        ("reveal_expired", "1 PERSON 1"),
        ("emergency", ""),
        ("alert_settled", "emergency"),
    ]
