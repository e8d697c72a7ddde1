"""What a form of a provider asks for: as one piece of work, which the database does in its own thread."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, tzinfo

from hotline.errors import Conflict, Malformed, NotFound
from hotline.handoff import answering
from hotline.handoff.events import FREES, OUTCOMES, REASONS, Happened, Status
from hotline.handoff.links import Opened
from hotline.handoff.talking import LONGEST
from hotline.parts import Hotline
from hotline.store import Session
from hotline.triage import providers

Act = Callable[[Session], Happened]
Form = Mapping[str, str]


def fault_of(opened: Opened, sent: Form) -> str:
    """Return the name of what is missing in a form, or nothing."""
    said = sent.get("answer")
    if opened.packet is None:
        return ""
    is_asked = opened.its["status"] == Status.ASKED
    if said == "no" and is_asked and sent.get("reason") not in REASONS:
        return "reason"
    return "words" if said == "ask" and not _words(sent) else ""


def is_doubted(opened: Opened, sent: Form) -> bool:
    """Tell whether a form says that a place fell through, and nobody confirmed it: the desk has to warn the person."""
    frees = opened.its["status"] == Status.ACCEPTED and sent.get("outcome") in FREES
    return frees and sent.get("sure") != "yes"


def ended(opened: Opened) -> str:
    """Return how a closed link ended, as a code that tells nothing of the person."""
    status = opened.its["status"]
    if status == Status.ACCEPTED and opened.its["outcome"] in FREES:
        return str(opened.its["outcome"])
    return _ENDS.get(status, Status.NOT_NEEDED)


_ENDS = {
    Status.DECLINED: "declined",
    Status.WITHDRAWN: "taken_back",
    Status.OFFERED: "taken_back",
    Status.UNANSWERED: "late",
    Status.ASKED: "late",
}


def act_of(hotline: Hotline, opened: Opened, sent: Form, at: datetime) -> Act | None:
    """Return what a form asks for, with what follows from it at the desk; None where this browser may do nothing of it.

    Without the packet nothing is answered but what came of it.
    """
    zone = hotline.config.opening.zone
    act = _outcome(opened, sent, at, zone) or _answer(hotline, opened, sent, at)
    if act is None:
        return None
    terms = providers.Terms(hotline.keyring, hotline.config.limits_of, zone)

    def do(session: Session) -> Happened:
        happened = act(session)
        providers.happened(session, terms, happened, at=at)
        return happened

    return do


def _outcome(opened: Opened, sent: Form, at: datetime, zone: tzinfo) -> Act | None:
    link_id, outcome = opened.link.id, sent.get("outcome", "")
    if outcome not in OUTCOMES or opened.its["status"] != Status.ACCEPTED:
        return None
    return lambda session: answering.report_outcome(session, link_id, outcome, at=at, zone=zone)


def _answer(hotline: Hotline, opened: Opened, sent: Form, at: datetime) -> Act | None:
    if opened.packet is None:
        return None
    link_id, words, reason = opened.link.id, _words(sent), sent.get("reason", "")
    keyring, zone = hotline.keyring, hotline.config.opening.zone

    def decline(session: Session) -> Happened:
        if words:
            # A no counts whatever becomes of the word beside it.
            with suppress(NotFound, Conflict, Malformed):
                answering.say(session, keyring, link_id, words, at=at)
        return answering.decline(session, link_id, reason, at)

    acts: dict[str, Act] = {
        "yes": lambda session: answering.accept(session, link_id, at=at, zone=zone),
        "no": decline,
        "ask": lambda session: answering.ask_desk(session, keyring, link_id, words, at=at),
    }
    return acts.get(sent.get("answer", ""))


def _words(sent: Form) -> str:
    return sent.get("words", "").strip()[:LONGEST]
