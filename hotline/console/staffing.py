"""The people: who works where, who is invited, who waits to be let in; for those who answer for them."""

from collections.abc import Callable

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.contact.on_call import forget_over
from hotline.domain.staff import Right
from hotline.errors import HotlineError, Malformed
from hotline.parts import here
from hotline.vault import candidates, people
from hotline.vault.candidates import Invitation, NameTaken
from hotline.vault.roster import MemberEntry
from hotline.vault.tries import TooSoon

staffing = room("staffing", Right.KEYS, Right.STAFF)

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    NameTaken: (409, "taken"),
    Malformed: (422, "incomplete"),
    TooSoon: (429, "too_soon"),
}
_FIELDS = ("username", "name", "pseudonym", "role", "half")


@staffing.get("/staff")
def show_staff() -> Response:
    return _page()


@staffing.post("/staff/invite")
def invite() -> Response:
    return _invited(Invitation(**{name: request.form.get(name, "") for name in _FIELDS}))


@staffing.post("/staff/<member_id>/readmit")
def readmit(member_id: str) -> Response:
    """Invite someone who lost their passphrase to come back with new keys."""
    return _invited(Invitation(replaces=member_id))


@staffing.post("/staff/<member_id>/dismiss")
def dismiss(member_id: str) -> AnyResponse:
    return _about(people.let_go, member_id)


@staffing.post("/staff/<member_id>/sessions")
def end_sessions(member_id: str) -> AnyResponse:
    return _about(people.end_all_sessions, member_id)


@staffing.post("/staff/<member_id>/block")
def block(member_id: str) -> AnyResponse:
    return _about(people.block, member_id)


@staffing.post("/staff/<member_id>/unblock")
def unblock(member_id: str) -> AnyResponse:
    return _about(people.unblock, member_id)


@staffing.post("/staff/candidate/<candidate_id>/admit")
def admit(candidate_id: str) -> AnyResponse:
    """Let a newcomer in; the form holds what was shown, so no other keys and no other rights come in instead."""
    hotline, shown = here(), request.form.get("shown", "")
    candidates.admit(hotline.store, hotline.door, g.keyholder, candidate_id, shown=shown, at=g.at)
    return go("staffing.show_staff")


@staffing.post("/staff/candidate/<candidate_id>/withdraw")
def withdraw(candidate_id: str) -> AnyResponse:
    me, at = g.keyholder, g.at
    here().store.write(lambda session: candidates.withdraw(session, me, candidate_id, at=at))
    return go("staffing.show_staff")


@staffing.errorhandler(NameTaken)
@staffing.errorhandler(Malformed)
@staffing.errorhandler(TooSoon)
def refuse(error: HotlineError) -> Response:
    """Show the form again with what was typed and what is wrong with it."""
    status, fault = next(_FAULTS[kind] for kind in type(error).__mro__ if kind in _FAULTS)
    return _page(status=status, fault=fault)


def _invited(invitation: Invitation) -> Response:
    hotline, me = here(), g.keyholder
    code = candidates.invite(hotline.store, hotline.door, me, invitation, at=g.at)
    former = hotline.keyring.member(invitation.replaces)
    return show(
        "console/invited.html",
        name=former.name if former else invitation.name,
        digits=code.digits.split(),
        words=code.words.split(),
        until=g.at + candidates.VALID,
    )


def _about(act: Callable[..., None], member_id: str) -> AnyResponse:
    act(here().store, here().door, g.keyholder, member_id, at=g.at)
    at = g.at
    # Who was dismissed or blocked is on call no more: their number goes at once.
    here().store.write(lambda session: forget_over(session, at=at))
    return go("staffing.show_staff")


def _page(*, status: int = 200, fault: str = "") -> Response:
    hotline, me = here(), g.keyholder
    with hotline.store.read() as session:
        colleagues = people.colleagues(session, hotline.door, me)
        invited = candidates.waiting(session, me, at=g.at)
    return show(
        "console/staff.html",
        status=status,
        fault=fault,
        colleagues=colleagues,
        invited=invited,
        roles=candidates.roles_for(me),
        halves=candidates.halves_for(hotline.door, me),
        ours=_is_ours,
        typed=lambda name: request.form.get(name, ""),
    )


def _is_ours(entry: MemberEntry) -> bool:
    """Tell whether who is signed in takes in and lets go at the desk of *entry*."""
    return bool(entry.desk == candidates.desk_of(g.keyholder))
