"""Checkpoints go out at fixed times to each who holds them, and a page says that somebody is needed, never why."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from hotline import audit, worker
from hotline.audit.tables import audit_checkpoints, audit_log, audit_tiles
from hotline.channels import herald
from hotline.errors import Unavailable
from hotline.jobs import jobs
from hotline.parts import Hotline
from hotline.store import Session
from hotline.triage.alerts import Kind, open_alerts, raise_alert
from tests.house import House

HOOK, HOLDER = "https://ngo.example/hook", "mailto:holder@ngo.example"


@dataclass
class FakeHerald:
    """Remembers what it was to bring; *refuses* are addresses that do not answer."""

    told: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)

    def tell(self, place: str, *, subject: str, text: str) -> None:
        if place in self.refuses:
            raise Unavailable
        self.told.append((place, subject, text))


@pytest.fixture
def crier() -> FakeHerald:
    return FakeHerald()


@pytest.fixture
def hotline(house: House, crier: FakeHerald) -> Hotline:
    config = replace(
        house.hotline.config, checkpoint_to=(HOOK, HOLDER), page_to=("mailto:ines@line.example",)
    )
    # Without a provider: what is proved of it every night is an entry of the log, too.
    return replace(house.hotline, config=config, herald=crier, carrier=None)


@pytest.fixture
def works(house: House, hotline: Hotline) -> Callable[..., None]:
    """Let the time pass and the worker do whatever is due then; it begins with a full hour."""
    # What is asked for at once is due by the clock of the machine: here it is later than that.
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    house.clock.at = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0)

    def work(**span: float) -> None:
        house.clock.passes(**span)
        hotline.store.write(lambda session: worker.come_back(session, hotline.clock()))
        while worker.work_off(hotline):
            pass

    return work


def act(hotline: Hotline) -> None:
    at = hotline.clock()
    hotline.store.write(lambda session: audit.record(session, at=at, who="noor", did="sweep"))


def waiting(hotline: Hotline, name: str) -> list[str]:
    with hotline.store.read() as session:
        return list(session.execute(select(jobs.c.ref).where(jobs.c.name == name)).scalars())


def test_each_who_holds_checkpoints_gets_one_an_hour(
    hotline: Hotline, crier: FakeHerald, works: Callable[..., None]
) -> None:
    works()
    assert sorted(place for place, _, _ in crier.told) == [HOOK, HOLDER]
    act(hotline)
    works(minutes=20)
    assert len(crier.told) == 2
    works(minutes=50)
    assert len(crier.told) == 4
    _, subject, text = crier.told[-1]
    assert subject == "line.example/log"
    assert audit.SignedNote.parse(text.encode()).checkpoint.size > 0
    # Where nothing was done, nothing new is said.
    works(hours=3)
    assert len(crier.told) == 4


def test_who_does_not_answer_is_tried_again_and_nobody_else_is_told_twice(
    hotline: Hotline, crier: FakeHerald, works: Callable[..., None]
) -> None:
    crier.refuses = {HOLDER}
    works()
    works(seconds=2)
    assert [place for place, _, _ in crier.told] == [HOOK]
    crier.refuses = set()
    works(minutes=10)
    assert [place for place, _, _ in crier.told] == [HOOK, HOLDER]
    assert waiting(hotline, "hand_out") == []


def test_a_checkpoint_that_is_outdated_is_not_sent_any_more(
    hotline: Hotline, crier: FakeHerald, works: Callable[..., None]
) -> None:
    crier.refuses = {HOLDER}
    for _ in range(4):
        act(hotline)
        works(hours=1)
    crier.refuses = set()
    works(hours=30)
    assert [place for place, _, _ in crier.told].count(HOLDER) == 1
    assert waiting(hotline, "hand_out") == []


def test_a_page_says_that_somebody_is_needed_and_not_why(
    hotline: Hotline, crier: FakeHerald, works: Callable[..., None]
) -> None:
    def alert(session: Session) -> None:
        for number in range(5):
            raise_alert(
                session,
                desk="main",
                kind=Kind.EMERGENCY,
                at=hotline.clock(),
                report_id="a" * 32,
                who="noor",
                once=str(number),
            )

    works()
    crier.told.clear()
    hotline.store.write(alert)
    works()
    # Five alerts at once are one reason to look.
    ((place, subject, text),) = crier.told
    assert place == "mailto:ines@line.example"
    assert (subject, text) == (
        "Please look at the desk",
        "Somebody needs you there. Sign in to see why.\n",
    )


def test_a_log_that_was_rewritten_is_not_signed_and_supervisors_are_called_once(
    hotline: Hotline, crier: FakeHerald, works: Callable[..., None]
) -> None:
    act(hotline)
    works()
    hotline.store.write(lambda session: session.execute(delete(audit_tiles)))
    hotline.store.write(lambda session: session.execute(update(audit_log).values(who="omar")))
    crier.told.clear()
    works(hours=1)
    works(hours=1)
    with hotline.store.read() as session:
        (alert,) = open_alerts(session, "main")
        newest = audit.newest_checkpoint(session)
    assert alert.kind == "log_not_whole"
    assert newest is not None
    assert [place for place, _, _ in crier.told] == ["mailto:ines@line.example"]


def test_a_log_that_was_rebuilt_without_its_checkpoints_is_not_signed_either(
    hotline: Hotline, works: Callable[..., None]
) -> None:
    """Who writes to the database can forget there what was signed; the file beside it remembers."""
    act(hotline)
    works()

    def rebuild(session: Session) -> None:
        for table in (audit_log, audit_tiles, audit_checkpoints):
            session.execute(delete(table))

    hotline.store.write(rebuild)
    act(hotline)
    works(hours=1)
    with hotline.store.read() as session:
        assert "log_not_whole" in {alert.kind for alert in open_alerts(session, "main")}
        assert audit.newest_checkpoint(session) is None


def test_a_log_that_stays_broken_is_told_again_on_the_next_day(
    hotline: Hotline, works: Callable[..., None]
) -> None:
    act(hotline)
    works()
    hotline.store.write(
        lambda session: session.execute(update(audit_checkpoints).values(size=9999))
    )
    for _ in range(2):
        works(hours=24)
    with hotline.store.read() as session:
        kinds = [alert.kind for alert in open_alerts(session, "main")]
    assert kinds == ["log_not_whole"] * 2


@pytest.mark.parametrize("ref", ["7 0", "0 9", "x", ""])
def test_a_job_for_whom_the_settings_no_longer_name_does_nothing(
    hotline: Hotline, crier: FakeHerald, ref: str
) -> None:
    herald.hand_out(hotline, ref)
    herald.call_one(hotline, "9")
    herald.call_one(hotline, "x")
    assert crier.told == []
