"""Whom it must not reach, named with what was told: kept with it in one transaction, so that nothing leaves in between."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from hotline import consent
from hotline.errors import Malformed
from hotline.store import Session
from hotline.vault.keyring import Keyring


@dataclass(frozen=True, slots=True, repr=False)
class Forbidden:
    """Words of the person that somebody at the desk has to read before anything more of the report leaves."""

    keyring: Keyring
    report_id: str
    words: str

    def keep(self, session: Session, *, at: datetime) -> None:
        # Beyond as many as may stand, what was told beside them must not be lost for them.
        with suppress(Malformed):
            consent.exclude(
                session,
                self.keyring,
                report_id=self.report_id,
                kind="words",
                words=self.words,
                at=at,
            )
