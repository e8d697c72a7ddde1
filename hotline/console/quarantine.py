"""The quarantine as pages: what very many sent at once, seen by groups, and opened as a whole."""

import re
from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.numbers import number_in
from hotline.console.queue import in_rows, with_previews
from hotline.console.reasons import telling
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.parts import here
from hotline.triage import grouping
from hotline.triage import quarantine as beside
from hotline.triage.apart import brought

quarantine = room("quarantine", Right.READ)
sorting = room("sorting", Right.REPLY)

_OTHERS = "others"
_GROUP = re.compile(r"[0-9a-f]{32}")


@quarantine.get("/quarantine")
def show_groups() -> Response:
    return groups_page()


@quarantine.get("/quarantine/<group>")
def show_group(group: str) -> Response:
    """Show each report of a group, to be opened one by one."""
    alike, after = named(group), request.args.get("after", "")
    with here().store.read() as session:
        its = beside.group(session, g.keyholder.desk, alike)
        page = beside.in_group(session, g.keyholder.desk, alike, at=g.at, after=after)
        rows = with_previews(session, page.rows)
        came = brought(session, g.keyholder, [row.id for row in page.rows])
    return show(
        "console/quarantine/group.html",
        its=its,
        group=group,
        brought=came,
        next=page.next,
        after=after,
        **in_rows(rows),
    )


@sorting.post("/quarantine/<group>/open")
def open_all(group: str) -> AnyResponse:
    """Let a whole group into the queue."""
    me, at, alike = g.keyholder, g.at, named(group)
    done = grouping.release_group(here().store, me.desk, alike, by=me.staff_id, at=at)
    here().reception.admission.let_in(alike)
    return go("quarantine.show_groups", entered=done) if done else groups_page(status=404)


@sorting.post("/report/<report_id>/let-in")
def let_in(report_id: str) -> AnyResponse:
    """Let one report into the queue; one that is there already stays there."""
    with here().store.read() as session:
        triage.report_facts(session, report_id, desk=g.keyholder.desk)
    act_on(beside.release, report_id)
    return go("report.show_report", report_id=report_id)


def groups_page(*, status: int = 200) -> Response:
    """Return the page of all groups."""
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


def named(group: str) -> str:
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
