"""A text that asks for something with a code and a code word: done, answered, and not kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.dialogue.turns import Ask, Saying
from hotline.domain.report import IncomingMessage
from hotline.store import Session


@dataclass(frozen=True, slots=True)
class Heeded:
    """It was done. What we say to it, in *locale*; nothing of its own where it is answered like any text."""

    says: tuple[Saying, ...] = ()
    locale: str = ""


class Wishes(Protocol):
    """Hears what somebody asks for by text, and does it. What that may be is decided above this room."""

    def concern(self, message: IncomingMessage) -> bool:
        """Tell whether *message* may ask for something; most do not."""

    def heed(self, message: IncomingMessage, *, at: datetime) -> IncomingMessage | Heeded:
        """Do what *message* asks for with a code; return what is to be kept where that was wrong."""

    def do(self, session: Session, act: str, report_id: str, *, at: datetime) -> None:
        """Do what one of our words, by its name *act*, asks for: the code word was right."""

    def asks(self, session: Session, report_id: str, *, at: datetime) -> tuple[Ask, ...]:
        """Return the questions for a yes or no that wait for whoever is behind a report."""

    def allowed(self, report_id: str, *, at: datetime) -> tuple[Saying, ...]:
        """Return what we say of what was allowed."""
