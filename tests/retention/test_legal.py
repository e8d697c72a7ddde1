"""A hold keeps a report from ending: with a last day, and never for ever."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from hotline import audit
from hotline.domain.report import Channel, Status
from hotline.errors import NotFound
from hotline.reports.tables import reports
from hotline.retention.legal import LONGEST, HoldTooLong, hold, is_held, lift
from hotline.store import Session, Store, new_id

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REPORT = new_id()


def _keep_report(session: Session) -> None:
    row = {
        "id": REPORT,
        "desk": "main",
        "channel": Channel.WEB,
        "locale": "en",
        "locale_is_chosen": True,
        "language": "en",
        "country": "",
        "day": "2026-03-01",
        "status": Status.CLOSED,
        "urgency": 1,
        "minor": False,
        "bystander": False,
        "needs": [],
        "indicators": [],
        "rules": [],
        "messages": 1,
        "unanswered": False,
    }
    session.execute(insert(reports), row)


@pytest.fixture
def kept(store: Store) -> Store:
    store.write(_keep_report)
    return store


def _hold(store: Store, until: date, *, desk: str = "main") -> str:
    return store.write(lambda s: hold(s, REPORT, desk=desk, by="ines", until=until, at=NOW))


def _is_held(store: Store, at: datetime) -> bool:
    with store.read() as session:
        return is_held(session, REPORT, at=at)


def test_a_hold_lasts_to_the_end_of_its_last_day(kept: Store) -> None:
    assert not _is_held(kept, NOW)
    _hold(kept, date(2026, 3, 5))
    assert _is_held(kept, NOW)
    assert _is_held(kept, datetime(2026, 3, 5, 23, 59, tzinfo=UTC))
    assert not _is_held(kept, datetime(2026, 3, 6, 0, 0, tzinfo=UTC))


def test_a_lifted_hold_holds_nothing_and_another_still_does(kept: Store) -> None:
    first, _second = _hold(kept, date(2026, 3, 5)), _hold(kept, date(2026, 4, 5))
    kept.write(lambda s: lift(s, REPORT, first, desk="main", by="ines", at=NOW))
    assert _is_held(kept, NOW)
    with pytest.raises(NotFound):
        kept.write(lambda s: lift(s, REPORT, first, desk="main", by="ines", at=NOW))


def test_another_desk_neither_holds_nor_lifts(kept: Store) -> None:
    with pytest.raises(NotFound):
        _hold(kept, date(2026, 3, 5), desk="valley")
    placed = _hold(kept, date(2026, 3, 5))
    with pytest.raises(NotFound):
        kept.write(lambda s: lift(s, REPORT, placed, desk="valley", by="eve", at=NOW))
    assert _is_held(kept, NOW)


@pytest.mark.parametrize("days", [-1, 0, LONGEST.days + 1])
def test_a_hold_ends_on_a_later_day_and_within_two_years(kept: Store, days: int) -> None:
    with pytest.raises(HoldTooLong):
        _hold(kept, (NOW + timedelta(days=days)).date())
    assert not _is_held(kept, NOW)


def test_placing_and_lifting_stand_in_the_log(kept: Store) -> None:
    placed = _hold(kept, date(2026, 3, 5))
    kept.write(lambda s: lift(s, REPORT, placed, desk="main", by="ines", at=NOW))
    with kept.read() as session:
        lines = audit.page(session)
    assert {line.did for line in lines} == {"hold", "lift hold"}
