"""The directory as those who keep it change it: forms, what is added and taken away, retired, and put back.

Where a secret place lies is shown only to whoever opens it, which is written down. Nothing typed is lost: a form
that cannot be kept comes back as it was typed, with what is wrong at each field.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.directory import (
    history_page,
    note_done,
    record_page,
    say_not_there,
    weekdays,
)
from hotline.console.directory_forms import Around, as_kept, asked, typed_in
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.store import Session
from referral import editing, putting_back, viewing
from referral.editing import FieldsRefused, NotThere, Outdated, mark_of, record_of, row_of
from referral.fields import Fault
from referral.history import Record
from referral.parts import FIELDS, PARTS, RECORDS
from referral.putting_back import CannotPutBack
from referral.withheld import withheld

keeping = room("keeping", Right.OVERSEE, Right.STAFF)


@keeping.get("/directory/organizations/new")
def ask_organization() -> Response:
    return _form("organization")


@keeping.post("/directory/organizations/new")
def add_organization() -> AnyResponse:
    return _added("organization", None)


@keeping.get("/directory/<kind>/<row_id>/edit")
def ask(kind: str, row_id: str) -> AnyResponse:
    """Show the form of a row; what is part of a secret place is opened first."""
    with here().store.read() as session:
        record, is_shut = _where(session, kind, row_id)
    if is_shut:
        return go("services.show_record", kind=record.kind, row_id=record.id)
    return _form(kind, row_id)


@keeping.post("/directory/<kind>/<row_id>/open")
def open_secret(kind: str, row_id: str) -> Response:
    """Show where a secret place lies, or the form of a part of it; that it was opened is written down first."""
    with here().store.read() as session:
        record = record_of(session, kind, row_id)
    _note_opened(record, who=g.keyholder.staff_id, at=g.at)
    if request.form.get("what") == "history":
        return history_page(record.kind, record.id, is_open=True)
    if kind in RECORDS and request.form.get("what") != "form":
        return record_page(kind, row_id, is_open=True)
    return _form(kind, row_id)


@keeping.post("/directory/<kind>/<row_id>/edit")
def edit(kind: str, row_id: str) -> AnyResponse:
    """Keep what was typed, if all of it can be kept."""
    me, at, typed, speaks = g.keyholder, g.at, typed_in(request.form, _known(kind)), locale()
    seen = request.form.get("seen", "")

    def write(session: Session) -> Record:
        row = viewing.texts(kind, row_of(session, kind, row_id))
        around = Around(kind, record_of(session, kind, row_id), speaks)
        kept = as_kept(session, around, typed, row)
        record = editing.edit(session, kind, row_id, kept, seen=seen, by=me.pseudonym, at=at)
        note_done(session, "directory_edited", record, who=me.staff_id, at=at)
        return record

    return _go_to(here().store.write(write), "kept")


@keeping.get("/directory/<kind>/<row_id>/add/<part>")
def ask_part(kind: str, row_id: str, part: str) -> Response:
    return _form(part, to=Record(kind, row_id))


@keeping.post("/directory/<kind>/<row_id>/add/<part>")
def add_part(kind: str, row_id: str, part: str) -> AnyResponse:
    return _added(part, Record(kind, row_id.lower()))


@keeping.post("/directory/<kind>/<row_id>/remove")
def remove(kind: str, row_id: str) -> AnyResponse:
    """Take a part away; the history of its record puts it back."""
    return _change(editing.take_away, kind, row_id, done="removed")


@keeping.post("/directory/<kind>/<row_id>/follow")
def follow(kind: str, row_id: str) -> AnyResponse:
    """Let the source decide again on a field that was edited here."""
    field = request.form.get("field", "")
    return _change(editing.follow_source, kind, row_id, field, done="followed")


@keeping.post("/directory/<kind>/<row_id>/retire")
def retire(kind: str, row_id: str) -> AnyResponse:
    return _record_change(editing.retire, kind, row_id, "directory_retired", done="retired")


@keeping.post("/directory/<kind>/<row_id>/revive")
def revive(kind: str, row_id: str) -> AnyResponse:
    return _record_change(editing.revive, kind, row_id, "directory_revived", done="revived")


@keeping.post("/directory/<kind>/<row_id>/put-back")
def put_back(kind: str, row_id: str) -> AnyResponse:
    """Undo one version of a record."""
    number = request.form.get("number", "")
    which = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0

    def undo(session: Session, record: Record, *, by: str, at: datetime) -> None:
        putting_back.put_back(session, record, which, by=by, at=at)

    return _record_change(undo, kind, row_id, "directory_put_back", done="put_back")


keeping.register_error_handler(NotThere, say_not_there)


@keeping.errorhandler(FieldsRefused)
def ask_again(error: FieldsRefused) -> Response:
    """Show the form as it was typed, with what is wrong at each field."""
    return _again(faults=error.faults)


@keeping.errorhandler(Outdated)
def ask_anew(_error: Outdated) -> Response:
    """Show the form as it was typed, with what stands there meanwhile: sent again, it is kept."""
    return _again(is_outdated=True, status=409)


@keeping.errorhandler(CannotPutBack)
def say_why_not(_error: CannotPutBack) -> Response:
    its = request.view_args or {}
    return history_page(its["kind"], its["row_id"], status=409, fault="cannot_put_back")


def _again(
    *, faults: Mapping[str, Fault] | None = None, is_outdated: bool = False, status: int = 422
) -> Response:
    its = request.view_args or {}
    kind, row_id, part = its.get("kind", "organization"), its.get("row_id", ""), its.get("part")
    typed = typed_in(request.form, part or kind)
    to = Record(kind, row_id) if part else None
    key = "" if part else row_id
    if key:
        _note_if_shut(kind, key)
    return _form(
        part or kind, key, to=to, typed=typed, faults=faults, is_outdated=is_outdated, status=status
    )


def _note_if_shut(kind: str, row_id: str) -> None:
    """Write down that a secret place is opened: the form that comes back says what stands there now."""
    with here().store.read() as session:
        record, is_shut = _where(session, kind, row_id)
    if is_shut:
        _note_opened(record, who=g.keyholder.staff_id, at=g.at)


def _note_opened(record: Record, *, who: str, at: datetime) -> None:
    here().store.write(
        lambda session: note_done(session, "directory_opened", record, who=who, at=at)
    )


def _form(
    kind: str,
    row_id: str = "",
    *,
    to: Record | None = None,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, Fault] | None = None,
    is_outdated: bool = False,
    status: int = 200,
) -> Response:
    """Show the form of a row, or without its id of a new one that is part of *to*."""
    with here().store.read() as session:
        row: dict[str, str] = {}
        seen, record = "", None
        if row_id:
            values = row_of(session, kind, row_id)
            row, seen = viewing.texts(kind, values), mark_of(values)
            record = record_of(session, kind, row_id)
            told = _repeating(session, kind, values, row)
            row, faults = row | dict.fromkeys(told, ""), {**told, **(faults or {})}
            if kind == "service_capacity":
                row["unit_name"] = viewing.unit_name(session, row["unit_id"])
        elif to is not None:
            if kind not in PARTS.get(to.kind, ()):
                raise NotThere
            record = record_of(session, to.kind, to.id)
        elif kind != "organization":
            raise NotThere
        fields = asked(session, Around(kind, record, locale()), row, typed=typed, faults=faults)
        name = viewing.name_of(session, record) if record else ""
    return show(
        "console/directory/form.html",
        status=status,
        kind=kind,
        row_id=row_id,
        to=to,
        record=record,
        name=name,
        fields=fields,
        seen=seen,
        wrong=[one for one in fields if one.fault],
        is_outdated=is_outdated,
        weekdays=weekdays(),
    )


def _repeating(
    session: Session, kind: str, values: editing.Values, row: Mapping[str, str]
) -> dict[str, Fault]:
    """Return the fields that repeat the address of a place that was declared secret after they were typed."""
    secret = withheld(session)
    if viewing.is_withheld(session, kind, values, secret):
        return {}
    return {name: Fault.REPEATS_ADDRESS for name in row if secret.gives_away(row[name])}


def _added(part: str, to: Record | None) -> AnyResponse:
    me, at, typed, speaks = g.keyholder, g.at, typed_in(request.form, _known(part)), locale()

    def write(session: Session) -> Record:
        whose = record_of(session, to.kind, to.id) if to else None
        kept = as_kept(session, Around(part, whose, speaks), typed, {})
        key = editing.add(session, part, kept, to=to, by=me.pseudonym, at=at)
        record = record_of(session, part, key)
        note_done(session, "directory_edited", record, who=me.staff_id, at=at)
        return record

    return _go_to(here().store.write(write), "added")


def _change(
    act: Callable[..., Record], kind: str, row_id: str, *more: str, done: str
) -> AnyResponse:
    me, at = g.keyholder, g.at

    def write(session: Session) -> Record:
        record = act(session, kind, row_id, *more, by=me.pseudonym, at=at)
        note_done(session, "directory_edited", record, who=me.staff_id, at=at)
        return record

    return _go_to(here().store.write(write), done)


def _record_change(
    act: Callable[..., object], kind: str, row_id: str, did: str, *, done: str
) -> AnyResponse:
    me, at = g.keyholder, g.at

    def write(session: Session) -> Record:
        record = record_of(session, kind, row_id)
        if record.kind != kind:
            raise NotThere
        act(session, record, by=me.pseudonym, at=at)
        note_done(session, did, record, who=me.staff_id, at=at)
        return record

    return _go_to(here().store.write(write), done)


def _go_to(record: Record, done: str) -> AnyResponse:
    return go("services.show_record", kind=record.kind, row_id=record.id, done=done)


def _known(kind: str) -> str:
    if kind not in FIELDS:
        raise NotThere
    return kind


def _where(session: Session, kind: str, row_id: str) -> tuple[Record, bool]:
    """Return the record that a row is a part of, and whether it is part of a secret place."""
    record = record_of(session, kind, row_id)
    secret = withheld(session)
    return record, viewing.is_withheld(session, kind, row_of(session, kind, row_id), secret)
