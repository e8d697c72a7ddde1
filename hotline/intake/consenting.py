"""What somebody decides by text of what may be told: their yes or no, and what they ask for with their code word.

It is kept in the transaction of the text that says so. What cannot be kept any more, because the question was withdrawn
meanwhile or we doubt by now who holds the phone, was not decided: the text is then one like any other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline import consent
from hotline.consent import ConsentRefused, GivenHow, Words
from hotline.dialogue.turns import Ask, Saying
from hotline.errors import Conflict, NotFound
from hotline.intake.heeding import Wishes
from hotline.store import Session
from hotline.vault.keyring import Keyring


class AskGone(Conflict):
    default_message = "this question does not wait for an answer any more"


@dataclass(frozen=True, slots=True)
class Consents:
    """What a conversation must know: the questions that wait, our words, and what we say of what was allowed."""

    asks: tuple[Ask, ...] = ()
    wishes: Mapping[str, str] = field(default_factory=dict)
    allowed: Callable[[], tuple[Saying, ...]] = tuple


@dataclass(frozen=True, slots=True)
class Answer:
    """Their yes or no to a question, with the very *words* that were put to them."""

    keyring: Keyring
    report_id: str
    ask_id: str
    yes: bool
    words: Words

    def keep(self, session: Session, *, at: datetime) -> None:
        """Keep it.

        Raises:
            AskGone: the question does not wait any more, or nothing may be agreed to now.
        """
        try:
            consent.answer(
                session,
                self.keyring,
                self.ask_id,
                report_id=self.report_id,
                yes=self.yes,
                words=self.words,
                how=GivenHow.SMS,
                at=at,
            )
        except (ConsentRefused, NotFound):
            raise AskGone from None


@dataclass(frozen=True, slots=True)
class Wished:
    """What they asked for with one of our words and their code word."""

    wishes: Wishes
    act: str
    report_id: str

    def keep(self, session: Session, *, at: datetime) -> None:
        self.wishes.do(session, self.act, self.report_id, at=at)
