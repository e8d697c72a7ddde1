"""Whom it must not reach, told on the page that code and code word open, in words of the person's own.

No names stand there to choose from: a list would tell whoever holds the phone who reads what we pass on. What was told
is sealed to the desk, so the page says only that, and when. It looks the same while staff doubt who told it.
"""

from hotline import consent
from hotline.channels.web.body import Sent
from hotline.channels.web.desk import desk
from hotline.channels.web.pages import day_in
from hotline.channels.web.returning import Conversation
from hotline.channels.web.slip import mark_of
from hotline.consent import ExclusionKind
from hotline.dialogue.form import NOT_TO
from hotline.errors import Malformed, NotFound
from hotline.parts import here
from hotline.triage.excluding import exclude
from hotline.vault.reporters import ReporterKey

ASK = "not_to"
EMPTY, FULL = "not_to_empty", "not_to_full"


def heed(sent: Sent, found: Conversation, key: ReporterKey) -> str:
    """Keep whom it must not reach, once, where the word was right; return what came of it, in one word.

    Raises:
        Unavailable: it could not be kept just now.
    """
    if sent.text("ask") != ASK or not found.is_whole:
        return ""
    words, mark = sent.text(NOT_TO), mark_of(desk().secret, sent, key.lookup)
    if not words:
        return EMPTY
    if mark and desk().sent.recall(mark) is not None:
        return ASK
    report_id, keyring, at = found.report_id, here().keyring, here().clock()
    try:
        here().store.write(
            lambda session: exclude(session, keyring, report_id, kind="words", words=words, at=at)
        )
    except Malformed:
        return FULL
    except NotFound:
        return ""
    desk().sent.remember(mark)
    return ASK


def told(found: Conversation, locale: str) -> dict[str, object]:
    """Return when the person last told it, and whether somebody has still to read it: only to whoever gave the word."""
    if not found.is_whole:
        return {"not_to_day": "", "is_unread": False}
    with here().store.read() as session:
        named = consent.excluding.of_report(session, found.report_id)
    theirs = [one for one in named if one.kind == ExclusionKind.WORDS and not one.by]
    last = max((one.day for one in theirs), default="")
    return {
        "not_to_day": day_in(last, locale) if last else "",
        "is_unread": any(one.is_unread for one in theirs),
    }
