"""Ask a person what may be told to whom, write down what they agreed to, and take it back."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import consent, triage
from hotline.consent import ConsentRefused, Why, Words
from hotline.consent.grant import why_not_so_long
from hotline.console.acting import act_on
from hotline.console.consents import consent_page, name_of
from hotline.console.hearing import see_who_heard
from hotline.console.putting import ready_words
from hotline.console.rooms import go, room
from hotline.console.terms import Terms, how_in, terms_in, text_in
from hotline.contact import HoursUnread, ask_by_text
from hotline.domain.staff import Right
from hotline.i18n import Languages
from hotline.parts import here
from hotline.store import Session
from hotline.triage import taking_back
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder

consenting = room("consenting", Right.PUBLISH)


class ByText(TypedDict):
    """What it takes to ask by text whether now is a good time."""

    keyholder: Keyholder
    relay_public: PublicKey
    languages: Languages
    house_public: bytes
    minds_hours: bool


PASTED = "pasted"
"""The name of words that staff wrote down: no template of ours made them."""


@consenting.get("/report/<report_id>/consent")
def show_consent(report_id: str) -> Response:
    return consent_page(report_id)


@consenting.post("/report/<report_id>/consent/look")
def look(report_id: str) -> Response:
    """Show the exact words of what was chosen; or organizations of a name, or the form as another page chose it."""
    form = request.form
    if "find" in form or "choose" in form:
        return consent_page(report_id, form=form)
    terms = terms_in(form, at=g.at)
    missing = [
        why
        for why, is_there in ((Why.NO_RECIPIENT, terms.recipient), (Why.NO_FIELDS, terms.fields))
        if not is_there
    ]
    status = 422 if missing else 200
    return consent_page(report_id, form=form, looks=True, refused=missing, status=status)


@consenting.post("/report/<report_id>/consent/ask")
def ask(report_id: str) -> AnyResponse:
    """Put the question to the person: their page shows it, and a text asks first whether now is a good time."""
    hotline = here()
    act_on(
        _ask,
        report_id,
        terms=terms_in(request.form, at=g.at),
        most=hotline.config.asks_of(g.keyholder.desk),
        keyholder=g.keyholder,
        relay_public=hotline.relay_public,
        languages=hotline.languages,
        house_public=hotline.log_key.public,
        minds_hours="hours" in request.form,
    )
    return go("consenting.show_consent", report_id=report_id)


@consenting.post("/report/<report_id>/consent/ask/<ask_id>/withdraw")
def take_question_back(report_id: str, ask_id: str) -> AnyResponse:
    act_on(_take_question_back, report_id, ask_id=ask_id)
    return go("consenting.show_consent", report_id=report_id)


@consenting.post("/report/<report_id>/consent")
def write_down(report_id: str) -> AnyResponse:
    """Write down what a person agreed to on paper or in a call, with the words that were put to them."""
    form, at = request.form, g.at
    act_on(
        _record,
        report_id,
        keyring=here().keyring,
        languages=here().languages,
        terms=terms_in(form, at=at),
        pasted=text_in(form, "words") if form.get("put") == PASTED else None,
        is_ready=form.get("put") == "ready",
        words_locale=form.get("words_locale", "")[:16],
        given_how=how_in(form),
        witness=form.get("witness", "")[:32],
        emergency="emergency" in form,
    )
    return go("consenting.show_consent", report_id=report_id)


@consenting.post("/report/<report_id>/consent/<grant_id>/revoke")
def take_back(report_id: str, grant_id: str) -> AnyResponse:
    """Take a yes back, and with it every lead and handoff that rests on it."""
    act_on(_revoke, report_id, grant_id=grant_id)
    return go("consenting.show_consent", report_id=report_id)


@consenting.errorhandler(ConsentRefused)
def explain(error: ConsentRefused) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    tried = (request.endpoint or "").rpartition(".")[2]
    return consent_page(
        report_id,
        form=request.form,
        looks=True,
        refused=_all(error, tried),
        tried=tried,
        status=422,
    )


def _all(error: ConsentRefused, tried: str) -> list[Why]:
    """Return the deciding fact, and what else is missing in the form: nobody mends one thing after the other."""
    found = [error.why]
    if tried == "write_down":
        how, form = how_in(request.form), request.form
        is_unheard = how.is_spoken and not form.get("witness") and "emergency" not in form
        has_words = form.get("put") == "ready" or text_in(form, "words")
        found += [Why.SPOKEN_WITHOUT_WITNESS] if is_unheard else []
        found += [] if has_words else [Why.NO_WORDS]
        until = terms_in(form, at=g.at).until
        too_long = why_not_so_long(how, until, emergency="emergency" in form, at=g.at)
        found += [too_long] if too_long else []
    return list(dict.fromkeys(found))


@consenting.errorhandler(HoursUnread)
def ask_for_hours(_error: HoursUnread) -> Response:
    """Show the question again: their hours stand in words, and whoever asks says that they were read."""
    report_id = str((request.view_args or {})["report_id"])
    return consent_page(
        report_id, form=request.form, looks=True, fault="hours", tried="ask", status=422
    )


def _ask(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    terms: Terms,
    most: int,
    **way: Unpack[ByText],
) -> None:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    consent.ask(
        session,
        report_id=report_id,
        purpose=terms.purpose,
        recipient=terms.recipient,
        fields=terms.fields,
        until=terms.until,
        by=by,
        at=at,
        most=most,
    )
    ask_by_text(session, report_id=report_id, at=at, **way)


def _record(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    keyring: Keyring,
    languages: Languages,
    terms: Terms,
    pasted: str | None,
    is_ready: bool,
    words_locale: str,
    **heard: Any,
) -> str:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    heard["emergency"] = see_who_heard(
        session, report_id, keyring, desk=desk, by=by, at=at, terms=terms, **heard
    )
    words = Words(PASTED, words_locale, pasted or "")
    if is_ready:
        who = name_of(session, terms)
        words = ready_words(languages, terms, who, locale=words_locale)
    return consent.record(
        session,
        keyring,
        report_id=report_id,
        purpose=terms.purpose,
        recipient=terms.recipient,
        fields=terms.fields,
        until=terms.until,
        words=words,
        by=by,
        at=at,
        **heard,
    )


def _take_question_back(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, ask_id: str
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    consent.asking.take_question_back(session, ask_id, report_id=report_id, by=by, at=at)


def _revoke(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, grant_id: str
) -> None:
    """Take back at once what was agreed to; whoever hears it does this, claimed or not."""
    triage.report_facts(session, report_id, desk=desk)
    taking_back.take_back(session, report_id, grant_id, by=by, at=at)
