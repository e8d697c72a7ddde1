"""Quarters that are told, as `triage.quarters` keeps them."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert

from hotline.domain.urgency import Urgency
from hotline.triage.publishing import Act, Counts, tell
from hotline.triage.refusals import Reason
from hotline.triage.tables import quarters
from tests.house import House

COUNTRIES = {"KE": 140, "TH": 47, "MT": 12, "US": 8, "SG": 5, "": 9, "SE": 2}
REASONS = {Reason.CONSENT: 31, Reason.WORDS: 9, Reason.CHILD: 6}
ACTS = {
    Act.RELEASED: 62,
    Act.RECALLED: 3,
    Act.ERASED: 118,
    Act.REVEALED: 41,
    Act.LEGAL_RECEIVED: 6,
}
BUSY = Counts(
    received=sum(COUNTRIES.values()),
    countries=COUNTRIES,
    answers={Urgency.IMMEDIATE: (30, 29), Urgency.HIGH: (80, 74), Urgency.NORMAL: (104, 99)},
    acts=ACTS,
    reasons=REASONS,
    complaints={"main": 3},
)
Telling = Callable[..., None]


@pytest.fixture
def told(house: House) -> Telling:
    """Let a quarter be told; a busy one where nothing else is said."""

    def keep(name: str, counts: Counts = BUSY) -> None:
        rows = [
            {"quarter": name, "facet": facet, "code": code, "count": count}
            for facet, code, count in tell(counts, lambda: 0)
        ]
        house.hotline.store.write(lambda session: session.execute(insert(quarters), rows))

    return keep
