"""Whom it must not reach, told on the page that code and code word open, in words of the person's own.

No names stand there to choose from: a list would tell whoever holds the phone who reads what we pass on. What was told
is sealed to the desk, so the page says only that, and when. It looks the same while staff doubt who told it.

A cry among these words is heard as one of the account, and more words than a caseworker gets through are an account, too:
whoever writes fifty of them to bury the person's own buries nothing.
"""

from hotline import consent
from hotline.channels.web.body import Sent
from hotline.channels.web.desk import desk
from hotline.channels.web.new import keep_further
from hotline.channels.web.pages import day_in
from hotline.channels.web.returning import Conversation
from hotline.channels.web.slip import mark_of
from hotline.consent import ExclusionKind
from hotline.dialogue.form import NOT_TO
from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import Malformed, NotFound
from hotline.parts import here
from hotline.store import Session
from hotline.triage.excluding import exclude, tell_of_many
from hotline.vault.reporters import ReporterKey

ASK = "not_to"
EMPTY, FULL = "not_to_empty", "not_to_full"


def heed(sent: Sent, found: Conversation, key: ReporterKey, locale: str) -> str:
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
    try:
        _keep(found.report_id, words, key, locale)
    except Malformed:
        return FULL
    except NotFound:
        return ""
    desk().sent.remember(mark)
    return ASK


def _keep(report_id: str, words: str, key: ReporterKey, locale: str) -> None:
    at, keyring = here().clock(), here().keyring
    is_cry = here().reception.is_pressing(words, locale)
    with here().store.read() as session:
        waits = sum(one.is_unread for one in consent.excluding.of_report(session, report_id))
    is_much = waits >= consent.excluding.UNREAD
    if is_cry or is_much:
        keep_further(_account(words, locale), key, ())

    def keep(session: Session) -> None:
        if is_much:
            tell_of_many(session, report_id, is_cry=is_cry, at=at)
        else:
            exclude(session, keyring, report_id, kind="words", words=words, is_cry=is_cry, at=at)

    here().store.write(keep)


def _account(words: str, locale: str) -> IncomingMessage:
    return IncomingMessage(channel=Channel.WEB, text=words, locale=locale, locale_is_chosen=True)


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
