"""A later version of a lead takes the place of the former one, and nothing of that can be read any more."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hotline import audit
from hotline.errors import NotFound
from hotline.leads import notices, publish
from hotline.leads.disclose import LeadRefused
from hotline.leads.tables import lead_sources, leads
from hotline.leads.wording import Fact
from hotline.store import Session
from tests.leads.desk import NOOR, Desk, draft

FORMER = (
    "Workers at a car wash sleep in a locked container. The alleged organizer keeps their papers."
)
NEWER = (
    "Workers at a car wash are no longer locked in. The alleged organizer still keeps their papers."
)
OLD_LINK, NEW_LINK = "https://ads.example.com/old", "https://ads.example.com/new"


def revises(desk: Desk, lead_id: str, report_id: str, **changes: Any) -> str:
    terms: dict[str, Any] = {"report_id": report_id, "confirmed_by": NOOR, "replaces": lead_id}
    terms |= {name: changes.pop(name) for name in ("to", "confirmed_by") if name in changes}
    lead = draft(**{"summary": NEWER, **changes})

    def revise(session: Session) -> str:
        return publish.publish(session, lead, by=NOOR, at=desk.at, **terms)

    return desk.store.write(revise)


def test_objects_keep_their_ids_and_nothing_of_the_former_version_stays(
    desk: Desk, app: Flask
) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(
        report_id, links=(OLD_LINK,), translations={"ro": "Muncitori la o spălătorie auto."}
    )
    before = {found["id"]: found for found in dele.reads(app)}
    page = dele.asks(app, "/taxii2/leads/collections/leads/objects/")
    assert revises(desk, lead_id, report_id, links=(NEW_LINK,)) == lead_id

    after = {found["id"]: found for found in dele.reads(app, **{"match[version]": "all"})}
    for kind in ("report", "note", "observed-data"):
        ids = [one for one in after if one.startswith(f"{kind}--")]
        assert ids
        assert set(ids) <= set(before)
        assert all(after[one]["modified"] > before[one]["modified"] for one in ids)
        assert all(after[one]["created"] == before[one]["created"] for one in ids)
        assert not any(after[one].get("revoked") for one in ids)
    assert NEWER in str(after.values())
    assert not any(
        gone in str(after.values()) for gone in (FORMER, OLD_LINK, "spălătorie", "locked container")
    )
    assert [found["value"] for found in after.values() if found["type"] == "url"] == [NEW_LINK]
    assert [found["type"] for found in after.values() if found.get("revoked")] == [
        "language-content"
    ]

    # Who followed from the last thing seen comes upon it, in TAXII and in the feed.
    news = dele.reads(app, added_after=page.headers["X-TAXII-Date-Added-Last"])
    assert {"report", "note", "observed-data", "url", "language-content"} == {
        found["type"] for found in news
    }
    items = dele.asks(app, "/feeds/leads.json").get_json(force=True)["items"]
    assert [item["content_text"].partition("\n")[0] for item in items] == [NEWER]
    assert items[0]["date_modified"] >= items[0]["date_published"]
    with desk.store.read() as session:
        assert session.execute(select(leads)).one().told["summary"] == NEWER
        assert "revise" in [line.did for line in audit.page(session)]
    assert desk.recalls(lead_id)
    assert NEWER not in str(dele.reads(app, **{"match[version]": "all"}))


def test_who_may_not_be_told_the_newer_version_loses_the_former(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    late = desk.report(bystander=True)
    lead_id = desk.publishes(late)
    revises(desk, lead_id, late, to=[unit.id])
    assert NEWER in str(unit.reads(app))
    theirs = [found for found in police.reads(app) if found["type"] in ("report", "note")]
    assert theirs
    assert all(found["revoked"] for found in theirs)
    with desk.store.read() as session:
        assert [one.lead_id for one in notices.open_for(session, police.id)] == [lead_id]
        assert not notices.open_for(session, unit.id)
        assert session.execute(select(leads.c.is_for_all)).scalar_one() is False

    # What was revoked has no later version: they are not told another one.
    revises(desk, lead_id, late)
    assert NEWER not in str(police.reads(app))
    with pytest.raises(LeadRefused) as refused:
        revises(desk, lead_id, late, to=[police.id])
    assert refused.value.facts == {Fact.MAY_NOT_BE_TOLD}


def test_an_agency_that_came_later_reads_the_newer_version(desk: Desk, app: Flask) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    police = desk.admits("Town police", "RO")
    assert police.reads(app) == []
    revises(desk, lead_id, report_id)
    assert NEWER in str(police.reads(app))
    items = police.asks(app, "/feeds/leads.json").get_json(force=True)["items"]
    assert len(items) == 1


def test_only_a_lead_of_the_report_that_stands_has_a_newer_version(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id, other = desk.report(bystander=True), desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    with pytest.raises(NotFound):
        revises(desk, lead_id, other)
    desk.recalls(lead_id)
    with pytest.raises(LeadRefused) as refused:
        revises(desk, lead_id, report_id)
    assert refused.value.facts == {Fact.TAKEN_BACK}


def test_both_versions_together_are_weighed(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    with pytest.raises(LeadRefused) as refused:
        revises(desk, lead_id, report_id, gender="Feminine")
    assert refused.value.facts == {Fact.FEW}
    with desk.store.read() as session:
        assert session.execute(select(leads)).one().told["summary"] == FORMER
        assert "gender" not in session.execute(select(lead_sources)).one().person
