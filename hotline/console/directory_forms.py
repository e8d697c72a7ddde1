"""A form for one row of the directory: which fields it asks for, in which way, and how what was typed is read.

Hours are typed as the clock shows them: the offset that a directory writes behind them is kept.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from werkzeug.datastructures import MultiDict

from hotline.store import Session
from referral import editing, viewing
from referral.editing import FieldsRefused
from referral.fields import Fault
from referral.history import Record
from referral.parts import FIELDS, NEEDED
from referral.tables import TABLES, Kind

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_RARE = {
    "schedule": frozenset(
        [
            "description",
            "timezone",
            "freq",
            "interval",
            "wkst",
            "bymonthday",
            "byweekno",
            "byyearday",
            "dtstart",
            "until",
            "count",
            "attending_type",
            "schedule_link",
        ]
    ),
    "service": frozenset({"accreditations", "licenses", "alternate_name"}),
    "organization": frozenset({"tax_status", "tax_id", "year_incorporated", "legal_status"}),
    "service_area": frozenset({"extent_type", "extent", "uri"}),
    "address": frozenset({"attention", "region"}),
}
"""Fields that few need: they stand in a fold, which is open where one of them says something wrong."""

_LONG = frozenset(
    [
        "description",
        "application_process",
        "eligibility_description",
        "fees_description",
        "interpretation_services",
        "accreditations",
        "licenses",
        "extent",
        "details",
        "amount_description",
        "transportation",
    ]
)
_SHAPES = {Kind.NUMBER: "number", Kind.DATE: "date", Kind.EMAIL: "email", Kind.URI: "url"}
_CHOSEN = {
    "language.code": "language",
    "attribute.taxonomy_term_id": "term",
    "service_at_location.location_id": "place",
    "service_capacity.unit_id": "unit",
}
_SET_HERE = frozenset({"language.name"})
_OPENING = "opening"
"""Asked beside the fields of hours: whether it is open or closed on these days, which HSDS tells in a note alone."""
_KINDS = ("voice", "cell", "text", "fax", "video", "textphone", "pager")
"""Of telephones, as HSDS has them."""
_CLOSED = re.compile(r"\s*closed\b(?! on)(?: for this day)?[\s.:,]*", re.IGNORECASE)
"""As `referral.hours` reads a note, and with what `referral.days` writes."""
_PLAIN_DAYS = re.compile(r"((MO|TU|WE|TH|FR|SA|SU)(,|$))*")
_CLOCK = re.compile(r"(\d{1,2}:\d{2})(.*)")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form. *fault* is the name of a `Fault`, *now* what the row says where that is not what was typed."""

    name: str
    value: str
    shape: str
    choices: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    now: str = ""
    is_needed: bool = False
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is about: the kind of row, the record that it is a part of, and the languages of who reads it."""

    kind: str
    record: Record | None
    speaks: str


def asked(
    session: Session,
    around: Around,
    row: Mapping[str, str],
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, Fault] | None = None,
) -> list[Asked]:
    """Return the fields of a form: what the *row* says, or what was *typed*, with what is wrong with that."""
    kind, said = around.kind, _as_typed(row)
    fields = []
    for name in FIELDS[kind]:
        if f"{kind}.{name}" in _SET_HERE:
            continue
        column = TABLES[kind].c[name]
        value = said.get(name, "") if typed is None else typed.get(name, "")
        shape = _shape(kind, name, value)
        if name == "opens_at":
            fields.append(_asked_opening(said if typed is None else typed))
        fields.append(
            Asked(
                name,
                value,
                shape,
                _choices(session, around, name, shape, value),
                faults[name].name if faults and name in faults else "",
                said.get(name, "") if typed is not None and said.get(name, "") != value else "",
                not column.nullable or name in NEEDED.get(kind, ()),
                name in _RARE.get(kind, ()),
            )
        )
    return fields


def beside_closed(row: Mapping[str, str | None]) -> str | None:
    """Return what the note of hours says besides that it is closed then; None where it is open, or says nothing."""
    if row["opens_at"] or row["closes_at"]:
        return None
    found = _CLOSED.match(row["notes"] or "")
    return (row["notes"] or "")[found.end() :] if found else None


def typed_in(form: MultiDict[str, str], kind: str) -> dict[str, str]:
    """Return what a form says of each field that stood in it."""
    found = {name: form[name].strip() for name in FIELDS[kind] if name in form}
    if kind == "schedule" and _OPENING in form:
        found[_OPENING] = form[_OPENING]
    if "has_days" in form:
        found["byday"] = ",".join(day for day in DAYS if day in form.getlist("day"))
    return found


def as_kept(
    session: Session, around: Around, typed: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, str]:
    """Return what was *typed* as the directory writes it: hours with their offset, names of languages and units.

    Raises: FieldsRefused, where it is closed on no day.
    """
    kept = dict(typed)
    if around.kind == "schedule":
        return _hours(session, around, kept, before)
    if around.kind == "language" and kept.get("code"):
        kept["name"] = dict(tongues("en")).get(kept["code"], "")
    if around.kind == "service_capacity" and "unit_id" in kept:
        kept["unit_id"] = editing.unit_named(session, kept["unit_id"])
    return kept


@lru_cache(maxsize=32)
def tongues(speaks: str) -> tuple[tuple[str, str], ...]:
    """Return codes and names of all languages, signed ones too, by name."""
    names = Locale.parse(speaks.replace("-", "_")).languages
    plain = ((code, name) for code, name in names.items() if "_" not in code)
    return tuple(sorted(plain, key=lambda one: one[1].casefold()))


def _as_typed(row: Mapping[str, str]) -> dict[str, str]:
    """Return a row as a form shows it: hours without their offset, and a note without what another field says."""
    shown = dict(row)
    if "opens_at" in row and (beside := beside_closed(row)) is not None:
        shown |= {"notes": beside, _OPENING: "closed"}
    for name in ("opens_at", "closes_at"):
        if found := _CLOCK.fullmatch(shown.get(name, "")):
            shown[name] = found[1]
    if "unit_name" in row:
        shown["unit_id"] = row["unit_name"]
    return shown


def _hours(
    session: Session, around: Around, kept: dict[str, str], before: Mapping[str, str]
) -> dict[str, str]:
    offset = next(
        (
            found[2]
            for name in ("opens_at", "closes_at")
            if (found := _CLOCK.fullmatch(before.get(name, "")))
        ),
        "",
    )
    if not offset and not before and around.record and around.record.kind == "service":
        offset = viewing.offset_of(session, around.record.id)
    for name in ("opens_at", "closes_at"):
        if re.fullmatch(r"\d{1,2}:\d{2}", kept.get(name, "")):
            kept[name] += offset
    _close(kept, before)
    if kept.get("byday") and not kept.get("freq", before.get("freq", "")):
        kept["freq"] = "WEEKLY"
    return kept


def _close(kept: dict[str, str], before: Mapping[str, str]) -> None:
    """Write what was chosen of open and closed into note and hours. Raises: FieldsRefused."""
    chosen = kept.pop(_OPENING, "")
    if chosen == "open" and "notes" not in kept and before:
        kept |= {"notes": beside} if (beside := beside_closed(before)) is not None else {}
    if chosen == "closed":
        note = _CLOSED.sub("", kept.get("notes", before.get("notes", "")), count=1)
        kept |= {"opens_at": "", "closes_at": "", "notes": f"Closed. {note}".removesuffix(". ")}
        becomes = {**before, **kept}
        days = ("byday", "dtstart", "bymonthday")
        if not any(map(becomes.get, days)) and not (
            becomes.get("valid_from") and becomes.get("valid_to")
        ):
            raise FieldsRefused({"byday": Fault.MISSING})


def _asked_opening(said: Mapping[str, str]) -> Asked:
    value = "closed" if said.get(_OPENING) == "closed" else "open"
    return Asked(
        _OPENING, value, "choice", (("open", "open"), ("closed", "closed")), is_needed=True
    )


def _shape(kind: str, name: str, value: str) -> str:
    column = TABLES[kind].c[name]
    if chosen := _CHOSEN.get(f"{kind}.{name}"):
        return chosen
    if name == "byday" and _PLAIN_DAYS.fullmatch(value):
        return "days"
    if column.info["choices"] or (kind, name) == ("phone", "type"):
        return "choice"
    if name in _LONG:
        return "long"
    return _SHAPES.get(column.info["kind"], "text")


def _choices(
    session: Session, around: Around, name: str, shape: str, value: str
) -> tuple[tuple[str, str], ...]:
    found: Iterable[Sequence[str]] = ()
    match shape:
        case "choice" if name == "type":
            found = ((code, code) for code in _KINDS)
        case "choice":
            found = ((code, code) for code in TABLES[around.kind].c[name].info["choices"])
        case "days":
            found = ((day, day) for day in DAYS)
        case "language":
            found = tongues(around.speaks)
        case "term":
            found = (
                (key, f"{of}: {name}" if of else name) for key, name, of in viewing.terms(session)
            )
        case "unit":
            found = ((name, name) for name in viewing.units(session))
        case "place" if around.record:
            whose = viewing.organization_of(session, around.record)
            found = viewing.places_of(session, whose)
    listed = tuple((code, text) for code, text in found)
    if shape in ("choice", "language", "term", "place") and value and value not in dict(listed):
        listed = ((value, value), *listed)
    return listed
