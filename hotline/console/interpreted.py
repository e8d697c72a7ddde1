"""What a report's page shows of its interpreter: who it is, what they got, and what they made of it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.console.placeholders import Piece
from hotline.console.reading import Reading, Said
from hotline.domain.report import Direction
from hotline.parts import here
from hotline.store import Session
from hotline.triage.interpreter_work import Work
from hotline.triage.interpreting import busy, may_interpret, works_of_report
from hotline.triage.languages import readers
from hotline.triage.translations import Translation, translations_of
from hotline.vault.contents import placeholder_of
from hotline.vault.desk_words import open_words_of
from hotline.vault.handed import Handed, Kind, Texts, handed_over
from hotline.vault.opening import Keyholder

_PLACEHOLDER = re.compile(r"(\[[A-Z_]+ \d{1,4}\])")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Somebody who may be asked, with the languages that they said they read; *is_busy* with another report."""

    id: str
    name: str
    languages: tuple[str, ...]
    is_busy: bool


@dataclass(frozen=True, slots=True, repr=False)
class Drafted:
    """An answer that was given to translate: the draft, and what came back, the newest version first."""

    number: int
    draft: Translation
    back: tuple[Translation, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Interpreted:
    """The interpreting of a report. *waiting* are the messages that its interpreter has not got."""

    works: Sequence[Work]
    given: frozenset[int]
    waiting: tuple[Said, ...]
    all: tuple[Said, ...]
    texts: Mapping[tuple[Kind, int], Sequence[Translation]]
    words: Mapping[str, str] = field(default_factory=dict)
    may: tuple[Interpreter, ...] = ()
    masking: frozenset[int] = frozenset()

    @property
    def work(self) -> Work | None:
        """The work that is open."""
        return next((work for work in self.works if work.is_open), None)

    @property
    def past(self) -> list[Work]:
        return [work for work in self.works if not work.is_open]

    def of(self, seq: int) -> Sequence[Translation]:
        """Return the translations of message *seq*, the newest version first; none while more of it is being masked."""
        return () if seq in self.masking else self.texts.get((Kind.MESSAGE, seq), ())

    @property
    def drafts(self) -> list[Drafted]:
        """The answers that were given to translate, the newest first."""
        found = [
            Drafted(seq, made[-1], tuple(made[:-1]))
            for (kind, seq), made in self.texts.items()
            if kind is Kind.DRAFT
        ]
        return sorted(found, key=lambda one: -one.number)


def interpreted(
    session: Session, keyholder: Keyholder, reading: Reading, *, at: datetime
) -> Interpreted:
    """Return what is known of the interpreting of a report that was read."""
    facts, keyring = reading.facts, here().keyring
    works = works_of_report(session, facts.id, at=at)
    work = next((one for one in works if one.is_open), None)
    lies = handed_over(session, work.id) if work else frozenset()
    given = frozenset(seq for kind, seq in lies if kind is Kind.MESSAGE)
    to_hand = tuple(said for said in reading.said if _can_be_handed(said))
    taken, spoken = busy(session, facts.desk, at=at), readers(session, facts.desk)
    return Interpreted(
        works,
        given,
        tuple(said for said in to_hand if said.message.seq not in given),
        to_hand,
        translations_of(session, keyholder, facts.id),
        open_words_of(session, keyholder, [one.id for one in works]),
        tuple(
            Interpreter(
                member.id,
                member.name,
                tuple(code for code, ids in spoken.items() if member.id in ids),
                member.id in taken,
            )
            for member in may_interpret(session, keyring, facts.id, desk=facts.desk)
        ),
        frozenset(
            said.message.seq
            for said in reading.said
            if said.review is not None and said.review.marks.ranges
        ),
    )


def texts_of(reading: Reading, picks: Collection[int]) -> Texts:
    """Return the messages of a report that were picked, redacted, with the numbers that hold for the whole report.

    What stands behind a place, an age or a date stays here, too.
    """
    return {
        (Kind.MESSAGE, said.message.seq): Handed(
            "".join(_plain(piece) for piece in said.pieces),
            said.account.language if said.account else "und",
            said.message.direction is Direction.TO_REPORTER,
        )
        for said in reading.said
        if said.message.seq in picks and _can_be_handed(said)
    }


def written(text: str) -> list[Piece]:
    """Return *text* with the placeholders that somebody copied into it; their numbers are the report's own."""
    return [_piece(part) for part in _PLACEHOLDER.split(text) if part]


def _piece(part: str) -> Piece:
    found = placeholder_of(part) if _PLACEHOLDER.fullmatch(part) else None
    return Piece("", found[0], found[1]) if found else Piece(part)


def _plain(piece: Piece) -> str:
    return f"[{piece.label} {piece.number}]" if piece.label else piece.text


def _can_be_handed(said: Said) -> bool:
    """Tell whether it is a message with words: no note, no choice among ours, nothing that is sealed whole."""
    is_message = said.message.direction is not Direction.NOTE and not said.is_key
    return is_message and not said.is_withheld and bool(said.account and said.account.text.strip())
