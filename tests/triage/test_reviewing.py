"""What was let out is looked through after each change of a yes, also where nobody did so in the same transaction."""

from datetime import timedelta

import pytest

from hotline import consent, jobs
from hotline.store import Store
from hotline.triage import taking_back
from tests.consent.keys import keyring
from tests.leads.desk import NOOR, Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def due(desk: Desk) -> list[str]:
    """Return what the jobs that look through are about, taking them."""
    at = desk.at + timedelta(days=365)
    found = desk.store.write(lambda session: jobs.claim(session, jobs.Priority.PEOPLE, at=at))
    return [job.ref for job in found if job.name == consent.granting.REVIEW]


def looks_through(desk: Desk) -> list[str]:
    return [
        lead
        for ref in due(desk)
        for lead in desk.store.write(
            lambda session, ref=ref: taking_back.review_after(session, ref, at=desk.at)
        )
    ]


def test_a_narrower_yes_takes_back_what_it_does_not_cover(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    lead_id = desk.publishes(report_id)
    assert looks_through(desk) == []
    desk.consents(report_id, fields=["country"])
    assert looks_through(desk) == [lead_id]
    assert looks_through(desk) == []


def test_a_no_takes_back_what_an_older_yes_let_out(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    lead_id = desk.publishes(report_id)

    def says_no(session) -> None:
        terms = {"purpose": "lead", "recipient": consent.INVESTIGATORS, "fields": ["country"]}
        until = (desk.at + timedelta(days=9)).date()
        ask_id = consent.ask(
            session, report_id=report_id, until=until, by=NOOR, at=desk.at, **terms
        )
        words = consent.Words("ask_lead", "ro", "May we tell investigators?")
        how = consent.GivenHow.SMS
        answer = {"report_id": report_id, "yes": False, "words": words, "how": how}
        consent.answer(session, keyring(), ask_id, at=desk.at, **answer)

    desk.store.write(says_no)
    assert looks_through(desk) == [lead_id]


def test_what_is_gone_meanwhile_needs_no_look(desk: Desk) -> None:
    assert (
        desk.store.write(lambda session: taking_back.review_after(session, "f" * 32, at=desk.at))
        == []
    )
