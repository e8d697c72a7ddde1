"""A file that is handed out is whole, or the desk is told that it is not: never a part that looks like all of it."""

import pytest
from sqlalchemy import delete, select, update

from hotline import audit
from hotline.domain.report import Channel, IncomingMessage
from hotline.store import Session
from hotline.vault.attachments import HeldFile
from hotline.vault.envelope import SealBroken
from hotline.vault.tables import attachment_chunks, attachments
from tests.cast import Member
from tests.house import ORIGIN, House

FILM = bytes(range(256)) * 4000
ASKED = {"what": "1 attachments", "purpose": "review", "why": "to see the house", "file": "1"}


@pytest.fixture
def path(house: House, at_desk: Member) -> str:
    """Where the film that came with the only report is handed out."""
    film = HeldFile("film.mp4", "video/mp4")
    film.add(FILM)
    film.finish()
    message = IncomingMessage(Channel.WEB, "See the film", "en", media=1)
    reception = house.hotline.reception
    report = reception.receive(message, at=house.clock(), files=[film]).report_id
    return f"/console/report/{report}/attachment"


def breaks(session: Session, number: int) -> None:
    """Flip a bit of a chunk of the only file."""
    its = attachment_chunks.c.number == number
    chunk = bytearray(session.execute(select(attachment_chunks.c.sealed).where(its)).scalar_one())
    chunk[-1] ^= 1
    session.execute(update(attachment_chunks).where(its).values(sealed=bytes(chunk)))


def looks(house: House) -> int:
    with house.hotline.store.read() as session:
        return [line.did for line in audit.page(session)].count("reveal")


def test_a_whole_file_comes_with_its_length(at_desk: Member, path: str) -> None:
    answer = at_desk.sends(path, expect=200, **ASKED)
    assert answer.data == FILM
    assert answer.headers["Content-Length"] == str(len(FILM))


@pytest.mark.parametrize("number", [0, 7, 15])
def test_a_broken_file_is_said_to_be_and_the_look_stays_written_down(
    house: House, at_desk: Member, path: str, number: int
) -> None:
    house.hotline.store.write(lambda session: breaks(session, number))
    answer = at_desk.sends(path, expect=500, **ASKED)
    assert "Its seal does not open" in answer.text
    assert FILM[:64] not in answer.data
    assert looks(house) == 1


def test_a_file_without_its_end_is_said_to_be_broken(
    house: House, at_desk: Member, path: str
) -> None:
    last = delete(attachment_chunks).where(attachment_chunks.c.number == 15)
    house.hotline.store.write(lambda session: session.execute(last))
    assert "Its seal does not open" in at_desk.sends(path, expect=500, **ASKED).text


def test_what_breaks_on_the_way_ends_the_download_short_of_its_length(
    house: House, at_desk: Member, path: str
) -> None:
    answer = at_desk.client.post(path, data=ASKED, base_url=ORIGIN, buffered=False)
    pieces = iter(answer.response)
    assert next(pieces) == FILM[: 64 << 10]
    house.hotline.store.write(lambda session: breaks(session, 7))
    came: list[bytes] = []
    with pytest.raises(SealBroken):
        came.extend(pieces)
    assert sum(map(len, came)) < int(answer.headers["Content-Length"]) - (64 << 10)


def test_a_file_whose_row_was_moved_is_listed_as_broken(
    house: House, at_desk: Member, path: str
) -> None:
    moved = update(attachments).values(number=2)
    house.hotline.store.write(lambda session: session.execute(moved))
    shown = at_desk.sends(path.replace("attachment", "reveal"), expect=200, **ASKED)
    assert "2: its seal is broken" in shown.text
    at_desk.sends(path, expect=500, **{**ASKED, "file": "2"})
