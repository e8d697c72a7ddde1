"""A collection with very many leads, as releasing them one by one would have filled it; only quicker."""

import random
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex

from hotline.errors import Unavailable
from hotline.leads import agencies, shelving
from hotline.leads.agencies import Agency
from hotline.leads.codes import CODES, CodeList, Tlp, theme_of
from hotline.leads.disclose import LeadDraft, coarse
from hotline.leads.sending import sender
from hotline.leads.shelving import in_milliseconds, written
from hotline.leads.stix import (
    AUTHOR_ID,
    Sender,
    lead_objects,
    location,
    marked,
    new_ids,
    shared_objects,
)
from hotline.leads.tables import agencies as table_of_agencies
from hotline.leads.tables import stix_objects
from hotline.leads.taxii.asking import cursor
from hotline.leads.taxii.collections import view_id
from hotline.leads.taxii.paging import date_added
from hotline.operate.bench.leads.reading import Asked
from hotline.store import Session, Store

_AT = datetime(2020, 1, 1, tzinfo=UTC)
_COUNTRIES = ("RO", "BG", "DE", "IT", "ES", "GB", "US", "TH")
_SHAPES, _PAGE = 400, 100
# A lead every few minutes, for years.
_STEP = 100_000
_SUMMARY = (
    "Workers at a car wash sleep in a locked container behind it. The alleged organizer keeps their papers and "
    "deducts rent, food and a debt that grows; who asks for wages is told that police would lock them up."
)

_NAMES = [column.name for column in stix_objects.columns]
_INDEXES = sorted(stix_objects.indexes, key=lambda index: str(index.name))

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """*asked* are pages of the collection, by where they are; *walk* begins one of very many pages."""

    token: str
    asked: dict[str, Asked]
    walk: Asked


def fill(url: str, leads: int) -> Filled:
    """Admit an agency on the database *url*, and put so many leads into its collection."""
    with closing(Store(url)) as store:
        token = store.write(_admit)
        with store.read() as session:
            agency = agencies.by_token(session, token, at=_AT)
        if agency is None:
            raise Unavailable("the agency is not there")
        who = store.write(lambda session: _share(session, agency))
        store.truncate_log()
    rows = (tuple(row[name] for name in _NAMES) for row in _rows(agency, _shapes(who), leads))
    if url.startswith("sqlite"):
        _insert(Path(url.removeprefix("sqlite:///")), rows)
    with closing(Store(url)) as store:
        if not store.is_sqlite:
            _copy(store, rows)
        store.write(lambda session: _count(session, agency))
        return _asked(store, agency, token)


def _admit(session: Session) -> str:
    return agencies.admit(session, "Unit", _COUNTRIES, at=_AT, rate=agencies.FASTEST)


def _count(session: Session, agency: Agency) -> None:
    its = stix_objects.c
    newest = select(func.max(its.added)).where(its.collection == agency.collection)
    session.execute(update(table_of_agencies).values(last_added=newest.scalar_subquery()))


def _share(session: Session, agency: Agency) -> Sender:
    """Put into the collection what all leads share."""
    who = sender(session, at=_AT)
    bodies = [{"object_marking_refs": marked(Tlp.STRICT)}]
    shared = [*shared_objects(who, bodies), *(location(country, "") for country in _COUNTRIES)]
    shelving.add(session, agency, [(shelving.SHARED, found) for found in shared], at=_AT)
    return who


def _insert(path: Path, rows: Iterator[tuple[Any, ...]]) -> None:
    """Insert without a journal: if it breaks, the file is thrown away anyhow."""
    marks = ", ".join("?" for _ in _NAMES)
    into = f"INSERT INTO stix_objects ({', '.join(_NAMES)}) VALUES ({marks})"  # noqa: S608 - our own names.
    with closing(sqlite3.connect(path, isolation_level=None)) as session:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144"):
            session.execute(f"PRAGMA {pragma}")
        for index in _INDEXES:
            session.execute(f"DROP INDEX {index.name}")
        session.execute("BEGIN")
        session.executemany(into, rows)
        session.execute("COMMIT")
        for index in _INDEXES:
            session.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))


def _copy(store: Store, rows: Iterator[tuple[Any, ...]]) -> None:
    with store.engine.begin() as session:
        for index in _INDEXES:
            index.drop(session)
        cursor_of: Any = session.connection.cursor()
        with cursor_of.copy(f"COPY stix_objects ({', '.join(_NAMES)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        for index in _INDEXES:
            index.create(session)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.exec_driver_sql("VACUUM ANALYZE stix_objects")


@dataclass(frozen=True, slots=True)
class _Shape:
    """The rows of a lead, in whose bodies *ids* stand for those of another."""

    ids: tuple[str, ...]
    rows: tuple[Row, ...]


def _shapes(who: Sender) -> list[_Shape]:
    """Return leads of many kinds."""
    draw = random.Random(7)
    return [_shape(draw, who) for _ in range(_SHAPES)]


def _shape(draw: random.Random, who: Sender) -> _Shape:
    day = _AT.date() + timedelta(days=draw.randrange(2000))
    told = coarse(_draft(draw, day))
    lead_id = uuid.uuid4().hex
    ids = new_ids(lead_id)
    theme = theme_of(told.exploitation, minor=told.minor == "yes")
    rows = [
        {
            "stix_id": found["id"],
            "version": found["modified"],
            "type": found["type"],
            "country": told.country,
            "theme": str(theme),
            "lead_id": lead_id,
            "body": written(found),
        }
        for found in lead_objects(told, ids, who, day)
        if found.get("created_by_ref") != AUTHOR_ID
    ]
    own = (str(uuid.UUID(lead_id)), ids.note, ids.handling)
    return _Shape(own, tuple(rows))


def _draft(draw: random.Random, day: date) -> LeadDraft:
    some = {name: draw.sample(list(CODES[name]), 3) for name in CodeList}
    return LeadDraft(
        draw.choice(_COUNTRIES),
        day,
        _SUMMARY,
        people=draw.randrange(1, 20),
        exploitation=tuple(some[CodeList.EXPLOITATION][:1]),
        indicators=tuple(some[CodeList.INDICATOR]),
        control=tuple(some[CodeList.CONTROL][:2]),
        sector=some[CodeList.SECTOR][0],
    )


def _rows(agency: Agency, shapes: list[_Shape], leads: int) -> Iterator[Row]:
    """Yield the rows of so many leads, each with ids of its own."""
    draw = random.Random(11)
    first = in_milliseconds(_AT) + 1000
    for number in range(leads):
        shape = draw.choice(shapes)
        fresh = [str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _ in shape.ids]
        for place, row in enumerate(shape.rows):
            body, stix_id = row["body"], row["stix_id"]
            for former, new in zip(shape.ids, fresh, strict=True):
                body, stix_id = body.replace(former, new), stix_id.replace(former, new)
            lead_id = fresh[0].replace("-", "")
            yield row | {
                "collection": agency.collection,
                "added": first + number * _STEP + place,
                "stix_id": stix_id,
                "lead_id": lead_id,
                "body": body,
            }


def _asked(store: Store, agency: Agency, token: str) -> Filled:
    rows = stix_objects.c
    its = (rows.collection == agency.collection,)
    with store.read() as session:
        most = session.execute(select(rows.added).where(*its).order_by(rows.added.desc())).first()
        last = 0 if most is None else int(most.added)
        half = (in_milliseconds(_AT) + last) // 2
        behind = select(rows.added).where(*its).order_by(rows.added.desc()).offset(_PAGE).limit(1)
        end = int(session.execute(behind).scalar_one())
        after = (*its, rows.added > half, rows.type == "report")
        one = session.execute(select(rows.stix_id).where(*after).order_by(rows.added)).first()
    middle, page = {"next": cursor(half), "limit": "100"}, {"limit": "100"}
    whole, country = (f"{name}/" for name in (agency.collection, view_id(agency.collection, "RO")))
    objects = f"{whole}objects/"
    asked = {
        "first page": Asked(objects, page, _PAGE),
        "middle page": Asked(objects, middle, _PAGE),
        "last page": Asked(objects, {"next": cursor(end), **page}, _PAGE),
        "added_after": Asked(objects, {"added_after": date_added(half), **page}, _PAGE),
        "match[id]": Asked(objects, {"match[id]": "" if one is None else one.stix_id}, 1),
        "match[type]": Asked(objects, {"match[type]": "report", **middle}, _PAGE),
        "one country": Asked(f"{country}objects/", middle, _PAGE),
        "manifest": Asked(f"{whole}manifest/", middle, _PAGE),
    }
    return Filled(token, asked, Asked(objects, page, _PAGE))
