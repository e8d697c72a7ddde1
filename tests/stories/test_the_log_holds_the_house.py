"""Noor works a report; what she does stands in the log. Amina, of an organization outside, keeps what `/log/checkpoint`
says. Later somebody who owns the database, the machine and the log's own key wants an act to never have happened.
Whatever they try, the check names it, and against Amina's file even a log written anew from its first line fails."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text

from hotline import audit
from hotline.audit import SignedNote
from hotline.audit.entry import Line, lines_in, row_of
from hotline.audit.merkle import continues
from hotline.audit.tables import audit_checkpoints, audit_log, audit_tiles
from hotline.audit.tiles import append
from hotline.channels.herald import keep_log
from hotline.store import Session
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.logkey import LogVerifier
from tests.cast import Member, Texter
from tests.house import ORIGIN, House

SAID = "He locks me in and took my passport. Please help"


@pytest.fixture
def check(house: House) -> Callable[..., tuple[str, int]]:
    key = LogVerifier(house.hotline.config.log_name, house.hotline.log_key.public)

    def verify(known: SignedNote | None = None) -> tuple[str, int]:
        with house.hotline.store.read() as session:
            verdict = audit.verify(session, known=known, public=key)
        return str(verdict.kind), verdict.n

    return verify


@pytest.fixture
def act_of_noor(house: House, maria: Texter, noor: Member) -> int:
    """The number of the line that says what Noor decided."""
    maria.texts(SAID)
    noor.signs_in()
    report = noor.first_report()
    noor.sends(
        f"/console/report/{report}/urgency", urgency="high", why="her neighbour Zarifa called"
    )
    keep_log(house.hotline, at=house.clock.passes(hours=2))
    with house.hotline.store.read() as session:
        return next(line.n for line in audit.page(session) if line.did == "urgency")


def harm(house: House, sentence: str) -> None:
    house.hotline.store.write(lambda session: session.execute(text(sentence)))


def test_every_way_to_unwrite_an_act_is_named(
    house: House, act_of_noor: int, check: Callable[..., tuple[str, int]]
) -> None:
    n, store = act_of_noor, house.hotline.store
    assert check() == ("whole", 0)
    with store.read() as session:
        row = dict(session.execute(select(audit_log).where(audit_log.c.n == n)).mappings().one())

    # Somebody else did it.
    harm(house, f"UPDATE audit SET who = 'mallory' WHERE n = {n}")
    assert check() == ("changed", n)
    store.write(lambda session: put_back(session, row))

    # Nobody did it.
    harm(house, f"DELETE FROM audit WHERE n = {n}")
    assert check() == ("removed", n)
    store.write(lambda session: put_back(session, row))
    assert check() == ("whole", 0)

    # Somebody else did something, too.
    with store.read() as session:
        behind = audit.size_of(session) + 1
    forged = {**row, "n": behind, "id": "f" * 32, "who": "mallory"}
    store.write(lambda session: session.execute(insert(audit_log), forged))
    assert check() == ("inserted", behind)


def put_back(session: Session, row: dict[str, object]) -> None:
    session.execute(delete(audit_log).where(audit_log.c.n == row["n"]))
    session.execute(insert(audit_log), row)


def test_a_log_written_anew_with_the_log_s_own_key_fails_against_what_amina_kept(
    house: House, act_of_noor: int, check: Callable[..., tuple[str, int]]
) -> None:
    # Amina keeps the checkpoint,
    outside = house.app.test_client()
    kept = SignedNote.parse(outside.get("/log/checkpoint", base_url=ORIGIN).data)
    # and all is well for a day: her file is the beginning of tomorrow's log.
    house.hotline.store.write(
        lambda session: audit.record(session, at=house.clock(), who="noor", did="sweep")
    )
    keep_log(house.hotline, at=house.clock.passes(hours=24))
    newer = SignedNote.parse(outside.get("/log/checkpoint", base_url=ORIGIN).data)
    old, new = kept.checkpoint, newer.checkpoint
    told = outside.get(f"/log/proof?from={old.size}&to={new.size}", base_url=ORIGIN).json
    path = [bytes.fromhex(one) for one in told["path"]]
    assert continues(old.size, new.size, path, old_root=old.root, new_root=new.root)
    assert check(kept) == ("whole", 0)

    # Then the log is written anew without Noor's act, hashes, checkpoints and all: the house does not sign it,
    house.hotline.store.write(lambda session: write_anew(session, without=act_of_noor))
    keep_log(house.hotline, at=house.clock.passes(hours=1))
    assert outside.get("/log/checkpoint", base_url=ORIGIN).status_code == 404

    # unless whoever did so also has the key folder, where it stands what was signed before.
    KeyFolder(house.hotline.config.keys).log_pin.unlink()
    keep_log(house.hotline, at=house.clock.passes(hours=1))
    assert check() == ("whole", 0)
    forged = SignedNote.parse(outside.get("/log/checkpoint", base_url=ORIGIN).data)
    assert forged.checkpoint.size < new.size
    # Amina's file says otherwise, and so does the proof that she asks for.
    assert check(kept) == ("rebuilt", 1)
    told = outside.get(f"/log/proof?from={old.size}&to={forged.checkpoint.size}", base_url=ORIGIN)
    path = [bytes.fromhex(one) for one in (told.json or {}).get("path", [])]
    assert not continues(
        old.size, forged.checkpoint.size, path, old_root=old.root, new_root=forged.checkpoint.root
    )


def write_anew(session: Session, *, without: int) -> None:
    rows = session.execute(lines_in(audit_log).order_by(audit_log.c.n)).all()
    lines = [line for row in rows if (line := Line(*row)).n != without]
    for table in (audit_log, audit_tiles, audit_checkpoints):
        session.execute(delete(table))
    session.execute(insert(audit_log), [row_of(line, n=n) for n, line in enumerate(lines, 1)])
    append(session, [line.leaf() for line in lines])


def test_the_end_of_retention_is_legal_and_the_rest_still_proves(
    house: House, act_of_noor: int, check: Callable[..., tuple[str, int]]
) -> None:
    outside = house.app.test_client()
    kept = SignedNote.parse(outside.get("/log/checkpoint", base_url=ORIGIN).data)
    at = house.clock.passes(days=400)
    house.hotline.store.write(
        lambda session: audit.purge(session, before=at - timedelta(days=365), at=at)
    )
    with house.hotline.store.read() as session:
        assert [line.did for line in audit.page(session)] == ["purge"]
    assert check(kept) == ("whole", 0)
    # What was done afterwards is proven as ever; what is missing now was not purged.
    house.hotline.store.write(lambda session: audit.record(session, at=at, who="noor", did="sweep"))
    keep_log(house.hotline, at=house.clock.passes(hours=1))
    assert check(kept) == ("whole", 0)
    harm(house, "DELETE FROM audit WHERE did = 'sweep'")
    assert check(kept)[0] == "removed"
