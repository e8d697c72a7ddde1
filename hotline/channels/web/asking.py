"""A question that waits: may we tell them? It stands first on the page that code and code word open.

A yes is asked for once more, on a page of its own, and counts for exactly the words that stood there: where they are
others meanwhile (the language was changed, an office has a new name) they are shown anew and nothing is kept. While
staff doubt who holds the code no question is shown, and none is answered.
"""

from dataclasses import dataclass
from datetime import date

from hotline import consent
from hotline.channels.web.body import Sent
from hotline.channels.web.naming import name_of
from hotline.channels.web.pages import day_in
from hotline.channels.web.returning import Conversation
from hotline.consent import Ask, ConsentRefused, GivenHow, Words
from hotline.consent.asking import WAITS, State
from hotline.errors import NotFound
from hotline.intake.putting import page_words
from hotline.parts import here
from hotline.store import Session

YES, SURE, NO, LATER = "yes", "yes_sure", "no", "later"
"""What the buttons of a question say; a yes that is not sure is asked once more."""

OVER = "over"
_LISTED = "· "


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the page shows it, cut into its lines: *fields* are what they would learn.

    *version* tells its words from any others; *last* is the last day on which it waits.
    """

    id: str
    title: str
    before: tuple[str, ...]
    fields: tuple[str, ...]
    after: tuple[str, ...]
    version: str
    last: str


def question(found: Conversation, locale: str) -> Question | None:
    """Return the question that waits longest, in words of *locale*; None without the code word or in doubt."""
    if not found.is_whole:
        return None
    with here().store.read() as session:
        return next(iter(_waiting(session, found.report_id, locale)), None)


def to_be_asked(sent: Sent, found: Conversation, locale: str) -> tuple[Question, bool] | None:
    """Return the question to which to say yes once more, and whether its words changed since it was asked."""
    ask = sent.text("ask")
    if ask not in (YES, SURE) or not found.is_whole:
        return None
    with here().store.read() as session:
        its = _of_id(session, found.report_id, sent.text("question"), locale)
    if its is None:
        return None
    has_changed = sent.text("words") != its.version
    return (its, has_changed) if ask == YES or has_changed else None


def heed(sent: Sent, found: Conversation, locale: str) -> str:
    """Keep the answer, where the word was right; return what came of it, in one word.

    Raises:
        Unavailable: it could not be kept just now.
    """
    ask, ask_id = sent.text("ask"), sent.text("question")
    if ask not in (YES, SURE, NO) or not found.is_whole:
        return ""
    with here().store.read() as session:
        before = _answered(session, found.report_id, ask_id)
        words = _words_of(session, found.report_id, ask_id, locale)
    if before:
        return before
    # What is kept are the words that were read, whatever becomes of an office's name at this moment.
    is_theirs = words and (ask == NO or (ask == SURE and words.version == sent.text("words")))
    if not words or not is_theirs:
        return OVER
    return _answer(found.report_id, ask_id, words, is_yes=ask == SURE)


def _answer(report_id: str, ask_id: str, words: Words, *, is_yes: bool) -> str:
    """Keep an answer; one that was given already, also at this moment, is given again by nobody."""
    keyring, at = here().keyring, here().clock()
    try:
        here().store.write(
            lambda session: consent.answer(
                session,
                keyring,
                ask_id,
                report_id=report_id,
                yes=is_yes,
                words=words,
                how=GivenHow.WEB,
                at=at,
            )
        )
    except (ConsentRefused, NotFound):
        with here().store.read() as session:
            return _answered(session, report_id, ask_id) or OVER
    return State.YES if is_yes else State.NO


def _answered(session: Session, report_id: str, ask_id: str) -> str:
    """Return the answer that was given to a question already; empty where none was, or in doubt."""
    if consent.case_of(session, report_id).is_doubted:
        return ""
    its = (one for one in consent.asking.of_report(session, report_id) if one.id == ask_id)
    return next((one.state for one in its if one.state in (State.YES, State.NO)), "")


def _words_of(session: Session, report_id: str, ask_id: str, locale: str) -> Words | None:
    """Return the words of a question that waits and can be put, or None."""
    put = _put(session, report_id, locale)
    return next((words for one, words in put if one.id == ask_id), None)


def _waiting(session: Session, report_id: str, locale: str) -> list[Question]:
    return [_question(one, words, locale) for one, words in _put(session, report_id, locale)]


def _put(session: Session, report_id: str, locale: str) -> list[tuple[Ask, Words]]:
    """Return the questions that wait and can be put, in words: whoever is asked must read who would be told."""
    at = here().clock()
    case = consent.case_of(session, report_id)
    if case.is_doubted:
        return []
    waiting = consent.pending(session, report_id, at=at)
    may_be_put = [one for one in waiting if case.why_not_ask(_whom(one), at=at) is None]
    put = ((one, _words(session, one, locale)) for one in may_be_put)
    return [(one, words) for one, words in put if words]


def _of_id(session: Session, report_id: str, ask_id: str, locale: str) -> Question | None:
    return next((one for one in _waiting(session, report_id, locale) if one.id == ask_id), None)


def _whom(asked: Ask) -> consent.Recipient:
    return consent.Recipient(consent.Purpose(asked.purpose), asked.recipient)


def _words(session: Session, asked: Ask, locale: str) -> Words | None:
    """Return the words of a question; None where who would be told has no name any more."""
    who = name_of(session, asked.purpose, asked.recipient)
    if who is None:
        return None
    return page_words(
        here().languages,
        purpose=asked.purpose,
        who=who,
        fields=asked.fields,
        until=date.fromisoformat(asked.until_day),
        locale=locale,
    )


def _question(asked: Ask, words: Words, locale: str) -> Question:
    lines = words.text.splitlines()
    listed = [at for at, line in enumerate(lines) if line.startswith(_LISTED)]
    last = min(date.fromisoformat(asked.day) + WAITS, date.fromisoformat(asked.until_day))
    return Question(
        id=asked.id,
        title=lines[0],
        before=tuple(lines[1 : listed[0]]),
        fields=tuple(lines[at].removeprefix(_LISTED) for at in listed),
        after=tuple(lines[listed[-1] + 1 :]),
        version=words.version,
        last=day_in(last.isoformat(), locale),
    )
