"""A life is in danger: open number and place in one act, call for help, and write down who was told what.

Nothing of what opens stands in an address, and the page closes by itself; until then it stays open while somebody
writes down whom they told. The person learns of it afterwards, once whoever holds the report says that this is safe.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.consent import ConsentRefused
from hotline.consent.telling import To
from hotline.console.acting import act_on
from hotline.console.agreed import excluded
from hotline.console.report import report_page
from hotline.console.revealing import closing, require_here
from hotline.console.rooms import go, room
from hotline.console.speech import locale
from hotline.console.told import whom_to_call
from hotline.domain.staff import Right
from hotline.errors import HotlineError, Malformed
from hotline.parts import here
from hotline.triage import emergency
from hotline.vault.contents import Urgent

urgent = room("urgent", Right.REVEAL)

SECONDS_URGENT = 5 * 60
_LONGEST = 1000
_DAY = timedelta(days=1)


class NoTimeOfDay(Malformed):
    default_message = "this is no time of the day that was"


_FAULTS: dict[type[HotlineError], str] = {
    triage.Held: "emergency_held",
    triage.ReasonMissing: "why_{act}",
    ConsentRefused: "told_{why}",
    NoTimeOfDay: "told_time",
    emergency.NothingOpened: "told_unopened",
    emergency.InDoubt: "told_in_doubt",
    emergency.ToldBefore: "told_before",
}


@urgent.post("/report/<report_id>/emergency")
def open_number_and_place(report_id: str) -> AnyResponse:
    """Claim the report, open number and place at once, and page a supervisor, who asks about it afterwards."""
    require_here(report_id)
    hotline, why = here(), request.form.get("why", "")
    opened = emergency.open_number_and_place(
        hotline.store, g.keyholder, hotline.keyring, report_id=report_id, words=why, at=g.at
    )
    return _opened(report_id, opened, since=g.at)


@urgent.post("/report/<report_id>/emergency/told")
def write_down(report_id: str) -> AnyResponse:
    """Write down who was told what, and when; what stands open meanwhile stays open for the rest of its time."""
    form = request.form
    require_here(report_id)
    if form.get("to", "") not in list(To):
        raise Malformed(ref=report_id)
    act_on(
        emergency.tell,
        report_id,
        keyring=here().keyring,
        to=form["to"],
        fields=form.getlist("fields"),
        words=form.get("words", "")[:_LONGEST],
        told_at=_time(form.get("time", ""), g.at),
        although=form.get("although", ""),
    )
    again = _still_open(report_id)
    return again or go("report.show_report", report_id=report_id, _anchor="told")


@urgent.post("/report/<report_id>/emergency/safe")
def let_know(report_id: str) -> AnyResponse:
    """Let the person's own page show it, and put an answer that says so into the reply box."""
    act_on(emergency.let_know, report_id)
    return go("report.show_report", report_id=report_id, ready="help_called", _anchor="reply")


@urgent.post("/report/<report_id>/emergency/later")
def put_off(report_id: str) -> AnyResponse:
    """Say why the person cannot be told yet."""
    act_on(emergency.put_off, report_id, keyring=here().keyring, why=request.form.get("why", ""))
    return go("report.show_report", report_id=report_id, _anchor="told")


@urgent.errorhandler(triage.Held)
@urgent.errorhandler(triage.ReasonMissing)
@urgent.errorhandler(ConsentRefused)
@urgent.errorhandler(NoTimeOfDay)
@urgent.errorhandler(emergency.NothingOpened)
@urgent.errorhandler(emergency.InDoubt)
@urgent.errorhandler(emergency.ToldBefore)
def explain(error: HotlineError) -> Response:
    """Show the report again, with what was missing where it was asked for; nothing opened, nothing was kept."""
    report_id = str((request.view_args or {})["report_id"])
    act = (request.endpoint or "").rpartition(".")[2]
    fault = _FAULTS[type(error)].format(act=act, why=getattr(error, "why", ""))
    status = 409 if isinstance(error, triage.Held) else 422
    if act != "write_down":
        return report_page(report_id, status=status, fault=fault)
    facts: dict[str, Any] = {"status": status, "fault": fault, "tried": request.form}
    is_theirs = not isinstance(error, triage.Held | emergency.NothingOpened)
    again = _still_open(report_id, **facts) if is_theirs else None
    return again or report_page(report_id, **facts)


def _still_open(report_id: str, **facts: Any) -> Response | None:
    """Open number and place again for who opened them less than five minutes ago; None where that is over.

    The form says when they did. It is a line of its own in the log, as every time that they open.
    """
    since = _since(request.form.get("since", ""))
    if since is None or not since <= g.at < since + timedelta(seconds=SECONDS_URGENT):
        return None
    hotline = here()
    with hotline.store.read() as session:
        if not emergency.has_just_opened(session, report_id, by=g.keyholder.staff_id, at=g.at):
            return None
    opened = emergency.open_number_and_place(
        hotline.store, g.keyholder, hotline.keyring, report_id=report_id, words="", at=g.at
    )
    return _opened(report_id, opened, since=since, **facts)


def _since(typed: str) -> datetime | None:
    """Return the instant that *typed* says, in whole seconds; None where it is none."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 11):
        return None
    return datetime.fromtimestamp(int(typed), UTC)


def _opened(report_id: str, opened: Urgent, *, since: datetime, **facts: Any) -> Response:
    left = max(1, SECONDS_URGENT - int((g.at - since).total_seconds()))
    with here().store.read() as session:
        country = triage.report_facts(session, report_id, desk=g.keyholder.desk).country
        shut = excluded(session, g.keyholder, report_id, locale())
    page = report_page(
        report_id,
        urgent=opened,
        urgent_since=int(since.timestamp()),
        seconds_urgent=left,
        dials=whom_to_call(opened.numbers, country),
        shut=shut,
        **facts,
    )
    return closing(page, report_id, left)


def _time(typed: str, at: datetime) -> datetime:
    """Return the last instant at which clocks in UTC showed *typed*, such as ``21:30``; *at* where nothing was.

    Raises:
        NoTimeOfDay: it is none.
    """
    if not typed:
        return at
    try:
        shown = time.fromisoformat(typed[:5])
    except ValueError:
        raise NoTimeOfDay from None
    told = datetime.combine(at.date(), shown, at.tzinfo)
    return told if told <= at else told - _DAY
