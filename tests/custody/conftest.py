"""A report of María's that Noor answered, and Ines, who makes the document of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from hotline import audit, contact, triage
from hotline.custody import Document, Revealed, document
from hotline.store import Session
from hotline.vault.logkey import LogSigner, LogVerifier
from hotline.vault.opening import Keyholder
from tests.cast import Texter
from tests.contact.conftest import signs_in
from tests.house import House
from tests.retention.rows import only_report

SAID = "He took my passport and locks the door at night. My name is Maria Lopez"
ANSWER = "Estamos aquí. ¿Puedes hablar mañana?"


@dataclass
class Court:
    """Everything that a chain of custody is made of."""

    house: House
    report_id: str
    noor: Keyholder
    ines: Keyholder

    @property
    def store(self):
        return self.house.hotline.store

    @property
    def at(self) -> datetime:
        return self.house.clock()

    def noor_answers(self) -> int:
        """Let Noor take the report and answer, and return the number of her answer."""
        hotline, noor, at = self.house.hotline, self.noor, self.at
        self.store.write(
            lambda s: triage.claim(s, self.report_id, desk="main", by=noor.staff_id, at=at)
        )
        return contact.reply(
            hotline.store,
            noor,
            hotline.keyring,
            hotline.relay_public,
            languages=hotline.languages,
            house_public=hotline.log_key.public,
            report_id=self.report_id,
            text=ANSWER,
            at=at,
        )

    @property
    def log_name(self) -> str:
        return self.house.hotline.config.log_name

    def checkpoints(self) -> None:
        """Let the day pass, and the log be numbered and signed."""
        at = self.house.clock.passes(hours=26)
        signer = LogSigner(self.log_name, self.house.hotline.log_key)

        def sign(session: Session) -> None:
            audit.sequence(session, at=at)
            audit.checkpoint(session, signer, at)

        self.store.write(sign)

    def makes(self, *revealed: Revealed, by: Keyholder | None = None) -> Document:
        hotline = self.house.hotline
        with hotline.store.read() as session:
            return document(
                session,
                by or self.ines,
                self.report_id,
                authors=hotline.authors,
                verifier=LogVerifier(self.log_name, hotline.log_key.public),
                at=self.at,
                revealed=revealed,
            )

    def json(self) -> dict[str, Any]:
        return json.loads(self.makes().to_json())

    def does(self, statement: Any) -> None:
        """Do what somebody can who writes to the database."""
        self.store.write(lambda session: session.execute(statement))


@pytest.fixture
def court(house: House, maria: Texter) -> Court:
    maria.texts(SAID)
    report_id = only_report(house.hotline.store)
    return Court(house, report_id, signs_in(house, "noor"), signs_in(house, "ines"))
