"""What an interpreter does with the report that was given to them: they declare, translate, or stop.

Nothing opens before they declared that they have no part in it; whoever declares one, or finds one later, is out.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound
from hotline.store import Session
from hotline.triage import translations
from hotline.triage.interpreter_work import (
    End,
    State,
    Work,
    end,
    found,
    open_works,
    put,
    seal_for,
    write_down,
)
from hotline.triage.tables import interpretings
from hotline.triage.translations import LONGEST
from hotline.vault import handed
from hotline.vault.desk_words import keep_words
from hotline.vault.handed import Kind, Texts, handed_over
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

QUESTIONS = ("knows", "near", "paid", "language")
"""What an interpreter is asked before anything opens. A yes is a reason against it, to the last one a no."""


class Unanswered(Malformed):
    default_message = "answer each question before anything opens"


def work_of(session: Session, keyholder: Keyholder, *, at: datetime) -> Work | None:
    """Return what whoever is signed in is to interpret, or interprets; None where it is nothing, or is over.

    Raises:
        Refused: without the right to interpret.
    """
    keyholder.require(Right.INTERPRET)
    return found(session, _of_mine(keyholder, at))


def declare(
    session: Session,
    keyholder: Keyholder,
    work_id: str,
    *,
    keyring: Keyring,
    answers: Mapping[str, str],
    words: str,
    at: datetime,
) -> Work:
    """Take down what an interpreter declares, and return the work as it then stands.

    With a reason against it nothing opens: what was handed over is deleted, and the caseworker reads which question
    it was, and *words*, if any, sealed.

    Raises:
        NotFound: it is not theirs, or is over.
        Unanswered: a question has no answer.
    """
    work = _mine(session, keyholder, work_id, State.ASKED, at)
    if any(answers.get(question) not in ("yes", "no") for question in QUESTIONS):
        raise Unanswered
    against = [question for question in QUESTIONS if answers[question] == _against(question)]
    if not against:
        put(session, work, State.DECLARED, "")
        write_down(session, work, "interpreter_declared", work.interpreter, at)
        return replace(work, state=State.DECLARED)
    put(session, work, State.REFUSED, against[0])
    handed.take_back(session, [work.id])
    text = words.strip()
    keep_words(session, keyring, work.id, text, desk=work.desk, report_id=work.report_id)
    write_down(session, work, "interpreter_refused", work.interpreter, at, what=against[0])
    return replace(work, state=State.REFUSED, why=against[0])


def stop(
    session: Session,
    keyholder: Keyholder,
    work_id: str,
    *,
    keyring: Keyring,
    words: str,
    at: datetime,
) -> None:
    """Let an interpreter end their own work, at any time.

    Raises:
        NotFound: it is not theirs, or is over.
    """
    work = _mine(session, keyholder, work_id, None, at)
    end(session, [work], End.STOPPED, by=work.interpreter, at=at)
    text = words.strip()
    keep_words(session, keyring, work.id, text, desk=work.desk, report_id=work.report_id)


def translate(
    session: Session,
    keyholder: Keyholder,
    work_id: str,
    *,
    keyring: Keyring,
    kind: Kind,
    seq: int,
    text: str,
    at: datetime,
) -> None:
    """Keep what an interpreter made of a text, sealed to the desk; earlier versions stay.

    Raises:
        NotFound: the work is not theirs, is over or not declared, or that text was not handed to them.
        TooManyVersions: of this text.
    """
    work = _mine(session, keyholder, work_id, State.DECLARED, at)
    if (kind, seq) not in handed_over(session, work.id):
        raise NotFound(ref=work_id)
    text = text.replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        return
    version = translations.next_version(session, work.report_id, kind, seq)
    desk, by = work.desk, work.interpreter
    translations.keep(
        session, keyring, desk, work.report_id, kind, seq, version, text, by=by, at=at
    )
    # Their own copy, by which they can correct it: to the desk's key they have none.
    to = keyring.member(work.interpreter)
    if to is not None:
        own: Texts = {(kind.made, seq): handed.Handed(text)}
        seal_for(session, work, to, own, keyring, keyholder.locks)
    write_down(session, work, "translated", by, at, what=f"{kind} {seq}")


def _mine(
    session: Session, keyholder: Keyholder, work_id: str, state: State | None, at: datetime
) -> Work:
    """Return the open work of whoever is signed in, if it is *work_id*, and in that *state*."""
    keyholder.require(Right.INTERPRET)
    work = found(session, _of_mine(keyholder, at).with_for_update())
    if work is None or work.id != work_id or state not in (None, work.state):
        raise NotFound(ref=work_id)
    return work


def _of_mine(keyholder: Keyholder, at: datetime) -> Select[Any]:
    rows = interpretings.c
    return open_works(at).where(rows.interpreter == keyholder.staff_id, rows.desk == keyholder.desk)


def _against(question: str) -> str:
    return "no" if question == "language" else "yes"
