"""What the person reads of a yes of theirs: since when somebody knows, and since when it counts no more."""

from datetime import timedelta

import pytest

from hotline.errors import NotFound
from hotline.leads.told import Told, told_with_grants
from tests.leads.desk import Desk


def told(desk: Desk, report: str) -> dict[str, Told]:
    with desk.store.read() as session:
        return told_with_grants(session, report)


def test_the_first_day_counts_and_it_stands_while_one_lead_stands(desk: Desk) -> None:
    desk.admits("Unit", "RO")
    report = desk.report()
    given, unused = desk.consents(report), desk.consents(report, recipient="f" * 32)
    first = desk.publishes(report)
    desk.at += timedelta(days=2)
    second = desk.publishes(report)
    desk.recalls(first)
    assert told(desk, report) == {given: Told("2026-11-25", "")}
    desk.at += timedelta(days=2)
    desk.recalls(second)
    assert told(desk, report) == {given: Told("2026-11-25", "2026-11-29")}
    assert unused not in told(desk, report)


def test_each_yes_shows_what_its_own_recipient_was_told(desk: Desk) -> None:
    unit, police = desk.admits("Unit", "RO"), desk.admits("Police", "RO")
    report = desk.report()
    first, second = (desk.consents(report, recipient=one.id) for one in (unit, police))
    desk.publishes(report)
    desk.at += timedelta(days=1)
    desk.excludes(report, police.id)
    assert told(desk, report) == {
        first: Told("2026-11-25", ""),
        second: Told("2026-11-25", "2026-11-26"),
    }


def test_leads_of_others_and_of_bystanders_are_not_among_them(desk: Desk) -> None:
    desk.admits("Unit", "RO")
    report, other = desk.report(), desk.report()
    desk.publishes()
    desk.consents(other)
    desk.publishes(other)
    assert told(desk, report) == {}


def test_taking_back_recalls_what_rests_on_that_yes_alone_and_only_of_its_report(
    desk: Desk,
) -> None:
    unit, police = desk.admits("Unit", "RO"), desk.admits("Police", "RO")
    report, other = desk.report(), desk.report()
    mine = desk.consents(report, recipient=unit.id)
    also = desk.consents(report, recipient=police.id)
    theirs = desk.consents(other)
    lead, another = desk.publishes(report, to=[unit.id]), desk.publishes(report, to=[police.id])
    desk.publishes(other)
    assert desk.takes_back(report, mine) == [lead]
    assert desk.takes_back(report, mine) == []
    for forged in (theirs, "f" * 32, ""):
        with pytest.raises(NotFound):
            desk.takes_back(report, forged)
    assert told(desk, report)[also].recalled_day == ""
    assert told(desk, other)[theirs].recalled_day == ""
    assert desk.takes_back(report, also) == [another]
