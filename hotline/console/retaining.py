"""How long a desk keeps what it closed, what ends next, what people asked to be erased, and what lies untouched."""

import re
from datetime import timedelta

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit
from hotline.console.numbers import number_in
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.retention import asking, endings
from hotline.retention.endings import Ending
from hotline.retention.idle import idle
from hotline.retention.rules import LONGEST, SHORTEST, BeyondTheLimits, Kind, rules, set_rule
from hotline.store import Session
from hotline.triage.access import hidden_from
from hotline.vault.erasing import closable

retaining = room("retaining", Right.OVERSEE)

AHEAD = timedelta(days=14)
_PAGE = 50
_PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.([0-9a-f]{32})\.([a-z]{1,12})")


@retaining.get("/retention")
def show_retention() -> Response:
    return _page()


@retaining.post("/retention")
def decide() -> AnyResponse:
    """Keep the rules that were typed, all or none; each that changes is written down."""
    me, at = g.keyholder, g.at
    wanted = {kind: number_in(request.form, kind) for kind in Kind if kind in request.form}

    def work(session: Session) -> None:
        for kind, days in wanted.items():
            if set_rule(session, me.desk, kind, days or 0):
                audit.record(
                    session,
                    at=at,
                    who=me.staff_id,
                    did="retention_rule",
                    desk=me.desk,
                    what=f"{kind} {days}",
                )

    here().store.write(work)
    return go("retaining.show_retention")


@retaining.errorhandler(BeyondTheLimits)
def ask_again(_error: BeyondTheLimits) -> Response:
    return _page(status=422, fault="limits")


def _page(*, status: int = 200, fault: str = "") -> Response:
    desk, at = g.keyholder.desk, g.at
    place = _PLACE.fullmatch(request.args.get("after", ""))
    after = (place[1], place[2], place[3]) if place else ("", "", "")
    hidden = hidden_from(g.keyholder.staff_id)
    with here().store.read() as session:
        its = rules(session, desk)
        counts = endings.count_soon(session, desk, at=at, within=AHEAD, hidden=hidden)
        found = endings.soon(
            session, desk, at=at, within=AHEAD, after=after, limit=_PAGE + 1, hidden=hidden
        )
        wished = asking.of_desk(session, desk, at=at, limit=_PAGE, hidden=hidden)
        untouched = idle(session, desk, at=at, limit=_PAGE, hidden=hidden)
        periods = closable(session, here().keyring, desk, at)
    typed = request.form if fault else {}
    return show(
        "console/retention.html",
        status=status,
        fault=fault,
        rules=[(kind, typed.get(kind, str(its[kind])), LONGEST[kind]) for kind in Kind],
        shortest=SHORTEST,
        counts=counts,
        ending=found[:_PAGE],
        next=_place_of(found[_PAGE - 1]) if len(found) > _PAGE else "",
        after=request.args.get("after", ""),
        wished=wished,
        untouched=untouched,
        idle_days=its[Kind.IDLE],
        periods=periods,
    )


def _place_of(one: Ending) -> str:
    return f"{one.day}.{one.report_id}.{one.kind}"
