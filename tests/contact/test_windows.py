"""May they be written to now: for many at once, opened for a caseworker alone, by the clock on their wall."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select

from hotline.contact.tables import conversations
from hotline.contact.windows import Moment, Opening, openings
from hotline.domain.identity import Address
from hotline.errors import Refused
from hotline.reports import reports
from hotline.vault.sealing import keep, seal_contact
from hotline.vault.tables import envelopes
from tests.cast import Member, Texter
from tests.house import NOON, House

PHONE = "+15005550142"
ROME = {"hours": "09:00-16:00", "zone": "Europe/Rome"}
EVENING = {"hours": "20:00-23:00", "zone": "Europe/Rome"}


def filed(house: House, ways: dict[str, str], *, number: str = PHONE, seq: int = 9) -> str:
    """Return the id of a report that came by text, whose person said *ways* of being reached."""
    with house.hotline.store.read() as session:
        before = set(session.execute(select(reports.c.id)).scalars())
    Texter(house, number).texts("He keeps my passport.")
    with house.hotline.store.read() as session:
        (report,) = set(session.execute(select(reports.c.id)).scalars()) - before
    record = seal_contact(
        house.hotline.keyring,
        desk="main",
        report_id=report,
        address=Address("sms", number),
        ways=ways,
        seq=seq,
    )
    house.hotline.store.write(lambda session: keep(session, [record]))
    return report


def test_each_is_told_by_their_own_hours_with_one_look_each(house: House) -> None:
    noor = Member(house, "noor").keyholder()
    ways = [
        ROME,
        EVENING,
        {"hours": "when he sleeps"},
        {},
        {"not_before": "2026-03-04T08:30:00+00:00"},
    ]
    ids = [filed(house, its, number=f"+150055501{n:02}") for n, its in enumerate(ways)]
    asked: list[str] = []
    with house.hotline.store.read() as session:
        event.listen(session, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
        found = openings(session, noor, [*ids, "0" * 32], at=NOON)
    assert [found[one] for one in ids] == [
        Opening(Moment.OPEN, "16:00"),
        Opening(Moment.LATER, "20:00"),
        Opening(Moment.WORDS),
        Opening(Moment.OPEN),
        Opening(Moment.LATER, "08:30", "2026-03-04"),
    ]
    assert found["0" * 32] == Opening(Moment.NONE)
    assert [found[one].is_now for one in ids] == [True, False, False, True, False]
    # One for the records, one for the conversations, one for the codes, and one for the keys of the desk.
    assert sum("FROM envelopes" in one for one in asked) == 1
    assert len(asked) <= 4


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"open_until": NOON + timedelta(minutes=20)}, Moment.HERE),
        # Whoever wrote that they are there for ever is not believed.
        ({"open_until": NOON + timedelta(hours=9)}, Moment.OPEN),
        ({"quiet_until": NOON + timedelta(hours=1)}, Moment.LATER),
        ({"is_closed": True}, Moment.CLOSED),
    ],
)
def test_what_they_said_since_counts_before_their_hours(
    house: House, said: dict[str, object], expected: Moment
) -> None:
    noor = Member(house, "noor").keyholder()
    report = filed(house, {})
    its = {"open_until": None, "quiet_until": None, "is_closed": False, **said}
    row = conversations.c.report_id == report
    house.hotline.store.write(
        lambda session: (
            session.execute(conversations.update().where(row).values(its))
            if session.execute(select(conversations.c.report_id).where(row)).first()
            else session.execute(insert(conversations).values(report_id=report, **its))
        )
    )
    with house.hotline.store.read() as session:
        assert openings(session, noor, [report], at=NOON)[report].moment is expected


def test_a_record_that_is_broken_hides_nobody_else(house: House) -> None:
    noor = Member(house, "noor").keyholder()
    broken, whole = filed(house, {}), filed(house, ROME, number="+15005550143")
    its = (envelopes.c.report_id == broken, envelopes.c.audience == "contact")
    house.hotline.store.write(
        lambda session: session.execute(envelopes.update().where(*its).values(body=b"x" * 80))
    )
    with house.hotline.store.read() as session:
        found = openings(session, noor, [broken, whole], at=NOON)
    assert found[whole] == Opening(Moment.OPEN, "16:00")
    assert found[broken].moment is Moment.NONE


def test_who_may_not_reply_learns_nothing_of_it(house: House) -> None:
    ivo = Member(house, "ivo").keyholder()
    with house.hotline.store.read() as session, pytest.raises(Refused):
        openings(session, ivo, [], at=NOON)
