"""What the person reads of a yes of theirs: since when somebody knows, and since when it counts no more."""

from datetime import timedelta

import pytest

from hotline.errors import NotFound
from hotline.leads.publish import WithConsent
from hotline.leads.told import Told, told_with_consents
from hotline.retention.asking import REPORTER
from hotline.triage.taking_back import take_back
from tests.leads.desk import Desk


def told(desk: Desk, report: str) -> dict[str, Told]:
    with desk.store.read() as session:
        return told_with_consents(session, report)


def test_the_first_day_counts_and_it_stands_while_one_lead_stands(desk: Desk) -> None:
    desk.admits("Unit", "RO")
    report = desk.report()
    given, unused = desk.consents(report), desk.consents(report)
    first = desk.publishes(WithConsent(given))
    desk.at += timedelta(days=2)
    second = desk.publishes(WithConsent(given))
    desk.recalls(first)
    assert told(desk, report) == {given: Told("2026-11-25", "")}
    desk.at += timedelta(days=2)
    desk.recalls(second)
    assert told(desk, report) == {given: Told("2026-11-25", "2026-11-29")}
    assert unused not in told(desk, report)


def test_leads_of_others_and_of_bystanders_are_not_among_them(desk: Desk) -> None:
    desk.admits("Unit", "RO")
    report, other = desk.report(), desk.report()
    desk.publishes()
    desk.publishes(WithConsent(desk.consents(other)))
    assert told(desk, report) == {}


def test_taking_back_recalls_what_rests_on_that_yes_alone_and_only_of_its_report(
    desk: Desk,
) -> None:
    desk.admits("Unit", "RO")
    report, other = desk.report(), desk.report()
    mine, also, theirs = desk.consents(report), desk.consents(report), desk.consents(other)
    leads = {given: desk.publishes(WithConsent(given)) for given in (mine, also, theirs)}

    def takes(report_id: str, consent_id: str) -> list[str]:
        return desk.store.write(
            lambda session: take_back(session, report_id, consent_id, by=REPORTER, at=desk.at)
        )

    assert takes(report, mine) == [leads[mine]]
    assert takes(report, mine) == []
    for forged in (theirs, "f" * 32, ""):
        with pytest.raises(NotFound):
            takes(report, forged)
    assert told(desk, report)[also].recalled_day == ""
    assert told(desk, other)[theirs].recalled_day == ""
