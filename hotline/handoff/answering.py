"""What a provider answers, what staff answer them, and what the clock makes of it when nobody does."""

from datetime import datetime

from hotline.handoff.events import EVENTS, OUTCOMES, REASONS, Event, Happened, Outcome, Reason
from hotline.handoff.links import Said
from hotline.store import Session
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

__all__ = ["EVENTS", "OUTCOMES", "REASONS", "Event", "Happened", "Outcome", "Reason"]


def accept(session: Session, link_id: str, *, at: datetime) -> Happened:
    """Let the provider take the person in: event ACCEPTED, or NOT_NEEDED where another was faster.

    Raises:
        NotFound: the link is closed.
        Conflict: it was answered before.
    """
    raise NotImplementedError


def decline(session: Session, link_id: str, reason: str, at: datetime) -> Happened:
    """Let the provider say no; the link is closed. An unknown *reason* is OTHER.

    Raises:
        NotFound: the link is closed.
        Conflict: it was answered before.
    """
    raise NotImplementedError


def ask_desk(
    session: Session, keyring: Keyring, link_id: str, words: str, *, at: datetime
) -> Happened:
    """Keep what the provider asks the desk, sealed to the desk and to the link: event ASKED_DESK.

    Raises:
        NotFound: the link is closed.
        Malformed: no words.
    """
    raise NotImplementedError


def report_outcome(session: Session, link_id: str, outcome: str, *, at: datetime) -> Happened:
    """Keep what came of what was accepted. NO_SPACE and LEFT close the link and free the need.

    Raises:
        NotFound: the link is closed.
        Malformed: it is no outcome.
        Conflict: it was never accepted, or has ended.
    """
    raise NotImplementedError


def outcome_by_staff(
    session: Session, keyholder: Keyholder, handoff_id: str, outcome: str, *, at: datetime
) -> Happened:
    """Keep what staff were told by telephone; as `report_outcome`, also where the link is closed.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        Malformed, Conflict: as `report_outcome`.
    """
    raise NotImplementedError


def answer_provider(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    handoff_id: str,
    words: str,
    at: datetime,
) -> None:
    """Keep what staff answer the provider, sealed to the link and to the desk.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        Conflict: its link is closed, so nobody would read it.
        Malformed: no words.
    """
    raise NotImplementedError


def talk(session: Session, keyholder: Keyholder, handoff_id: str) -> list[Said]:
    """Return what was said between the provider and the desk, oldest first; at most a hundred."""
    raise NotImplementedError


def expire(session: Session, at: datetime, *, limit: int = 100) -> list[Happened]:
    """Close what was not answered in time or whose PIN was guessed at too often; for the worker, every minute."""
    raise NotImplementedError


def due_outcomes(session: Session, at: datetime, *, limit: int = 100) -> list[Happened]:
    """Return each accepted offer of which staff should ask now what came of it: event ASK_ARRIVED."""
    raise NotImplementedError


def responsiveness(session: Session, at: datetime) -> dict[str, int]:
    """Return the median minutes in which each service answered within 180 days, of those with three answers or more."""
    raise NotImplementedError
