"""Compare words with who is sealed, with what a supervisor must see kept beside the lines that tell of it.

Nothing is shown, but whoever types names and looks again and again learns which of them are sealed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hotline import audit
from hotline.domain.report import day
from hotline.store import Session, Store
from hotline.triage.alerts import Kind, raise_alert
from hotline.vault import comparing
from hotline.vault.comparing import COMPARED, Opened
from hotline.vault.opening import Keyholder

MANY = 20
"""So many looks a day at one report nobody has to explain."""

_DAY = timedelta(hours=24)


def open_to_compare(
    store: Store, keyholder: Keyholder, report_ids: Sequence[str], *, at: datetime
) -> Opened:
    """Open as `vault.comparing.open_to_compare` does, and watch how often somebody compares with one report."""

    def watch(session: Session, report_id: str) -> None:
        who, since = keyholder.staff_id, at - _DAY
        looks, _ = audit.count_recent(
            session, who=who, did=COMPARED, since=since, report_id=report_id
        )
        if looks > MANY:
            raise_alert(
                session,
                desk=keyholder.desk,
                kind=Kind.MANY_COMPARED,
                at=at,
                report_id=report_id,
                who=who,
                once=f"{who} {report_id} {day(at)}",
            )

    return comparing.open_to_compare(store, keyholder, report_ids, at=at, beside=watch)
