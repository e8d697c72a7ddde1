"""Look at who someone is: one field at a time, for a stated purpose, written down before anything opens.

At a desk with four eyes a look waits for a second person (`requests`). What saves a life waits for nobody: number
and place open at once, and a supervisor asks about it afterwards.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from hotline.domain.staff import Right
from hotline.errors import Malformed, Refused
from hotline.store import Session, Store
from hotline.vault.contents import Identity, placeholder_of
from hotline.vault.keyring import IDENTITY, Keyring
from hotline.vault.opening import EnvelopeNotFound, Keyholder
from hotline.vault.opening_files import OpenFile, open_files
from hotline.vault.sealing import ADDED
from hotline.vault.tables import envelopes
from hotline.vault.words import write_down

PURPOSES = ("life", "understanding", "handoff", "translation", "review", "law")
"""What a look may be for; the words beside it say the rest."""

WORDS = "words"
SENDER = "sender"
LEFT = "contact"
ATTACHMENTS = "attachments"
FIELDS = (WORDS, SENDER, LEFT, ATTACHMENTS)
"""What may be asked for, beside a placeholder such as ``PERSON 1``."""

LONGEST_WORDS = 200
"""Characters that are kept of the words beside a purpose."""

Beside = Callable[[Session], object]
"""What is kept in the transaction of the line, or not at all."""


class RevealRefused(Refused):
    default_message = "who someone is opens only with the right to reveal, and for a purpose"


class SecondNeeded(Refused):
    default_message = "a second person must approve this first"


@dataclass(frozen=True, slots=True, repr=False)
class Look:
    """What of which message somebody wants to see, and why.

    *field* is one of `FIELDS` or a placeholder of that message, *purpose* one of `PURPOSES`.

    Raises:
        Malformed: there is no such field, or no such purpose.
    """

    report_id: str
    seq: int
    field: str
    purpose: str
    words: str

    def __post_init__(self) -> None:
        is_field = self.field in FIELDS or placeholder_of(self.field) is not None
        if not is_field or self.field.startswith("[") or self.purpose not in PURPOSES:
            raise Malformed(ref=self.report_id)

    @property
    def what(self) -> str:
        """What the log calls it: the message's number and the field."""
        return f"{self.seq} {self.field}"

    def require(self, keyholder: Keyholder) -> None:
        """Do nothing when *keyholder* may look and says why.

        Raises:
            RevealRefused: without the right to reveal, or without words.
        """
        if not keyholder.may(Right.REVEAL) or not said(self.words):
            raise RevealRefused(ref=self.report_id)

    def write_down(
        self, session: Session, keyring: Keyring, by: Keyholder, did: str, *, at: datetime
    ) -> None:
        write_down(
            session,
            keyring,
            at=at,
            who=by.staff_id,
            did=did,
            desk=by.desk,
            report_id=self.report_id,
            what=self.what,
            purpose=self.purpose,
            words=said(self.words),
        )

    def __repr__(self) -> str:
        return "<Look>"


def reveal(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    look: Look,
    *,
    at: datetime,
    beside: Beside = lambda _session: None,
) -> Identity:
    """Write down that *keyholder* looks at one field of a message, then open it; the rest is left empty.

    The line must be kept before the envelope opens, so that a failure leaves a trace and never a silent look.

    Raises:
        RevealRefused: without the right to reveal, or without words.
        SecondNeeded: it opens with a second person only; nothing was written down.
        EnvelopeNotFound: there is no such message, or nothing in it has that name.
        SealBroken: it does not open; the line stays.
    """
    _keep_look(store, keyring, keyholder, look, beside, at=at)
    with store.read() as session:
        identity = keyholder.open_identity(session, look.report_id, look.seq)
        return only(identity, look.field)


def reveal_files(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    look: Look,
    *,
    at: datetime,
    beside: Beside = lambda _session: None,
) -> list[OpenFile]:
    """Write down that *keyholder* looks at the files of a message, then open them.

    Raises:
        Malformed: *look* is at something else.
        RevealRefused, SecondNeeded: as for `reveal`.
    """
    if look.field != ATTACHMENTS:
        raise Malformed(ref=look.report_id)
    _keep_look(store, keyring, keyholder, look, beside, at=at)
    with store.read() as session:
        return open_files(session, keyholder, look.report_id, look.seq)


def _keep_look(
    store: Store,
    keyring: Keyring,
    keyholder: Keyholder,
    look: Look,
    beside: Beside,
    *,
    at: datetime,
) -> None:
    """Commit the line of a look that needs nobody else."""
    look.require(keyholder)
    with store.read() as session:
        if sealed_twice(session, look.report_id, [look.seq]):
            raise SecondNeeded(ref=look.report_id)
    keep_line(store, keyring, keyholder, look, beside, at=at)


def keep_line(
    store: Store,
    keyring: Keyring,
    keyholder: Keyholder,
    look: Look,
    beside: Beside,
    *,
    at: datetime,
) -> None:
    """Commit the line that *keyholder* looks, with what belongs beside it."""

    def write(session: Session) -> None:
        look.write_down(session, keyring, keyholder, "reveal", at=at)
        beside(session)

    store.write(write)


def sealed_twice(session: Session, report_id: str, seqs: Iterable[int]) -> frozenset[int]:
    """Return which of the messages open with a second person only."""
    rows = envelopes.c
    found = session.execute(
        select(rows.seq).where(
            rows.report_id == report_id,
            rows.seq.in_(list(seqs)),
            or_(rows.audience == IDENTITY, rows.audience.startswith(ADDED)),
            rows.wrap2.is_not(None),
        )
    )
    return frozenset(found.scalars())


def only(identity: Identity, field: str) -> Identity:
    """Return *identity* with nothing in it but *field*.

    Raises:
        EnvelopeNotFound: nothing in it has that name.
    """
    if field == WORDS:
        # What stands behind each placeholder is part of the words; some of it somebody masked by hand.
        return Identity(identity.original, entities=identity.entities)
    if field == SENDER:
        return Identity("", sender=identity.sender)
    if field == LEFT:
        return Identity("", contact=identity.contact)
    if field == ATTACHMENTS:
        return Identity("")
    behind = {placeholder_of(name): words for name, words in identity.entities}
    words = behind.get(placeholder_of(field))
    if words is None:
        raise EnvelopeNotFound
    return Identity("", entities=((f"[{field}]", words),))


def said(words: str) -> str:
    """Return *words* as they are kept: on one line, and no more than `LONGEST_WORDS` of it."""
    return " ".join(words.split())[:LONGEST_WORDS]
