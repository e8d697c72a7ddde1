"""Somebody texts their return code, perhaps with their code word: from now on this phone speaks in that report.

The code alone gives what was answered and not read yet, unless a code word is agreed: whoever holds the phone may find the
code among its texts. No code stands in what is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.contact.ways import LONGEST
from hotline.dialogue.picking import AROUND
from hotline.dialogue.turns import Saying
from hotline.domain.report import Channel, IncomingMessage
from hotline.intake.threads import Thread, of_reporter
from hotline.store import Store
from hotline.vault.attest import Authors
from hotline.vault.codes import parse
from hotline.vault.codes_in_text import codes_in, without
from hotline.vault.reporters import (
    Answers,
    CodeDesk,
    ReporterKey,
    find_reporter,
    has_word,
    knows_word,
    open_answers,
)
from hotline.vault.threads import word_mark

_WORDS = 8
MOST_TRIES = 60
"""Wrong words in calls, one after the other, after which none is right."""
_MOST = 3
"""How many codes of a text are looked at: each costs a stretching of it."""


@dataclass(frozen=True, slots=True, repr=False)
class Returned:
    """Whose code stood in a text; *message* is what is left of it.

    *word* is their code word, where it stood beside the code; *needs_word* says that one is agreed, and was not there.
    *report_id* is told of who called.
    """

    key: ReporterKey
    message: IncomingMessage
    word: str = ""
    needs_word: bool = False
    answers: Answers = field(default_factory=lambda: Answers({}))
    report_id: str = ""

    @property
    def says(self) -> tuple[Saying, ...]:
        """What they have not read yet, oldest first, as far as one text holds it; nothing without the word."""
        if self.needs_word:
            return ()
        if not self.reads:
            return (Saying("nothing_new"),)
        return tuple(Saying(verbatim=self.answers.genuine[seq].text) for seq in self.reads)

    @property
    def texts(self) -> dict[int, str]:
        """All that they have not read yet by its number, oldest first; nothing without the word."""
        if self.needs_word:
            return {}
        return {seq: account.text for seq, account in self.answers.genuine.items()}

    @property
    def reads(self) -> tuple[int, ...]:
        """The numbers of the answers that `says` gives."""
        room, fit = LONGEST[Channel.SMS], []
        for seq, account in self.answers.genuine.items() if not self.needs_word else ():
            room -= len(account.text) + 1
            if room < 0:
                break
            fit.append(seq)
        return tuple(fit)


@dataclass(frozen=True)
class Recognizing:
    """Looks for return codes in texts and calls. *agreed* tells the mark of the code word that a thread agreed on
    by text, *tries* how often somebody was wrong about it."""

    store: Store
    codes: CodeDesk
    authors: Authors
    agreed: Callable[[Thread], str]
    tries: Callable[[Thread], int]

    def concern(self, message: IncomingMessage) -> bool:
        """Tell whether something in *message* could be a code; nearly no text has any."""
        return next(codes_in(message.text), None) is not None

    def of(self, message: IncomingMessage) -> Returned | None:
        """Return who *message* shows to be theirs; None for nearly every text."""
        for _, found in zip(range(_MOST), codes_in(message.text), strict=False):
            key = self.codes.derive(found.code)
            with self.store.read() as session:
                row = find_reporter(session, key.lookup)
                if row is None:
                    continue
                answers = open_answers(session, key, authors=self.authors, unread_only=True)
            rest = without(message.text, list(codes_in(message.text)), mark=" ").strip()
            word, left = _word_in(rest, lambda word: knows_word(key, row, word))  # noqa: B023 - called at once.
            needs_word = has_word(key, row) and not word
            return Returned(key, replace(message, text=left), word, needs_word, answers)
        return None

    def by_keys(self, digits: str, word: str, *, at: datetime) -> Returned | None:
        """Return who typed their code in a call; None where the *digits* are none of ours.

        A word that was agreed by text, after the code was given, counts as well.
        """
        code = parse(digits)
        if code is None:
            return None
        key = self.codes.derive(code)
        with self.store.read() as session:
            row = find_reporter(session, key.lookup)
            if row is None:
                return None
            thread = of_reporter(session, key, at=at)
            answers = open_answers(session, key, authors=self.authors, unread_only=True)
        agreed = self.agreed(thread)
        if has_word(key, row):
            is_right = knows_word(key, row, word)
        else:
            is_right = bool(word and agreed) and word_mark(thread.secret, word) == agreed
        # After so many wrong ones none is right: whoever guesses has all day.
        is_right = is_right and self.tries(thread) <= MOST_TRIES
        needs_word = (has_word(key, row) or bool(agreed)) and not is_right
        message = IncomingMessage(Channel.VOICE, "", thread.locale)
        proven = word if is_right else ""
        return Returned(key, message, proven, needs_word, answers, thread.report_id)


def _word_in(rest: str, is_right: Callable[[str], bool]) -> tuple[str, str]:
    """Return the code word that *rest* is, or begins or ends with, and what stands beside it."""
    first, *others = rest.split() or [""]
    tries = [(rest, "")]
    if others and len(others) < _WORDS:
        tries += [(others[-1], " ".join([first, *others[:-1]])), (first, " ".join(others))]
    found = ((word.strip(AROUND), left) for word, left in tries if is_right(word.strip(AROUND)))
    return next(found, ("", rest))
