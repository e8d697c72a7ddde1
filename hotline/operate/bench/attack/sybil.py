"""Whoever sends reports of their own, so that one who speaks a rare language is alone among them, and what it costs.

They know which language and month to write in, write each time what staff take for a report of somebody else, and send as
much as they like from the day on which they begin. Counted are the days until a lead would tell the language.
"""

from datetime import UTC, datetime, timedelta

from hotline.leads.crowds import judge
from hotline.leads.disclose import coarse
from hotline.leads.drafts import LeadDraft
from hotline.operate.bench.attack.country import COUNTRY
from hotline.operate.bench.attack.reporting import comes
from hotline.store import Store

NEVER = 0
_BEGINS = datetime(2026, 3, 2, 8, tzinfo=UTC)
_LANGUAGE = "lo"
_A_DAY = 3
_LONGEST = 90


def days_to_fill(store: Store, channel: str, *, k: int, lasting: int = _LONGEST) -> int:
    """Return after how many days the crowd is full for whom fakes come by *channel*, three a day for *lasting* days.

    `NEVER` where it never is. *store* is empty.
    """
    victim = comes(store, channel, _LANGUAGE, at=_BEGINS)
    told = coarse(
        LeadDraft(
            country=COUNTRY,
            seen=_BEGINS.date(),
            summary="People work without pay and somebody keeps their papers.",
            exploitation=("ForcedLabour",),
            control=("WithholdsDocuments",),
            person_language=_LANGUAGE,
        )
    )
    for day in range(_LONGEST):
        at = _BEGINS + timedelta(days=day)
        for _ in range(_A_DAY if day < lasting else 0):
            comes(store, channel, _LANGUAGE, at=at)
        with store.read() as session:
            if judge(session, victim, told, k=k, at=at).k >= k:
                return day
    return NEVER
