"""A copy of what was said: asked for on the page that code and code word open; a person makes it, and it stands there."""

from contextlib import suppress

from hotline.channels.web.body import Sent
from hotline.channels.web.pages import day_in
from hotline.channels.web.returning import Conversation
from hotline.errors import NotFound
from hotline.parts import here
from hotline.triage.copies import ask_copy, copy_asked

ASK = "copy"


def heed(sent: Sent, found: Conversation) -> str:
    """Ask the desk for a copy, where the word was right; return what came of it, in one word.

    Raises:
        Unavailable: it could not be asked for just now.
    """
    if sent.text("ask") != ASK or not found.is_whole:
        return ""
    at = here().clock()
    with suppress(NotFound):
        here().store.write(lambda session: ask_copy(session, found.report_id, at=at))
        return ASK
    return ""


def asked_day(found: Conversation, locale: str) -> str:
    """Return the day on which a copy was asked for that is not made yet; empty without the word."""
    if not found.is_whole:
        return ""
    with here().store.read() as session:
        since = copy_asked(session, found.report_id)
    return day_in(since, locale) if since else ""
