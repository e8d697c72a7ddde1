"""Answer a reporter. Whoever holds the phone reads it: the words are weighed before they go."""

import logging
from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import contact, triage
from hotline.console.acting import act_on
from hotline.console.numbers import number_in
from hotline.console.phrasing import phrases_in, with_phrase
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.identity import Label
from hotline.domain.staff import Right
from hotline.errors import HotlineError
from hotline.i18n import REPORTER
from hotline.messages import Weight, weight
from hotline.parts import here
from hotline.triage.alerts import Kind as Alert
from hotline.triage.alerts import raise_alert
from hotline.triage.answering_in import answer_in
from hotline.triage.translations import translations_of
from hotline.vault.handed import Kind

replying = room("replying", Right.REPLY)

log = logging.getLogger(__name__)

# What would tell whoever holds the phone who is meant, or how to find them. Days, ages and the like
# are what answers are made of.
_TELLING = frozenset(
    {
        Label.PERSON,
        Label.PHONE,
        Label.EMAIL,
        Label.URL,
        Label.ID,
        Label.HANDLE,
        Label.ADDRESS,
        Label.VENUE,
    }
)

_FAULTS: dict[type[HotlineError], str] = {
    contact.NoWayBack: "no_way_back",
    contact.NothingToSay: "nothing_to_say",
    contact.TooLong: "too_long",
    contact.Overtaken: "overtaken",
    contact.LineClosed: "line_closed",
    contact.HoursUnread: "hours_unread",
    triage.Held: "reply_held",
}


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """An answer before it goes: what it takes as a text, and how many names and numbers stand in it."""

    words: str
    characters: int
    weight: Weight
    identifiers: int


@replying.post("/report/<report_id>/reply")
def reply(report_id: str) -> AnyResponse:
    form = request.form
    if "put" in form or "take" in form:
        return report_page(report_id, draft=weigh(_put_together(report_id)), put=True)
    draft = weigh(form.get("words", ""))
    is_sure = not draft.identifiers or "sure" in form
    if "weigh" in form or not is_sure:
        return report_page(report_id, draft=draft)
    _send(report_id, draft.words)
    return go("report.show_report", report_id=report_id, _anchor="conversation")


@replying.post("/report/<report_id>/locale")
def change_language(report_id: str) -> AnyResponse:
    """Answer in another language from now on: the person asked for it, or writes it and was never asked."""
    offered = here().languages.complete(REPORTER)
    act_on(answer_in, report_id, locale=request.form.get("locale", ""), offered=offered)
    return go("report.show_report", report_id=report_id, _anchor="reply")


@replying.errorhandler(contact.NoWayBack)
@replying.errorhandler(contact.NothingToSay)
@replying.errorhandler(contact.TooLong)
@replying.errorhandler(contact.Overtaken)
@replying.errorhandler(contact.LineClosed)
@replying.errorhandler(contact.HoursUnread)
@replying.errorhandler(triage.Held)
def explain(error: HotlineError) -> Response:
    """Show the report with the words that were typed, and why they did not go."""
    report_id = str((request.view_args or {})["report_id"])
    draft = weigh(request.form.get("words", ""))
    status = 409 if isinstance(error, contact.Overtaken | triage.Held) else 422
    return report_page(report_id, status=status, draft=draft, fault=_FAULTS[type(error)])


def weigh(words: str) -> Draft:
    """Return what *words* cost and what they would give away; words that cannot be checked count as risky."""
    words = words.replace("\r\n", "\n").strip()
    try:
        spans = here().reception.redact(words).spans if words else ()
        identifiers = sum(span.label in _TELLING for span in spans)
    except Exception:
        log.exception("reply not checked")
        identifiers = 1
    return Draft(words, len(words), weight(words), identifiers)


def _put_together(report_id: str) -> str:
    """Return the words with what was chosen: an approved phrase behind them, or a translation in their place."""
    me, form = g.keyholder, request.form
    words, number = form.get("words", ""), number_in(form, "take")
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=me.desk)
        if "take" not in form:
            return with_phrase(words, form.get("put", ""), phrases_in(facts))
        made = translations_of(session, me, report_id).get((Kind.DRAFT, number or 0), [])
    return next((one.text for one in made if one.version), words)


def watch_code(report_id: str) -> None:
    """Put before the supervisors that somebody put a key of their own in the place of the reporter's."""
    hotline, desk, at = here(), g.keyholder.desk, g.at
    with hotline.store.read() as session:
        triage.report_facts(session, report_id, desk=desk)
        public = hotline.log_key.public
        is_false = contact.code_of(session, report_id, house_public=public)[1]
    if is_false:
        hotline.store.write(
            lambda session: raise_alert(
                session,
                desk=desk,
                kind=Alert.FALSE_CODE,
                at=at,
                report_id=report_id,
                once=report_id,
            )
        )


def _send(report_id: str, words: str) -> None:
    """Answer in the name of whoever is signed in, who thereby holds the report.

    Raises:
        Overtaken: the form shows an earlier state of the conversation; so a second click sends nothing.
    """
    hotline, me, read = here(), g.keyholder, number_in(request.form, "read")
    watch_code(report_id)
    act_on(triage.claim, report_id)
    contact.reply(
        hotline.store,
        me,
        hotline.keyring,
        hotline.relay_public,
        languages=hotline.languages,
        house_public=hotline.log_key.public,
        report_id=report_id,
        text=words,
        at=g.at,
        read=read,
        minds_hours="hours" in request.form,
        limits=hotline.config.limits_of(me.desk),
    )
