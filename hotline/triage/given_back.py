"""Words that were masked and are ordinary: one person gives them back, another decides, and only then they are kept.

A word that was given back may be a name in truth. Until a supervisor who did not give it has looked at it, it is
sealed and changes nothing; refused, it is gone. Accepted, it stands in the clear among the house's `kept_words`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.domain.staff import Right
from hotline.errors import Conflict, NotFound, Refused
from hotline.lexicon import open_names
from hotline.lexicon.folding import bare, fold
from hotline.store import Session, Store
from hotline.triage import kept_words
from hotline.triage.access import hidden_from
from hotline.vault import given
from hotline.vault.given import GivenWord
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.words import write_down

MOST = 500
"""So many words are looked at together; the others come when these are decided."""
LONGEST = 64
"""Characters of the longest word that can be kept."""


class OwnWord(Refused):
    default_message = "somebody else must look at the word that you gave back"


class AlsoAName(Refused):
    default_message = "this word is a name, too: it must be meant twice"


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """A masked *word* of a message, and what it is called there, such as ``PERSON 2``."""

    placeholder: str
    word: str


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """A folded *word* that waits for a decision; *givers* are staff ids, who came first stands first."""

    id: str
    language: str
    word: str
    day: str
    givers: tuple[str, ...]
    ids: tuple[str, ...]

    @property
    def is_name(self) -> bool:
        """Tell whether people bear it: then it is masked nowhere any more, also where it is their name."""
        return self.word in open_names("persons")

    @property
    def is_place(self) -> bool:
        """Tell whether a place is called so. Too many ordinary words are that for a second question to help."""
        return self.word in open_names("places")

    def is_only_from(self, staff_id: str) -> bool:
        return set(self.givers) == {staff_id}


def is_one_word(word: str) -> bool:
    """Tell whether *word* could stand in a keep-list: letters without digits, of a length that words have."""
    folded = folded_word(word)
    has_parts = any(char.isspace() or char.isdigit() for char in folded)
    return 0 < len(folded) <= LONGEST and not has_parts and any(map(str.isalpha, folded))


def folded_word(word: str) -> str:
    """Return *word* as lexicons list it."""
    return bare(fold(word)) if word else ""


def give_back(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    words: Sequence[Word],
    *,
    report_id: str,
    seq: int,
    language: str,
    at: datetime,
) -> int:
    """Seal *words* of a message for whoever decides, and write down that they were given; return how many were new.

    Raises:
        Refused: without the right to reveal, which alone shows such words.
    """
    keyholder.require(Right.REVEAL)
    new = 0
    for one in words:
        is_new = given.give(
            session,
            keyholder,
            keyring,
            folded_word(one.word),
            report_id=report_id,
            seq=seq,
            placeholder=one.placeholder,
            language=language,
            at=at,
        )
        if is_new:
            new += 1
            its = {"report_id": report_id, "what": f"{seq} {one.placeholder}"}
            _write_down(session, keyholder, keyring, "word_given", at, **its)
    return new


def candidates(session: Session, keyholder: Keyholder) -> list[Candidate]:
    """Return what waits at the keyholder's desk, each word of a language once, the oldest first.

    What was given back out of a report that they may not see is not there for them.

    Raises:
        Refused: without the right to oversee.
    """
    together: dict[tuple[str, str], list[GivenWord]] = {}
    hidden = hidden_from(keyholder.staff_id)
    for one in given.waiting(session, keyholder, limit=MOST, hidden=hidden):
        together.setdefault((one.language, one.word), []).append(one)
    return [_candidate(same) for same in together.values()]


def accept(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    candidate_id: str,
    *,
    is_sure: bool,
    at: datetime,
) -> None:
    """Keep a word from now on, for every text of the house.

    Raises:
        Refused: without the right to oversee.
        NotFound: no such word waits.
        OwnWord: nobody but the keyholder gave it.
        AlsoAName: people bear it, and *is_sure* does not say that it is meant all the same.
        Conflict: somebody else decided at this very moment.
    """
    found = _find(store, keyholder, candidate_id)
    if found.is_name and not is_sure:
        raise AlsoAName(ref=candidate_id)

    def write(session: Session) -> None:
        _drop(session, found)
        kept_words.keep(session, found.language, found.word, at=at)
        its = {"what": found.language, "words": found.word}
        _write_down(session, keyholder, keyring, "word_kept", at, **its)

    store.write(write)


def refuse(
    store: Store, keyholder: Keyholder, keyring: Keyring, candidate_id: str, *, at: datetime
) -> None:
    """Let a word go on being masked; the log says that one was refused, and never which.

    Raises:
        Refused, NotFound, OwnWord, Conflict: as for `accept`.
    """
    found = _find(store, keyholder, candidate_id)

    def write(session: Session) -> None:
        _drop(session, found)
        _write_down(session, keyholder, keyring, "word_refused", at, what=found.language)

    store.write(write)


def take_out(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    language: str,
    word: str,
    at: datetime,
) -> None:
    """Keep a word no longer. That masks more, so one person decides it.

    Raises:
        Refused: without the right to oversee.
        NotFound: it is not kept.
    """
    keyholder.require(Right.OVERSEE)
    if not kept_words.take_out(session, language, word):
        raise NotFound
    its = {"what": language, "words": word}
    _write_down(session, keyholder, keyring, "word_taken_out", at, **its)


def _find(store: Store, keyholder: Keyholder, candidate_id: str) -> Candidate:
    with store.read() as session:
        waiting = candidates(session, keyholder)
    found = next((one for one in waiting if one.id == candidate_id), None)
    if found is None:
        raise NotFound(ref=candidate_id)
    if found.is_only_from(keyholder.staff_id):
        raise OwnWord(ref=candidate_id)
    return found


def _candidate(same: Sequence[GivenWord]) -> Candidate:
    first = same[0]
    givers = tuple(dict.fromkeys(one.by for one in same))
    ids = tuple(one.id for one in same)
    return Candidate(first.id, first.language, first.word, first.day, givers, ids)


def _drop(session: Session, candidate: Candidate) -> None:
    if given.drop(session, candidate.ids) != len(candidate.ids):
        raise Conflict(ref=candidate.id)


def _write_down(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    did: str,
    at: datetime,
    **line: str,
) -> None:
    write_down(
        session, keyring, at=at, who=keyholder.staff_id, did=did, desk=keyholder.desk, **line
    )
