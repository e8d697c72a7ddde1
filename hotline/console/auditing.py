"""The log as a page: what was done, by whom, why, and whether it still is what was written.

Everyone who reads it sees the lines of their own desk and of the house; an auditor of the whole house sees those
of every desk. What was typed opens here, in the reader's session, where they hold the key.
"""

from dataclasses import dataclass

from flask import Response, g, request

from hotline import audit
from hotline.audit import Line, Verdict
from hotline.console.numbers import number_in
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import HOUSE, Right
from hotline.leads import agencies
from hotline.parts import here
from hotline.store import Session
from hotline.triage.access import hidden_from
from hotline.vault.envelope import SealBroken
from hotline.vault.logkey import LogVerifier
from hotline.vault.opening import Keyholder

auditing = room("auditing", Right.AUDIT)

# What the views show, by the codes with which rooms write their lines.
KINDS: dict[str, tuple[str, ...]] = {
    "all": (),
    "reveals": (
        "reveal",
        "emergency",
        "reveal_asked",
        "reveal_approved",
        "reveal_refused",
        "reveal_expired",
    ),
    "out": (
        "publish",
        "recall",
        "offer_referral",
        "withdraw_referral",
        "hand_over",
        "provider_asked",
        "provider_opened",
        "recall_some",
        "revise",
        "lead_waits",
        "leads_fetched",
        "leads_linked",
        "leads_unlinked",
        "reply",
        "copy",
        "custody",
        "told",
        "statistics_exported",
        "complaints",
    ),
    "decisions": (
        "urgency",
        "close",
        "reopen",
        "quarantine_left",
        "quarantine_opened",
        "quarantine_dismissed",
        "consent",
        "consent_revoked",
        "consent_asked",
        "consent_yes",
        "consent_no",
        "consent_withdrawn",
        "excluded",
        "exclusion_read",
        "exclusion_lifted",
        "exclusion_lifted_why",
        "interest_proposed",
        "interest_agreed",
        "interest_declined",
        "interest_ended",
        "copy_asked",
        "hold",
        "erased",
        "word_given",
        "word_kept",
        "word_refused",
        "word_taken_out",
        "role_accepted",
    ),
    "keys": (
        "found",
        "open desk",
        "appoint",
        "recover",
        "renew papers",
        "hand on keys",
        "admit",
        "readmit",
        "dismiss",
        "block",
        "unblock",
        "begin epochs",
        "close epoch",
        "agency_admitted",
        "agency_renewed",
        "agency_token_added",
        "agency_token_ended",
        "agency_rescoped",
        "agency_dismissed",
        "webhook_added",
        "webhook_ended",
        "webhook_paused",
        "webhook_resumed",
        "webhook_replayed",
        "webhook_renewed",
    ),
    "house": (
        "purge",
        "directory_loaded",
        "retention_rule",
        "alert_settled",
        "ended",
        "provider_checked",
        "prompt_uploaded",
        "prompt_approved",
        "prompt_approved_alone",
        "prompt_withdrawn",
        "sample",
        "sample_reviewed",
    ),
}
_PAGE = 50
# As many lines are checked in passing; more only when someone asks for it.
_CHECKED_IN_PASSING = 2000


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A line with the words that were typed; *is_sealed* where this reader holds no key to them."""

    line: Line
    words: str = ""
    is_sealed: bool = False


@auditing.get("/audit")
def show_audit() -> Response:
    return _page(is_asked=False)


@auditing.post("/audit/verify")
def verify() -> Response:
    """Check every line, every hash and every checkpoint."""
    return _page(is_asked=True)


def _page(*, is_asked: bool) -> Response:
    kind = request.args.get("kind", "all")
    kind = kind if kind in KINDS else "all"
    before = _place()
    me = g.keyholder
    desks = None if me.desk == HOUSE else (me.desk, HOUSE)
    # An auditor answers for the whole log; a supervisor sees of it what their desk may see.
    hidden = hidden_from(me.staff_id) if me.may(Right.OVERSEE) else None
    with here().store.read() as session:
        found = audit.page(
            session,
            desks=desks,
            before=before,
            limit=_PAGE + 1,
            kinds=KINDS[kind],
            hidden=hidden,
        )
        shown = [_shown(session, me, line) for line in found[:_PAGE]]
        # Agencies act, too: what they read is written down as theirs.
        agency_names = {one.id: one.name for one in agencies.everyone(session)}
        newest = audit.newest_checkpoint(session)
        is_short = audit.size_of(session) <= _CHECKED_IN_PASSING
        checks = is_asked or (before is None and is_short)
        verdict = _verdict(session) if checks else None
    return show(
        "console/audit.html",
        shown=shown,
        agency_names=agency_names,
        next=found[_PAGE - 1].cursor if len(found) > _PAGE else 0,
        is_first=before is None,
        kind=kind,
        kinds=list(KINDS),
        verdict=verdict,
        checkpoint=newest,
        sees_every_desk=desks is None,
        checked_at=g.at,
    )


def _place() -> int | None:
    """Return where the page begins: behind a numbered line, or behind one that still waits for its number."""
    waiting = number_in(request.args, "waiting")
    return -waiting if waiting else number_in(request.args, "before")


def _verdict(session: Session) -> Verdict:
    hotline = here()
    return audit.verify(
        session, public=LogVerifier(hotline.config.log_name, hotline.log_key.public)
    )


def _shown(session: Session, me: Keyholder, line: Line) -> Shown:
    if not line.sealed:
        return Shown(line)
    try:
        words = me.open_words(session, line_id=line.id, desk=line.desk, sealed=line.sealed)
    except SealBroken:
        return Shown(line, is_sealed=True)
    return Shown(line, words)
