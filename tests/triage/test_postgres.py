"""The queue and its claims on PostgreSQL, where several processes claim at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline import audit, triage
from hotline.domain.outcome import Outcome
from hotline.domain.report import reference
from hotline.jobs.tables import jobs as jobs_table
from hotline.migrations import create_all
from hotline.reports import reports
from hotline.reports.counting import came
from hotline.store import Store
from hotline.triage import attention, finding, grouping, quarantine, skipping, tabs
from hotline.triage.alerts import PAGE, Kind, raise_alert
from hotline.triage.assigning import loads, take_next
from hotline.triage.filtering import Filters
from tests.triage.conftest import AT, OneEpoch, file_report
from tests.triage.test_quarantine import counted, shown
from tests.triage.test_queue import leaf_through, order


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    create_all(store)
    yield store
    store.close()


def test_every_report_is_shown_once_and_in_order(shared: Store) -> None:
    def fill(session):  # type: ignore[no-untyped-def]
        for number in range(40):
            file_report(
                session,
                urgency=number % 4,
                waiting_since=None if number == 7 else AT - timedelta(minutes=number % 5),
                status="closed" if number % 9 == 0 else "open",
                claimed_by="noor" if number % 3 == 0 else None,
                claimed_until=AT + triage.LEASE if number % 3 == 0 else None,
            )

    shared.write(fill)
    for view, expected in (("open", 35), ("mine", 9), ("unclaimed", 26), ("closed", 5)):
        shown = leaf_through(shared, view, 6)
        assert len({row.id for row in shown}) == len(shown) == expected, view
        assert shown == sorted(shown, key=order)


def test_of_many_who_claim_at_once_one_gets_it(shared: Store) -> None:
    report = shared.write(file_report)

    def attempt(who: str) -> bool:
        try:
            shared.write(lambda session: triage.claim(session, report, desk="north", by=who, at=AT))
        except triage.Held:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, "abcdefgh")) == 1


def test_of_many_who_take_the_next_at_once_each_gets_another(shared: Store) -> None:
    ids = shared.write(lambda session: [file_report(session, urgency=n % 4) for n in range(6)])

    def take(who: str) -> str:
        return shared.write(lambda session: take_next(session, desk="north", by=who, at=AT))

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, "abcdefgh"))
    assert sorted(filter(None, taken)) == sorted(ids)
    assert taken.count("") == 2


def test_views_filters_skips_numbers_and_search_are_the_same_there(shared: Store) -> None:
    def fill(session):  # type: ignore[no-untyped-def]
        ids = [
            file_report(session, urgency=n % 2, needs=["legal"] if n == 3 else [], is_opened=n > 0)
            for n in range(6)
        ]
        hidden = file_report(session, restricted=True)
        skipping.skip(session, ids[1], desk="north", by="noor", at=AT)
        return [*ids, hidden]

    *ids, hidden = shared.write(fill)
    its: dict[str, Any] = {"desk": "north", "at": AT, "staff_id": "noor"}
    facts = finding.Facts(Filters(need="legal"))
    with shared.read() as session:
        everything = triage.queue_page(session, view="open", **its).rows
        assert everything[-1].id == ids[1]
        assert hidden not in {row.id for row in everything}
        unread = triage.queue_page(session, view="unread", **its).rows
        assert [row.id for row in unread] == [ids[0]]
        for view in ("consent", "overdue", "window"):
            triage.queue_page(session, view=view, filters=Filters(minor=True), **its)
        legal = triage.queue_page(session, view="open", filters=facts.filters, **its).rows
        assert [row.id for row in legal] == [ids[3]]
        found = finding.found_page(session, desk="north", staff_id="noor", facts=facts)
        assert [row.id for row in found.rows] == [ids[3]]
        assert finding.about_how_many(session, desk="north", staff_id="noor", facts=facts) == 1
        assert finding.by_reference(session, reference(ids[2]), desk="north", staff_id="noor") == (
            ids[2],
        )
        assert sum(triage.counts(session, "north", "noor").values()) == 6
        views = tabs.tallies(session, "north", "noor", at=AT).views
        assert (views["unread"].count, views["unclaimed"].count) == (1, 6)
        assert came(session, "north") == 7
        assert attention.attention(session, ids, at=AT) == attention.Attention()
        assert loads(session, ["noor"], at=AT) == {"noor": 0}


def test_a_decision_is_kept_with_its_line_in_the_audit(shared: Store) -> None:
    report = shared.write(lambda session: file_report(session, urgency=3))
    shared.write(
        lambda session: triage.close(
            session,
            report,
            keyring=OneEpoch(),
            desk="north",
            by="noor",
            outcome=Outcome.SAFE_NOW,
            at=AT,
        )
    )
    with shared.read() as session:
        assert not any(triage.counts(session, "north").values())
        lines = [line.did for line in audit.of_report(session, report)]
        assert lines == ["outcome", "close", "claim"]


def test_a_flood_is_decided_on_once_though_many_decide_and_more_comes(
    shared: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "SLICE", 7)
    flood = {"status": "quarantined", "alike": "f" * 32}

    def fill(session):  # type: ignore[no-untyped-def]
        for number in range(60):
            file_report(session, **flood, urgency=number % 4, language=("en", "es")[number % 2])

    def decide(number: int) -> int:
        if number % 3 == 0:
            return grouping.release_group(shared, "north", "f" * 32, by="noor", at=AT)
        if number % 3 == 1:
            late = {**flood, "waiting_since": AT + timedelta(hours=1)}
            shared.write(lambda session: file_report(session, **late))
            return 0
        act = grouping.Act("north", "f" * 32, "luca", AT, before=AT + timedelta(minutes=1))
        keyring: Any = OneEpoch()
        return grouping.dismiss_group(shared, act, keyring=keyring, why="junk")

    shared.write(fill)
    with ThreadPoolExecutor(6) as pool:
        decided = sum(pool.map(decide, range(6)))
    held = counted(shared)
    assert held.get("open", 0) + held.get("closed", 0) == decided
    assert sum(held.values()) == 62
    assert grouping.release_group(shared, "north", "f" * 32, by="noor", at=AT) == 62 - decided
    assert counted(shared).get("quarantined", 0) == 0


def test_the_groups_of_a_flood_are_shown_in_order(shared: Store) -> None:
    names = [f"{number:032x}" for number in range(1, 8)]

    def fill(session):  # type: ignore[no-untyped-def]
        for number, name in enumerate([*names, None]):
            its = {"status": "quarantined", "alike": name, "urgency": number % 4}
            file_report(session, **its)
            file_report(session, **{**its, "urgency": 0})

    shared.write(fill)
    found = shown(shared, limit=3)
    assert sorted(group.alike for group in found) == ["", *names]
    assert found == sorted(found, key=lambda its: (-its.urgency.rank, its.alike))
    with shared.read() as session:
        page = quarantine.in_group(session, "north", names[3], at=AT, limit=1)
        rest = quarantine.in_group(session, "north", names[3], at=AT, after=page.next)
    assert [row.urgency.rank for row in (*page.rows, *rest.rows)] == [3, 0]


def test_what_stands_in_quarantine_has_an_index_of_its_own(shared: Store) -> None:
    own = select(reports.c.id).where(*quarantine.its_own("north", "f" * 32))
    asked = str(own.compile(shared.engine, compile_kwargs={"literal_binds": True}))
    with shared.read() as session:
        session.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = session.exec_driver_sql(f"EXPLAIN {asked}").scalars().all()
    assert "reports_quarantined" in "\n".join(plan)


def test_an_alert_is_new_once_and_then_somebody_is_paged(shared: Store) -> None:
    def raised() -> bool:
        return shared.write(
            lambda session: raise_alert(
                session, desk="north", kind=Kind.EMERGENCY, at=AT, once="the same"
            )
        )

    assert [raised(), raised()] == [True, False]
    with shared.read() as session:
        due = session.execute(select(jobs_table.c.name)).scalars().all()
    assert due == [PAGE]
