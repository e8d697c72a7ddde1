"""What one of two merged reports shut stays shut in the other when they come apart."""

import pytest
from sqlalchemy import func, insert, select

from hotline import consent
from hotline.consent import Why, parting
from hotline.consent.tables import asks, exclusions
from hotline.reports import reports
from tests.consent.conftest import NOOR, POLICE, UNIT, Agreeing, report_row


@pytest.fixture
def other(maria: Agreeing) -> Agreeing:
    """Another report of hers, in which she said yes to all investigators."""
    row = report_row()
    maria.store.write(lambda session: session.execute(insert(reports), row))
    said = Agreeing(maria.store, row["id"])
    said.records()
    return said


def parts(maria: Agreeing, other: Agreeing) -> None:
    of, to = [maria.report_id], other.report_id
    maria.store.write(lambda session: parting.keep_shut(session, of, to=to))


def test_a_no_of_the_one_counts_in_the_other_once(maria: Agreeing, other: Agreeing) -> None:
    maria.answers(maria.asks(recipient=POLICE.id), yes=False)
    maria.takes_back(maria.records(recipient=UNIT.id))
    assert other.why(POLICE) is None
    for _ in range(2):
        parts(maria, other)
    for whom in (POLICE, UNIT):
        assert other.why(whom) is not None
        assert not other.still(whom)
    with maria.store.read() as session:
        copied = select(func.count()).where(asks.c.report_id == other.report_id)
        assert session.execute(copied).scalar_one() == 2
    # What she says later counts.
    other.records(recipient=POLICE.id)
    assert other.why(POLICE) is None


def test_what_she_said_yes_to_since_is_no_no(maria: Agreeing, other: Agreeing) -> None:
    maria.answers(maria.asks(recipient=POLICE.id), yes=False)
    maria.records(recipient=POLICE.id)
    parts(maria, other)
    assert other.why(POLICE) is None


def test_whom_it_must_not_reach_goes_along_once(maria: Agreeing, other: Agreeing) -> None:
    maria.excludes("agency", POLICE.id)
    for _ in range(2):
        parts(maria, other)
    assert other.why(POLICE) is Why.EXCLUDED
    assert other.why(UNIT) is None
    with maria.store.read() as session:
        copied = select(func.count()).where(exclusions.c.report_id == other.report_id)
        assert session.execute(copied).scalar_one() == 1


def test_words_count_for_whom_they_mean_and_unread_for_everyone(
    maria: Agreeing, other: Agreeing
) -> None:
    its_id = maria.excludes("words", words="no one in my town")
    terms = {"report_id": maria.report_id, "by": NOOR, "at": maria.at}
    maria.store.write(
        lambda session: consent.excluding.read_words(
            session, its_id, means=[("agency", POLICE.id)], **terms
        )
    )
    parts(maria, other)
    assert other.why(POLICE) is Why.EXCLUDED
    assert other.why(UNIT) is None
    maria.excludes("words", words="and not my cousin")
    parts(maria, other)
    assert other.why(UNIT) is Why.EXCLUDED


def test_an_erasure_that_is_asked_for_stops_its_own_report_alone(
    maria: Agreeing, other: Agreeing
) -> None:
    maria.store.write(lambda session: consent.excluding.stop(session, maria.report_id, at=maria.at))
    parts(maria, other)
    assert other.why(UNIT) is None
