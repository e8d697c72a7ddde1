"""What stands beside the queue is counted, shown, let in or dismissed; nothing of it is lost or counted twice."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from hotline import audit, triage
from hotline.domain.outcome import Outcome
from hotline.domain.urgency import Urgency
from hotline.errors import NotFound
from hotline.reports import messages, reports
from hotline.reports.forgetting import forget
from hotline.reports.tables import counters, quarantined
from hotline.retention.endings import due
from hotline.retention.holds import hold
from hotline.retention.tables import endings
from hotline.store import Store
from hotline.triage import grouping, quarantine
from hotline.triage.course import ReasonMissing
from hotline.triage.quarantine import Group, release
from tests.triage.conftest import AT, Filing, OneEpoch

FLOOD, OTHER = "a" * 32, "b" * 32
LATER = AT + timedelta(minutes=1)


def aside(file: Filing, count: int = 1, **facts: object) -> list[str]:
    its = {"status": "quarantined", "alike": FLOOD, "channel": "web", **facts}
    return [file(**its) for _ in range(count)]


def shown(store: Store, desk: str = "north", limit: int = 10) -> list[Group]:
    found: list[Group] = []
    after = ""
    with store.read() as session:
        while True:
            page = quarantine.groups(session, desk, after=after, limit=limit)
            assert len(page.rows) <= limit
            found += page.rows
            after = page.next
            if not after:
                return found


def counted(store: Store) -> dict[str, int]:
    """Return how many there are as the counters say, having made sure that the rows say the same."""
    with store.read() as session:
        by_status = dict(
            session.execute(select(reports.c.status, func.count()).group_by(reports.c.status)).all()
        )
        of_desk = session.execute(
            select(func.sum(counters.c.open), func.sum(counters.c.alike + counters.c.unlike))
        ).one()
        in_groups = session.execute(select(func.sum(quarantined.c.count))).scalar_one() or 0
        empty = session.execute(select(quarantined).where(quarantined.c.count <= 0)).all()
    assert empty == []
    assert (of_desk[0] or 0) == by_status.get("open", 0)
    assert (of_desk[1] or 0) == in_groups == by_status.get("quarantined", 0)
    return by_status


def dismiss(
    store: Store, why: str = "the same text from a shop", *, stays: Iterable[str] = (), **more: Any
) -> int:
    keyring: Any = OneEpoch()
    act = grouping.Act("north", FLOOD, "noor", LATER, **{"before": LATER, **more})
    its = set(stays)
    return grouping.dismiss_group(
        store, act, keyring=keyring, why=why, stays=lambda _session, _ids: its
    )


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(grouping, "SLICE", 3)
    return None


def lines(store: Store, did: str) -> list[audit.Line]:
    with store.read() as session:
        return audit.page(session, desks=["north"], kinds=[did])


def test_a_group_says_how_many_how_urgent_since_when_and_in_what(
    store: Store, file: Filing
) -> None:
    aside(file, 3, urgency=1, waiting_since=AT - timedelta(minutes=9))
    first = aside(file, urgency=2, language="es", waiting_since=AT - timedelta(minutes=3))
    aside(file, urgency=2, language="es")
    (group,) = shown(store)
    assert (group.alike, group.count, group.urgency) == (FLOOD, 5, Urgency.HIGH)
    assert group.since == AT - timedelta(minutes=9)
    assert group.languages == ("en", "es")
    assert group.ranks == ((Urgency.HIGH, 2), (Urgency.NORMAL, 3))
    assert [group.first_id] == first


def test_the_unlike_ones_are_one_group_and_open_ones_are_in_none(
    store: Store, file: Filing
) -> None:
    aside(file, 2, alike=None)
    file(alike=FLOOD)
    (group,) = shown(store)
    assert (group.alike, group.count) == (quarantine.UNLIKE, 2)
    with store.read() as session:
        its = quarantine.aside(session, "north")
    assert (its.alike, its.unlike, its.count, its.urgency) == (0, 2, 2, Urgency.NORMAL)


def test_the_most_urgent_group_is_first_and_each_is_shown_once(store: Store, file: Filing) -> None:
    names = [f"{number:032x}" for number in range(1, 8)]
    for number, name in enumerate(names):
        aside(file, alike=name, urgency=number % 4)
        aside(file, alike=name, urgency=0)
    aside(file, alike=None, urgency=3)
    for limit in (1, 2, 3, 10):
        found = shown(store, limit=limit)
        assert sorted(group.alike for group in found) == ["", *names]
        assert found == sorted(found, key=lambda its: (-its.urgency.rank, its.alike))
    assert shown(store, "south") == []


def test_a_group_is_leafed_through_in_the_queues_order(store: Store, file: Filing) -> None:
    ids = {*aside(file, 3, urgency=1), *aside(file, 3, urgency=3)}
    aside(file, alike=OTHER)
    seen: list[triage.QueueRow] = []
    after = ""
    with store.read() as session:
        while True:
            page = quarantine.in_group(session, "north", FLOOD, at=AT, after=after, limit=2)
            seen += page.rows
            after = page.next
            if not after:
                break
    assert {row.id for row in seen} == ids
    assert len(seen) == 6
    assert [row.urgency.rank for row in seen] == [3, 3, 3, 1, 1, 1]


def test_no_view_of_the_queue_shows_what_stands_in_quarantine(store: Store, file: Filing) -> None:
    aside(file, 2, claimed_by=None, waiting_since=AT - timedelta(days=2))
    with store.read() as session:
        for view in triage.VIEWS:
            page = triage.queue_page(session, desk="north", view=view, at=AT, staff_id="noor")
            assert page.rows == ()
        assert not any(triage.counts(session, "north").values())


def test_one_that_is_let_in_waits_since_it_came(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    assert store.write(lambda session: release(session, report, at=LATER))
    assert not store.write(lambda session: release(session, report, at=LATER))
    with store.read() as session:
        (row,) = triage.queue_page(session, desk="north", view="open", at=LATER).rows
    assert (row.waiting_since, row.unanswered) == (AT, True)
    assert counted(store) == {"open": 1}
    assert [line.who for line in lines(store, "quarantine_left")] == ["reporter"]


def alikes(store: Store) -> set[str | None]:
    with store.read() as session:
        return set(session.execute(select(reports.c.alike)).scalars())


def test_what_left_the_quarantine_says_no_more_what_it_was_like(store: Store, file: Filing) -> None:
    one, *_ = aside(file, 2)
    store.write(lambda session: quarantine.release(session, one, at=LATER))
    assert alikes(store) == {None, FLOOD}
    dismiss(store)
    assert alikes(store) == {None}


def test_another_desk_lets_nothing_in(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    assert not store.write(lambda session: release(session, report, at=AT, by="mira", desk="south"))
    assert counted(store) == {"quarantined": 1}


def test_whoever_claims_it_lets_it_in(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    store.write(lambda session: triage.claim(session, report, desk="north", by="noor", at=AT))
    assert counted(store) == {"open": 1}
    assert [line.who for line in lines(store, "quarantine_left")] == ["noor"]
    with pytest.raises(triage.Held):
        store.write(lambda session: triage.claim(session, report, desk="north", by="luca", at=AT))


def test_another_desk_claims_nothing(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    with pytest.raises(NotFound):
        store.write(lambda session: triage.claim(session, report, desk="south", by="mira", at=AT))
    assert counted(store) == {"quarantined": 1}


def test_whoever_changes_its_urgency_lets_it_in(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    store.write(
        lambda session: triage.change_urgency(
            session,
            report,
            keyring=OneEpoch(),  # type: ignore[arg-type]
            desk="north",
            to=Urgency.IMMEDIATE,
            by="noor",
            why="he is at the door",
            at=AT,
        )
    )
    assert counted(store) == {"open": 1}
    with store.read() as session:
        assert triage.counts(session, "north")[Urgency.IMMEDIATE] == 1


def test_one_can_be_closed_like_any_other(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    store.write(
        lambda session: triage.close(
            session,
            report,
            keyring=OneEpoch(),  # type: ignore[arg-type]
            desk="north",
            by="noor",
            why="junk",
            outcome=Outcome.SAFE_NOW,
            at=AT,
        )
    )
    assert counted(store) == {"closed": 1}


def test_a_group_is_let_in_slice_by_slice(store: Store, file: Filing, small_slices: None) -> None:
    aside(file, 7)
    aside(file, 2, alike=OTHER)
    assert grouping.release_group(store, "north", FLOOD, by="noor", at=LATER) == 7
    assert grouping.release_group(store, "north", FLOOD, by="noor", at=LATER) == 0
    assert counted(store) == {"open": 7, "quarantined": 2}
    assert len(lines(store, "quarantine_left")) == 7
    (act,) = lines(store, "quarantine_opened")
    assert (act.what, act.report_id) == (f"{FLOOD} 7", "")


def test_a_dismissed_group_is_closed_as_one_by_one(
    store: Store, file: Filing, small_slices: None
) -> None:
    ids = aside(file, 7)
    assert dismiss(store) == 7
    assert dismiss(store) == 0
    assert counted(store) == {"closed": 7}
    with store.read() as session:
        rows = session.execute(select(reports)).all()
        kinds = session.execute(select(endings.c.report_id, endings.c.kind)).all()
        minutes = session.execute(select(messages.c.at)).scalars().all()
    assert all(
        (row.waiting_since, row.claimed_by, row.unanswered) == (None, None, 0) for row in rows
    )
    assert {(its, "account") for its in ids} <= {tuple(kind) for kind in kinds}
    assert set(minutes) == {None}
    assert sorted(line.report_id for line in lines(store, "close")) == sorted(ids)
    (act,) = lines(store, "quarantine_dismissed")
    assert act.what == f"{FLOOD} 7"
    assert act.sealed


def test_what_nobody_was_shown_is_not_dismissed(store: Store, file: Filing) -> None:
    aside(file, 2)
    late = aside(file, waiting_since=LATER)
    with store.read() as session:
        assert grouping.count(session, "north", FLOOD, before=LATER) == 2
        assert grouping.count(session, "north", FLOOD) == 3
    assert dismiss(store) == 2
    (group,) = shown(store)
    assert [group.first_id] == late


def test_what_is_more_urgent_than_what_was_shown_is_not_dismissed(
    store: Store, file: Filing
) -> None:
    aside(file, 2, urgency=1)
    high = aside(file, urgency=2)
    with store.read() as session:
        assert grouping.count(session, "north", FLOOD, before=LATER, up_to=Urgency.NORMAL) == 2
    assert dismiss(store, up_to=Urgency.NORMAL) == 2
    (group,) = shown(store)
    assert (group.first_id, group.count) == (high[0], 1)
    assert counted(store) == {"closed": 2, "quarantined": 1}


def test_what_stays_is_passed_over_slice_by_slice(
    store: Store, file: Filing, small_slices: None
) -> None:
    ids = [*aside(file, 4, urgency=2), *aside(file, 6, urgency=0)]
    stays = {*ids[:4], ids[7]}
    assert dismiss(store, stays=stays) == 5
    assert dismiss(store, stays=stays) == 0
    assert counted(store) == {"closed": 5, "quarantined": 5}
    assert dismiss(store, only=tuple(ids[:2])) == 2
    assert counted(store) == {"closed": 7, "quarantined": 3}


def test_nobody_dismisses_without_a_reason(store: Store, file: Filing) -> None:
    aside(file)
    with pytest.raises(ReasonMissing):
        dismiss(store, why="  ")
    assert counted(store) == {"quarantined": 1}


def test_an_act_that_breaks_off_is_gone_on_with(
    store: Store, file: Filing, small_slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside(file, 8)
    monkeypatch.setattr(grouping, "SECONDS", 0.0)
    assert dismiss(store) == 3
    assert counted(store) == {"closed": 3, "quarantined": 5}
    monkeypatch.setattr(grouping, "SECONDS", 10.0)
    assert dismiss(store) == 5
    assert [line.what for line in lines(store, "quarantine_dismissed")] == [
        f"{FLOOD} 5",
        f"{FLOOD} 8",
    ]


def test_a_dismissed_one_is_opened_again_like_any_closed_one(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    dismiss(store)
    store.write(
        lambda session: triage.reopen(
            session,
            report,
            keyring=OneEpoch(),  # type: ignore[arg-type]
            desk="north",
            by="noor",
            why="it was real",
            at=LATER,
        )
    )
    assert counted(store) == {"open": 1}
    with store.read() as session:
        assert session.execute(select(endings)).all() == []


def test_a_note_lets_it_in_and_keeps_its_minute_while_it_is_open(
    store: Store, file: Filing
) -> None:
    (report,) = aside(file)
    store.write(
        lambda session: triage.write_note(
            session,
            report,
            keyring=OneEpoch(),  # type: ignore[arg-type]
            desk="north",
            by="ivo",
            text="This one is real: read it.",
            at=AT,
        )
    )
    assert counted(store) == {"open": 1}
    with store.read() as session:
        assert session.execute(select(messages.c.at).where(messages.c.seq == 2)).scalar_one() == AT


def test_what_the_law_holds_is_dismissed_and_does_not_end(store: Store, file: Filing) -> None:
    held, other = aside(file, 2)
    store.write(
        lambda session: hold(
            session,
            held,
            keyring=OneEpoch(),  # type: ignore[arg-type]
            desk="north",
            by="ines",
            why="a court order",
            until=(AT + timedelta(days=300)).date(),
            at=AT,
        )
    )
    dismiss(store)
    with store.read() as session:
        found = due(session, at=AT + timedelta(days=200))
        ends = {one.report_id: one.is_held for one in found}
    assert ends == {held: True, other: False}


def test_one_that_is_erased_is_counted_no_more(store: Store, file: Filing) -> None:
    (report,) = aside(file)
    store.write(lambda session: forget(session, report))
    assert counted(store) == {}
    assert shown(store) == []


def test_the_groups_and_the_line_above_the_queue_read_no_row_they_need_not(
    store: Store, file: Filing
) -> None:
    aside(file, 4)
    aside(file, 4, alike=None)
    plans: list[str] = []
    with store.read() as session:

        def explain(_connection, cursor, statement, parameters, *_rest):  # type: ignore[no-untyped-def]
            asked = cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, parameters)
            plans.extend(row[3] for row in asked)

        event.listen(session, "before_cursor_execute", explain)
        quarantine.aside(session, "north")
        quarantine.groups(session, "north")
        quarantine.in_group(session, "north", FLOOD, at=AT, after=f"1-{'0' * 32}")
        grouping.count(session, "north", FLOOD, before=AT)
        act = grouping.Act("north", "", "noor", LATER, LATER)
        act.find(session, 2, act.find(session, 2)[-1])
    assert plans
    of_reports = [plan for plan in plans if " reports " in plan and "(id=" not in plan]
    assert of_reports
    assert all("INDEX reports_quarantined" in plan for plan in of_reports), of_reports
    assert not [plan for plan in plans if plan.startswith("SCAN")]
