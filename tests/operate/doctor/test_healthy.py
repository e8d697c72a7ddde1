"""A line that is set up as it should be gets a clean bill, and the visit leaves no trace."""

from sqlalchemy import func, select

from hotline.operate.doctor.findings import Severity
from hotline.operate.doctor.telling import ALL_WELL, status_of
from hotline.reports.tables import messages
from tests.operate.doctor.conftest import codes

# What the provider's interface does not tell, so that nobody can say that it is well.
NOT_TOLD = ["opt-out-unknown", "redaction-unknown"]


def test_nothing_is_found_and_what_is_not_told_is_not_made_up(practice):
    found = practice.found()
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
    assert codes(found, Severity.UNKNOWN) == NOT_TOLD
    assert status_of(found) == ALL_WELL


def test_what_is_well_is_told_too(practice):
    told = codes(practice.found(), Severity.WELL)
    assert {"signature", "strangers", "media", "recordings", "clock", "service"} <= set(told)


def test_the_visit_becomes_no_report_and_changes_nothing_at_the_provider(practice):
    before = [dict(one) for one in practice.account.numbers.values()]
    texts = len(practice.network.texts(lambda _: True))
    practice.found()
    with practice.house.hotline.store.read() as session:
        assert session.execute(select(func.count()).select_from(messages)).scalar_one() == 0
    assert [dict(one) for one in practice.account.numbers.values()] == before
    assert len(practice.network.texts(lambda _: True)) == texts
