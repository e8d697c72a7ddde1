"""Take down what came in without words: what a caller said in a recording, and what a file says of itself.

Only who has that recording or that file open at this moment can do so. It is redacted, assessed and sealed like any
text, and stands in the conversation behind what came before it. Who took it down, and from what, is kept with it. It
answers nothing and waits for nobody: the report is as open, as unanswered and as much in somebody's hands as before;
only its urgency may rise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from hotline import audit
from hotline.domain.report import Channel, Direction, IncomingMessage, Status, day, minute
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict, Malformed, NotFound
from hotline.intake import Reception
from hotline.intake.facts import is_bystanders_still
from hotline.intake.understanding import Understanding, read_words, understand
from hotline.reports import messages, reports
from hotline.reports.counting import moved
from hotline.store import Session, Store
from hotline.vault.copies import mark_kept
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.sealing import keep, seal_message
from hotline.vault.threads import new_thread_secret
from hotline.vault.tickets import Ticketed

LONGEST = 20_000
_TRIES = 5


class NothingHeard(Malformed):
    default_message = "what was said needs words"


def what_was_said(
    store: Store,
    reception: Reception,
    source: Ticketed,
    text: str,
    *,
    desk: str,
    by: str,
    at: datetime,
) -> int:
    """Keep *text* as what the caller said in the recording *source*, typed by *by*; return its number.

    Raises:
        NothingHeard: *text* is empty.
        NotFound: it is no recording of what somebody said in a call to *desk*.
    """
    if not text.strip():
        raise NothingHeard(ref=source.report_id)
    if not source.file.is_recording:
        raise NotFound(ref=source.report_id)
    taken = _Taken(source, "typed", {"heard": source.seq}, (Channel.VOICE,), desk, by, at)
    return taken.keep(store, reception, text)


def what_a_file_says(
    store: Store,
    reception: Reception,
    source: Ticketed,
    text: str,
    *,
    desk: str,
    by: str,
    at: datetime,
) -> int:
    """Keep *text*, which says what the file *source* says of itself, as words of its message; return its number.

    Who asks for it again gets the number of what is kept.

    Raises:
        NotFound: the file is none that somebody sent to *desk*, or says nothing.
    """
    found = source.file.found
    if found.kept:
        return found.kept
    if not found.facts or source.file.head.copy_of:
        raise NotFound(ref=source.report_id)
    details = {"heard": source.seq, "file": source.file.head.number}
    taken = _Taken(source, "file_said", details, tuple(Channel), desk, by, at)
    return taken.keep(store, reception, text)


@dataclass(frozen=True, slots=True, repr=False)
class _Taken:
    """What is taken down from *source*: *did* is what the log calls it, *details* say in the account what it is.

    It must have come in on one of *channels*.
    """

    source: Ticketed
    did: str
    details: Mapping[str, int]
    channels: tuple[Channel, ...]
    desk: str
    by: str
    at: datetime

    def keep(self, store: Store, reception: Reception, text: str) -> int:
        with store.read() as session:
            report = self._report(session)
        message = IncomingMessage(Channel(report.channel_of), text.strip()[:LONGEST], report.locale)
        reading = read_words(message, redact=reception.redact)
        understood = understand(message, reading, assess=reception.assess)
        for _ in range(_TRIES):
            try:
                return store.write(
                    lambda session: self._keep(session, reception.keyring, understood)
                )
            except Conflict:
                continue
        raise Conflict(ref=self.source.report_id)

    def _report(self, session: Session) -> Any:
        """Return the row of the report, with *channel_of* what came in.

        Raises:
            NotFound: nothing of the kind came in there.
        """
        rows, its = reports.c, messages.c
        query = (
            select(reports, its.channel.label("channel_of"))
            .join(messages, its.report_id == rows.id)
            .where(
                rows.id == self.source.report_id,
                rows.desk == self.desk,
                its.seq == self.source.seq,
                its.direction == Direction.FROM_REPORTER,
                its.channel.in_(self.channels),
            )
        )
        row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound(ref=self.source.report_id)
        return row

    def _keep(self, session: Session, keyring: Keyring, understood: Understanding) -> int:
        report, report_id = self._report(session), self.source.report_id
        seq = int(report.messages) + 1
        self._merge(session, report, seq, understood)
        session.execute(
            insert(messages).values(
                report_id=report_id,
                seq=seq,
                direction=Direction.FROM_REPORTER,
                channel=report.channel_of,
                day=day(self.at),
                at=minute(self.at) if report.status == Status.OPEN else None,
                author=self.by,
            )
        )
        # The secret of the thread opens to the caller alone: what is told apart here is told apart in this text.
        account = understood.account(new_thread_secret())
        envelopes = seal_message(
            keyring,
            desk=self.desk,
            report_id=report_id,
            seq=seq,
            account=replace(account, details={**account.details, **self.details}),
            preview=understood.preview,
            identity=understood.identity(),
        )
        keep(session, envelopes)
        audit.record(
            session,
            at=self.at,
            who=self.by,
            did=self.did,
            desk=self.desk,
            report_id=report_id,
            what=f"message {Digests.of(envelopes)}",
        )
        if "file" in self.details:
            mark_kept(session, self.source.file, seq)
        return seq

    def _merge(self, session: Session, report: Any, seq: int, understood: Understanding) -> None:
        """Merge the facts: urgency only rises, needs and indicators only gather.

        Raises:
            Conflict: a message came in at this very moment.
        """
        found = understood.assessment
        urgency = Urgency.highest(Urgency.of_rank(report.urgency), found.urgency).rank
        rules = [reason.rule for reason in found.reasons]
        changed = session.execute(
            update(reports)
            .where(reports.c.id == report.id, reports.c.messages == report.messages)
            .values(
                messages=seq,
                urgency=urgency,
                minor=report.minor or found.minor,
                bystander=is_bystanders_still(report, found),
                needs=sorted({*report.needs, *found.needs}),
                indicators=sorted({*report.indicators, *found.indicators}),
                rules=list(dict.fromkeys([*report.rules, *rules])),
            )
        )
        if changed.rowcount != 1:
            raise Conflict(ref=report.id)
        if report.status == Status.OPEN:
            moved(session, report.desk, report.urgency, urgency)
