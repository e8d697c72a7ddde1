"""A provider says yes, or no, or nothing: the person hears of it, the next service is asked, or somebody looks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from hotline import contact, handoff, triage, worker
from hotline.contact.tables import prepared_answers
from hotline.domain.outcome import Outcome
from hotline.domain.waiting import USUAL
from hotline.handoff.events import Event, Happened, Status
from hotline.handoff.tables import handoff_links, handoffs
from hotline.reports import messages, reports
from hotline.store import new_id
from hotline.triage import providers, taking_back, tasks
from hotline.triage.alerts import PAGE, open_alerts
from tests.contact.conftest import NOW, Desk, desk_in
from tests.contact.test_knocking import bodies, comes
from tests.contact.test_preparing import WORDS, prepares
from tests.house import House

PARIS = ZoneInfo("Europe/Paris")
SOON = NOW + timedelta(minutes=20)


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_in(house)


def terms(desk: Desk) -> providers.Terms:
    return providers.Terms(desk.hotline.keyring, lambda _desk: USUAL, PARIS)


def offers(desk: Desk, *, prepared_id: str = "", status: str = "accepted", **more: object) -> str:
    row = {
        "id": new_id(), "report_id": desk.report_id, "number": 1, "service_id": new_id(),
        "organization_id": "harbor", "service_name": "Harbor House", "need": "shelter",
        "status": status, "fields": [], "offered_by": desk.noor.staff_id, "day": "2026-11-25",
        "prepared_id": prepared_id, **more,
    }  # fmt: skip
    desk.store.write(lambda session: session.execute(insert(handoffs).values(row)))
    return str(row["id"])


def happens(desk: Desk, event: Event, *, its_id: str = "", prepared_id: str = "", at=SOON) -> None:
    what = Happened(desk.report_id, "main", its_id or new_id(), event, prepared_id=prepared_id)
    desk.store.write(lambda session: providers.happened(session, terms(desk), what, at=at))


def of(desk: Desk, report_id: str = "", state: str = "open") -> list[tuple[str, datetime | None]]:
    with desk.store.read() as session:
        found = tasks.of_report(session, report_id or desk.report_id)
    return [(one.kind, one.due_at) for one in found if one.state == state]


def alerts(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read() as session:
        return [(one.kind, one.report_id) for one in open_alerts(session, "main")]


def is_(desk: Desk, **values: object) -> None:
    its = update(reports).where(reports.c.id == desk.report_id).values(values)
    desk.store.write(lambda session: session.execute(its))


def test_accepted_what_was_prepared_goes_out_after_a_knock(desk: Desk) -> None:
    prepared = prepares(desk)
    its_id = offers(desk, prepared_id=prepared)
    happens(desk, Event.ACCEPTED, its_id=its_id, prepared_id=prepared)
    assert of(desk) == []
    desk.works(at=SOON)
    desk.works(at=SOON)
    assert (len(bodies(desk)), WORDS in bodies(desk)) == (1, False)
    comes(desk, at=SOON)
    desk.works(at=SOON)
    assert bodies(desk)[1:] == [WORDS]
    # In the morning, by the desk's clock, somebody asks whether they arrived.
    (row,) = desk.rows(select(handoffs.c.ask_again_at))
    assert row.ask_again_at == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_where_it_does_not_go_somebody_tells_them(desk: Desk) -> None:
    prepared = prepares(desk)
    its_id = offers(desk, prepared_id=prepared)
    desk.replies("Otra cosa.")
    happens(desk, Event.ACCEPTED, its_id=its_id, prepared_id=prepared)
    # The report is of high urgency: within the hour.
    assert of(desk) == [("tell_person", SOON + timedelta(hours=1))]
    assert not desk.rows(select(prepared_answers))
    desk.works(at=SOON)
    assert WORDS not in bodies(desk)


def falls_through(desk: Desk, its_id: str) -> None:
    is_over = update(handoffs).where(handoffs.c.id == its_id).values(outcome="no_space")
    desk.store.write(lambda session: session.execute(is_over))
    happens(desk, Event.NO_SPACE, its_id=its_id)


def is_withdrawn(desk: Desk, _its_id: str) -> None:
    at, its = SOON, desk.report_id
    desk.store.write(
        lambda session: (
            handoff.withdraw(session, its, by="reporter", at=at),
            providers.let_go(session, its, at=at),
        )
    )


def is_taken_back(desk: Desk, its_id: str) -> None:
    told = update(handoffs).where(handoffs.c.id == its_id).values(fields=["need"])
    desk.store.write(lambda session: session.execute(told))
    desk.store.write(
        lambda session: taking_back.review(session, desk.report_id, by="reporter", at=SOON)
    )


def accepted_with_a_text(desk: Desk) -> str:
    prepared = prepares(desk)
    its_id = offers(desk, prepared_id=prepared)
    happens(desk, Event.ACCEPTED, its_id=its_id, prepared_id=prepared)
    assert desk.rows(select(handoffs.c.answer_seq)) == [(2,)]
    return its_id


@pytest.mark.parametrize("ends", [falls_through, is_withdrawn, is_taken_back])
def test_what_does_not_hold_any_more_does_not_go(desk: Desk, ends) -> None:
    its_id = accepted_with_a_text(desk)
    desk.works(at=SOON)
    desk.works(at=SOON)
    assert desk.states() == ["held"]
    ends(desk, its_id)
    comes(desk, at=SOON)
    desk.works(at=SOON)
    assert (WORDS in bodies(desk), desk.states()) == (False, ["withdrawn"])
    assert [send.sealed for send in desk.sends()] == [None]
    assert "tell_person" in [kind for kind, _ in of(desk)]
    assert desk.rows(select(handoffs.c.answer_seq)) == [(None,)]


def test_what_was_told_already_is_not_told_anew_where_they_take_it_back(desk: Desk) -> None:
    its_id = accepted_with_a_text(desk)
    desk.is_there(at=SOON)
    desk.works(at=SOON)
    desk.works(at=SOON)
    assert WORDS in bodies(desk)
    is_withdrawn(desk, its_id)
    assert of(desk) == []


@pytest.mark.parametrize(("state", "is_lost"), [
    ("expired", True), ("failed", True), ("closed", True), ("unsure", True),
    ("delivered", False), ("held", False), ("sent", False),
])  # fmt: skip
def test_whoever_was_not_told_is_told_by_somebody(desk: Desk, state: str, is_lost: bool) -> None:
    accepted_with_a_text(desk)
    desk.store.write(lambda session: session.execute(update(messages).values(state=state)))
    for minutes in (21, 22):
        passes(desk, minutes=minutes)
        assert [kind for kind, _ in of(desk)] == ["tell_person"] * is_lost
    is_over = is_lost or state == "delivered"
    assert desk.rows(select(handoffs.c.answer_seq)) == [(None if is_over else 2,)]


@pytest.mark.parametrize(
    ("event", "task"),
    [
        (Event.ACCEPTED, "tell_person"),
        (Event.DECLINED, "next_service"),
        (Event.NO_SPACE, "next_service tell_person"),
        (Event.LEFT, "next_service"),
        (Event.PIN_CLOSED, "next_service"),
        (Event.UNANSWERED, "next_service"),
        (Event.ASKED_DESK, "answer_provider answer_provider"),
        (Event.ASK_ARRIVED, "ask_arrived ask_arrived"),
        (Event.UNTOLD, "tell_person"),
        (Event.NOT_NEEDED, ""),
        (Event.ARRIVED, ""),
        (Event.WAITING, ""),
    ],
)
def test_what_takes_a_person_is_a_task(desk: Desk, event: Event, task: str) -> None:
    first = offers(desk)
    happens(desk, event, its_id=first)
    happens(desk, event, its_id=first)
    happens(desk, event, its_id=offers(desk, number=2, need="legal"))
    # Asked for once, or once for each service, and anybody's at the desk.
    assert sorted(kind for kind, _ in of(desk)) == task.split()
    is_silent = event is Event.UNANSWERED
    assert [kind for kind, _ in alerts(desk)] == ["provider_silent"] * 2 * is_silent


def test_a_question_is_answered_before_whoever_asks_must_say_yes_or_no(desk: Desk) -> None:
    soon, later = SOON + timedelta(minutes=4), SOON + timedelta(hours=1)
    first = offers(desk, status=Status.ASKED, answer_by=soon)
    second = offers(desk, status=Status.ASKED, number=2, need="legal", answer_by=later)
    for its_id in (first, second):
        happens(desk, Event.ASKED_DESK, its_id=its_id)
    with desk.store.read() as session:
        due = {one.about: one.due_at for one in tasks.of_report(session, desk.report_id)}
    assert due == {first: soon, second: SOON + timedelta(minutes=10)}


def test_nobody_looks_for_the_next_one_while_another_is_asked_for_the_same(desk: Desk) -> None:
    first = offers(desk, status=Status.DECLINED)
    second = offers(desk, status=Status.ASKED, number=2)
    happens(desk, Event.DECLINED, its_id=first)
    assert of(desk) == []
    is_over = update(handoffs).where(handoffs.c.id == second).values(status=Status.UNANSWERED)
    desk.store.write(lambda session: session.execute(is_over))
    happens(desk, Event.UNANSWERED, its_id=second)
    assert [kind for kind, _ in of(desk)] == ["next_service"]


@pytest.mark.parametrize(("urgency", "minutes", "paged"), [(3, 5, 1), (2, 60, 0), (1, 240, 0)])
def test_the_sooner_it_must_be_the_louder_it_is(
    desk: Desk, urgency: int, minutes: int, paged: int
) -> None:
    is_(desk, urgency=urgency)
    happens(desk, Event.UNANSWERED)
    assert of(desk) == [("next_service", SOON + timedelta(minutes=minutes))]
    assert alerts(desk) == [("provider_silent", desk.report_id)]
    assert len(desk.jobs(PAGE)) == paged


def test_what_is_known_to_be_done_needs_no_tick(desk: Desk) -> None:
    by = desk.noor.staff_id
    its_id = offers(desk)
    happens(desk, Event.ASK_ARRIVED, its_id=its_id)
    happens(desk, Event.WAITING, its_id=its_id)
    assert (of(desk), of(desk, state="done")) == ([], [("ask_arrived", None)])
    happens(desk, Event.DECLINED)
    desk.store.write(lambda session: providers.asked(session, desk.report_id, by=by, at=SOON))
    assert of(desk) == []
    # Another one declines: it is asked for anew.
    happens(desk, Event.DECLINED)
    assert [kind for kind, _ in of(desk)] == ["next_service"]


def test_what_is_to_be_done_is_done_where_the_report_was_merged_into(desk: Desk) -> None:
    root = desk.opens_report(None)
    is_(desk, joined_to=root, status="closed")
    happens(desk, Event.DECLINED)
    assert (of(desk), [kind for kind, _ in of(desk, root)]) == ([], ["next_service"])


def test_of_a_closed_report_supervisors_hear(desk: Desk) -> None:
    is_(desk, status="closed")
    happens(desk, Event.ASK_ARRIVED)
    assert (of(desk), alerts(desk)) == ([], [])
    happens(desk, Event.LEFT, its_id="a" * 32)
    happens(desk, Event.LEFT, its_id="a" * 32)
    assert (of(desk), alerts(desk)) == ([], [("provider_said", desk.report_id)])


def test_with_the_last_answer_that_is_awaited_what_was_prepared_ends(desk: Desk) -> None:
    for_first, for_second = prepares(desk), prepares(desk)
    first = offers(desk, prepared_id=for_first, status=Status.DECLINED)
    second = offers(desk, prepared_id=for_second, status=Status.ASKED, number=2)
    happens(desk, Event.DECLINED, its_id=first)
    assert [row.id for row in desk.rows(select(prepared_answers))] == [for_second]
    desk.store.write(
        lambda session: (
            handoff.withdraw(session, desk.report_id, by="reporter", at=SOON),
            providers.let_go(session, desk.report_id, at=SOON),
        )
    )
    assert not desk.rows(select(prepared_answers))
    happens(desk, Event.ACCEPTED, its_id=second, prepared_id=for_second)
    assert [kind for kind, _ in of(desk)] == ["tell_person"]


def test_a_report_that_is_erased_takes_it_along(desk: Desk) -> None:
    prepares(desk)
    desk.store.write(lambda session: contact.forget(session, desk.report_id))
    assert not desk.rows(select(prepared_answers))


def asks(desk: Desk, *, minutes: int = 15, **more: object) -> str:
    """Let a provider be asked at noon, with a link and a text for the person."""
    its_id = offers(
        desk, prepared_id=prepares(desk), status=Status.ASKED, asked_at=NOW,
        answer_by=NOW + timedelta(minutes=minutes), **more,
    )  # fmt: skip
    link = {
        "id": new_id(), "kind": "packet", "handoff_id": its_id, "report_id": desk.report_id,
        "service_id": "s", "lookup": its_id.encode(), "public_key": b"k" * 32,
        "sealed": b"packet", "locale": "en", "expires_at": NOW + timedelta(days=3),
    }  # fmt: skip
    desk.store.write(lambda session: session.execute(insert(handoff_links).values(link)))
    return its_id


def passes(desk: Desk, **span: float) -> None:
    """Let the worker look at its clock, so long after noon."""
    desk.house.clock.at = NOW + timedelta(**span)
    worker.WORK["handoffs"](desk.hotline, "")


def statuses(desk: Desk) -> list[str]:
    return [row.status for row in desk.rows(select(handoffs.c.status))]


def test_who_does_not_answer_in_time_is_waited_for_no_more(desk: Desk) -> None:
    asks(desk)
    passes(desk, minutes=14)
    assert (statuses(desk), of(desk), alerts(desk)) == (["asked"], [], [])
    passes(desk, minutes=15)
    assert (statuses(desk), [kind for kind, _ in of(desk)]) == (["unanswered"], ["next_service"])
    assert alerts(desk) == [("provider_silent", desk.report_id)]
    assert not desk.rows(select(handoff_links))
    assert not desk.rows(select(prepared_answers))
    passes(desk, minutes=16)
    assert (len(of(desk)), len(alerts(desk))) == (1, 1)


def test_a_worker_that_dies_in_between_does_it_whole_afterwards(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(desk)

    def dies(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        # Nothing but a kill stops it between the two; a transaction that is not kept is all that is seen of one.
        patched.setattr(providers, "_ask", dies)
        with pytest.raises(RuntimeError):
            passes(desk, minutes=15)
    assert (statuses(desk), alerts(desk)) == (["asked"], [])
    passes(desk, minutes=16)
    assert (statuses(desk), [kind for kind, _ in of(desk)]) == (["unanswered"], ["next_service"])


def test_in_the_morning_and_after_three_days_somebody_asks_if_they_arrived(desk: Desk) -> None:
    its_id = offers(desk)
    happens(desk, Event.ACCEPTED, its_id=its_id)
    # The desk's clock is that of the house: at ten the next day.
    passes(desk, hours=20)
    assert [kind for kind, _ in of(desk)] == ["tell_person"]
    passes(desk, hours=22)
    assert ("ask_arrived", NOW + timedelta(hours=26)) in of(desk)
    happens(desk, Event.WAITING, its_id=its_id, at=NOW + timedelta(hours=23))
    assert [kind for kind, _ in of(desk)] == ["tell_person"]
    passes(desk, days=5)
    assert "ask_arrived" in [kind for kind, _ in of(desk)]


def test_closing_the_report_closes_its_links(desk: Desk) -> None:
    asks(desk)
    desk.store.write(
        lambda session: triage.close(
            session, desk.report_id, keyring=desk.hotline.keyring, desk="main",
            by=desk.noor.staff_id, outcome=Outcome.SAFE_NOW, at=SOON,
        )
    )  # fmt: skip
    assert not desk.rows(select(handoff_links))
    assert not desk.rows(select(prepared_answers))
    passes(desk, minutes=30)
    assert (of(desk), alerts(desk)) == ([], [])


def test_a_yes_that_is_taken_back_ends_it_at_once(desk: Desk) -> None:
    asks(desk, fields=["need"])
    desk.store.write(
        lambda session: taking_back.review(session, desk.report_id, by="reporter", at=SOON)
    )
    assert (statuses(desk), desk.rows(select(prepared_answers))) == (["withdrawn"], [])
