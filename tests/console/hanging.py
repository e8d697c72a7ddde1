"""A report with everything that can hang on one: for whoever tries all of it by its ids."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Integer, LargeBinary, Table, insert, or_, select

from hotline.consent.tables import asks, best_interests, disclosures, grants
from hotline.domain.report import day
from hotline.handoff.tables import handoffs
from hotline.leads import agencies
from hotline.leads.codes import Tlp
from hotline.leads.disclose import coarse
from hotline.leads.items import item_of
from hotline.leads.tables import lead_questions, lead_sources, leads, waiting_leads
from hotline.reports import reports
from hotline.retention.tables import duties
from hotline.store import Json, UtcTime, metadata, new_id
from hotline.triage.given_back import Word, give_back
from hotline.vault.tables import reveal_requests
from tests.cast import Member
from tests.house import House
from tests.leads.desk import draft

_DUE = {"state": "due", "rule": "report", "jurisdiction": "US", "told_day": "", "calls": 1}
_ASKED = {"state": "asked", "field": "contact", "purpose": "welfare"}
_STANDS = {"ended_day": "", "revoked_day": "", "back_asked_day": "", "expires_day": "2099-01-01"}
_FACTS: tuple[tuple[Table, dict[str, Any]], ...] = (
    (duties, _DUE),
    (reveal_requests, _ASKED),
    (grants, {"purpose": "lead", **_STANDS}),
    (asks, {"purpose": "lead", "state": "asked"}),
    (best_interests, {"purpose": "lead", "agreed_by": "", "ended_by": "", "ended_day": ""}),
    (disclosures, {"ground": "law", "to": "police", "shown_day": ""}),
    (handoffs, {"status": "offered"}),
)


def hang_everything(house: House, report: str, noor: Member, ines: Member) -> None:
    """Let a report have all that it may have, so that it can still be acted on: some by its forms, some as bare rows."""
    path, until = f"/console/report/{report}", "2026-04-01"
    ivo = next(one.id for one in house.hotline.keyring.members if one.username == "ivo")
    noor.sends(f"{path}/task", task="Ring the shelter.", due="2026-03-03T10:00")
    noor.sends(f"{path}/interpreter", interpreter=ivo, text="1")
    ines.sends(f"{path}/legal", kind="subpoena", words="a court", deadline=until, until=until)
    her, at = noor.keyholder(), house.clock()
    facts = {"report_id": report, "seq": 1, "language": "en", "at": at}
    its = {"report_id": report, "desk": "main", "requester": her.staff_id, "proposed_by": ivo}

    def write(session) -> None:
        word = [Word("PERSON 1", "Quillfeather")]
        give_back(session, her, house.hotline.keyring, word, **facts)
        for table, more in _FACTS:
            session.execute(insert(table), _row(table, at, **its, **more))
        told = coarse(draft())
        its_item = {"tlp": Tlp.AMBER, "item": item_of(told, new_id(), at)}
        lead = _row(leads, at, recalled_day="", told=told.to_json(), **its_item)
        session.execute(insert(leads), lead)
        source = _row(lead_sources, at, report_id=report, lead_id=lead["id"], person={})
        session.execute(insert(lead_sources), source)
        asked = {"lead_id": lead["id"], "state": "open", "question": "still_there"}
        if agency := next(iter(agencies.everyone(session)), None):
            asked["agency_id"] = agency.id
        session.execute(insert(lead_questions), _row(lead_questions, at, **asked))

    house.hotline.store.write(write)
    let_wait(house, report)


def let_wait(house: House, report: str) -> None:
    """Let a report have a lead that waits to leave."""
    its = {"report_id": report, "to": None, "tlp": "amber", "could_know": "5+", "heard": {}}
    row = _row(waiting_leads, house.clock(), told=coarse(draft()).to_json(), **its)
    house.hotline.store.write(lambda session: session.execute(insert(waiting_leads), row))


def all_of(house: House, report: str) -> dict[str, list[str]]:
    """Return every row that belongs to a report."""
    found = {}
    with house.hotline.store.read() as session:
        for table in metadata.sorted_tables:
            names = {"report_id", "id"} if table is reports else {"report_id"}
            its = [table.c[name] == report for name in names if name in table.c]
            if its:
                rows = session.execute(select(table).where(or_(*its)))
                found[table.name] = sorted(str(tuple(row)) for row in rows)
    return found


def _row(table: Table, at: datetime, **its: Any) -> dict[str, Any]:
    """Return a row with *its* facts, and with something in every other column."""
    row: dict[str, Any] = {}
    for column in table.c:
        kind = column.type
        if column.name in its:
            row[column.name] = its[column.name]
        elif column.name == "id":
            row["id"] = new_id()
        elif column.name.endswith("day"):
            row[column.name] = day(at)
        elif isinstance(kind, UtcTime):
            row[column.name] = at + timedelta(hours=8)
        elif isinstance(kind, LargeBinary):
            row[column.name] = b""
        elif isinstance(kind, Json):
            row[column.name] = []
        elif isinstance(kind, Boolean):
            row[column.name] = False
        elif isinstance(kind, Integer):
            row[column.name] = 1
        else:
            row[column.name] = "US"
    return row
