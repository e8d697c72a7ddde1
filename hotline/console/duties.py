"""What the law makes us tell: what is due at this desk, a draft of it, that it was told or why not, and that they know.

The draft is composed from what its reader may read anyway, and kept nowhere.
"""

from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit, consent
from hotline.consent.telling import To
from hotline.console.acting import act_on
from hotline.console.ending import how_it_ends
from hotline.console.reading import read_report
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound
from hotline.law import Duty
from hotline.parts import here
from hotline.retention import duties as owed_duties
from hotline.retention import feedback
from hotline.retention.docket import Step
from hotline.retention.duties import FIELDS, Owed, State
from hotline.retention.holds import WordsMissing
from hotline.store import Session
from hotline.triage import duties as calls
from hotline.triage.access import hidden_from
from hotline.vault.envelope import SealBroken

duties = room("duties", Right.OVERSEE)

TOLD = "told"
_PAGE = 50
_LINES = 200


@duties.get("/duties")
def show_duties() -> Response:
    """List what is due by law, the longest overdue first, then who waits to hear from us."""
    after, behind, desk = (
        request.args.get("after", ""),
        request.args.get("before", ""),
        g.keyholder.desk,
    )
    clocks, hidden = here().law.feedback(desk), hidden_from(g.keyholder.staff_id)
    with here().store.read() as session:
        found = owed_duties.open_duties(session, desk, after=after, limit=_PAGE + 1, hidden=hidden)
        untold = () if after or behind else owed_duties.untold(session, desk, hidden=hidden)
        late = feedback.late(
            session, desk, clocks, at=g.at, after=behind, limit=_PAGE + 1, hidden=hidden
        )
    return show(
        "console/duties.html",
        owed=found[:_PAGE],
        rules=_rules(found),
        untold=untold,
        late=late[:_PAGE],
        after=after,
        behind=behind,
        next=found[_PAGE - 1].id if len(found) > _PAGE else "",
        next_late=late[_PAGE - 1].report_id if len(late) > _PAGE else "",
    )


@duties.get("/report/<report_id>/duty/<duty_id>")
def show_duty(report_id: str, duty_id: str) -> Response:
    return _page(report_id, duty_id)


@duties.post("/report/<report_id>/duty/<duty_id>")
def settle(report_id: str, duty_id: str) -> AnyResponse:
    """Write down that it was made, or why it is not needed, or how the person was told."""
    step, words, keyring = (
        request.form.get("step", ""),
        request.form.get("words", ""),
        here().keyring,
    )
    facts: dict[str, object] = {"keyring": keyring, "words": words}
    if step == State.MADE:
        act_on(_made, duty_id, of=report_id, to=_office(), fields=_fields(), **facts)
    elif step == State.NOT_NEEDED:
        act_on(_not_needed, duty_id, of=report_id, **facts)
    elif step == TOLD:
        act_on(_told, duty_id, of=report_id, **facts)
    else:
        raise Malformed(ref=report_id)
    return go("duties.show_duty", report_id=report_id, duty_id=duty_id)


@duties.errorhandler(WordsMissing)
def ask_for_words(_error: WordsMissing) -> Response:
    return _again("words")


@duties.errorhandler(consent.ConsentRefused)
def ask_for_fields(_error: consent.ConsentRefused) -> Response:
    return _again("fields")


@duties.errorhandler(owed_duties.InDoubt)
def ask_to_lift_the_mark(_error: owed_duties.InDoubt) -> Response:
    return _again("in_doubt")


def open_for(report_id: str) -> None:
    """Open what the law asks of a report that somebody takes up, without waiting for the sweep."""
    law, at = here().law, g.at
    here().store.write(lambda session: calls.open_for(session, report_id, law, at=at))


def rule_of(owed: Owed) -> Duty | None:
    """Return what the file says of a duty; None where the file no longer has it."""
    its = here().law.jurisdiction(owed.jurisdiction)
    return its.duty(owed.rule) if its else None


def _rules(found: tuple[Owed, ...]) -> dict[str, Duty]:
    return {owed.id: rule for owed in found if (rule := rule_of(owed))}


def _of(session: Session, duty_id: str, report_id: str, desk: str) -> Owed:
    owed = owed_duties.find(session, duty_id, desk)
    if owed.report_id != report_id:
        raise NotFound(ref=report_id)
    return owed


def _made(session: Session, duty_id: str, *, of: str, desk: str, **facts: object) -> None:
    _of(session, duty_id, of, desk)
    owed = owed_duties.made(session, duty_id, desk=desk, **facts)  # type: ignore[arg-type]
    calls.settled(session, owed)


def _not_needed(session: Session, duty_id: str, *, of: str, desk: str, **facts: object) -> None:
    _of(session, duty_id, of, desk)
    owed = owed_duties.not_needed(session, duty_id, desk=desk, **facts)  # type: ignore[arg-type]
    calls.settled(session, owed)


def _told(session: Session, duty_id: str, *, of: str, desk: str, **facts: object) -> None:
    _of(session, duty_id, of, desk)
    owed_duties.tell_person(session, duty_id, desk=desk, **facts)  # type: ignore[arg-type]


def _office() -> str:
    """Return which kind of office was told.

    Raises:
        Malformed: it is none.
    """
    to = request.form.get("to", "")
    if to not in list(To):
        raise Malformed
    return to


def _fields() -> list[str]:
    asked = request.form.getlist("fields")
    return [field for field in FIELDS if field in asked]


def _again(fault: str) -> Response:
    its = request.view_args or {}
    return _page(str(its["report_id"]), str(its["duty_id"]), status=422, fault=fault)


def _page(report_id: str, duty_id: str, *, status: int = 200, fault: str = "") -> Response:
    with here().store.read() as session:
        owed = _of(session, duty_id, report_id, g.keyholder.desk)
        reading = read_report(session, g.keyholder, report_id)
        steps = _steps(session, owed)
        is_doubted = how_it_ends(session, report_id, at=g.at).is_doubted
    its, rule = here().law.jurisdiction(owed.jurisdiction), rule_of(owed)
    return show(
        "console/duties/duty.html",
        status=status,
        owed=owed,
        rule=rule,
        jurisdiction=its,
        reading=reading,
        report=reading.facts,
        steps=steps,
        is_doubted=is_doubted,
        offices=list(To),
        fields=FIELDS,
        fault=fault,
        typed={
            "step": request.form.get("step", ""),
            "words": request.form.get("words", ""),
            "to": request.form.get("to", "") or (rule.to if rule else ""),
            "fields": request.form.getlist("fields"),
        },
    )


def _steps(session: Session, owed: Owed) -> tuple[Step, ...]:
    """Return what was done about a duty, in words, oldest first; these are empty where they do not open."""
    lines = [
        line
        for line in audit.of_report(session, owed.report_id, limit=_LINES)
        if line.did.startswith("duty_") and line.what.split(" ")[0] == owed.id
    ]
    return tuple(_step(session, line, line.at) for line in reversed(lines))


def _step(session: Session, line: audit.Line, at: datetime) -> Step:
    words = ""
    if line.sealed:
        try:
            words = g.keyholder.open_words(
                session, line_id=line.id, desk=line.desk, sealed=line.sealed
            )
        except SealBroken:
            words = ""
    return Step(line.did, line.who, at, words)
