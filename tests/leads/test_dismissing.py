"""An agency that is let go leaves nothing open behind, and what it had read stays known."""

from typing import Any

from sqlalchemy import Table, func, insert, select

from hotline.leads import agencies, fetching
from hotline.leads.tables import fetches, lead_outcomes, lead_questions, recall_notices
from tests.leads.desk import NOOR, Desk

OPEN: dict[Table, dict[str, Any]] = {
    lead_questions: {
        "id": "q",
        "question": "still_there",
        "day": "2026-11-25",
        "answer": "",
        "answered_day": "",
        "state": "open",
    },
    lead_outcomes: {"outcome": "used", "may_tell": False, "day": "2026-11-25"},
    recall_notices: {"day": "2026-11-25", "acknowledged_day": "", "acknowledged_by": ""},
}


def test_what_an_agency_asked_and_said_goes_with_it_and_what_it_read_stays(desk: Desk) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Second unit", "RO")
    lead_id = desk.publishes()
    for reader in (dele, other):
        with desk.store.read() as session:
            agency = agencies.find(session, reader.id)
        fetching.note(desk.store, agency, "json", 1, 2, at=desk.at)
        for table, row in OPEN.items():
            its = {**row, "agency_id": reader.id, "lead_id": lead_id}
            if "id" in its:
                its["id"] = reader.id
            desk.store.write(
                lambda session, table=table, its=its: session.execute(insert(table), its)
            )
    desk.store.write(lambda session: agencies.dismiss(session, dele.id, at=desk.at, by=NOOR))
    with desk.store.read() as session:
        for table in OPEN:
            assert session.execute(select(table.c.agency_id)).scalars().all() == [other.id]
        assert session.execute(select(func.count()).select_from(fetches)).scalar_one() == 2
