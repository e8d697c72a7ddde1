"""Two do something at the same moment, on both databases: one of them is first, and the other finds it done."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from hotline import handoff
from hotline.errors import Conflict, HotlineError
from hotline.handoff import answering, links
from hotline.handoff.events import Event
from hotline.handoff.linked import Closed, Opened, WrongPin
from hotline.handoff.tables import handoff_answers, handoff_links, handoffs
from hotline.migrations import create_all
from hotline.store import Store, new_id
from tests.handoff.desk import ALBA, BAYT, DESK, HARBOR, Referring, Sent, referring
from tests.servers import empty_database


@pytest.fixture(scope="module")
def on_postgres(postgres: str) -> Iterator[Store]:
    with empty_database(postgres) as url:
        store = Store(url)
        create_all(store)
        yield store
        store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def maria(request: pytest.FixtureRequest) -> Referring:
    """The person of one report, in a database in which nobody else was asked anything."""
    is_sqlite = request.param == "sqlite"
    store: Store = request.getfixturevalue("store" if is_sqlite else "on_postgres")
    for table in (handoffs, handoff_links, handoff_answers):
        store.write(lambda session, table=table: session.execute(delete(table)))
    return referring(store)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Let each of *acts* begin at the same moment; return what each returns, or the error of ours that it raises."""
    gate = threading.Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except HotlineError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def each_with(act: Callable[[Sent], Any], *sent: Sent) -> list[Any]:
    return at_once(*(lambda one=one: act(one) for one in sent))  # type: ignore[misc]


def test_of_several_who_accept_at_once_one_takes_the_person_in(maria: Referring) -> None:
    for round_ in range(2):
        sent = [maria.sends(one, f"need-{round_}") for one in (HARBOR, BAYT, ALBA)]
        for one in sent:
            maria.opens(one)
        events = sorted(one.event for one in each_with(maria.accepts, *sent))
        assert events == [Event.ACCEPTED, Event.NOT_NEEDED, Event.NOT_NEEDED]
        assert sorted(map(maria.status, sent)) == ["accepted", "not_needed", "not_needed"]


def test_the_database_itself_lets_one_take_the_person_in(maria: Referring) -> None:
    """Whoever wrote around the lock would still be stopped; where it ended, it is free."""
    first, second = maria.sends(), maria.sends(BAYT)

    def becomes(sent: Sent, **values: str) -> None:
        its = update(handoffs).where(handoffs.c.id == sent.offer_id).values(**values)
        maria.store.write(lambda session: session.execute(its))

    becomes(first, status="accepted")
    with pytest.raises(Conflict):
        becomes(second, status="accepted")
    becomes(first, outcome="waiting")
    with pytest.raises(Conflict):
        becomes(second, status="accepted")
    becomes(first, outcome="no_space")
    becomes(second, status="accepted")


def test_one_browser_opens_it_of_several_with_the_right_pin(maria: Referring) -> None:
    sent = maria.sends()
    opened = at_once(*[lambda: maria.tries(sent)] * 5)
    assert all(isinstance(one, Opened) for one in opened)
    assert sum(one.packet is not None for one in opened) == 1
    assert (maria.link(sent).tries, maria.link(sent).wrong) == (0, 0)


def test_of_many_wrong_pins_at_once_five_are_tried(maria: Referring) -> None:
    sent = maria.sends()
    tried = []

    class Counting:
        def derive(self, token: str, pin: str):
            tried.append(pin)
            return DESK.derive(token, pin)

    desk: Any = Counting()
    pins = [f"{(int(sent.pin) + 1 + n) % 10**8:08}" for n in range(12)]
    guesses = [
        lambda pin=pin: links.try_pin(maria.store, desk, sent.token, pin, maria.at) for pin in pins
    ]
    answers = at_once(*guesses)
    assert len(tried) == 5
    assert sorted(one.left for one in answers if isinstance(one, WrongPin)) == [1, 2, 3, 4]
    assert sum(isinstance(one, Closed) for one in answers) == 8
    assert maria.tries(sent) == Closed()
    assert [one.event for one in maria.expires()] == [Event.PIN_CLOSED]


def test_four_wrong_pins_beside_the_right_one_close_nothing(maria: Referring) -> None:
    sent = maria.sends()
    wrong = [lambda: maria.tries(sent, sent.wrong_pin)] * 4
    answers = at_once(*wrong, lambda: maria.tries(sent))
    assert isinstance(answers[-1], Opened)
    assert (maria.link(sent).tries, maria.link(sent).wrong) == (4, 4)
    assert maria.finds(sent) is not None


def test_a_yes_that_is_taken_back_while_it_is_opened_ends_shut(maria: Referring) -> None:
    for n in range(3):
        sent = maria.sends(HARBOR, f"need-{n}")

        def takes_back() -> None:
            maria.takes_back()
            maria.reviews()

        opened, _ = at_once(lambda sent=sent: maria.tries(sent), takes_back)
        ticket = opened.ticket if isinstance(opened, Opened) else sent.key.root
        seen = maria.resumes(sent, ticket)
        assert seen is None or seen.is_closed
        assert maria.tries(sent) == Closed()
        assert maria.status(sent) == "withdrawn"
        link = maria.link(sent)
        assert link is None or link.sealed is None


def test_a_yes_that_is_taken_back_while_they_accept_ends_withdrawn(maria: Referring) -> None:
    for n in range(3):
        sent = maria.sends(HARBOR, f"need-{n}")
        maria.opens(sent)

        def takes_back() -> None:
            maria.takes_back()
            maria.reviews()

        at_once(lambda sent=sent: maria.accepts(sent), takes_back)
        assert maria.status(sent) == "withdrawn"
        assert maria.link(sent).sealed is None


def test_the_clock_and_a_yes_at_once_leave_one_of_both(maria: Referring) -> None:
    for n in range(3):
        sent = maria.sends(HARBOR, f"need-{n}")
        maria.opens(sent)
        accepts = lambda sent=sent: maria.accepts(sent)  # noqa: E731 - bound to its round.

        def expires() -> list[answering.Happened]:
            late = maria.at.replace(hour=23)
            return maria.store.write(lambda session: answering.expire(session, late))

        accepted, expired = at_once(accepts, expires)
        happened = [one.event for one in expired]
        if isinstance(accepted, HotlineError):
            assert (maria.status(sent), happened) == ("unanswered", [Event.UNANSWERED])
        else:
            assert (maria.status(sent), happened) == ("accepted", [])
            maria.tells(sent, "left")


def test_two_sweeps_at_once_tell_each_thing_once(maria: Referring) -> None:
    for need in ("shelter", "legal", "food"):
        maria.sends(HARBOR, need)
    maria.passes(hours=2)
    both = at_once(maria.expires, maria.expires)
    assert sorted(len(one) for one in both) == [0, 3]


def test_a_case_that_is_erased_while_it_is_opened_leaves_nothing(maria: Referring) -> None:
    sent = maria.sends()

    def erase(session: Any) -> None:
        handoff.withdraw(session, maria.report_id, by="system", at=maria.at)
        handoff.forget(session, maria.report_id)

    at_once(lambda: maria.tries(sent), lambda: maria.store.write(erase))
    with maria.store.read() as session:
        assert session.execute(select(handoff_links)).all() == []
        assert session.execute(select(handoffs)).all() == []


def test_how_fast_services_answer_is_counted_alike(maria: Referring) -> None:
    rows = [
        {"id": new_id(), "service_id": "s", "month": "2026-11", "minutes": one}
        for one in (60, 5, 15, 30)
    ]
    maria.store.write(lambda session: session.execute(insert(handoff_answers), rows))
    with maria.store.read() as session:
        assert handoff.responsiveness(session, maria.at) == {"s": 30}
