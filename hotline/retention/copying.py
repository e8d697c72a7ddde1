"""Hand a person, when the work on their report ends, a copy of what both sides wrote.

It is sealed to their return code like any answer, and shown with the code word only: whoever found the code alone
must not read it all. It holds what the desk reads, so with placeholders where names and numbers stood.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from hotline import audit
from hotline.domain.report import Channel, Direction, Status, day, minute
from hotline.domain.staff import Right
from hotline.errors import Conflict, NotFound
from hotline.reports.tables import messages, reports
from hotline.store import Session
from hotline.vault.attest import Signer
from hotline.vault.contents import Account
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.reporters import reporter_public
from hotline.vault.sealing import Envelope, keep, seal_message

COPY = "copy"
"""The detail of an account that says that it is a copy."""

_LONGEST = 12_000  # Characters of one part; a page shows several.
_MOST = 500


class NoCode(NotFound):
    default_message = "nobody has a return code for this report: a copy would reach no one"


@dataclass(frozen=True, slots=True, repr=False)
class Copy:
    """A copy, sealed and ready: it takes the places *first* and following of the conversation."""

    report_id: str
    desk: str
    first: int
    parts: tuple[tuple[Envelope, ...], ...]
    by: str

    def keep(self, session: Session, *, at: datetime) -> int:
        """Keep the copy, and return how many messages the report then has.

        Raises:
            Conflict: something was added since it was made.
        """
        last = self.first + len(self.parts) - 1
        taken = session.execute(
            update(reports)
            .where(reports.c.id == self.report_id, reports.c.messages == self.first - 1)
            .values(messages=last)
        )
        if taken.rowcount != 1:
            raise Conflict(ref=self.report_id)
        is_open = session.execute(
            select(reports.c.status).where(reports.c.id == self.report_id)
        ).scalar_one()
        for seq, envelopes in enumerate(self.parts, start=self.first):
            its = minute(at) if is_open == Status.OPEN else None
            session.execute(insert(messages), self._row(seq, day(at), its))
            keep(session, envelopes)
            audit.record(
                session,
                at=at,
                who=self.by,
                did="copy",
                desk=self.desk,
                report_id=self.report_id,
                what=f"message {Digests.of(envelopes)}",
            )
        return last

    def _row(self, seq: int, its_day: str, its_minute: datetime | None) -> dict[str, object]:
        return {
            "report_id": self.report_id,
            "seq": seq,
            "direction": Direction.TO_REPORTER,
            "channel": Channel.WEB,
            "day": its_day,
            "at": its_minute,
            "author": self.by,
            "state": "here",
            # With the code alone it is never shown as a new answer.
            "is_read": True,
        }


def make_copy(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    house_public: bytes,
    report_id: str,
    at: datetime,
) -> Copy:
    """Open what both sides wrote and seal it to the reporter's code.

    Raises:
        Refused: without the right to reply.
        NotFound: the desk has no such report.
        NoCode: no code was given.
        CodeNotOurs: somebody put a key of their own in the place of the reporter's.
    """
    keyholder.require(Right.REPLY)
    rows = reports.c
    report = session.execute(
        select(rows.desk, rows.messages, rows.locale).where(
            rows.id == report_id, rows.desk == keyholder.desk
        )
    ).one_or_none()
    if report is None:
        raise NotFound(ref=report_id)
    reporter = reporter_public(session, report_id, house_public=house_public)
    if reporter is None:
        raise NoCode(ref=report_id)
    said = _said(session, keyholder, report_id)
    author = Signer(keyholder.staff_id, keyholder.pseudonym, keyholder.keys.signing)
    parts = tuple(
        _seal(keyring, author, report, reporter, report_id, report.messages + number, text, at)
        for number, text in enumerate(parts_of(said), start=1)
    )
    return Copy(report_id, report.desk, report.messages + 1, parts, keyholder.staff_id)


def parts_of(said: list[str]) -> list[str]:
    """Join what was said into as few parts as hold it; what is too long for one is cut at the end of a line."""
    parts = [""]
    for paragraph in (line for text in said for line in [*_short(text), ""]):
        if parts[-1] and len(parts[-1]) + len(paragraph) > _LONGEST:
            parts.append("")
        parts[-1] += paragraph + "\n"
    return [part.strip() for part in parts if part.strip()]


def _short(text: str) -> list[str]:
    lines = text.splitlines()
    return [line[at : at + _LONGEST] for line in lines for at in range(0, len(line), _LONGEST)]


def _said(session: Session, keyholder: Keyholder, report_id: str) -> list[str]:
    """Return what each side wrote, oldest first, under the day and an arrow that tells whose it is."""
    rows = messages.c
    told = session.execute(
        select(rows.seq, rows.direction, rows.day)
        .where(rows.report_id == report_id, rows.direction != Direction.NOTE)
        .order_by(rows.seq)
        .limit(_MOST)
    ).all()
    accounts = keyholder.open_accounts(session, report_id, [row.seq for row in told])
    return [
        f"{'→' if row.direction == Direction.FROM_REPORTER else '←'} {row.day}\n{account.text}"
        for row in told
        if (account := accounts.get(row.seq)) is not None and not account.details.get(COPY)
    ]


def _seal(
    keyring: Keyring,
    author: Signer,
    report: Row[str, int, str],
    reporter: PublicKey,
    report_id: str,
    seq: int,
    text: str,
    at: datetime,
) -> tuple[Envelope, ...]:
    answer = author.answer(
        report_id=report_id, seq=seq, day=day(at), text=text, language=report.locale
    )
    account: Account = replace(answer, details={**answer.details, COPY: True})
    return seal_message(
        keyring,
        desk=report.desk,
        report_id=report_id,
        seq=seq,
        account=account,
        preview="",
        reporter_public=reporter,
    )
