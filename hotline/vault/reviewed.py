"""An account as it may be read: what people masked in it is masked wherever it is opened.

Whatever opens an account or its preview goes through here, so that no list, page, search or copy shows what somebody
has masked while the review is not finished.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from hotline.store import Session, one_of
from hotline.vault.contents import Account
from hotline.vault.keyring import DESK
from hotline.vault.marks import Marks
from hotline.vault.masking import Masked, masked
from hotline.vault.sealing import MARKS, cut_preview
from hotline.vault.tables import envelopes

Message = tuple[str, int]
"""A report's id and the number of a message in it."""

_REVIEWED = select(envelopes).where(
    one_of(envelopes.c.report_id, "reports"),
    envelopes.c.seq.in_(bindparam("numbers", expanding=True)),
    envelopes.c.audience.in_((DESK, MARKS)),
)


@dataclass(frozen=True, slots=True, repr=False)
class Reviewed:
    """An account as it lies sealed (*stored*), what people decided about it, and what of it may be read.

    *text_seen* and *seen* say without words which account it was, and which decisions.
    """

    stored: Account
    marks: Marks
    masked: Masked
    text_seen: str
    seen: str

    @property
    def account(self) -> Account:
        return self.masked.account


def rows_of(session: Session, messages: Sequence[Message]) -> dict[Message, dict[str, Any]]:
    """Return the sealed account of each message, and the record of its review where there is one."""
    reports, numbers = {report_id for report_id, _ in messages}, {seq for _, seq in messages}
    wanted = {"reports": reports, "numbers": list(numbers)}
    by_message: dict[Message, dict[str, Any]] = {}
    for row in session.execute(_REVIEWED, wanted):
        by_message.setdefault((row.report_id, row.seq), {})[row.audience] = row
    return by_message


def reviewed(rows: Mapping[str, Any], open_row: Callable[[Any], bytes]) -> Reviewed:
    """Open an account and put the marks of its review in force.

    Raises:
        SealBroken: the account does not open, or what was decided about it.
    """
    sealed, kept = rows[DESK], rows.get(MARKS)
    stored = Account.from_json(open_row(sealed))
    marks = Marks() if kept is None else Marks.from_json(open_row(kept))
    version = sealed.body if kept is None else sealed.body + kept.body
    text_seen, seen = (hashlib.sha256(one).hexdigest()[:32] for one in (sealed.body, version))
    return Reviewed(stored, marks, masked(stored, marks.ranges), text_seen, seen)


def preview_of(account: Account) -> str:
    """Return the beginning of an account, as the queue shows it."""
    return cut_preview(" ".join(account.text.split())).decode()
