"""Search: by reference, by facts newest first, and by words within what these leave; restricted and merged ones apart."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert, update

from hotline.domain.report import reference
from hotline.reports import reports
from hotline.store import Store
from hotline.triage import finding
from hotline.triage.filtering import Filters
from hotline.triage.finding import Facts
from hotline.triage.tables import restrictions
from hotline.triage.wording import Words
from tests.cast import Member, Texter
from tests.house import House
from tests.triage.conftest import Filing


def walked(store: Store, facts: Facts, *, who: str = "noor", limit: int = 2) -> list[str]:
    found: list[str] = []
    after = ""
    with store.read() as session:
        while True:
            page = finding.found_page(
                session, desk="north", staff_id=who, facts=facts, after=after, limit=limit
            )
            found += [row.id for row in page.rows]
            if not (after := page.next):
                return found


def of_days(file: Filing, count: int, **facts: object) -> list[str]:
    """Keep reports of *count* days, and return their ids, newest first."""
    first = date(2026, 11, 1)
    days = [(first + timedelta(days=number)).isoformat() for number in range(count)]
    return [file(day=day, **facts) for day in days][::-1]


def test_a_report_is_found_by_its_reference_however_it_is_typed(store: Store, file: Filing) -> None:
    report, hidden, other = file(), file(restricted=True), file(desk="south")
    with store.read() as session:
        for typed in (reference(report), reference(report).lower().replace("-", " ")):
            assert finding.by_reference(session, typed, desk="north", staff_id="noor") == (report,)
        for unseen in (reference(hidden), reference(other), "", "%"):
            assert not finding.by_reference(session, unseen, desk="north", staff_id="noor")


def test_facts_are_found_newest_first_closed_ones_too(store: Store, file: Filing) -> None:
    ids = of_days(file, 5)
    closed = file(status="closed", day="2026-11-20", outcome="safe_now", waiting_since=None)
    assert walked(store, Facts()) == [closed, *ids]
    assert walked(store, Facts(status="closed")) == [closed]
    assert walked(store, Facts(Filters(outcome="safe_now"))) == [closed]
    assert walked(store, Facts(first="2026-11-02", last="2026-11-04")) == ids[1:4]
    assert walked(store, Facts(Filters(urgency="high"))) == []
    assert walked(store, Facts(Filters(urgency="normal"), status="open")) == ids


def test_what_is_merged_or_restricted_to_others_is_not_found(store: Store, file: Filing) -> None:
    kept, merged, hidden = file(), file(), file(restricted=True)
    store.write(
        lambda session: session.execute(
            update(reports).where(reports.c.id == merged).values(joined_to=kept)
        )
    )
    row = {"report_id": hidden, "staff_id": "omar"}
    store.write(lambda session: session.execute(insert(restrictions).values(row)))
    assert walked(store, Facts()) == [kept]
    assert sorted(walked(store, Facts(), who="omar")) == sorted([kept, hidden])
    with store.read() as session:
        its = {"desk": "north", "facts": Facts()}
        assert finding.about_how_many(session, staff_id="noor", **its) == 1


def test_a_page_looks_at_so_many_only(
    store: Store, file: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    of_days(file, 8)
    rare = file(language="ti", day="2026-10-01")
    facts = Facts(Filters(languages=("ti",)))
    with store.read() as session:
        first = finding.found_page(session, desk="north", staff_id="noor", facts=facts)
    assert (first.rows, first.is_cut) == ((), True)
    assert walked(store, facts) == [rare]


def test_a_search_goes_through_the_index_of_days(store: Store, file: Filing) -> None:
    ids = of_days(file, 4)
    plans: list[str] = []
    with store.read() as session:

        def explain(_connection, cursor, statement, parameters, *_rest):  # type: ignore[no-untyped-def]
            if statement.startswith("SELECT") and "LIMIT" in statement:
                asked = cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, parameters)
                plans.extend(row[3] for row in asked if " reports" in row[3])

        event.listen(session, "before_cursor_execute", explain)
        facts = Facts(Filters(languages=("en",)), status="open")
        finding.found_page(session, desk="north", staff_id="noor", facts=facts, after=ids[0])
    assert plans
    assert all("reports_by_day" in plan for plan in plans), plans


def test_words_are_looked_for_in_slices_and_in_what_was_merged(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor = Member(house, "noor")
    keyholder = noor.keyholder()
    said = [
        "My name is Maria, he took my passport",
        "no pay",
        "he keeps my passport at home",
        "hello",
    ]
    for number, text in enumerate(said):
        Texter(house, f"+150055501{number:02}").texts(text)
    store = house.hotline.store
    with store.read() as session:
        page = finding.found_page(session, desk="main", staff_id=keyholder.staff_id, facts=Facts())
    ids = [row.id for row in page.rows]
    monkeypatch.setattr(finding, "SLICE", 2)
    words, hits, after, looked = Words.of("PASSPORT"), [], "", 0
    with store.read() as session:
        while True:
            its = finding.look_through(session, keyholder, words, facts=Facts(), after=after)
            hits += its.hits
            looked += its.looked
            if not (after := its.next):
                break
        again = finding.open_hits(
            session, keyholder, [(hit.report_id, hit.seq) for hit in hits], words
        )
    assert looked == 4
    assert len(hits) == 2
    assert list(again) == hits
    assert all(hit.account.text[slice(*hit.at)].casefold() == "passport" for hit in hits)
    monkeypatch.undo()
    # Who somebody is, is never looked through.
    with store.read() as session:
        name = finding.look_through(session, keyholder, Words.of("Maria"), facts=Facts())
    assert not name.hits
    first, second = (hit.report_id for hit in hits)
    store.write(
        lambda session: session.execute(
            update(reports).where(reports.c.id == first).values(joined_to=second)
        )
    )
    with store.read() as session:
        its = finding.look_through(session, keyholder, words, facts=Facts())
        # What was found before and is restricted to others by now is left out.
        merged = finding.open_hits(session, keyholder, [(first, 1)], words)
    assert [hit.shown_in for hit in its.hits] == [second]
    assert [hit.shown_in for hit in merged] == [second]
    store.write(
        lambda session: session.execute(
            update(reports).where(reports.c.id.in_(ids)).values(restricted=True)
        )
    )
    with store.read() as session:
        assert not finding.open_hits(session, keyholder, [(first, 1)], words)
        assert not finding.look_through(session, keyholder, words, facts=Facts()).looked


def test_a_long_conversation_makes_a_slice_shorter(
    store: Store, file: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_MESSAGES", 5)
    for _ in range(3):
        file(messages=4)
    with store.read() as session:
        page = finding.found_page(session, desk="north", staff_id="noor", facts=Facts())
    assert len(finding._affordable(page.rows)) == 1
