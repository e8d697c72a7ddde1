"""Who takes calls now: oneself, with a number that nobody at the desk sees, and colleagues by their pseudonyms."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import by_name, locale, time_text
from hotline.domain.staff import Right
from hotline.errors import HotlineError
from hotline.parts import Hotline, here
from hotline.triage import on_call as duty
from hotline.triage.on_call import Abroad, NoNumber, NoTime, OurOwnLine

on_call = room("on_call", Right.REPLY)

_FAULTS: dict[type[HotlineError], str] = {
    NoNumber: "number",
    OurOwnLine: "ours",
    Abroad: "abroad",
    NoTime: "time",
}


@on_call.get("/on-call")
def show_duty() -> Response:
    return _page()


@on_call.post("/on-call")
def begin() -> AnyResponse:
    """Take calls from now on, until the time that the form says."""
    hotline, me, at, form = here(), g.keyholder, g.at, request.form
    twilio = hotline.config.twilio
    served = twilio.countries if twilio else ()
    number = duty.read_number(form.get("number", ""), ours=_ours(hotline), served=served)
    until = duty.read_until(form.get("until", ""), hotline.config.opening.zone, at=at)
    offered = set(hotline.prompts.offered)
    languages = [code for code in form.getlist("language") if code in offered]
    speaks = locale()
    hotline.store.write(
        lambda session: duty.go_on_call(
            session,
            me,
            hotline.relay_public,
            number=number,
            until=until,
            locale=speaks,
            languages=languages,
            at=at,
        )
    )
    return go("on_call.show_duty")


@on_call.post("/on-call/end")
def end() -> AnyResponse:
    me, at = g.keyholder, g.at
    here().store.write(lambda session: duty.end_on_call(session, me, at=at))
    return go("on_call.show_duty")


def explain(error: HotlineError) -> Response:
    """Show the form again with what was typed, but for the number, and what is wrong with it."""
    return _page(status=422, fault=_FAULTS[type(error)])


for _kind in _FAULTS:
    on_call.register_error_handler(_kind, explain)


def _page(*, status: int = 200, fault: str = "") -> Response:
    hotline, me = here(), g.keyholder
    zone = hotline.config.opening.zone
    with hotline.store.read() as session:
        mine = duty.own_duty(session, me, at=g.at)
        people = duty.who_is_on_call(session, me.desk, at=g.at)
    chosen = request.form.getlist("language") or (mine.languages if mine else ())
    return show(
        "console/on_call.html",
        status=status,
        fault=fault,
        mine=mine,
        people=[(_pseudonym(hotline, one.staff_id), one) for one in people],
        zone=zone.key,
        clock=lambda at: time_text(at.astimezone(zone), locale()),
        tongues=by_name(hotline.prompts.offered),
        chosen=frozenset(chosen),
        typed_until=request.form.get("until", ""),
        hours=int(duty.LONGEST.total_seconds()) // 3600,
    )


def _pseudonym(hotline: Hotline, staff_id: str) -> str:
    member = hotline.keyring.member(staff_id)
    return member.pseudonym if member else ""


def _ours(hotline: Hotline) -> set[str]:
    twilio = hotline.config.twilio
    numbers = (twilio.sms_number, twilio.voice_number, twilio.whatsapp_number) if twilio else ()
    return {*hotline.config.lines, *filter(None, numbers)}
