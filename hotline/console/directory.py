"""The directory of services as staff read it: found by a few words, a page for each record, what was changed, and when.

Whoever refers may say that they checked a service; who else changes something is for `directory_editing`. Words
that are looked for are sent in a form and stand in no address.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit
from hotline.console.directory_forms import DAYS, beside_closed, tongues
from hotline.console.faults import show_fault
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import day_names, locale
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.parts import here
from hotline.store import Session
from referral import history, listing, putting_back, verifying, viewing
from referral.editing import NotThere, record_of, row_of
from referral.history import Changed, Record, Version
from referral.parts import FIELDS, RECORDS
from referral.planning import NEWEST
from referral.provenance import WHOLE, held_of, sources_of
from referral.shut import NOTHING_SHUT, shut
from referral.withheld import BLANK, NOTHING, Document, Withheld, told, withheld

services = room("services", Right.REFER, Right.STAFF)

VIEWS = ("services", "organizations", "locations", "stale")
PAGE = 50
_VERSIONS = 20
_LONGEST = 200
_PLAIN = frozenset({"link_id", "link_entity", "link_type", "updated"})
_LISTS: dict[str, Callable[..., Sequence[Any]]] = {
    "services": listing.services,
    "organizations": listing.organizations,
    "locations": listing.locations,
}


@services.get("/directory")
def show_directory() -> Response:
    return _list(request.args.get("view", ""), "", request.args.get("after", ""))


@services.post("/directory")
def find() -> Response:
    """Find by words; they are sent, and never stand in an address."""
    words = request.form.get("words", "").strip()[:_LONGEST]
    return _list(request.form.get("view", ""), words, request.form.get("after", ""))


@services.post("/directory/checked")
def check() -> AnyResponse:
    """Keep that whoever is signed in checked these services themselves, today."""
    me, at, chosen = g.keyholder, g.at, request.form.getlist("service")[:PAGE]

    def write(session: Session) -> list[str]:
        found = verifying.check(session, chosen, by=me.pseudonym, at=at)
        for service_id in found:
            record = Record("service", service_id)
            note_done(session, "directory_checked", record, who=me.staff_id, at=at)
        return found

    found = here().store.write(write)
    if "one" in request.form and found:
        return go("services.show_record", kind="service", row_id=found[0])
    return go("services.show_directory", view="stale")


@services.get("/directory/<kind>/<row_id>")
def show_record(kind: str, row_id: str) -> Response:
    return record_page(kind, row_id)


@services.get("/directory/<kind>/<row_id>/history")
def show_history(kind: str, row_id: str) -> Response:
    return history_page(kind, row_id)


@services.errorhandler(NotThere)
def say_not_there(_error: NotThere) -> Response:
    return show_fault(NotFound())


def weekdays(*, is_short: bool = False) -> dict[str, str]:
    """Return the days of the week as the reader calls them, by their codes in calendars."""
    names = (short if is_short else whole for short, whole in day_names(locale()))
    return dict(zip(DAYS, names, strict=True))


def may_edit() -> bool:
    """Tell whether who is signed in keeps the directory."""
    return bool(g.keyholder.may(Right.OVERSEE) or g.keyholder.may(Right.STAFF))


def note_done(session: Session, did: str, record: Record, *, who: str, at: datetime) -> None:
    """Write into the log what was done with a record of the directory."""
    audit.record(session, at=at, who=who, did=did, what=f"{record.kind} {record.id}")


def record_page(
    kind: str, row_id: str, *, is_open: bool = False, status: int = 200, fault: str = ""
) -> Response:
    """Show one record; *is_open* where its address is shown although it is kept secret."""
    with here().store.read() as session:
        record = _record(session, kind, row_id)
        secret = withheld(session)
        document = viewing.view(session, record, is_open=is_open)
        facts = _facts(session, record, document, secret, is_open=is_open)
        hidden = [] if is_open else viewing.kept_secret(session, record)
    return show(
        "console/directory/record.html",
        status=status,
        fault=fault,
        record=record,
        one=_silent(document),
        is_open=is_open,
        may_edit=may_edit(),
        hidden=hidden,
        done=request.args.get("done", ""),
        tongues=dict(tongues(locale())),
        shown_fields=FIELDS[record.kind],
        weekdays=weekdays(is_short=True),
        beside_closed=beside_closed,
        **facts,
    )


def history_page(
    kind: str, row_id: str, *, is_open: bool = False, status: int = 200, fault: str = ""
) -> Response:
    """Show what was changed of a record; of a secret place only what, unless it *is_open*."""
    before = request.values.get("before", "")
    with here().store.read() as session:
        record = _record(session, kind, row_id)
        secret = withheld(session)
        if record.kind == "location" and not may_edit():
            raise NotThere
        found = history.versions(session, record, before=_number(before), limit=_VERSIONS + 1)
        shown = _shown(session, record, found[:_VERSIONS], secret, is_open=is_open)
        name = _name(viewing.view(session, record))
    return show(
        "console/directory/history.html",
        status=status,
        fault=fault,
        record=record,
        name=name,
        versions=shown,
        is_shut=any(each["is_shut"] for one in shown for each in one["changes"]),
        may_edit=may_edit(),
        before=before,
        is_open=is_open,
        weekdays=weekdays(is_short=True),
        next=found[_VERSIONS - 1].number if len(found) > _VERSIONS else "",
    )


class _Silent(dict[str, Any]):
    """A document as templates read it: what it does not say is None."""

    def __missing__(self, name: str) -> None:
        return None


def _silent(found: Any) -> Any:
    if isinstance(found, list):
        return [_silent(each) for each in found]
    if isinstance(found, dict):
        return _Silent((name, _silent(value)) for name, value in found.items())
    return found


def _list(view: str, words: str, after: str) -> Response:
    view = view if view in VIEWS else "services"
    with here().store.read() as session:
        due = verifying.count_stale(session, g.at.date())
        if view == "stale":
            found: Sequence[Any] = verifying.stale(
                session, g.at.date(), after=after, limit=PAGE + 1
            )
        else:
            found = _LISTS[view](session, words=words, after=after, limit=PAGE + 1)
    rows: list[Any] = list(found[:PAGE])
    return show(
        "console/directory/list.html",
        view=view,
        views=VIEWS,
        words=words,
        rows=rows,
        due=due,
        after=after,
        next=_place(rows[-1]) if len(found) > PAGE else "",
        may_edit=may_edit(),
        is_due=lambda one: verifying.is_due(one.checked, g.at.date(), is_secret=one.is_secret),
    )


def _place(row: Any) -> str:
    return str(getattr(row, "place", row.id))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _record(session: Session, kind: str, row_id: str) -> Record:
    if kind not in RECORDS:
        raise NotThere
    return record_of(session, kind, row_id)


def _facts(
    session: Session, record: Record, document: Document, secret: Withheld, *, is_open: bool
) -> dict[str, object]:
    """Return what a page shows besides the record itself: who brought it, what stands against that, what is near."""
    is_secret = record.id in secret.location_ids or bool(
        verifying.secret_services(session, [record.id], secret)
    )
    edited = _edited(session, document, secret)
    facts: dict[str, object] = {
        "name": _name(document),
        "sources": sources_of(session, record.id),
        "edited": [] if is_secret and not is_open else edited,
        "is_edited_unseen": bool(edited) and is_secret and not is_open,
        "is_secret": is_secret,
    }
    if record.kind == "service":
        checked, by = verifying.last_check(session, record.id)
        due = verifying.is_due(checked, g.at.date(), is_secret=is_secret)
        return facts | {"checked": checked, "by": by, "due": due}
    if record.kind == "organization":
        return facts | _of_organization(session, record)
    return facts | _of_location(session, record, secret)


def _edited(
    session: Session, document: Document, secret: Withheld
) -> list[tuple[str, str, str, str | None]]:
    """Return which fields were edited here, by kind, id and name, with what the source says instead."""
    found = held_of(session, [each["id"] for each in viewing.nested(document)])
    return sorted(
        (*key, told(says, secret) if says is not None else None)
        for key, says in found.items()
        if key[2] != WHOLE and key[2] in FIELDS.get(key[0], ()) and key[2] not in NEWEST
    )


def _of_organization(session: Session, record: Record) -> dict[str, object]:
    after = request.args.get("after", "")
    found = listing.services(session, of=record.id, after=after, limit=PAGE + 1)
    houses = listing.locations(session, of=record.id, limit=PAGE + 1)
    return {
        "services": found[:PAGE],
        "locations": houses[:PAGE],
        "more_locations": len(houses) > PAGE,
        "after": after,
        "next": found[PAGE - 1].id if len(found) > PAGE else "",
    }


def _of_location(session: Session, record: Record, secret: Withheld) -> dict[str, object]:
    owner = viewing.organization_of(session, record)
    name = str(row_of(session, "organization", owner)["name"]) if owner else ""
    return {
        "owner": owner,
        "owner_name": told(name, secret),
        "services": viewing.services_at(session, record.id, secret),
    }


def _name(document: Document) -> str:
    return str(document.get("name") or "")


def _is_plain(each: Changed, record: Record) -> bool:
    """Tell whether a change only says of which record a part is, or when it was kept."""
    return each.field in _PLAIN or record.id in (each.before, each.after)


def _shown(
    session: Session, record: Record, found: list[Version], secret: Withheld, *, is_open: bool
) -> list[dict[str, Any]]:
    """Return versions as the page shows them, with what each field says now where that is something else."""
    secret = NOTHING if is_open else secret
    changes = [each for one in found for each in one.changes]
    there = putting_back.now(session, changes)
    names = viewing.names_of(session, changes, secret)
    hidden = NOTHING_SHUT if is_open else shut(session, record, there)

    def line(each: Changed) -> dict[str, object]:
        row = there.get((each.kind, each.row_id))
        is_shut = hidden.hides(each)

        def in_words(text: str) -> str:
            return (BLANK if text else "") if is_shut else names.get(text, told(text, secret))

        is_now = history.as_text(row[each.field]) if row and each.field in row else ""
        return {
            "its": each,
            "before": in_words(each.before),
            "after": in_words(each.after),
            "now": in_words(is_now) if row and is_now != each.after else None,
            "is_gone": row is None,
            "is_shut": is_shut,
        }

    return [
        {
            "its": one,
            "changes": [line(each) for each in one.changes if not _is_plain(each, record)],
            "may_put_back": putting_back.may_put_back(one),
        }
        for one in found
    ]
