"""An operator's own recordings: one person uploads, another listens and approves, anybody of them takes back.

Whoever records the sentence could say something else into a frightened person's ear, so a second person hears it
first. Only where there is no second may one do both. Whoever calls writes down what was done (`told`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from hotline.errors import Conflict, Refused
from hotline.prompts.audio import Audio
from hotline.prompts.standins import digest_of_bytes
from hotline.prompts.tables import prompt_sounds
from hotline.store import Session

UPLOADED = "uploaded"
APPROVED = "approved"

_rows = prompt_sounds.c
_FACTS = tuple(column for column in prompt_sounds.c if column.name != "content")


class OwnRecording(Refused):
    default_message = "somebody else has to listen to it"


class RecordingChanged(Conflict):
    default_message = "the recording is not there any more, or another one is"


@dataclass(frozen=True, slots=True)
class Recording:
    """*words* is the digest of the sentence that it speaks, *digest* that of its content."""

    locale: str
    prompt: str
    state: str
    words: str
    digest: str
    kind: str
    seconds: float
    uploaded_by: str
    approved_by: str
    day: date


def upload(
    session: Session, locale: str, prompt: str, audio: Audio, *, words: str, by: str, at: datetime
) -> str:
    """Keep *audio* for the sentence with the digest *words* until someone approves it, and return its digest.

    It replaces one that waits.
    """
    digest = digest_of_bytes(audio.content)
    session.execute(delete(prompt_sounds).where(_of(locale, prompt, UPLOADED)))
    session.execute(
        insert(prompt_sounds).values(
            locale=locale,
            prompt=prompt,
            state=UPLOADED,
            words=words,
            digest=digest,
            kind=audio.kind,
            seconds=audio.seconds,
            uploaded_by=by,
            approved_by="",
            day=at.date(),
            content=audio.content,
        )
    )
    return digest


def approve(
    session: Session,
    locale: str,
    prompt: str,
    digest: str,
    *,
    words: str,
    by: str,
    is_alone: bool,
    at: datetime,
) -> bool:
    """Let callers hear the recording *digest* that waits; with *is_alone* also one's own. Tell whether it was.

    Raises:
        OwnRecording: *by* uploaded it, and there is someone else who could listen.
        RecordingChanged: it waits no more, or speaks other words than *words*.
    """
    waiting = _of(locale, prompt, UPLOADED) & (_rows.digest == digest) & (_rows.words == words)
    uploader = session.execute(select(_rows.uploaded_by).where(waiting)).scalar_one_or_none()
    if uploader is None:
        raise RecordingChanged
    if uploader == by and not is_alone:
        raise OwnRecording
    session.execute(delete(prompt_sounds).where(_of(locale, prompt, APPROVED)))
    changed = session.execute(
        update(prompt_sounds).where(waiting).values(state=APPROVED, approved_by=by, day=at.date())
    )
    if changed.rowcount != 1:
        raise RecordingChanged
    return bool(uploader == by)


def withdraw(session: Session, locale: str, prompt: str, digest: str) -> None:
    """Take the recording *digest* back, whether it waits or is heard.

    Raises:
        RecordingChanged: it is not there any more.
    """
    its = (_rows.locale == locale) & (_rows.prompt == prompt) & (_rows.digest == digest)
    if not session.execute(delete(prompt_sounds).where(its)).rowcount:
        raise RecordingChanged


def recordings(session: Session, *, locale: str = "", state: str = "") -> list[Recording]:
    """Return all recordings, of one language or in one state; without their content."""
    chosen = select(*_FACTS).order_by(_rows.locale, _rows.prompt, _rows.state)
    if locale:
        chosen = chosen.where(_rows.locale == locale)
    if state:
        chosen = chosen.where(_rows.state == state)
    return [_recording(row) for row in session.execute(chosen)]


def content(
    session: Session, digest: str, *, states: Sequence[str] = (APPROVED,)
) -> tuple[str, bytes] | None:
    """Return kind and bytes of the recording *digest* in one of *states*."""
    chosen = select(_rows.kind, _rows.content).where(
        _rows.digest == digest, _rows.state.in_(states)
    )
    row = session.execute(chosen.limit(1)).first()
    return (row.kind, bytes(row.content)) if row else None


def told(locale: str, prompt: str, digest: str) -> str:
    """Return how the log names a recording; the beginning of the digest tells which of several it was."""
    return f"{locale} {prompt} {digest[:16]}"


def _of(locale: str, prompt: str, state: str) -> ColumnElement[bool]:
    return (_rows.locale == locale) & (_rows.prompt == prompt) & (_rows.state == state)


def _recording(row: Row[tuple[object, ...]]) -> Recording:
    return Recording(**row._mapping)
