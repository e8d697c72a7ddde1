"""A report of María's, as it came in by text, and what can be done to end it."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from hotline import triage
from hotline.domain.outcome import Outcome
from hotline.retention import Sweeper
from hotline.store import Store
from tests.cast import Texter
from tests.house import House
from tests.retention.rows import only_report

SAID = "My boss took my passport and locks the door at night. My name is Maria Lopez"


@dataclass
class Ends:
    """The house, seen by who lets reports end."""

    house: House
    maria: Texter

    @property
    def store(self) -> Store:
        return self.house.hotline.store

    @property
    def sweeper(self) -> Sweeper:
        return self.house.hotline.sweeper

    @property
    def at(self) -> datetime:
        return self.house.clock()

    def report(self) -> str:
        """Let María text, and return the id of her report."""
        self.maria.texts(SAID)
        return only_report(self.store)

    def closed(self, *, years: int | None = None) -> str:
        """Let María text and Noor close it."""
        report_id = self.report()
        self.close(report_id, years=years)
        return report_id

    def close(self, report_id: str, *, years: int | None = None) -> None:
        noor = self.house.staff["noor"].member_id
        self.store.write(
            lambda session: triage.close(
                session,
                report_id,
                keyring=self.house.hotline.keyring,
                desk="main",
                by=noor,
                why="done",
                outcome=Outcome.SAFE_NOW,
                at=self.at,
                years=years,
            )
        )

    def sweeps(self) -> int:
        return self.sweeper.sweep(at=self.at)


@pytest.fixture
def ends(house: House, maria: Texter) -> Ends:
    return Ends(house, maria)
