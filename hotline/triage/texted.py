"""A person asks for something by text, with their code, their code word and one word of ours.

To have what they told us erased, or kept after all: then whoever holds the phone sees the same answer as to any text.
To take back every yes, to read what they allowed, or to have a copy: that is said, because it must be known to be done.
From the phone that speaks in their report these three need the code word alone; `dialogue.wishing` hears them there.

A code word that is wrong locks nobody out: what was written is kept as a message, because that may be somebody who
writes what they are told to. No code ever stands in what is kept: with the word it would open everything.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from sqlalchemy import select

from hotline.dialogue.turns import Ask, Saying
from hotline.dialogue.wishing import BACK, COPY, SAID, WHAT
from hotline.domain.report import IncomingMessage
from hotline.errors import NotFound
from hotline.i18n import Languages
from hotline.intake.heeding import Heeded
from hotline.messages import own_word
from hotline.reports.tables import reports
from hotline.retention.asking import REPORTER
from hotline.store import Session, Store
from hotline.triage.allowing import allowed, questions
from hotline.triage.copies import ask_copy
from hotline.triage.ending import ask_erasure, cancel_erasure
from hotline.triage.taking_back import take_back_all
from hotline.vault.codes_in_text import Found, codes_in, without
from hotline.vault.reporters import CodeDesk, ReporterKey, find_reporter, knows_word

_MOST = 3  # Each code that is looked at costs a stretching of it.
# Not only letters: in many scripts a word is letters and marks.
_TOKEN = re.compile(r"[^\s\d_.,;:!?…\"'()\[\]{}/\\|–—-]+")
_AROUND = " \t\r\n.,;:!?…-–—\"'()[]"
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")


class Act(Protocol):
    def __call__(self, session: Session, report_id: str, *, at: datetime) -> object: ...


def _take_back(session: Session, report_id: str, *, at: datetime) -> object:
    return take_back_all(session, report_id, by=REPORTER, at=at)


def _only_read(session: Session, report_id: str, *, at: datetime) -> object:
    return at


_ACTS: Mapping[str, Act] = {
    "erase_word": ask_erasure,
    "keep_word": cancel_erasure,
    BACK: _take_back,
    WHAT: _only_read,
    COPY: ask_copy,
}


@dataclass(frozen=True, slots=True, repr=False)
class _Wish:
    act: str
    code: Found
    word: str


@dataclass(frozen=True)
class Wishes:
    """Hears what a text asks for. The words for it are those of every language that we answer in."""

    store: Store
    codes: CodeDesk
    languages: Languages

    def concern(self, message: IncomingMessage) -> bool:
        """Tell whether *message* may ask for something: it has one of our words, and what could be a code."""
        return next(self._wishes(message.text), None) is not None

    def heed(self, message: IncomingMessage, *, at: datetime) -> IncomingMessage | Heeded:
        """Do what *message* asks for, and say so; where code or word are wrong, return what is to be kept."""
        for wish, _ in zip(self._wishes(message.text), range(_MOST), strict=False):
            key = self.codes.derive(wish.code.code)
            heeded = self.store.write(lambda session: _do(session, key, wish, at))  # noqa: B023 - runs before the next round.
            if heeded is not None:
                return heeded
        return replace(message, text=without(message.text, list(codes_in(message.text))))

    def do(self, session: Session, act: str, report_id: str, *, at: datetime) -> None:
        """Do what one of our words asks for: the code word was right."""
        _ACTS[act](session, report_id, at=at)

    def asks(self, session: Session, report_id: str, *, at: datetime) -> tuple[Ask, ...]:
        """Return the questions for a yes or no that wait, as they are put by text."""
        return questions(session, report_id, at=at)

    def allowed(self, report_id: str, *, at: datetime) -> tuple[Saying, ...]:
        """Return what we say of what was allowed."""
        with self.store.read() as session:
            return allowed(session, report_id, at=at)

    def _wishes(self, text: str) -> Iterator[_Wish]:
        # Every text comes by here, and nearly all end here.
        folded = fold(text)
        words = _words(self.languages)
        if not any(map(folded.__contains__, words)):
            return
        for found in codes_in(text):
            rest = without(text, [found], mark=" ")
            for token in _TOKEN.finditer(rest):
                act = words.get(fold(token[0]))
                if act is not None:
                    word = rest[: token.start()] + " " + rest[token.end() :]
                    yield _Wish(act, found, word.strip(_AROUND))


@lru_cache(maxsize=32)
def _words(languages: Languages) -> Mapping[str, str]:
    """Return our words in every language that we ever answered in, each with what it asks for."""
    return {
        fold(own_word(languages, name, locale)): name
        for name in _ACTS
        for locale in reversed(languages.whole())
    }


def fold(word: str) -> str:
    """Return *word* as it is compared: without case, width, and accents or vowel signs that a hurried thumb leaves out."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word).casefold()
    return _ACCENTS.sub("", parts)


def _do(session: Session, key: ReporterKey, wish: _Wish, at: datetime) -> Heeded | None:
    """Do it, if the code is somebody's and the word is theirs; return what we say to that, None where it was not."""
    found = find_reporter(session, key.lookup)
    if found is None or not knows_word(key, found, wish.word):
        return None
    # Where it was erased between the look and the act, what was asked for is done.
    with suppress(NotFound):
        _ACTS[wish.act](session, found.report_id, at=at)
    return _said(session, wish.act, found.report_id, at)


def _said(session: Session, act: str, report_id: str, at: datetime) -> Heeded:
    its = select(reports.c.locale).where(reports.c.id == report_id)
    locale = session.execute(its).scalar_one_or_none() or ""
    if act == WHAT:
        return Heeded(allowed(session, report_id, at=at), locale)
    return Heeded((Saying(SAID[act]),), locale) if act in SAID else Heeded()
