"""Whom it must not reach, named with what was told: kept with it in one transaction, so that nothing leaves in between."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from hotline import consent
from hotline.domain.report import IncomingMessage
from hotline.errors import Malformed
from hotline.store import Session
from hotline.vault.keyring import Keyring


def told_in_account(message: IncomingMessage, *, is_full: bool, is_cry: bool) -> IncomingMessage:
    """Return *message* with whom it must not reach in its account, where those words are to be read at once.

    A cry is heard wherever it stands. Beyond as many as may wait beside a report they stand in the account alone.
    """
    if not message.not_to or not (is_full or is_cry):
        return message
    text = "\n\n".join(filter(None, (message.text, message.not_to)))
    return replace(message, text=text, not_to="" if is_full else message.not_to)


@dataclass(frozen=True, slots=True, repr=False)
class Forbidden:
    """Words of the person that somebody at the desk has to read before anything more of the report leaves."""

    keyring: Keyring
    report_id: str
    words: str

    def keep(self, session: Session, *, at: datetime) -> None:
        # Where others were named at this very moment, what was told beside them must not be lost for them.
        with suppress(Malformed):
            consent.exclude(
                session,
                self.keyring,
                report_id=self.report_id,
                kind="words",
                words=self.words,
                at=at,
            )
