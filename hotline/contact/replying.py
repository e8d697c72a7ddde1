"""A caseworker answers: sealed for the desk, for the reporter's code, and for the worker that sends it."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from hotline.contact.answering import Answer
from hotline.contact.drafting import draft
from hotline.contact.fate import Kind, State
from hotline.contact.knocking import LIFETIME, Standing, knock, put
from hotline.contact.outgoing import Outgoing
from hotline.domain.waiting import USUAL, Limits
from hotline.errors import Conflict
from hotline.i18n import Languages
from hotline.store import Session, Store
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.relay import seal_for_relay

_TRIES = 5


def reply(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    relay_public: PublicKey,
    *,
    languages: Languages,
    house_public: bytes,
    report_id: str,
    text: str,
    at: datetime,
    read: int | None = None,
    minds_hours: bool = False,
    limits: Limits = USUAL,
) -> int:
    """Answer a report and return the number of the answer in its conversation.

    It goes out on the channel that the reporter used; who has a return code finds it there too. While the reporter
    is there and has said that it is safe it goes at once, in their hours; else they are asked first, and it waits.
    Number and text are forgotten for the worker as soon as the provider has them, and after 72 hours at the latest.
    *read* is how many messages whoever answers had before them; *minds_hours*, that they read hours which are told
    in words, and found that now is within them; *limits*, how long it may wait for a first answer: whether it did
    is counted. It is signed by its author, and sealed to the key of a return code only if the house vouched for that key.

    Raises:
        Overtaken: the report has another number of messages than *read*.
        Refused: without the right to reply.
        NoWayBack: the reporter cannot be reached.
        LineClosed: the reporter wants no more texts, and has no code.
        HoursUnread: their hours stand in words, and were not read.
        NothingToSay, TooLong: *text* cannot be sent.
        NotFound: the desk has no such report.
    """
    for _ in range(_TRIES):
        with store.read() as session:
            drafted = draft(
                session,
                keyholder,
                languages=languages,
                house_public=house_public,
                report_id=report_id,
                text=text,
                at=at,
                read=read,
                minds_hours=minds_hours,
            )
        answer, mail = drafted.sealed(keyring), _mail(drafted.outgoing(), relay_public)
        try:
            store.write(lambda session: answer.keep(session, mail, limits=limits, at=at))  # noqa: B023 - runs before the next round.
        except Conflict:
            continue
        return answer.seq
    raise Conflict(ref=report_id)


@dataclass(frozen=True, slots=True, repr=False)
class _Mail:
    """What the worker is to send: the answer, and what asks for leave to send it; each also sealed to the worker."""

    content: Outgoing
    content_sealed: bytes
    knock: Outgoing
    knock_sealed: bytes

    def state(self, now: Standing, at: datetime) -> State:
        if not now.is_open:
            return State.HELD
        return State.WAITING if self.content.opens(at) <= at else State.HOURS

    def send_later(self, session: Session, answer: Answer, state: State, *, at: datetime) -> None:
        put(
            session,
            self.content,
            self.content_sealed,
            report_id=answer.report_id,
            seq=answer.seq,
            kind=Kind.CONTENT,
            state=state,
            expires_at=at + LIFETIME,
            at=self.content.opens(at),
        )
        if state is State.HELD:
            knock(session, self.knock, self.knock_sealed, answer.report_id, at=at)


def _mail(content: Outgoing | None, relay_public: PublicKey) -> _Mail | None:
    """Return number and texts, sealed for the worker; nothing where nothing is sent."""
    if content is None:
        return None
    first = content.as_knock()
    seal = partial(seal_for_relay, relay_public)
    return _Mail(content, seal(content.to_json()), first, seal(first.to_json()))
