"""What a supervisor must look at, as a page: each alert says what to do, and is settled by whoever looked."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.told import emergency_of
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage.access import hidden_from
from hotline.triage.alerts import (
    Kind,
    OwnAct,
    RemarkMissing,
    open_alerts,
    settle,
    settled_alerts,
)

alerts = room("alerts", Right.OVERSEE)

_PAGE = 50
_SETTLED = 10
_LONGEST_REMARK = 1000
_OF_EMERGENCY = (Kind.EMERGENCY, Kind.REVIEW_LATE, Kind.UNTOLD)


@alerts.get("/alerts")
def show_alerts() -> Response:
    return _page()


@alerts.post("/alerts/<alert_id>/settle")
def settle_alert(alert_id: str) -> AnyResponse:
    """Write down what the supervisor found."""
    hotline, me, at = here(), g.keyholder, g.at
    remark = request.form.get("remark", "")[:_LONGEST_REMARK]
    hotline.store.write(
        lambda session: settle(
            session,
            alert_id,
            keyring=hotline.keyring,
            desk=me.desk,
            by=me.staff_id,
            remark=remark,
            at=at,
            hidden=hidden_from(me.staff_id),
        )
    )
    return go("alerts.show_alerts")


@alerts.errorhandler(RemarkMissing)
def ask_for_remark(error: RemarkMissing) -> Response:
    """Show the page again, with the question at the alert that it is about."""
    return _page(status=422, fault="remark", at_alert=error.ref)


@alerts.errorhandler(OwnAct)
def leave_to_others(error: OwnAct) -> Response:
    return _page(status=403, fault="own", at_alert=error.ref)


def _page(*, status: int = 200, fault: str = "", at_alert: str = "") -> Response:
    after, desk = request.args.get("after", ""), g.keyholder.desk
    hidden = hidden_from(g.keyholder.staff_id)
    with here().store.read() as session:
        found = open_alerts(session, desk, after=after, limit=_PAGE + 1, hidden=hidden)
        settled = () if after else settled_alerts(session, desk, limit=_SETTLED, hidden=hidden)
        emergencies = {
            one.report_id: emergency_of(session, g.keyholder, one.report_id)
            for one in found[:_PAGE]
            if one.kind in _OF_EMERGENCY
        }
    return show(
        "console/alerts.html",
        status=status,
        alerts=found[:_PAGE],
        settled=settled,
        emergencies=emergencies,
        next=found[_PAGE - 1].id if len(found) > _PAGE else "",
        fault=fault,
        at_alert=at_alert,
    )
