"""What of a report is sealed, field by field, and what the reader asked to see of it: names, never content."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.console.placeholders import Piece
from hotline.console.reading import Reading, Said
from hotline.domain.report import Channel
from hotline.store import Session
from hotline.vault import attachments, requests
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.requests import Request
from hotline.vault.revealing import ATTACHMENTS, LEFT, SENDER, WORDS, sealed_twice

_WITH_SENDER = (Channel.SMS, Channel.WHATSAPP, Channel.VOICE)


@dataclass(frozen=True, slots=True)
class SealedField:
    """One thing that can be asked for; *piece* is the placeholder that it stands behind, if it is one.

    Of attachments *files* tells how many came, and *copies* how many of them have a clean copy.
    """

    seq: int
    name: str
    piece: Piece | None = None
    files: int = 0
    copies: int = 0

    @property
    def value(self) -> str:
        """What a form sends for it."""
        return f"{self.seq} {self.name}"


@dataclass(frozen=True, slots=True)
class SealedMessage:
    seq: int
    fields: tuple[SealedField, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader asked, and what came of it; *why* is what a colleague said who refused."""

    request: Request
    field: SealedField
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Everything of a report that only a reveal opens; *four_eyes* tells whether a colleague is asked first."""

    messages: tuple[SealedMessage, ...] = ()
    answers: tuple[Answer, ...] = ()
    four_eyes: bool = False

    def find(self, value: str) -> SealedField | None:
        """Return the field that a form means with *value*."""
        return next((f for m in self.messages for f in m.fields if f.value == value), None)


def read_sealed(
    session: Session, keyholder: Keyholder, keyring: Keyring, reading: Reading, *, at: datetime
) -> Sealed:
    """Return what is sealed of a report that the reader has open, and what they asked to see of it."""
    report_id = reading.facts.id
    numbers = [said.message.seq for said in reading.accounts]
    twice = sealed_twice(session, report_id, numbers)
    files = attachments.counts_of_report(session, report_id)
    copies = attachments.counts_of_report(session, report_id, copies=True)
    messages = tuple(
        SealedMessage(seq, fields_of(said, files=files.get(seq, 0), copies=copies.get(seq, 0)))
        for said in reading.accounts
        for seq in [said.message.seq]
    )
    asked = requests.of_requester(session, keyholder, report_id, at=at)
    answers = tuple(_answer(session, keyholder, one, messages) for one in asked)
    return Sealed(messages, answers, bool(twice) or keyring.desk(keyholder.desk).four_eyes)


def fields_of(said: Said, *, files: int = 0, copies: int = 0) -> tuple[SealedField, ...]:
    """Return what can be asked for of one message, the placeholders in reading order."""
    seq = said.message.seq
    first = SENDER if said.message.channel in _WITH_SENDER else LEFT
    came = [SealedField(seq, ATTACHMENTS, files=files, copies=copies)] if files else []
    behind = {piece.name: piece for piece in said.pieces if piece.name}
    return (
        *(SealedField(seq, name) for name in (first, WORDS)),
        *came,
        *(SealedField(seq, name, piece) for name, piece in behind.items()),
    )


def _answer(
    session: Session,
    keyholder: Keyholder,
    request: Request,
    messages: Iterable[SealedMessage],
) -> Answer:
    asked = request.what
    found = next((f for m in messages for f in m.fields if f.value == asked), None)
    why = requests.open_answer(session, keyholder, request)
    return Answer(request, found or SealedField(request.seq, request.field), why)
