"""The reports whose people may be written to now, in the queue's order: looked for in a caseworker's session.

Their hours are sealed, so nothing but opening tells; a page opens no more than `MOST` of them.
"""

from hotline.contact.windows import Opening, openings
from hotline.store import Session
from hotline.triage.queue import View, page_of
from hotline.triage.rows import QueuePage, QueueRow
from hotline.vault.opening import Keyholder

MOST = 300

_AT_ONCE = 100


def reachable_page(
    session: Session, keyholder: Keyholder, view: View, *, after: str, limit: int = 50
) -> tuple[QueuePage, dict[str, Opening]]:
    """Return *limit* reports of *view* whose people may be written to now, and what now is for each of them.

    Raises:
        Refused: without the right to reply.
    """
    rows: list[QueueRow] = []
    found: dict[str, Opening] = {}
    opened, is_cut = 0, False
    while not is_cut:
        page = page_of(session, view, after=after, limit=_AT_ONCE)
        moments = openings(session, keyholder, [row.id for row in page.rows], at=view.at)
        for row in page.rows:
            if moments[row.id].is_now and not row.duress:
                rows.append(row)
                found[row.id] = moments[row.id]
            if len(rows) > limit:
                return QueuePage(tuple(rows[:limit]), rows[limit - 1].place), found
        opened += len(page.rows)
        after, is_cut = page.next, page.is_cut or opened >= MOST
        if not after:
            return QueuePage(tuple(rows)), found
    return QueuePage(tuple(rows), after, is_cut=True), found
