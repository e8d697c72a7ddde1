"""Outsiders can hold the house to its log, and learn nothing of the minute at which anybody acts."""

import base64
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from hotline import audit
from hotline.audit import SignedNote
from hotline.audit.merkle import continues, root_of
from hotline.audit.tables import audit_tiles
from hotline.channels.herald import keep_log
from hotline.parts import Hotline
from hotline.store import Session
from hotline.vault.logkey import LogVerifier


def act(hotline: Hotline, count: int) -> None:
    at = hotline.clock()

    def write(session: Session) -> None:
        for number in range(count):
            audit.record(session, at=at, who="noor", did="sweep", what=str(number))

    hotline.store.write(write)


@pytest.fixture
def signed(hotline: Hotline) -> list[SignedNote]:
    """The checkpoints of two hours, each with some hundred acts before."""
    notes = []
    for hour in range(2):
        act(hotline, 300)
        keep_log(hotline, at=hotline.clock() + timedelta(hours=hour))
        with hotline.store.read() as session:
            newest = audit.newest_checkpoint(session)
        assert newest is not None
        notes.append(SignedNote.parse(newest.note.encode()))
    return notes


def test_the_checkpoint_is_served_as_published_with_its_key(
    sam: FlaskClient, hotline: Hotline, signed: list[SignedNote]
) -> None:
    answer = sam.get("/log/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8"
    note = SignedNote.parse(answer.data)
    assert note == signed[1]
    name, _, encoded = sam.get("/log/key").text.strip().split("+", 2)
    key = LogVerifier(name, base64.b64decode(encoded)[1:])
    assert note.is_signed_by(key)
    assert note.checkpoint.origin == name == "line.example/log"
    page = sam.get("/log/")
    assert page.status_code == 200
    assert note.text.splitlines()[2] in page.text


def test_a_log_that_was_never_signed_says_so(sam: FlaskClient, hotline: Hotline) -> None:
    assert sam.get("/log/checkpoint").status_code == 404
    assert "Nothing was signed yet." in sam.get("/log/").text
    assert sam.get("/log/proof?from=1&to=1").status_code == 404
    assert sam.get("/log/tile/0/000.p/1").status_code == 404


def test_the_proof_shows_that_the_log_only_grew(sam: FlaskClient, signed: list[SignedNote]) -> None:
    old, new = (note.checkpoint for note in signed)
    told = sam.get(f"/log/proof?from={old.size}&to={new.size}").json
    path = [bytes.fromhex(one) for one in told["path"]]
    assert continues(old.size, new.size, path, old_root=old.root, new_root=new.root)


def test_what_is_not_signed_yet_is_not_told(
    sam: FlaskClient, hotline: Hotline, signed: list[SignedNote]
) -> None:
    size = signed[1].checkpoint.size
    before = {url: sam.get(url).data for url in ("/log/checkpoint", "/log/")}
    act(hotline, 5)
    hotline.store.write(lambda session: audit.sequence(session, at=hotline.clock()))
    assert {url: sam.get(url).data for url in before} == before
    assert sam.get(f"/log/proof?from={size}&to={size + 1}").status_code == 404
    number, width = divmod(size, 256)
    assert sam.get(f"/log/tile/0/00{number}.p/{width}").status_code == 200
    assert sam.get(f"/log/tile/0/00{number}.p/{width + 1}").status_code == 404


def test_tiles_stand_where_tools_look_for_them(
    sam: FlaskClient, hotline: Hotline, signed: list[SignedNote]
) -> None:
    said = signed[1].checkpoint
    whole, rest = divmod(said.size, 256)
    answers = [sam.get(f"/log/tile/0/00{number}") for number in range(whole)]
    answers.append(sam.get(f"/log/tile/0/00{whole}.p/{rest}"))
    assert {answer.content_type for answer in answers} == {"application/octet-stream"}
    hashes = b"".join(answer.data for answer in answers)
    assert root_of([hashes[i : i + 32] for i in range(0, len(hashes), 32)]) == said.root
    above = sam.get(f"/log/tile/1/000.p/{whole}")
    assert len(above.data) == 32 * whole
    hotline.store.write(lambda session: session.execute(delete(audit_tiles)))
    assert sam.get("/log/tile/0/000").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/log/proof", 400),
        ("/log/proof?from=0&to=5", 400),
        ("/log/proof?from=-1&to=5", 400),
        ("/log/proof?from=²&to=5", 400),
        ("/log/proof?from=5&to=99999999999", 400),
        ("/log/proof?from=5&to=4", 404),
        ("/log/proof?from=5&to=9999999999", 404),
        ("/log/tile/0/1", 404),
        ("/log/tile/0/000.p/0", 404),
        ("/log/tile/0/000.p/256", 404),
        ("/log/tile/0/x999/x999/x999/999", 404),
        ("/log/tile/9/000.p/1", 404),
        ("/log/tile/0/../../x", 404),
    ],
)
def test_what_no_log_has_is_refused(
    sam: FlaskClient, signed: list[SignedNote], address: str, status: int
) -> None:
    assert sam.get(address).status_code == status
