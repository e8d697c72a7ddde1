"""The queue by views and by facts: what fits seldom is looked for among few, and a page says where it goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from hotline import triage
from hotline.consent.tables import asks
from hotline.domain.report import day
from hotline.reports import reports
from hotline.store import Store, new_id
from hotline.triage import queue
from hotline.triage.filtering import Filters
from hotline.triage.tables import report_tags, restrictions
from tests.triage.conftest import AT, Filing


def shown(store: Store, view: str = "open", *, who: str = "noor", **facts: object) -> list[str]:
    """Return the ids of a view, walked to its end in small pages."""
    found: list[str] = []
    after = ""
    with store.read() as session:
        while True:
            page = triage.queue_page(
                session,
                desk="north",
                view=view,
                at=AT,
                staff_id=who,
                after=after,
                limit=2,
                filters=Filters(**facts),  # type: ignore[arg-type]
            )
            found += [row.id for row in page.rows]
            if not (after := page.next):
                return found


def ask(store: Store, report_id: str, **facts: object) -> None:
    row = {
        "id": new_id(),
        "report_id": report_id,
        "purpose": "handoff",
        "recipient": "x",
        "fields": [],
        "until_day": day(AT + timedelta(days=90)),
        "by": "noor",
        "day": day(AT),
        "state": "asked",
        **facts,
    }
    store.write(lambda session: session.execute(insert(asks).values(row)))


def test_reports_that_wait_for_consent_are_those_with_a_question_out(
    store: Store, file: Filing
) -> None:
    waiting, answered, stale, _ = file(), file(), file(), file()
    ask(store, waiting)
    ask(store, answered, state="yes")
    ask(store, stale, day=day(AT - timedelta(days=15)))
    assert shown(store, "consent") == [waiting]


def test_unread_is_what_nobody_opened_yet(store: Store, file: Filing) -> None:
    unread = file()
    file(is_opened=True)
    file(status="closed", waiting_since=None)
    assert shown(store, "unread") == [unread]


def test_each_fact_narrows_a_view(store: Store, file: Filing) -> None:
    one = file(
        language="ti",
        channel="web",
        urgency=3,
        needs=["child_protection"],
        indicators=["debt_bondage"],
        minor=True,
        country="IT",
    )
    # An underscore is no letter of any kind here.
    file(needs=["child-protection"], language="tir")
    tag = new_id()
    store.write(lambda session: session.execute(insert(report_tags).values(report_id=one, tag=tag)))
    for facts in (
        {"languages": ("ti", "am")},
        {"channel": "web"},
        {"urgency": "immediate"},
        {"need": "child_protection"},
        {"indicator": "debt_bondage"},
        {"minor": True},
        {"country": "IT"},
        {"tag": tag},
    ):
        assert shown(store, **facts) == [one], facts
    assert shown(store, languages=("ti",), channel="sms") == []


def test_what_was_merged_stands_in_no_view(store: Store, file: Filing) -> None:
    kept = file(claimed_by="noor", claimed_until=AT + triage.LEASE)
    gone = file(claimed_by="noor", claimed_until=AT + triage.LEASE)
    closed = file(status="closed", waiting_since=None)
    store.write(
        lambda session: session.execute(
            update(reports).where(reports.c.id.in_([gone, closed])).values(joined_to=kept)
        )
    )
    ask(store, gone)
    assert shown(store) == shown(store, "mine") == [kept]
    assert shown(store, "closed") == shown(store, "consent") == []


def test_what_is_restricted_stands_in_the_views_of_the_named_alone(
    store: Store, file: Filing
) -> None:
    report = file(restricted=True, claimed_by="omar", claimed_until=AT + triage.LEASE)
    ask(store, report)
    store.write(
        lambda session: session.execute(
            insert(restrictions).values(report_id=report, staff_id="omar")
        )
    )
    for view in ("open", "unread", "consent"):
        assert shown(store, view) == [], view
        assert shown(store, view, who="omar") == [report], view


def test_a_page_looks_at_so_many_only_and_goes_on_from_there(
    store: Store, file: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST", 4)
    rare = []
    for minutes in range(30, 0, -1):
        fits = minutes % 9 == 0
        since = AT - timedelta(minutes=minutes)
        report = file(language="ti" if fits else "en", waiting_since=since, urgency=minutes % 2)
        rare += [report] if fits else []
    with store.read() as session:
        first = triage.queue_page(
            session, desk="north", view="open", at=AT, filters=Filters(languages=("ti",))
        )
    assert first.is_cut
    assert first.next
    assert sorted(shown(store, languages=("ti",))) == sorted(rare)
    # Without a filter nothing is cut.
    assert len(shown(store)) == 30
