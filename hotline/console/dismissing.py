"""Dismiss what stands in quarantine: a whole group, or those of it that brought more than words, once they were looked at.

Nobody dismisses what they were not shown: what came since, or is more urgent than what the page said, stays. A group
with something urgent in it is for a supervisor.
"""

from datetime import UTC, datetime
from functools import partial

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.quarantine import groups_page, named
from hotline.console.queue import in_rows, with_previews
from hotline.console.reasons import telling
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.report import minute
from hotline.domain.staff import Right, Role
from hotline.domain.urgency import Urgency
from hotline.parts import here
from hotline.triage import grouping
from hotline.triage import quarantine as beside
from hotline.triage.apart import apart, brought, staying
from hotline.triage.quarantine import Group

dismissing = room("dismissing", Right.REPLY)

_FOR_ANYBODY = Urgency.NORMAL
"""Above it a supervisor dismisses, and nobody else."""

_ON_A_PAGE = 50


@dismissing.get("/quarantine/<group>/dismiss")
def ask(group: str) -> Response:
    return _ask(group)


@dismissing.post("/quarantine/<group>/dismiss")
def dismiss_all(group: str) -> AnyResponse:
    """Close what whoever is signed in was asked about, and nothing that came or grew more urgent since."""
    its = _its(group)
    if _is_for_a_supervisor(its):
        return _ask(group, status=403)
    if not request.form.get("why", "").strip():
        return _ask(group, status=422)
    act = grouping.Act(
        g.keyholder.desk, its.alike, g.keyholder.staff_id, g.at, _asked_at(), _shown_as()
    )
    return _dismiss(act, stays=partial(staying, by=g.keyholder))


@dismissing.get("/quarantine/<group>/apart")
def show_apart(group: str) -> Response:
    """Show those of a group that are not dismissed with it."""
    return _show_apart(group)


@dismissing.post("/quarantine/<group>/apart")
def dismiss_apart(group: str) -> AnyResponse:
    """Close those that stood on the page, once somebody says that they looked at each."""
    its = _its(group)
    if _is_for_a_supervisor(its):
        return _show_apart(group, status=403)
    if not request.form.get("why", "").strip():
        return _show_apart(group, fault="why_apart")
    if "looked" not in request.form:
        return _show_apart(group, fault="looked")
    only = tuple(request.form.getlist("report")[:_ON_A_PAGE]) or ("",)
    act = grouping.Act(
        g.keyholder.desk, its.alike, g.keyholder.staff_id, g.at, up_to=_shown_as(), only=only
    )
    return _dismiss(act)


def _dismiss(act: grouping.Act, stays: grouping.Stays = grouping.none_stays) -> AnyResponse:
    hotline, why = here(), request.form["why"]
    done = grouping.dismiss_group(hotline.store, act, keyring=hotline.keyring, why=why, stays=stays)
    return go("quarantine.show_groups", dismissed=done) if done else groups_page(status=404)


def _ask(group: str, *, status: int = 200) -> Response:
    """Ask once more, with the number: of what is here now, not of what comes while somebody thinks about it."""
    its, before = _its(group), _asked_at()
    with here().store.read() as session:
        came = grouping.count(session, g.keyholder.desk, its.alike, before=before)
        stay = apart(session, g.keyholder, its.alike, at=g.at)
        ((_, preview),) = with_previews(session, [its.first])
    here_since = sum(1 for row in stay.rows if row.waiting_since and row.waiting_since < before)
    return show(
        "console/quarantine/dismiss.html",
        status=status,
        its=its,
        group=group,
        number=max(came - here_since, 0),
        late=max(its.count - came, 0),
        stay=stay,
        before=before,
        preview=preview,
        telling=telling,
        ask_whom=_supervisors() if _is_for_a_supervisor(its) else None,
        fault="why_dismiss" if status == 422 else "",
    )


def _show_apart(group: str, *, status: int = 200, fault: str = "") -> Response:
    its = _its(group)
    with here().store.read() as session:
        stay = apart(session, g.keyholder, its.alike, at=g.at)
        rows = with_previews(session, stay.rows[:_ON_A_PAGE])
        came = brought(session, g.keyholder, [row.id for row, _ in rows])
    return show(
        "console/quarantine/apart.html",
        status=422 if fault else status,
        its=its,
        group=group,
        stay=stay,
        brought=came,
        ask_whom=_supervisors() if _is_for_a_supervisor(its) else None,
        fault=fault,
        **in_rows(rows),
    )


def _its(group: str) -> Group:
    """Return the group that an address names.

    Raises:
        NotFound: it names none, or nothing of it is in quarantine any more.
    """
    with here().store.read() as session:
        return beside.group(session, g.keyholder.desk, named(group))


def _is_for_a_supervisor(its: Group) -> bool:
    return its.urgency.rank > _FOR_ANYBODY.rank and not g.keyholder.may(Right.OVERSEE)


def _supervisors() -> list[str]:
    """Return who of the desk may dismiss a group with something urgent in it."""
    members = here().keyring.members
    desk = g.keyholder.desk
    return [one.id for one in members if one.desk == desk and one.role is Role.SUPERVISOR]


def _shown_as() -> Urgency:
    """Return how urgent the page said that the most urgent of them is; who may not dismiss urgent ones saw none."""
    try:
        shown = Urgency(request.form.get("urgency", ""))
    except ValueError:
        return _FOR_ANYBODY
    most = Urgency.IMMEDIATE if g.keyholder.may(Right.OVERSEE) else _FOR_ANYBODY
    return min(shown, most, key=lambda urgency: urgency.rank)


def _asked_at() -> datetime:
    """Return the minute before which a report came if whoever dismisses was asked about it."""
    try:
        asked = datetime.fromisoformat(request.form.get("before", ""))
    except ValueError:
        return minute(g.at)
    now = minute(g.at)
    return min(asked.replace(tzinfo=asked.tzinfo or UTC), now)
