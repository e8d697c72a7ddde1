"""A lead leaves on a standing consent or a bystander's word, to those who may be told, and comes back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hotline import audit, consent
from hotline.errors import NotFound
from hotline.leads import publish
from hotline.leads.disclose import LeadRefused
from hotline.leads.publish import Bystander, WithConsent
from hotline.leads.tables import lead_sources, leads, stix_objects
from hotline.leads.wording import Fact
from tests.leads.desk import NOOR, Desk


def refusal_of(desk: Desk, ground: publish.Ground, **changes: object) -> frozenset[Fact]:
    with pytest.raises(LeadRefused) as refused:
        desk.publishes(ground, **changes)
    return refused.value.facts


def refusal(desk: Desk, ground: publish.Ground, **changes: object) -> frozenset[Fact]:
    """Return why the lead did not leave, having made sure that nothing of it was kept."""
    facts = refusal_of(desk, ground, **changes)
    with desk.store.read() as session:
        assert session.execute(select(leads)).all() == []
        assert session.execute(select(stix_objects)).all() == []
    return facts


def test_a_lead_leaves_with_consent(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(WithConsent(desk.consents(desk.report())))
    report = next(found for found in dele.reads(app) if found["type"] == "report")
    assert report["id"].replace("-", "").endswith(lead_id)


def test_a_lead_leaves_on_a_bystanders_report(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes(Bystander(desk.report(bystander=True), NOOR))
    assert any(found["type"] == "report" for found in dele.reads(app))


def test_a_survivors_report_is_no_bystanders(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    assert refusal(desk, Bystander(desk.report(), NOOR)) == {Fact.NOT_A_BYSTANDER}
    assert refusal(desk, Bystander("f" * 32, NOOR)) == {Fact.NOT_A_BYSTANDER}


def test_what_the_machine_took_for_a_bystanders_needs_somebody_who_confirms_it(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    assert refusal(desk, Bystander(report_id)) == {Fact.NOT_CONFIRMED}
    desk.publishes(Bystander(report_id, confirmed_by=NOOR))
    with desk.store.read() as session:
        assert session.execute(select(lead_sources.c.confirmed_by)).scalars().all() == [NOOR]


def test_who_was_asked_for_consent_is_no_bystander_also_when_it_was_taken_back(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report = desk.report(bystander=True)
    given = desk.consents(report, excluded=["f" * 32])
    assert refusal(desk, Bystander(report, NOOR)) == {Fact.NOT_A_BYSTANDER}
    desk.store.write(lambda session: consent.revoke(session, given, at=desk.at))
    assert refusal(desk, Bystander(report, NOOR)) == {Fact.NOT_A_BYSTANDER}


def test_a_consent_that_does_not_exist_is_none(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    with pytest.raises(NotFound):
        desk.publishes(WithConsent("f" * 32))


def test_a_consent_that_was_taken_back_is_none(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    given = desk.consents(desk.report())
    desk.store.write(lambda session: consent.revoke(session, given, at=desk.at))
    assert refusal(desk, WithConsent(given)) == {Fact.NO_CONSENT}


def test_a_consent_that_has_ended_is_none(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    given = desk.consents(desk.report(), until=desk.at.date())
    desk.at += timedelta(days=1)
    assert refusal(desk, WithConsent(given)) == {Fact.NO_CONSENT}


def test_a_consent_to_something_else_is_none(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    given = desk.consents(desk.report(), purpose=consent.Purpose.HANDOFF, recipient="harbor-house")
    assert refusal(desk, WithConsent(given)) == {Fact.NO_CONSENT}


def test_only_what_was_consented_to_leaves(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    fields = ["country", "month", "exploitation", "summary"]
    given = desk.consents(desk.report(), fields=fields)
    with pytest.raises(LeadRefused) as refused:
        desk.publishes(WithConsent(given))
    assert {problem.field for problem in refused.value.problems} == {
        "people",
        "indicators",
        "control",
        "sector",
    }
    desk.publishes(WithConsent(given), people=None, indicators=(), control=(), sector="")


def test_it_is_told_only_to_those_whom_the_consent_names(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    desk.publishes(WithConsent(desk.consents(desk.report(), recipient=unit.id)))
    assert unit.reads(app)
    assert police.reads(app) == []


def test_whom_the_person_excluded_is_not_told(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    given = desk.consents(desk.report(), excluded=[police.id])
    assert refusal(desk, WithConsent(given), to=[unit.id, police.id]) == {Fact.MAY_NOT_BE_TOLD}
    desk.publishes(WithConsent(given))
    assert unit.reads(app)
    assert police.reads(app) == []


def test_a_caseworker_may_tell_fewer(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    desk.publishes(to=[police.id])
    assert unit.reads(app) == []
    assert police.reads(app)


def test_without_anybody_to_tell_nothing_leaves(desk: Desk) -> None:
    desk.admits("Elsewhere", "BG")
    ground = Bystander(desk.report(bystander=True), NOOR)
    assert refusal(desk, ground) == {Fact.NOBODY_TO_TELL}
    assert refusal(desk, ground, to=[]) == {Fact.NOBODY_TO_TELL}


def test_releasing_and_recalling_are_written_down(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    desk.recalls(lead_id)
    with desk.store.read() as session:
        lines = [(line.who, line.did, line.what) for line in audit.page(session)]
    assert lines[:2] == [
        (NOOR, "recall", lead_id),
        (NOOR, "publish", f"{lead_id} bystander {NOOR}"),
    ]


def test_a_recalled_lead_is_revoked_and_tells_nothing_any_more(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(
        headline="Workers at a car wash",
        translations={"ro": "Muncitori la o spălătorie auto."},
        links=("https://ads.example.com/post",),
    )
    before = {found["id"]: found for found in dele.reads(app) if "modified" in found}
    assert desk.recalls(lead_id)
    after = {found["id"]: found for found in dele.reads(app, **{"match[version]": "all"})}
    revoked = [found for found in after.values() if found.get("revoked")]
    assert {found["type"] for found in revoked} == {
        "report",
        "note",
        "observed-data",
        "language-content",
    }
    assert all(found["modified"] > before[found["id"]]["modified"] for found in revoked)
    assert not any(
        "car wash" in str(found) or "spălătorie" in str(found) for found in after.values()
    )
    assert not any(found["type"] == "url" for found in after.values())
    with desk.store.read() as session:
        assert session.execute(select(leads.c.told)).scalar_one() == {}


def test_a_reader_who_saw_the_lead_hears_of_its_recall(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    page = dele.asks(app, "/taxii2/leads/collections/leads/objects/")
    desk.recalls(lead_id)
    news = dele.reads(app, added_after=page.headers["X-TAXII-Date-Added-Last"])
    assert {found["type"] for found in news} == {"report", "note"}
    assert all(found["revoked"] for found in news)


def test_a_lead_is_recalled_once(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    assert desk.recalls(lead_id)
    assert not desk.recalls(lead_id)
    with pytest.raises(NotFound):
        desk.recalls("f" * 32)


def test_a_link_stays_while_another_lead_tells_it(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    link = "https://ads.example.com/post"
    first, second = desk.publishes(links=(link,)), desk.publishes(links=(link,))
    desk.recalls(first)
    assert [found["value"] for found in dele.reads(app, **{"match[type]": "url"})] == [link]
    desk.recalls(second)
    assert dele.reads(app, **{"match[type]": "url"}) == []


def test_taking_consent_back_recalls_what_rests_on_it(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    given = desk.consents(desk.report())
    lead_id, other = desk.publishes(WithConsent(given)), desk.publishes()

    assert desk.takes_back(given) == [lead_id]
    assert refusal_of(desk, WithConsent(given)) == {Fact.NO_CONSENT}
    reports = dele.reads(app, **{"match[type]": "report"})
    assert {
        found["id"].replace("-", "")[-32:]: found.get("revoked", False) for found in reports
    } == {
        lead_id: True,
        other: False,
    }


def test_the_sweep_recalls_what_has_lost_its_consent(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    given = desk.consents(desk.report(), until=desk.at.date())
    lead_id = desk.publishes(WithConsent(given))
    desk.publishes()

    def sweep(session):
        return publish.recall_lapsed(session, at=desk.at)

    assert desk.store.write(sweep) == []
    desk.at += timedelta(days=1)
    assert desk.store.write(sweep) == [lead_id]
    assert desk.store.write(sweep) == []


def test_a_desk_finds_the_leads_of_its_report_until_that_is_erased(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(Bystander(report_id, NOOR))
    with desk.store.read() as session:
        assert publish.of_report(session, report_id) == [lead_id]
    desk.store.write(lambda session: publish.forget(session, report_id))
    with desk.store.read() as session:
        assert publish.of_report(session, report_id) == []
        assert session.execute(select(lead_sources)).all() == []
