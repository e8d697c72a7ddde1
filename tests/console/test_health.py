"""What operators see of the house: counts, days and settings; no report, no number, no secret."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline import jobs
from hotline.contact.spending import may_answer
from hotline.domain.report import day
from hotline.i18n import CONSOLE, REPORTER
from hotline.jobs.summing import kinds
from hotline.store import Store
from tests.cast import Member, Texter
from tests.console.test_charts import tables
from tests.console.test_markup import faults_in
from tests.house import SMS_LINE, TOKEN, House


@pytest.fixture
def ada(house: House) -> Member:
    ada = Member(house, "ada")
    ada.signs_in()
    return ada


def test_jobs_are_counted_by_kind(store: Store) -> None:
    from tests.triage.conftest import AT

    def ask(session: object) -> None:
        for minutes in (-30, -5, 5):
            jobs.later(session, jobs.Job("send", "a", AT + timedelta(minutes=minutes)))  # type: ignore[arg-type]
        jobs.later(session, jobs.Job("erase", "b", AT))  # type: ignore[arg-type]

    store.write(ask)
    tried = update(jobs.jobs).where(jobs.jobs.c.name == "erase").values(tries=3)
    store.write(lambda session: session.execute(tried))
    with store.read() as session:
        found = {one.name: one for one in kinds(session, at=AT)}
    send, erase = found["send"], found["erase"]
    assert (send.count, send.late, send.failing) == (3, 1, 0)
    assert send.due_at == AT - timedelta(minutes=30)
    assert (erase.count, erase.late, erase.failing, erase.tries) == (1, 0, 1, 3)


def test_the_house_tells_how_it_runs(house: House, ada: Member, maria: Texter) -> None:
    maria.texts("My boss took my passport. My name is Maria Lopez")
    at = house.clock()
    house.hotline.store.write(
        lambda session: may_answer(session, country="US", parts=7, day=day(at))
    )
    page = ada.opens("/console/health")
    assert faults_in(page) == []
    assert "No worker has started yet." in page
    assert tables(page)["Parts of SMS today, by country of the phone"][0][0] == "United States"
    # The keys were begun at noon of this day: none is due, until their time is over.
    states = {row[3] for row in tables(page)["The newest key of each desk, the oldest first"]}
    assert states == {"in use"}
    for secret in (TOKEN, SMS_LINE, maria.number, "Lopez", "passport"):
        assert secret not in page

    # The worker looked, then could not, then stood still.
    house.hotline.store.write(
        lambda session: jobs.ensure(session, ["reconcile"], at=at + timedelta(minutes=5))
    )
    assert "The last look at the provider went well." in ada.opens("/console/health")
    house.hotline.store.write(lambda session: session.execute(update(jobs.jobs).values(tries=2)))
    assert "could not be asked, 2 times in a row" in ada.opens("/console/health")
    house.hotline.store.write(lambda session: session.execute(update(jobs.jobs).values(tries=0)))
    house.clock.passes(days=30)
    ada.signs_in()
    page = ada.opens("/console/health")
    assert "The worker has not looked for" in page
    states = {row[3] for row in tables(page)["The newest key of each desk, the oldest first"]}
    assert "a new one is due" in states


def test_languages_say_why_they_are_not_offered(house: House, ada: Member) -> None:
    page = ada.opens("/console/languages")
    assert faults_in(page) == []
    rows = {row[0]: row for row in tables(page)["Languages, and where each is offered"]}
    known = house.hotline.languages
    assert len(rows) == len(known.locales())
    amharic = next(row for name, row in rows.items() if name.startswith("Amharic"))
    state = known.state("am").value
    assert amharic[4].startswith(state)
    spanish = next(row for name, row in rows.items() if name.startswith("Spanish"))
    expected = ["offered" if "es" in known.complete(one) else None for one in (REPORTER, CONSOLE)]
    assert [spanish[1] == "offered", spanish[3] == "offered"] == [bool(one) for one in expected]
    assert known.count_missing("en", REPORTER) == 0
