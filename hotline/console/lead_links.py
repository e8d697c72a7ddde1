"""Leads that share something of the alleged: said on the page of one that left, and told to each agency of its own."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.leads.linking_out import (
    Alike,
    can_be_linked,
    link_leads,
    shared_with,
    unlink_leads,
)
from hotline.leads.publish import of_report
from hotline.parts import here
from hotline.store import Session
from hotline.triage import selectors
from hotline.vault.opening import Keyholder

lead_links = room("lead_links", Right.PUBLISH)


@lead_links.post("/report/<report_id>/lead/<lead_id>/link")
def link(report_id: str, lead_id: str) -> AnyResponse:
    """Tell agencies that this lead and the chosen ones share something."""
    others = frozenset(request.form.getlist("other"))
    with here().store.read() as session:
        if not others <= {one.id for one in alike(session, g.keyholder, report_id, lead_id)}:
            raise NotFound(ref=lead_id)
    me, at = g.keyholder, g.at
    here().store.write(
        lambda session: link_leads(session, {lead_id, *others}, by=me.staff_id, at=at)
    )
    return go("released_leads.show_one", report_id=report_id, lead_id=lead_id, _anchor="shares")


@lead_links.post("/report/<report_id>/lead/<lead_id>/unlink")
def unlink(report_id: str, lead_id: str) -> AnyResponse:
    entity_id, me, at = request.form.get("entity", ""), g.keyholder, g.at

    def take_back(session: Session) -> None:
        if lead_id not in of_report(session, report_id) or entity_id not in shared_with(
            session, lead_id
        ):
            raise NotFound(ref=lead_id)
        unlink_leads(session, entity_id, by=me.staff_id, at=at)

    here().store.write(take_back)
    return go("released_leads.show_one", report_id=report_id, lead_id=lead_id, _anchor="shares")


def alike(session: Session, keyholder: Keyholder, report_id: str, lead_id: str) -> list[Alike]:
    """Return the leads that may be said to share something with one of a report: those of reports that have a selector of it."""
    if lead_id not in {one.id for one in can_be_linked(session, [report_id])}:
        return []
    its = selectors.of_report(session, keyholder, report_id)
    found = selectors.sharing(session, keyholder, report_id, its)
    return can_be_linked(session, [one.report_id for one in found])


def link_facts(
    session: Session, keyholder: Keyholder, report_id: str, lead_id: str
) -> dict[str, Any]:
    """Return with which leads one was said to share something, and with which others it may be."""
    shared = shared_with(session, lead_id)
    said = {one for others in shared.values() for one in others}
    found = alike(session, keyholder, report_id, lead_id)
    return {"shared": shared, "alike": [one for one in found if one.id not in said]}
