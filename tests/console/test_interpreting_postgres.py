"""On PostgreSQL two caseworkers ask one interpreter at once: one of them gets them, and nothing is handed over twice."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.errors import Conflict
from hotline.reports import reports
from hotline.triage import interpreting, translating, translations
from hotline.vault.handed import Handed, Kind, open_handed
from hotline.vault.tables import handed_texts
from tests.cast import AMINA, MARIA, Member, Texter
from tests.house import House, found_house

NO_PART = {"knows": "no", "near": "no", "paid": "no", "language": "yes"}


@pytest.fixture
def shared(tmp_path: Path, postgres_url: str) -> Iterator[House]:
    house = found_house(tmp_path / "house", database_url=postgres_url)
    yield house
    house.close()


def test_of_two_who_ask_at_once_one_gets_the_interpreter(shared: House) -> None:
    hotline, at = shared.hotline, shared.clock()
    staff = {member.username: member.id for member in hotline.keyring.members}

    for number, words in ((MARIA, "He locks the door"), (AMINA, "They keep my papers")):
        Texter(shared, number).texts(words)
    noor = Member(shared, "noor")
    noor.signs_in()
    with hotline.store.read() as session:
        told = list(session.execute(select(reports.c.id)).scalars())
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def asks(report: str, by: str) -> None:
        barrier.wait(10)
        try:
            hotline.store.write(
                lambda session: interpreting.assign(
                    session,
                    report,
                    keyring=hotline.keyring,
                    locks=hotline.door.locks,
                    desk="main",
                    by=staff[by],
                    at=at,
                    interpreter=staff["ivo"],
                    texts={(Kind.MESSAGE, 1): Handed("text", "en")},
                )
            )
            outcomes.append("asked")
        except Conflict:
            outcomes.append("busy")

    threads = [
        threading.Thread(target=asks, args=pair)
        for pair in zip(told, ("noor", "omar"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["asked", "busy"]

    me, store = Member(shared, "ivo").keyholder(), hotline.store
    with store.read() as session:
        assert len(session.execute(select(handed_texts)).all()) == 1
        work = translating.work_of(session, me, at=at)
    assert work is not None
    its = {"keyring": hotline.keyring, "at": at}
    store.write(
        lambda session: translating.declare(session, me, work.id, answers=NO_PART, words="", **its)
    )
    for text in ("first", "second"):
        store.write(
            lambda session, text=text: translating.translate(
                session, me, work.id, kind=Kind.MESSAGE, seq=1, text=text, **its
            )
        )
    reader = Member(shared, "noor").keyholder()
    with store.read() as session:
        made = translations.translations_of(session, reader, work.report_id)
        assert [one.text for one in made[Kind.MESSAGE, 1]] == ["second", "first"]
        assert len(open_handed(session, me, work.id)) == 2
    shared.clock.passes(days=8)
    store.write(lambda session: interpreting.sweep(session, hotline.keyring, at=shared.clock()))
    with store.read() as session:
        assert session.execute(select(handed_texts)).all() == []
        assert translating.work_of(session, me, at=shared.clock()) is None
