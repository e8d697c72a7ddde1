"""What the law asks stands written down: with its days in the clear, its words sealed, and a hold that ends."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hotline import audit
from hotline.errors import Conflict, NotFound, Refused
from hotline.retention import docket, legal
from hotline.retention.legal import Kind, State
from hotline.vault.opening import Keyholder
from tests.cast import MARIA, Texter
from tests.contact.conftest import signs_in
from tests.house import NOON, House, found_house
from tests.retention.rows import only_report

WHO = "County court, judge Smith: everything about Maria Lopez"
LAST_DAY = date(2026, 3, 5)


class Law:
    """A report of María's, and what Ines writes down about it."""

    def __init__(self, house: House, maria: Texter) -> None:
        self.house = house
        maria.texts("He took my passport and locks the door at night.")
        self.report_id = only_report(house.hotline.store)
        self.ines: Keyholder = signs_in(house, "ines")

    def writes(self, act, *about, **facts):
        its = {"keyring": self.house.hotline.keyring, "desk": "main", "by": self.ines.staff_id}
        its |= {"at": NOON, **facts}
        return self.house.hotline.store.write(lambda session: act(session, *about, **its))

    def holds(self, until: date = LAST_DAY, **facts) -> str:
        return self.writes(
            legal.hold, self.report_id, **{"why": "a court asks", "until": until, **facts}
        )

    def receives(
        self, kind: Kind = Kind.SUBPOENA, deadline: date | None = LAST_DAY, **facts
    ) -> str:
        facts = {"kind": kind, "deadline": deadline, "words": WHO, **facts}
        return self.writes(legal.receive, self.report_id, **facts)

    def advances(
        self, process: str, to: State, words: str = "on advice of counsel", **facts
    ) -> str:
        return self.writes(
            legal.advance, self.report_id, process_id=process, to=to, words=words, **facts
        )

    def is_held(self, at: datetime = NOON) -> bool:
        with self.house.hotline.store.read() as session:
            return legal.is_held(session, self.report_id, at=at)

    def reads(self, what, *about, **facts):
        with self.house.hotline.store.read() as session:
            return what(session, *about, **facts)

    def process(self, process_id: str) -> legal.Process:
        found = self.reads(docket.processes_of, self.report_id)
        return next(one for one in found if one.id == process_id)

    def log(self) -> list[tuple[str, str]]:
        """Return what the log says of the law, oldest first."""
        lines = self.reads(audit.of_report, self.report_id)
        return [(line.did, line.what) for line in reversed(lines) if line.did != "receive"]


@pytest.fixture
def law(house: House, maria: Texter) -> Law:
    return Law(house, maria)


def test_a_hold_lasts_to_the_end_of_its_last_day(law: Law) -> None:
    assert not law.is_held()
    law.holds()
    assert law.is_held()
    assert law.is_held(datetime(2026, 3, 5, 23, 59, tzinfo=UTC))
    assert not law.is_held(datetime(2026, 3, 6, 0, 0, tzinfo=UTC))


def test_a_lifted_hold_holds_nothing_and_another_still_does(law: Law) -> None:
    first, _second = law.holds(), law.holds(date(2026, 4, 5))
    law.writes(legal.lift, law.report_id, first, why="it was withdrawn")
    assert law.is_held()
    with pytest.raises(NotFound):
        law.writes(legal.lift, law.report_id, first, why="again")


def test_another_desk_neither_holds_nor_lifts(law: Law) -> None:
    with pytest.raises(NotFound):
        law.holds(desk="valley")
    placed = law.holds()
    for desk in ("valley", ""):
        with pytest.raises(NotFound):
            law.writes(legal.lift, law.report_id, placed, desk=desk, why="mine")
    assert law.is_held()


@pytest.mark.parametrize("days", [-1, 0, legal.LONGEST.days + 1])
def test_a_hold_ends_on_a_later_day_and_within_two_years(law: Law, days: int) -> None:
    with pytest.raises(legal.HoldTooLong):
        law.holds((NOON + timedelta(days=days)).date())
    assert not law.is_held()


@pytest.mark.parametrize("why", ["", "  \n "])
def test_nothing_is_held_without_a_reason(law: Law, why: str) -> None:
    with pytest.raises(legal.WordsMissing):
        law.holds(why=why)
    placed = law.holds()
    with pytest.raises(legal.WordsMissing):
        law.writes(legal.lift, law.report_id, placed, why=why)


def test_a_hold_ends_by_itself_and_the_log_says_so_once(law: Law) -> None:
    lapsing, lasting = law.holds(), law.holds(date(2026, 6, 1))
    store = law.house.hotline.store
    for day, ended in ((5, 0), (6, 1), (6, 0)):
        at = datetime(2026, 3, day, 1, tzinfo=UTC)
        assert store.write(lambda session, at=at: legal.end_holds(session, at=at)) == ended
    assert ("hold_ended", lapsing) in law.log()
    assert ("hold_ended", lasting) not in law.log()
    assert law.is_held(at)


def test_why_it_is_held_is_read_by_who_reads_the_log_alone(law: Law) -> None:
    placed = law.holds()
    steps = law.reads(docket.steps_of, law.ines, law.report_id)
    assert [(step.did, step.words) for step in steps[placed]] == [("hold", "a court asks")]
    with pytest.raises(Refused):
        law.reads(docket.steps_of, signs_in(law.house, "noor"), law.report_id)
    # No word of it lies in the clear.
    law.house.hotline.store.truncate_log()
    assert not [p for p in law.house.var.rglob("*.db*") if b"a court asks" in p.read_bytes()]


def test_a_process_goes_from_received_over_objected_to_its_end(law: Law) -> None:
    process = law.receives()
    assert law.process(process).next == (State.OBJECTED, State.COMPLIED, State.WITHDRAWN)
    law.advances(process, State.OBJECTED)
    law.advances(process, State.COMPLIED, words="the chain of custody, no identity")
    ended = law.process(process)
    assert (ended.state, ended.ended_day, ended.is_open) == (State.COMPLIED, "2026-03-02", False)
    assert ended.next == ()
    steps = law.reads(docket.steps_of, law.ines, law.report_id)[process]
    assert [step.did for step in steps] == ["legal_received", "legal_objected", "legal_complied"]
    assert [step.words for step in steps] == [
        WHO,
        "on advice of counsel",
        "the chain of custody, no identity",
    ]


@pytest.mark.parametrize("to", list(State))
@pytest.mark.parametrize("end", [State.COMPLIED, State.WITHDRAWN])
def test_nothing_comes_after_the_end(law: Law, end: State, to: State) -> None:
    process = law.receives()
    law.advances(process, end)
    with pytest.raises(Conflict):
        law.advances(process, to)


def test_that_the_person_is_told_stays_a_task_also_after_the_end(law: Law) -> None:
    process = law.receives()
    law.advances(process, State.COMPLIED)
    assert law.process(process).is_to_tell
    assert [one.id for one in law.reads(docket.untold_processes, "main")] == [process]
    law.writes(
        legal.tell_person, law.report_id, process_id=process, words="by an answer, on the code"
    )
    assert not law.process(process).is_to_tell
    assert law.reads(docket.untold_processes, "main") == ()
    with pytest.raises(Conflict):
        law.writes(legal.tell_person, law.report_id, process_id=process, words="twice")


def test_of_what_was_withdrawn_nobody_must_be_told(law: Law) -> None:
    process = law.receives(Kind.INFORMAL, None)
    law.advances(process, State.WITHDRAWN)
    assert not law.process(process).is_to_tell
    assert law.reads(docket.untold_processes, "main") == ()


def test_a_request_may_hold_the_report_at_once_or_not_at_all(law: Law) -> None:
    law.receives(Kind.PRESERVATION, hold_until=LAST_DAY)
    assert law.is_held()
    # A hold that cannot be placed takes the request back with it.
    with pytest.raises(legal.HoldTooLong):
        law.receives(hold_until=date(2099, 1, 1))
    assert len(law.reads(docket.processes_of, law.report_id)) == 1


def test_another_desk_sees_and_does_nothing(law: Law) -> None:
    with pytest.raises(NotFound):
        law.receives(desk="valley")
    process = law.receives()
    for act, more in ((legal.advance, {"to": State.COMPLIED}), (legal.tell_person, {})):
        with pytest.raises(NotFound):
            law.writes(act, law.report_id, process_id=process, desk="valley", words="mine", **more)
    assert law.reads(docket.open_processes, "valley") == ()


def test_a_desk_sees_the_next_deadline_first_a_page_at_a_time(law: Law) -> None:
    days = [None, date(2026, 3, 9), date(2026, 3, 3), date(2026, 3, 9), date(2026, 5, 1)]
    for deadline in days:
        law.receives(deadline=deadline)
    seen: list[legal.Process] = []
    while page := law.reads(
        docket.open_processes, "main", after=seen[-1].id if seen else "", limit=2
    ):
        seen.extend(page)
    assert [one.deadline[5:] for one in seen] == ["03-03", "03-09", "03-09", "05-01", "12-31"]
    assert not seen[-1].has_deadline
    assert [one.is_overdue(NOON + timedelta(days=3)) for one in seen] == [True] + [False] * 4


def test_no_word_of_it_lies_in_the_clear(law: Law) -> None:
    law.receives()
    law.house.hotline.store.truncate_log()
    assert not [p for p in law.house.var.rglob("*.db*") if b"judge Smith" in p.read_bytes()]
    ids = [what.split(" ")[0] for _, what in law.log()]
    assert law.log() == [("legal_received", f"{ids[0]} subpoena")]


def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    house = found_house(tmp_path, database_url=postgres_url)
    law = Law(house, Texter(house, MARIA))
    first = law.receives(hold_until=LAST_DAY)
    second = law.receives(deadline=None)
    assert [one.id for one in law.reads(docket.open_processes, "main", limit=1)] == [first]
    page = law.reads(docket.open_processes, "main", after=first)
    assert [one.id for one in page] == [second]
    law.advances(first, State.COMPLIED)
    assert law.is_held()
    assert [step.words for step in law.reads(docket.steps_of, law.ines, law.report_id)[second]]
    house.close()
