"""A text that asks for something with a code and a code word: done, answered like any other, and not kept."""

from datetime import datetime
from typing import Protocol

from hotline.domain.report import IncomingMessage


class Wishes(Protocol):
    """Hears what somebody asks for by text. What that may be is decided above this room."""

    def concern(self, message: IncomingMessage) -> bool:
        """Tell whether *message* may ask for something; most do not."""

    def heed(self, message: IncomingMessage, *, at: datetime) -> IncomingMessage | None:
        """Do what *message* asks for and return None; return what is to be kept where that was wrong."""
