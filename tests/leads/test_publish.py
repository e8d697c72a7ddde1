"""A lead leaves on a standing consent or a bystander's word, to those who may be told, and comes back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hotline import audit, consent
from hotline.errors import NotFound
from hotline.leads import publish
from hotline.leads.disclose import LeadRefused
from hotline.leads.tables import lead_sources, leads, stix_objects
from hotline.leads.wording import Fact
from hotline.triage import excluding
from tests.leads.desk import NOOR, Desk


def refusal_of(desk: Desk, report_id: str, **changes: object) -> frozenset[Fact]:
    with pytest.raises(LeadRefused) as refused:
        desk.publishes(report_id, **changes)
    return refused.value.facts


def refusal(desk: Desk, report_id: str, **changes: object) -> frozenset[Fact]:
    """Return why the lead did not leave, having made sure that nothing of it was kept."""
    facts = refusal_of(desk, report_id, **changes)
    with desk.store.read() as session:
        assert session.execute(select(leads)).all() == []
        assert session.execute(select(stix_objects)).all() == []
    return facts


def test_a_lead_leaves_with_consent(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    given = desk.consents(report_id)
    lead_id = desk.publishes(report_id, confirmed_by="")
    report = next(found for found in dele.reads(app) if found["type"] == "report")
    assert report["id"].replace("-", "").endswith(lead_id)
    with desk.store.read() as session:
        source = session.execute(select(lead_sources)).one()
    assert (source.ground, source.grant_id, source.confirmed_by) == ("grant", given, "")


def test_a_lead_leaves_on_a_bystanders_report(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes(desk.report(bystander=True))
    assert any(found["type"] == "report" for found in dele.reads(app))


def test_a_survivors_report_leaves_by_no_confirmation(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    assert refusal(desk, desk.report()) == {Fact.NO_CONSENT}
    assert refusal(desk, "f" * 32) == {Fact.NO_CONSENT}


def test_what_the_machine_took_for_a_bystanders_needs_somebody_who_confirms_it(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    assert refusal(desk, report_id, confirmed_by="") == {Fact.NOT_CONFIRMED}
    desk.publishes(report_id)
    with desk.store.read() as session:
        assert session.execute(select(lead_sources.c.confirmed_by)).scalars().all() == [NOOR]


def test_who_was_asked_for_consent_is_no_bystander_also_when_it_was_taken_back(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    given = desk.consents(report_id, fields=["country"])
    assert refusal(desk, report_id) == {Fact.NOT_IN_CONSENT}
    desk.takes_back(report_id, given)
    assert refusal(desk, report_id) == {Fact.TAKEN_BACK}


def test_a_consent_that_has_ended_is_none(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id, until=desk.at.date())
    desk.at += timedelta(days=1)
    assert refusal(desk, report_id) == {Fact.ENDED}


def test_a_consent_to_something_else_is_none(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id, purpose=consent.Purpose.HANDOFF, recipient="harbor-house")
    assert refusal(desk, report_id) == {Fact.NO_CONSENT}


def test_only_what_was_consented_to_leaves(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id, fields=["country", "month", "exploitation", "indicators", "summary"])
    with pytest.raises(LeadRefused) as refused:
        desk.publishes(report_id)
    assert {problem.field for problem in refused.value.problems} == {
        "people",
        "control",
        "sector",
    }
    desk.publishes(report_id, people=None, control=(), sector="")


def test_it_is_told_only_to_those_whom_the_consent_names(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    report_id = desk.report()
    desk.consents(report_id, recipient=unit.id)
    desk.publishes(report_id)
    assert unit.reads(app)
    assert police.reads(app) == []


def test_whom_the_person_excluded_is_not_told(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    desk.excludes(report_id, police.id)
    assert refusal(desk, report_id, to=[unit.id, police.id]) == {Fact.EXCLUDED}
    desk.publishes(report_id)
    assert unit.reads(app)
    assert police.reads(app) == []


def test_who_is_excluded_later_loses_it_and_the_others_keep_it(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    desk.publishes(report_id)
    desk.excludes(report_id, police.id)
    feeds = {
        reader.id: reader.asks(app, "/feeds/leads.json").get_json(force=True)["items"]
        for reader in (unit, police)
    }
    assert [item["_lead"]["recalled"] for item in feeds[unit.id]] == [False]
    assert [item["_lead"]["recalled"] for item in feeds[police.id]] == [True]
    assert "car wash" not in str(feeds[police.id])
    theirs = [found for found in police.reads(app) if "revoked" in found]
    assert theirs
    assert all(found["revoked"] for found in theirs)
    assert not [found for found in unit.reads(app) if found.get("revoked")]


def test_a_narrower_yes_takes_back_what_it_does_not_cover(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    lead_id = desk.publishes(report_id)
    desk.consents(report_id, fields=["country"])
    assert desk.store.write(
        lambda session: publish.review(session, report_id, by=NOOR, at=desk.at)
    ) == [lead_id]


def test_somebody_who_may_not_be_told_is_not_asked_for(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    assert refusal(desk, desk.report(bystander=True), to=["f" * 32]) == {Fact.MAY_NOT_BE_TOLD}


def test_a_caseworker_may_tell_fewer(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    desk.publishes(to=[police.id])
    assert unit.reads(app) == []
    assert police.reads(app)


def test_without_anybody_to_tell_nothing_leaves(desk: Desk) -> None:
    desk.admits("Elsewhere", "BG")
    report_id = desk.report(bystander=True)
    assert refusal(desk, report_id) == {Fact.NOBODY_TO_TELL}
    assert refusal(desk, report_id, to=[]) == {Fact.NOBODY_TO_TELL}


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
    report_id = desk.report()
    given = desk.consents(report_id)
    lead_id, other = desk.publishes(report_id), desk.publishes()

    assert desk.takes_back(report_id, given) == [lead_id]
    assert refusal_of(desk, report_id) == {Fact.TAKEN_BACK}
    reports = dele.reads(app, **{"match[type]": "report"})
    assert {
        found["id"].replace("-", "")[-32:]: found.get("revoked", False) for found in reports
    } == {
        lead_id: True,
        other: False,
    }


def test_the_sweep_recalls_what_has_lost_its_consent(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id, until=desk.at.date())
    lead_id = desk.publishes(report_id)
    desk.publishes()

    def sweep(session):
        return excluding.sweep(session, at=desk.at)

    assert desk.store.write(sweep) == []
    desk.at += timedelta(days=1)
    assert desk.store.write(sweep) == [lead_id]
    assert desk.store.write(sweep) == []


def test_a_desk_finds_the_leads_of_its_report_until_that_is_erased(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    with desk.store.read() as session:
        assert publish.of_report(session, report_id) == [lead_id]
    desk.store.write(lambda session: publish.forget(session, report_id))
    with desk.store.read() as session:
        assert publish.of_report(session, report_id) == []
        assert session.execute(select(lead_sources)).all() == []
