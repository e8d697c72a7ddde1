"""The quarantine as pages: what very many sent at once, seen by groups and opened or dismissed as a whole."""

import re
from datetime import UTC, datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.numbers import number_in
from hotline.console.queue import in_rows, with_previews
from hotline.console.reasons import telling
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.report import minute
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.parts import here
from hotline.triage import grouping
from hotline.triage import quarantine as beside

quarantine = room("quarantine", Right.READ)
sorting = room("sorting", Right.REPLY)

_OTHERS = "others"
_GROUP = re.compile(r"[0-9a-f]{32}")


@quarantine.get("/quarantine")
def show_groups() -> Response:
    return _groups()


@quarantine.get("/quarantine/<group>")
def show_group(group: str) -> Response:
    """Show each report of a group, to be opened one by one."""
    alike, after = _named(group), request.args.get("after", "")
    with here().store.read() as session:
        its = beside.group(session, g.keyholder.desk, alike)
        page = beside.in_group(session, g.keyholder.desk, alike, at=g.at, after=after)
        rows = with_previews(session, page.rows)
    return show(
        "console/quarantine/group.html",
        its=its,
        group=group,
        next=page.next,
        after=after,
        **in_rows(rows),
    )


@sorting.post("/quarantine/<group>/open")
def open_all(group: str) -> AnyResponse:
    """Let a whole group into the queue."""
    me, at, alike = g.keyholder, g.at, _named(group)
    done = grouping.release_group(here().store, me.desk, alike, by=me.staff_id, at=at)
    here().reception.admission.let_in(alike)
    return go("quarantine.show_groups", entered=done) if done else _groups(status=404)


@sorting.get("/quarantine/<group>/dismiss")
def ask_dismiss(group: str) -> Response:
    return _ask(group)


@sorting.post("/quarantine/<group>/dismiss")
def dismiss_all(group: str) -> AnyResponse:
    """Close what whoever is signed in was asked about, and nothing that came since."""
    hotline, me, at, alike = here(), g.keyholder, g.at, _named(group)
    if not request.form.get("why", "").strip():
        return _ask(group, status=422)
    done = grouping.dismiss_group(
        hotline.store,
        me.desk,
        alike,
        keyring=hotline.keyring,
        by=me.staff_id,
        why=request.form["why"],
        at=at,
        before=_asked_at(),
    )
    return go("quarantine.show_groups", dismissed=done) if done else _groups(status=404)


@sorting.post("/report/<report_id>/let-in")
def let_in(report_id: str) -> AnyResponse:
    """Let one report into the queue; one that is there already stays there."""
    with here().store.read() as session:
        triage.report_facts(session, report_id, desk=g.keyholder.desk)
    act_on(beside.release, report_id)
    return go("report.show_report", report_id=report_id)


def _groups(*, status: int = 200) -> Response:
    after = request.args.get("after", "")
    with here().store.read() as session:
        page = beside.groups(session, g.keyholder.desk, after=after)
        firsts = with_previews(session, [group.first for group in page.rows])
    return show(
        "console/quarantine/groups.html",
        status=status,
        groups=[
            (its, _name(its.alike), preview)
            for its, (_, preview) in zip(page.rows, firsts, strict=True)
        ],
        entered=number_in(request.args, "entered"),
        dismissed=number_in(request.args, "dismissed"),
        next=page.next,
        after=after,
        telling=telling,
        waited=_waited,
    )


def _ask(group: str, *, status: int = 200) -> Response:
    """Ask once more, with the number: of what is here now, not of what comes while somebody thinks about it."""
    alike, desk = _named(group), g.keyholder.desk
    before = _asked_at()
    with here().store.read() as session:
        its = beside.group(session, desk, alike)
        number = grouping.count(session, desk, alike, before=before)
        ((_, preview),) = with_previews(session, [its.first])
    return show(
        "console/quarantine/dismiss.html",
        status=status,
        its=its,
        group=group,
        number=number,
        before=before,
        preview=preview,
        telling=telling,
        fault="why_dismiss" if status == 422 else "",
    )


def _asked_at() -> datetime:
    """Return the minute before which a report came if whoever dismisses was asked about it."""
    try:
        asked = datetime.fromisoformat(request.form.get("before", ""))
    except ValueError:
        return minute(g.at)
    now = minute(g.at)
    return min(asked.replace(tzinfo=asked.tzinfo or UTC), now)


def _named(group: str) -> str:
    """Return the group that an address names.

    Raises:
        NotFound: it names none.
    """
    if group == _OTHERS:
        return beside.UNLIKE
    if not _GROUP.fullmatch(group):
        raise NotFound
    return group


def _name(alike: str) -> str:
    return alike or _OTHERS


def _waited(since: datetime) -> int:
    """Return for how many minutes somebody has waited."""
    return max(int((g.at - since).total_seconds()) // 60, 0)
