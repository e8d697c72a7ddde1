"""Erase what I told you: asked for on the page that code and code word open, done after three days.

Who sits at that page may be who harms the person. So it needs the word, waits, can be taken back in the same way,
and looks the same while staff doubt who asked.
"""

from contextlib import suppress

from hotline.channels.web.body import Sent
from hotline.channels.web.pages import day_in
from hotline.channels.web.returning import Conversation
from hotline.domain.report import Channel, day
from hotline.errors import NotFound
from hotline.messages import render
from hotline.parts import here
from hotline.retention import asking
from hotline.triage.ending import ask_erasure, cancel_erasure

ASK, SURE, KEEP = "erase", "sure", "keep"
"""What the form on the page says: asked, asked once more, taken back."""


def heed(sent: Sent, found: Conversation) -> None:
    """Do what was asked for, where the word was right; a report that is gone meanwhile needs nothing."""
    act = {SURE: ask_erasure, KEEP: cancel_erasure}.get(sent.text("ask"))
    if act is None or not found.is_whole:
        return
    at = here().clock()
    with suppress(NotFound):
        here().store.write(lambda session: act(session, found.report_id, at=at))


def is_unsure(sent: Sent, found: Conversation) -> bool:
    """Tell whether to ask once more before anything is done."""
    return found.is_whole and sent.text("ask") == ASK


def erasing(sent: Sent, found: Conversation, locale: str, *, word: str) -> dict[str, object]:
    """Return what the page says of an erasure: only to whoever gave the word."""
    if not found.is_whole:
        return {"erasure": None, "word": "", "is_saved": False, "keyword": ""}
    at = here().clock()
    with here().store.read() as session:
        asked = asking.asked(session, found.report_id, at=at)
    erasure = None
    if asked is not None:
        is_ahead = asked.due_at > at
        erasure = {
            "is_held": asked.is_held,
            "day": day_in(day(asked.due_at), locale) if is_ahead else "",
            "last": day_in(asked.backups_day, locale) if is_ahead else "",
        }
    return {
        "erasure": erasure,
        "word": word,
        "is_saved": asked is None and sent.text("ask") == KEEP,
        "keyword": render(here().languages, "erase_word", Channel.SMS, locale),
    }
