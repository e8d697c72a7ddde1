"""How a desk stands now, for who shares out its work; and nobody is ranked, nor learns of what is restricted."""

import re
from datetime import timedelta

from sqlalchemy import insert, update

from hotline.reports import reports
from hotline.store import Session
from hotline.triage import workload
from hotline.triage.access import restrict
from hotline.triage.languages import speak
from tests.cast import Member
from tests.console.test_charts import tables
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House
from tests.triage.conftest import file_report


def test_what_waits_is_counted_by_urgency_and_language(house: House, supervisor: Member) -> None:
    at = house.clock()
    noor = house.staff["noor"].member_id

    def work(session: Session) -> None:
        ages = {3: (2, 9), 2: (30, 90), 1: (200,)}
        for urgency, minutes in ages.items():
            for age in minutes:
                since = at - timedelta(minutes=age)
                facts = {"urgency": urgency, "waiting_since": since, "language": "ti"}
                file_report(session, desk="main", **facts)
        held = {"claimed_by": noor, "claimed_until": at + timedelta(minutes=20)}
        file_report(session, desk="main", language="es", waiting_since=at, **held)
        over = {"claimed_by": noor, "claimed_until": at - timedelta(minutes=1)}
        file_report(session, desk="main", language="es", waiting_since=at, **over)
        # What is closed, merged, somebody else's or in quarantine does not wait here.
        for facts in (
            {"status": "closed"},
            {"joined_to": "f" * 32},
            {"desk": "north"},
            {"status": "quarantined"},
        ):
            file_report(session, **{"desk": "main", "language": "am", **facts})
        speak(session, noor, "main", ["es"])

    house.hotline.store.write(work)
    page = supervisor.opens("/console/workload")
    assert faults_in(page) == []
    found = tables(page)
    waits = {row[0]: row[1:] for row in found["Open reports by urgency"]}
    assert waits == {
        "Immediate": ["2", "2", "2", "1"],
        "High": ["2", "2", "2", "1"],
        "Normal": ["3", "3", "2", "0"],
        "None": ["0", "0", "0", "0"],
    }
    languages = {row[0]: row[1:] for row in found["Open reports by language, and who reads it"]}
    assert languages == {
        "Tigrinya": ["5", "5", "2", "nobody has said so"],
        "Spanish": ["2", "1", "0", "Noor"],
    }
    people = {row[0].split("\n")[0]: row[1:] for row in found["People of this desk, by name"]}
    assert [name for name in people if name.startswith("Noor")]
    assert next(its for name, its in people.items() if name.startswith("Noor"))[:2] == ["1", "0"]
    names = [name.casefold() for name in people]
    assert names == sorted(names)


def test_reveals_are_counted_and_opened_accounts_are_not(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    for _ in range(3):
        at_desk.opens(f"/console/report/{report}")
    its = {"what": "1 words", "purpose": "life", "why": "to see who is meant"}
    at_desk.sends(f"/console/report/{report}/reveal", expect=200, **its)
    supervisor.signs_in()

    def noor() -> list[str]:
        rows = tables(supervisor.opens("/console/workload"))["People of this desk, by name"]
        return next(row[1:] for row in rows if row[0].startswith("Noor"))

    assert noor()[1] == "1"
    house.clock.passes(days=8)
    supervisor.signs_in()
    assert noor()[1] == "0"


def test_what_is_restricted_counts_for_the_named_alone(house: House, supervisor: Member) -> None:
    noor, ines = (house.staff[name].member_id for name in ("noor", "ines"))
    hotline, at = house.hotline, house.clock()
    until = {"claimed_by": noor, "claimed_until": at + timedelta(minutes=20)}
    facts = {"desk": "main", "urgency": 3, "language": "am", "waiting_since": at, **until}
    report = hotline.store.write(lambda session: file_report(session, **facts))

    def seen(by: str) -> tuple[int, dict[str, int]]:
        with hotline.store.read() as session:
            limits = hotline.config.limits_of("main")
            now = workload.waiting(session, "main", staff_id=by, limits=limits, at=at)
            held = workload.held(session, [noor, ines], staff_id=by, at=at)
        return sum(one.open for one in now.urgencies.values()), held

    assert seen(ines) == (1, {noor: 1})
    its = {"keyring": hotline.keyring, "desk": "main", "by": noor, "to": [noor], "at": at}
    hotline.store.write(lambda session: restrict(session, report, **its))
    assert seen(noor) == (1, {noor: 1})
    assert seen(ines) == (0, {})
    assert "Amharic" not in supervisor.opens("/console/workload")


def test_a_flood_is_looked_at_up_to_a_bound(house: House, supervisor: Member) -> None:
    def flood(session: Session) -> None:
        first = file_report(session, desk="main", urgency=2)
        row = dict(session.execute(reports.select().where(reports.c.id == first)).one()._mapping)
        many = [{**row, "id": f"{number:032x}"} for number in range(workload.MOST)]
        session.execute(insert(reports), many)
        session.execute(update(reports).values(claimed_by=None))

    house.hotline.store.write(flood)
    page = supervisor.opens("/console/workload")
    row = next(row for row in tables(page)["Open reports by urgency"] if row[0] == "High")
    assert re.fullmatch(rf"{workload.MOST}\s+or more", row[1])


def test_a_caseworker_has_no_such_page(at_desk: Member) -> None:
    assert at_desk.client.get("/console/workload", base_url=ORIGIN).status_code == 403
    assert "/console/workload" not in at_desk.opens("/console/")
