"""Keep whom it must not reach: what the person said, whom their words mean, and officials who are in it."""

from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.consent import ExclusionKind
from hotline.consent.excluding import ASKED, INVOLVED
from hotline.console.acting import act_on
from hotline.console.consents import consent_page
from hotline.console.rooms import go, room
from hotline.console.terms import text_in
from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound, Refused
from hotline.leads import agencies
from hotline.leads.codes import COUNTRIES
from hotline.parts import here
from hotline.store import Session
from hotline.triage import excluding as shutting
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from referral.organizations import organization_names

excluding = room("excluding", Right.PUBLISH)

Whom = tuple[str, str]
"""A kind of exclusion, and the id that it is about."""

_TICKED = (ExclusionKind.AGENCY, ExclusionKind.ORGANIZATION, ExclusionKind.COUNTRY)
_MOST = 50


class NobodyNamed(Refused):
    default_message = "say whom it must not reach"


@excluding.post("/report/<report_id>/exclusions")
def exclude(report_id: str) -> AnyResponse:
    """Add what the person said, whom it means, or an official who is in it."""
    if "find" in request.form:
        return consent_page(report_id, form=request.form, tried="exclude")
    reason = request.form.get("reason", "")
    if reason not in (ASKED, INVOLVED):
        raise Malformed
    act_on(
        _exclude,
        report_id,
        keyring=here().keyring,
        words=text_in(request.form, "words"),
        means=_means(),
        reason=reason,
    )
    return _back(report_id)


@excluding.post("/report/<report_id>/exclusions/<exclusion_id>/read")
def read(report_id: str, exclusion_id: str) -> AnyResponse:
    """Say whom the person's words mean: who is ticked, or nobody whom we know."""
    if "find" in request.form:
        return consent_page(report_id, form=request.form, tried=exclusion_id)
    means, is_nobody = _means(), "nobody" in request.form
    act_on(
        _read,
        report_id,
        exclusion_id=exclusion_id,
        means=means,
        is_nobody=is_nobody,
        oversees=_oversees(),
    )
    return _back(report_id)


@excluding.post("/report/<report_id>/exclusions/<exclusion_id>/lift")
def lift(report_id: str, exclusion_id: str) -> AnyResponse:
    why = request.form.get("why", "")
    act_on(
        _lift,
        report_id,
        keyring=here().keyring,
        exclusion_id=exclusion_id,
        why=why,
        oversees=_oversees(),
    )
    return _back(report_id)


@excluding.errorhandler(NobodyNamed)
def ask_for_whom(_error: NobodyNamed) -> Response:
    return _again("means")


@excluding.errorhandler(triage.ReasonMissing)
def ask_for_reason(_error: triage.ReasonMissing) -> Response:
    return _again("why")


@excluding.errorhandler(shutting.SomebodyElse)
def ask_for_a_supervisor(_error: shutting.SomebodyElse) -> Response:
    return _again("involved")


def _oversees() -> bool:
    keyholder: Keyholder = g.keyholder
    return keyholder.may(Right.OVERSEE)


def _again(fault: str) -> Response:
    its = request.view_args or {}
    tried = str(its.get("exclusion_id", "exclude"))
    return consent_page(
        str(its["report_id"]), form=request.form, fault=fault, tried=tried, status=422
    )


def _back(report_id: str) -> AnyResponse:
    return go("consenting.show_consent", report_id=report_id, _anchor="excluded")


def _means() -> list[Whom]:
    """Return who is ticked.

    Raises:
        Malformed: no page of ours sends such a kind.
    """
    found = []
    for ticked in filter(None, request.form.getlist("means")[:_MOST]):
        kind, _, ref = ticked.partition(" ")
        if kind not in _TICKED or not ref:
            raise Malformed
        found.append((kind, ref))
    return found


def _exclude(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    keyring: Keyring,
    words: str,
    means: list[Whom],
    reason: str,
) -> None:
    """Keep it at once, claimed or not: whoever hears it writes it down."""
    triage.report_facts(session, report_id, desk=desk)
    _see_that_they_are_known(session, means)
    if not words and not means:
        raise NobodyNamed(ref=report_id)
    if words:
        its_id = shutting.exclude(
            session,
            keyring,
            report_id,
            kind=ExclusionKind.WORDS,
            words=words,
            reason=reason,
            by=by,
            at=at,
        )
        shutting.read_words(session, its_id, report_id=report_id, means=means, by=by, at=at)
        return
    for kind, ref in means:
        shutting.exclude(
            session, keyring, report_id, kind=kind, ref=ref, reason=reason, by=by, at=at
        )


def _read(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    exclusion_id: str,
    means: list[Whom],
    is_nobody: bool,
    oversees: bool,
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    _see_that_they_are_known(session, means)
    # Neither is no answer, and both are two.
    if bool(means) == is_nobody:
        raise NobodyNamed(ref=report_id)
    shutting.read_words(
        session,
        exclusion_id,
        report_id=report_id,
        means=means,
        by=by,
        oversees=oversees,
        at=at,
    )


def _lift(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    keyring: Keyring,
    exclusion_id: str,
    why: str,
    oversees: bool,
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    shutting.lift(
        session,
        keyring,
        exclusion_id,
        report_id=report_id,
        by=by,
        why=why,
        oversees=oversees,
        at=at,
    )


def _see_that_they_are_known(session: Session, means: list[Whom]) -> None:
    """See that whoever is named is there: an id that nobody has would keep nothing from anybody.

    Raises:
        NotFound: somebody is not.
    """
    known = {(ExclusionKind.AGENCY.value, one.id) for one in agencies.everyone(session)}
    named = [ref for kind, ref in means if kind == ExclusionKind.ORGANIZATION]
    known |= {(ExclusionKind.ORGANIZATION.value, ref) for ref in organization_names(session, named)}
    known |= {(ExclusionKind.COUNTRY.value, code) for code in COUNTRIES}
    for one in means:
        if one not in known:
            raise NotFound(ref=one[1])
