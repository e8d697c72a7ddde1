"""A report that is erased is gone from every room, from the file, and it is written down that it is."""

from dataclasses import replace

import pytest
from sqlalchemy import Boolean, Integer, LargeBinary, insert, select

from hotline import audit, contact
from hotline.contact.tables import sends
from hotline.domain.report import reference
from hotline.errors import NotFound
from hotline.leads.disclose import disclose
from hotline.migrations import every_table
from hotline.reports.tables import counters
from hotline.retention import ErasureHeld, StillThere, erasing
from hotline.retention.tables import erasures
from hotline.store import UtcTime, metadata, new_id
from hotline.triage.ending import ask_erasure
from hotline.triage.forgetting import FORGETS
from tests.house import NOON
from tests.leads.desk import draft
from tests.retention.rows import hold, second_report, tables_naming

BY = "ines"


def erase(ends, report_id):
    return ends.sweeper.eraser.erase(report_id, by=BY, at=ends.at)


def rows(session, table):
    return session.execute(select(table)).all()


def lines(ends, did):
    with ends.store.read() as session:
        return [line for line in audit.page(session) if line.did == did]


def test_no_table_names_an_erased_report(ends):
    report_id = ends.report()
    assert {"reports", "messages", "envelopes", "threads"} <= tables_naming(ends.store, report_id)
    erase(ends, report_id)
    assert tables_naming(ends.store, report_id) == set()


def test_the_bytes_of_the_file_hold_neither_id_nor_what_was_sealed(ends):
    report_id = ends.report()
    with ends.store.read() as session:
        envelopes = rows(session, metadata.tables["envelopes"])
    sealed = [part for row in envelopes for part in (row.wrap, row.body, row.preview) if part]
    assert sealed
    erase(ends, report_id)
    left = b"".join(path.read_bytes() for path in ends.house.var.glob("hotline.db*"))
    assert report_id.encode() not in left
    assert [part for part in sealed if part[-32:] in left] == []


def test_an_open_report_counts_no_more(ends):
    report_id = ends.report()
    erase(ends, report_id)
    with ends.store.read() as session:
        assert sum(row.open for row in rows(session, counters)) == 0


def test_the_certificate_says_when_backups_follow_and_names_no_report(ends):
    report_id = ends.report()
    certificate = erase(ends, report_id)
    assert certificate.day == "2026-03-02"
    assert certificate.backups_day == "2026-04-01"
    line = lines(ends, "erased")[0]
    assert (line.who, line.desk, line.report_id) == (BY, "main", "")
    assert line.what == f"{reference(report_id)} 2026-04-01"


def test_who_erases_is_named_although_the_person_had_asked_for_it(ends):
    """A supervisor who does not wait for the 72 hours acts in their own name."""
    report_id = ends.report()
    ends.store.write(lambda session: ask_erasure(session, report_id, at=ends.at))
    erase(ends, report_id)
    assert [line.who for line in lines(ends, "erased")] == [BY]


def test_the_log_is_whole_although_lines_lost_their_report(ends):
    report_id = ends.report()
    erase(ends, report_id)
    at = ends.house.clock.passes(hours=3)
    ends.store.write(lambda session: audit.sequence(session, at=at))
    with ends.store.read() as session:
        assert audit.verify(session).is_whole
    assert lines(ends, "receive")


def test_restored_backups_are_held_against_the_list(ends):
    report_id = ends.report()
    erase(ends, report_id)
    listed = ends.house.hotline.config.keys / "erased.list"
    assert listed.read_text() == f"2026-03-02 {report_id}\n"
    assert listed.stat().st_mode & 0o777 == 0o600


def test_the_list_forgets_after_thirty_five_days(ends):
    report_id = ends.report()
    erase(ends, report_id)
    ends.house.clock.passes(days=35)
    ends.sweeps()
    assert ends.sweeper.eraser.listed.ids() == {report_id}
    ends.house.clock.passes(days=1)
    ends.sweeps()
    assert ends.sweeper.eraser.listed.ids() == set()


def test_what_the_law_holds_is_not_erased(ends):
    report_id = ends.report()
    until = ends.house.clock().date().replace(month=5)
    hold(ends.store, report_id, until)
    with pytest.raises(ErasureHeld):
        erase(ends, report_id)
    assert "envelopes" in tables_naming(ends.store, report_id)


def test_there_is_nothing_to_erase_twice(ends):
    report_id = ends.report()
    erase(ends, report_id)
    with pytest.raises(NotFound):
        erase(ends, report_id)
    assert len(lines(ends, "erased")) == 1


def row_of(table, report_id):
    """Return a row for *table* that is about *report_id* and has something in every column that needs it."""
    values = {}
    for column in table.columns:
        if column.name == "report_id":
            values[column.name] = report_id
        elif not column.nullable and not (column.primary_key and column.autoincrement is True):
            values[column.name] = value_for(column)
    return {**values, **read_before(table)}


def read_before(table):
    """Return what is read of a row of *table* before it goes."""
    if table.name != "waiting_leads":
        return {}
    return {"told": disclose(draft()).to_json(), "tlp": "amber", "could_know": "5+"}


def value_for(column):
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, LargeBinary):
        return new_id().encode()
    if isinstance(column.type, UtcTime):
        return NOON
    return new_id()[: getattr(column.type, "length", None) or 32]


def has_row(store, table, report_id):
    with store.read() as session:
        query = select(table).where(table.c.report_id == report_id)
        return session.execute(query).first() is not None


def add_row(store, table, report_id):
    store.write(lambda session: session.execute(insert(table), row_of(table, report_id)))


def test_each_room_forgets_what_it_keeps_about_a_report(ends):
    """Every table with a report's id gets a row; the tuple of the house must empty each, also one made tomorrow."""
    report_id = ends.report()
    about = [table for table in every_table()[0].sorted_tables if "report_id" in table.c]
    for table in about:
        if table.name not in ("holds", "erasures") and not has_row(ends.store, table, report_id):
            add_row(ends.store, table, report_id)
    erase(ends, report_id)
    assert tables_naming(ends.store, report_id) == set()


def test_a_room_that_keeps_something_is_found_and_told_by_its_table(ends):
    report_id = ends.report()
    add_row(ends.store, sends, report_id)
    careless = replace(
        ends.sweeper.eraser, forgets=tuple(f for f in FORGETS if f is not contact.forget)
    )
    with pytest.raises(StillThere) as told:
        careless.erase(report_id, by=BY, at=ends.at)
    assert told.value.ref == "conversations sends"
    assert lines(ends, "erased") == []
    # As soon as the room forgets it, the next sweep certifies.
    ends.store.write(lambda session: contact.forget(session, report_id))
    ends.sweeps()
    assert len(lines(ends, "erased")) == 1


def test_what_is_left_of_one_keeps_no_other_from_ending(ends):
    first, second = ends.report(), second_report(ends)
    eraser = ends.sweeper.eraser
    for report_id in (first, second):
        ends.store.write(lambda session: eraser.forget(session, report_id, by=BY, at=ends.at))  # noqa: B023
    add_row(ends.store, sends, first)
    # What `forget_again` would heal is not what is meant here: a room that forgets nothing.
    careless = replace(eraser, forgets=())
    with pytest.raises(StillThere) as told:
        replace(ends.sweeper, eraser=careless).sweep(at=ends.at)
    assert told.value.ref == "sends"
    assert [line.what[:4] for line in lines(ends, "erased")] == [reference(second)[:4]]
    assert [row.report_id for row in rows_left(ends)] == [first]


def test_the_log_of_one_is_searched_although_that_of_another_ends_later(ends):
    first, second = ends.closed(), second_report(ends)
    careless = replace(ends.sweeper.eraser, forget_audit=lambda _session, _report_id: None)
    its = {"by": BY, "at": ends.at}
    ends.store.write(lambda session: careless.forget(session, first, **its))
    ends.store.write(lambda session: careless.forget(session, second, **its, keeps_audit=True))
    assert careless.finish(at=ends.at).left == {first: {"audit_waiting"}}


def test_the_search_looks_inside_longer_texts_too(ends):
    report_id = ends.report()
    job = {"id": new_id(), "name": "x", "ref": f"of {report_id}", "due_at": ends.at, "tries": 0}
    ends.store.write(lambda session: session.execute(insert(metadata.tables["jobs"]), job))
    with ends.store.read() as session:
        assert "jobs" not in erasing.search(session, [report_id])
        assert "jobs" in erasing.search(session, [report_id], inside=[report_id])


@pytest.mark.parametrize("step", ["listed", "searched", "certified"])
def test_an_erasure_that_was_killed_goes_on_where_it_stopped(ends, monkeypatch, step):
    report_id = ends.report()
    eraser = ends.sweeper.eraser

    class Killed(Exception):
        pass

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        if step == "listed":
            patch.setattr(type(eraser.listed), "add", die)
        else:
            patch.setattr(erasing, "search" if step == "searched" else "_certify", die)
        with pytest.raises(Killed):
            eraser.erase(report_id, by=BY, at=ends.at)
    assert "envelopes" not in tables_naming(ends.store, report_id)
    assert lines(ends, "erased") == []
    ends.sweeps()
    assert tables_naming(ends.store, report_id) == set()
    assert report_id in eraser.listed.ids()
    assert len(lines(ends, "erased")) == 1
    assert rows_left(ends) == []


def rows_left(ends):
    with ends.store.read() as session:
        return rows(session, erasures)


def test_what_was_added_at_the_very_moment_is_forgotten_by_the_next_sweep(ends):
    report_id = ends.report()
    erase(ends, report_id)
    ends.store.write(
        lambda session: audit.record(session, at=ends.at, who=BY, did="note", report_id=report_id)
    )
    add_row(ends.store, sends, report_id)
    ends.sweeps()
    assert tables_naming(ends.store, report_id) == set()
