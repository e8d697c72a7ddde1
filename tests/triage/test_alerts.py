"""An alert stands beside what it tells of, is raised once, and is settled by somebody who did not do it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hotline import audit, jobs
from hotline.errors import NotFound, Refused, Unavailable
from hotline.reports import reports
from hotline.store import Session, new_id
from hotline.triage import emergency as life
from hotline.triage import revealing
from hotline.triage.alerts import (
    Alert,
    Kind,
    OwnAct,
    RemarkMissing,
    count_open,
    forget,
    open_alerts,
    raise_alert,
    settle,
    settled_alerts,
    sweep,
    withdraw,
)
from hotline.triage.tables import alerts
from hotline.vault.opening import Keyholder
from hotline.worker import work_off
from tests.cast import Member, Texter
from tests.house import House, found_house

Raising = Callable[..., bool]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = found_house(tmp_path)
    yield house
    house.close()


@pytest.fixture
def rise(house: House) -> Raising:
    def rise(kind: Kind = Kind.EMERGENCY, **facts: object) -> bool:
        usual = {"desk": "main", "kind": kind, "at": house.clock(), "who": "w" * 32}
        return house.hotline.store.write(
            lambda session: raise_alert(session, **{**usual, **facts})  # type: ignore[arg-type]
        )

    return rise


def waiting(house: House, desk: str = "main") -> tuple[Alert, ...]:
    with house.hotline.store.read() as session:
        return open_alerts(session, desk)


def look_at(house: House, alert: Alert, by: str = "s" * 32, remark: str = "asked them") -> None:
    house.hotline.store.write(
        lambda session: settle(
            session,
            alert.id,
            keyring=house.hotline.keyring,
            desk=alert.desk,
            by=by,
            remark=remark,
            at=house.clock(),
        )
    )


def keyholder(house: House, username: str) -> Keyholder:
    member = Member(house, username)
    member.signs_in()
    cookie = member.client.get_cookie("__Host-key", domain="line.example")
    assert cookie is not None
    found = house.hotline.door.resume(house.hotline.store, cookie.value, at=house.clock())
    assert found is not None
    return found


def test_it_is_there_at_once_and_somebody_is_paged(house: House, rise: Raising) -> None:
    assert rise(report_id="r" * 32)
    (alert,) = waiting(house)
    assert (alert.kind, alert.report_id, alert.who) == ("emergency", "r" * 32, "w" * 32)
    assert alert.at == house.clock().replace(second=0)
    assert waiting(house, "other") == ()
    with house.hotline.store.read() as session:
        asked = session.execute(select(jobs.jobs.c.ref).where(jobs.jobs.c.name == "page"))
        assert asked.scalars().all() == [alert.id]
        assert count_open(session, "main") == 1


def test_the_same_thing_is_raised_once_also_after_it_was_settled(
    house: House, rise: Raising
) -> None:
    assert rise(Kind.RETENTION_SOON, once="one")
    assert not rise(Kind.RETENTION_SOON, once="one")
    look_at(house, waiting(house)[0])
    assert not rise(Kind.RETENTION_SOON, once="one")
    assert rise(Kind.RETENTION_SOON, once="two")
    assert rise(Kind.ERASURE_FROZEN, once="one")
    assert rise(Kind.RETENTION_SOON, once="one", desk="other")


def test_it_is_kept_with_what_it_tells_of_or_not_at_all(house: House) -> None:
    def fails(session: Session) -> None:
        raise_alert(session, desk="main", kind=Kind.EMERGENCY, at=house.clock())
        raise Unavailable

    with pytest.raises(Unavailable):
        house.hotline.store.write(fails)
    assert waiting(house) == ()
    with house.hotline.store.read() as session:
        assert not session.execute(select(jobs.jobs.c.id).where(jobs.jobs.c.name == "page")).all()


def test_settling_is_written_down_with_the_remark_sealed(house: House, rise: Raising) -> None:
    rise(report_id="r" * 32)
    house.clock.passes(minutes=7)
    look_at(house, waiting(house)[0], remark="  he was\nat the door ")
    ines = keyholder(house, "ines")
    with house.hotline.store.read() as session:
        (line,) = audit.page(session, kinds=["alert_settled"])
        words = ines.open_words(session, line_id=line.id, desk="main", sealed=line.sealed)
        (settled,) = settled_alerts(session, "main")
    assert (line.who, line.what, line.report_id) == ("s" * 32, "emergency", "r" * 32)
    assert words == "he was at the door"
    assert settled.settled_by == "s" * 32
    assert (settled.at.hour, settled.at.minute) == (0, 0)
    assert waiting(house) == ()


def test_nobody_looks_at_what_they_did_themselves(house: House, rise: Raising) -> None:
    for kind in (Kind.EMERGENCY, Kind.MANY_REVEALS):
        rise(kind)
    for alert in waiting(house):
        with pytest.raises(OwnAct):
            look_at(house, alert, by="w" * 32)
    assert len(waiting(house)) == 2
    rise(Kind.APPROVAL_WANTED)
    look_at(house, next(one for one in waiting(house) if one.kind == "approval_wanted"), "w" * 32)


def test_an_emergency_is_settled_with_a_remark_only(house: House, rise: Raising) -> None:
    rise()
    with pytest.raises(RemarkMissing):
        look_at(house, waiting(house)[0], remark=" \n")
    rise(Kind.FORGED_ANSWER)
    look_at(house, next(one for one in waiting(house) if not one.is_reviewed), remark="")


def test_what_is_settled_or_of_another_desk_is_not_there(house: House, rise: Raising) -> None:
    rise()
    (alert,) = waiting(house)
    with pytest.raises(NotFound):
        house.hotline.store.write(
            lambda session: settle(
                session,
                alert.id,
                keyring=house.hotline.keyring,
                desk="other",
                by="s" * 32,
                remark="mine",
                at=house.clock(),
            )
        )
    look_at(house, alert)
    with pytest.raises(NotFound):
        look_at(house, alert)


def test_alerts_are_paged_newest_first(house: House, rise: Raising) -> None:
    for _ in range(5):
        rise()
        rise()
        house.clock.passes(minutes=1)
    with house.hotline.store.read() as session:
        whole = open_alerts(session, "main")
        paged: list[Alert] = []
        while more := open_alerts(session, "main", after=paged[-1].id if paged else "", limit=3):
            paged += more
    assert list(whole) == paged
    assert [one.at for one in whole] == sorted((one.at for one in whole), reverse=True)


def test_a_question_that_was_answered_is_taken_back(house: House, rise: Raising) -> None:
    rise(Kind.APPROVAL_WANTED, once="one")
    rise(Kind.APPROVAL_WANTED, once="two")
    house.hotline.store.write(
        lambda session: withdraw(session, desk="main", kind=Kind.APPROVAL_WANTED, once="one")
    )
    assert len(waiting(house)) == 1


def test_alerts_end_with_their_report_and_long_after_they_were_settled(
    house: House, rise: Raising
) -> None:
    rise(report_id="r" * 32)
    rise(report_id="q" * 32)
    store = house.hotline.store
    store.write(lambda session: forget(session, "r" * 32))
    assert [one.report_id for one in waiting(house)] == ["q" * 32]
    look_at(house, waiting(house)[0])
    rise()
    for days, left in ((90, 2), (91, 1)):
        at = house.clock() + timedelta(days=days)
        store.write(lambda session, at=at: sweep(session, at=at))  # type: ignore[misc]
        with store.read() as session:
            assert len(session.execute(select(alerts.c.id)).all()) == left


def tell(house: House, count: int) -> list[str]:
    """Let *count* people text, and return their reports."""
    for number in range(count):
        Texter(house, f"+1500555{number:04d}").texts("he keeps my passport and locks the door")
    with house.hotline.store.read() as session:
        return list(session.execute(select(reports.c.id)).scalars())


def reveal(house: House, by: Keyholder, report_id: str) -> None:
    revealing.reveal(
        house.hotline.store,
        by,
        house.hotline.keyring,
        revealing.Look(report_id, 1, "words", "translation", "to put into English"),
        at=house.clock(),
    )


def hold(house: House, by: Keyholder, some: list[str]) -> None:
    until = house.clock() + timedelta(minutes=30)
    mine = update(reports).where(reports.c.id.in_(some))
    house.hotline.store.write(
        lambda session: session.execute(mine.values(claimed_by=by.staff_id, claimed_until=until))
    )


def test_many_reveals_raise_an_alarm_once_a_day(house: House) -> None:
    told, noor = tell(house, 7), keyholder(house, "noor")
    for report_id in told[:5] * 2:
        reveal(house, noor, report_id)
    assert waiting(house) == ()
    reveal(house, noor, told[5])
    (alarm,) = waiting(house)
    assert (alarm.kind, alarm.who, alarm.report_id) == ("many_reveals", noor.staff_id, "")
    reveal(house, noor, told[6])
    assert len(waiting(house)) == 1
    house.clock.passes(hours=26)
    for report_id in told[:6]:
        reveal(house, noor, report_id)
    assert len(waiting(house)) == 2


def test_whoever_holds_many_reports_may_reveal_more_of_them(house: House) -> None:
    told, noor = tell(house, 7), keyholder(house, "noor")
    hold(house, noor, told[:2])
    for report_id in told[:6]:
        reveal(house, noor, report_id)
    assert waiting(house) == ()
    reveal(house, noor, told[6])
    assert [one.kind for one in waiting(house)] == ["many_reveals"]


def test_an_alarm_that_cannot_be_kept_keeps_the_envelope_shut(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, noor = tell(house, 1), keyholder(house, "noor")

    # Nothing but a fault of the database at this very moment lets the line stand and the alert not.
    def fails(*_args: object, **_facts: object) -> bool:
        raise Unavailable

    monkeypatch.setattr(life, "raise_alert", fails)
    with pytest.raises(Unavailable):
        emergency(house, noor, told[0])
    with house.hotline.store.read() as session:
        assert audit.page(session, kinds=["emergency"]) == []


def emergency(house: House, by: Keyholder, report_id: str) -> object:
    return life.open_number_and_place(
        house.hotline.store,
        by,
        house.hotline.keyring,
        report_id=report_id,
        words="",
        at=house.clock(),
    )


def test_an_emergency_stands_beside_its_alert(house: House) -> None:
    told, noor = tell(house, 1), keyholder(house, "noor")
    assert emergency(house, noor, told[0])
    (alert,) = waiting(house)
    assert (alert.kind, alert.report_id, alert.who) == ("emergency", told[0], noor.staff_id)


class BrokenPager:
    """Brings nothing to anybody."""

    def tell(self, place: str, *, subject: str, text: str) -> None:
        raise Unavailable


def test_an_emergency_waits_for_no_pager_and_the_pager_is_tried_again(house: House) -> None:
    told, noor = tell(house, 1), keyholder(house, "noor")
    config = replace(house.hotline.config, page_to=("mailto:ines@line.example",))
    unheard = replace(house.hotline, config=config, herald=BrokenPager())
    assert emergency(house, noor, told[0])
    house.clock.at = datetime.now(UTC) + timedelta(seconds=1)
    for _ in range(3):
        work_off(unheard)
    with house.hotline.store.read() as session:
        tried = select(jobs.jobs.c.tries).where(jobs.jobs.c.name == "page_one")
        assert session.execute(tried).scalars().all() == [1]
    assert [one.kind for one in waiting(house)] == ["emergency"]


def test_someone_without_the_right_raises_no_alert(house: House) -> None:
    told, ivo = tell(house, 1), keyholder(house, "ivo")
    with pytest.raises(Refused):
        emergency(house, ivo, told[0])
    assert waiting(house) == ()


def test_an_id_that_nobody_has_is_no_alert(house: House, rise: Raising) -> None:
    rise()
    with pytest.raises(NotFound):
        look_at(house, Alert(new_id(), "main", "", "", "", house.clock(), "", ""))
