"""Words that the provider takes for itself. A person who writes HELP must reach us, not an advertiser's footer.

The provider's interface shows neither whether Advanced Opt-Out is on nor its keywords. What it may show is an answer of
its own to a word that somebody texted just now, and that is proof. That it shows none proves nothing.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from hotline.channels.twilio.standing import Exchange
from hotline.operate.doctor.findings import Finding, ending_of, unknown, wrong
from hotline.operate.doctor.visit import Visit

MUST_REACH_US = frozenset({"HELP", "INFO", "END", "QUIT", "CANCEL", "YES"})
"""What people write in need, or to hide a conversation. STOP and START are the network's own."""

_LOOK_BACK = timedelta(minutes=30)
_CANNED = re.compile(
    r"reply stop to (?:un|opt)|msg\s*&\s*data rates|successfully been (?:re-?|un)?subscribed",
    re.IGNORECASE,
)


def check_keywords(visit: Visit) -> Iterator[Finding]:
    line = visit.settings.sms_number
    if not line:
        return
    since = visit.house.clock() - _LOOK_BACK
    seen = visit.account.exchanges(line, MUST_REACH_US, since=since)
    captured = sorted({one.word for one in seen if _is_captured(one)})
    if captured:
        yield wrong(
            "keyword-captured",
            f"The provider itself answers {', '.join(captured)}, with words that give the line away.",
            "In the service's Opt-Out Management, take these keywords out; keep STOP alone for opting out. "
            "Where a carrier forbids that, ask the provider's support to leave keywords to us.",
            ending_of(line),
        )
    else:
        yield unknown(
            "opt-out-unknown",
            "The provider's interface does not tell whether Advanced Opt-Out is on, nor its keywords.",
            "In the console, open the Messaging Service, Opt-Out Management: HELP, INFO, END, QUIT, CANCEL and YES "
            "must not stand there. Then text HELP from a phone of yours: one answer must come, and it must be ours.",
            ending_of(line),
        )


def _is_captured(exchange: Exchange) -> bool:
    """Tell whether somebody beside us answered: by the words, or because one word got two answers."""
    return len(exchange.answers) > 1 or any(map(_CANNED.search, exchange.answers))
