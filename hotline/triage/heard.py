"""Take down what a caller said in a recording: whoever listens types it, and it is kept as the caller's own words.

Only who may listen to that recording at this moment can do so. It is redacted, assessed and sealed like any text, and stands in the conversation behind what came before it. Who typed
it, and which message they heard, is kept with it. It answers nothing and waits for nobody: the report is as open, as
unanswered and as much in somebody's hands as before; only its urgency may rise.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from hotline import audit
from hotline.domain.report import Channel, Direction, IncomingMessage, Status, day, minute
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict, Malformed, NotFound
from hotline.intake import Reception
from hotline.intake.understanding import Understanding, read_words, understand
from hotline.reports import messages, reports
from hotline.reports.counting import moved
from hotline.store import Session, Store
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.listening import Hearing
from hotline.vault.sealing import keep, seal_message
from hotline.vault.threads import new_thread_secret

LONGEST = 20_000
_TRIES = 5


class NothingHeard(Malformed):
    default_message = "what was said needs words"


def take_down(
    store: Store,
    reception: Reception,
    hearing: Hearing,
    text: str,
    *,
    desk: str,
    by: str,
    at: datetime,
) -> int:
    """Keep *text* as what the caller said in the recording of *hearing*, typed by *by*; return its number.

    Raises:
        NothingHeard: *text* is empty.
        NotFound: it is no recording of what somebody said in a call to *desk*.
    """
    report_id, heard = hearing.report_id, hearing.seq
    words = text.strip()[:LONGEST]
    if not words:
        raise NothingHeard(ref=report_id)
    if not hearing.is_recording:
        raise NotFound(ref=report_id)
    with store.read() as session:
        report = _report(session, report_id, heard, desk)
    message = IncomingMessage(Channel.VOICE, words, report.locale)
    reading = read_words(message, redact=reception.redact)
    typed = _Typed(understand(message, reading, assess=reception.assess), heard, desk, by, at)
    for _ in range(_TRIES):
        try:
            return store.write(lambda session: typed.keep(session, reception.keyring, report_id))
        except Conflict:
            continue
    raise Conflict(ref=report_id)


def _report(session: Session, report_id: str, heard: int, desk: str) -> Any:
    rows = reports.c
    its = select(reports).join(messages, messages.c.report_id == rows.id)
    was_said = (
        messages.c.seq == heard,
        messages.c.direction == Direction.FROM_REPORTER,
        messages.c.channel == Channel.VOICE,
    )
    row = session.execute(
        its.where(rows.id == report_id, rows.desk == desk, *was_said)
    ).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    return row


@dataclass(frozen=True, slots=True, repr=False)
class _Typed:
    """What was typed, understood."""

    understood: Understanding
    heard: int
    desk: str
    by: str
    at: datetime

    def keep(self, session: Session, keyring: Keyring, report_id: str) -> int:
        report = _report(session, report_id, self.heard, self.desk)
        seq = int(report.messages) + 1
        self._merge(session, report, seq)
        session.execute(
            insert(messages).values(
                report_id=report_id,
                seq=seq,
                direction=Direction.FROM_REPORTER,
                channel=Channel.VOICE,
                day=day(self.at),
                at=minute(self.at) if report.status == Status.OPEN else None,
                author=self.by,
            )
        )
        # The secret of the thread opens to the caller alone: what is told apart here is told apart in this text.
        account = self.understood.account(new_thread_secret())
        envelopes = seal_message(
            keyring,
            desk=self.desk,
            report_id=report_id,
            seq=seq,
            account=replace(account, details={**account.details, "heard": self.heard}),
            preview=self.understood.preview,
            identity=self.understood.identity(),
        )
        keep(session, envelopes)
        audit.record(
            session,
            at=self.at,
            who=self.by,
            did="typed",
            desk=self.desk,
            report_id=report_id,
            what=f"message {Digests.of(envelopes)}",
        )
        return seq

    def _merge(self, session: Session, report: Any, seq: int) -> None:
        """Merge the facts: urgency only rises, needs and indicators only gather.

        Raises:
            Conflict: a message came in at this very moment.
        """
        found = self.understood.assessment
        urgency = Urgency.highest(Urgency.of_rank(report.urgency), found.urgency).rank
        rules = [reason.rule for reason in found.reasons]
        changed = session.execute(
            update(reports)
            .where(reports.c.id == report.id, reports.c.messages == report.messages)
            .values(
                messages=seq,
                urgency=urgency,
                minor=report.minor or found.minor,
                bystander=report.bystander or found.bystander,
                needs=sorted({*report.needs, *found.needs}),
                indicators=sorted({*report.indicators, *found.indicators}),
                rules=list(dict.fromkeys([*report.rules, *rules])),
            )
        )
        if changed.rowcount != 1:
            raise Conflict(ref=report.id)
        if report.status == Status.OPEN:
            moved(session, report.desk, report.urgency, urgency)
