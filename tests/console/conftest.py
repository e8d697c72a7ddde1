"""The desk with people at it: reports that came in by text, and everyone signed in who asks to be."""

from datetime import timedelta

import pytest

from hotline.contact.conversation import keep_conversation
from hotline.leads import agencies
from tests.cast import AMINA, Member, Texter
from tests.console.looking import Looker, at_work
from tests.house import House
from tests.leads.desk import Desk, Reader

HELD = "My boss took my passport and locks the door at night. I am 16. My name is Maria Lopez"


@pytest.fixture
def at_desk(noor: Member) -> Member:
    """Noor, signed in."""
    noor.signs_in()
    return noor


@pytest.fixture
def supervisor(ines: Member) -> Member:
    ines.signs_in()
    return ines


@pytest.fixture
def auditor(house: House) -> Member:
    abel = Member(house, "abel")
    abel.signs_in()
    return abel


@pytest.fixture
def amina(house: House) -> Texter:
    return Texter(house, AMINA)


@pytest.fixture
def report(maria: Texter, at_desk: Member) -> str:
    """The id of what María texted."""
    maria.texts(HELD)
    return at_desk.first_report()


@pytest.fixture
def agency(house: House) -> str:
    """An agency that may be told of the United States; its id."""
    at = house.clock()
    house.hotline.store.write(
        lambda session: agencies.admit(session, "National unit", ["US"], at=at)
    )
    with house.hotline.store.read() as session:
        return agencies.everyone(session)[0].id


@pytest.fixture
def desk(house: House) -> Desk:
    """Noor's desk, which lets leads out."""
    return Desk(house.hotline.store)


@pytest.fixture
def unit(desk: Desk) -> Reader:
    """An agency that may be told of Romania and Moldova."""
    return desk.admits("National unit", "RO", "MD")


@pytest.fixture
def isa(house: House, unit: Reader) -> Member:
    """Isa, signed in, who reads for the National unit."""
    isa = Member(house, "isa")
    isa.signs_in()
    reads_for(house, unit)
    return isa


def reads_for(house: House, unit: Reader) -> None:
    """Let Isa belong to that agency."""
    its = next(one.id for one in house.hotline.keyring.members if one.username == "isa")
    house.hotline.store.write(lambda session: agencies.join(session, unit.id, its))


def is_there(house: House, report: str) -> None:
    """Let the person be there, and have said that it is safe."""
    until = house.clock() + timedelta(minutes=30)
    house.hotline.store.write(
        lambda session: keep_conversation(
            session, report, sealed=b"", open_until=until, is_closed=False, at=house.clock()
        )
    )


@pytest.fixture
def looker(house: House, at_desk: Member) -> Looker:
    return at_work(house, at_desk)
