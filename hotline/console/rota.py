"""The week of the desk: who is on duty, who reads what, which languages nobody reads when; and how one is paged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import by_name, day_names, locale, time_text
from hotline.domain.staff import RIGHTS, Right
from hotline.errors import HotlineError, NotFound
from hotline.lexicon import available_languages
from hotline.parts import here
from hotline.triage import pagers
from hotline.triage import rota as week
from hotline.triage.languages import readers
from hotline.triage.on_call import Abroad, NoNumber, OurOwnLine, read_number
from hotline.triage.pagers import NoMail, Pager, Way
from hotline.triage.rota import Gaps, NoSpan, Span, TooManySpans
from hotline.vault.roster import MemberEntry

rota = room("rota", Right.REPLY)

_FAULTS: dict[type[HotlineError], str] = {
    NoSpan: "hours",
    TooManySpans: "many",
    NoNumber: "number",
    OurOwnLine: "ours",
    Abroad: "abroad",
    NoMail: "mail",
}
_OF_PAGER = ("number", "ours", "abroad", "mail")


@dataclass(frozen=True, slots=True)
class Coverage:
    """One language, who reads it, and when nobody of them is on duty; without a code: whoever it is."""

    code: str
    readers: tuple[str, ...]
    gaps: Gaps

    @property
    def is_whole(self) -> bool:
        return not any(self.gaps)


@rota.get("/rota")
def show_rota() -> Response:
    return _overview()


@rota.get("/rota/<staff_id>")
def show_member(staff_id: str) -> Response:
    return _member_page(_whom(staff_id))


@rota.post("/rota/<staff_id>/hours")
def put_on(staff_id: str) -> AnyResponse:
    whom, me, at, form = _whom(staff_id), g.keyholder, g.at, request.form
    days = {int(day) for day in form.getlist("day") if day in map(str, range(7))}
    hours = week.read_span(form.get("from", ""), form.get("to", ""))
    here().store.write(
        lambda session: week.put_on(
            session, whom.id, desk=me.desk, weekdays=days, hours=hours, by=me.staff_id, at=at
        )
    )
    return go("rota.show_member", staff_id=staff_id)


@rota.post("/rota/<staff_id>/hours/remove")
def take_off(staff_id: str) -> AnyResponse:
    whom, me, at = _whom(staff_id), g.keyholder, g.at
    day, _, begins = request.form.get("span", "").partition(" ")
    if not (day in map(str, range(7)) and begins.isascii() and begins.isdigit()):
        raise NotFound
    weekday, minute = int(day), int(begins[:4])
    here().store.write(
        lambda session: week.take_off(
            session,
            whom.id,
            desk=me.desk,
            weekday=weekday,
            from_minute=minute,
            by=me.staff_id,
            at=at,
        )
    )
    return go("rota.show_member", staff_id=staff_id)


@rota.post("/rota/<staff_id>/languages")
def say_languages(staff_id: str) -> AnyResponse:
    whom, me, at = _whom(staff_id), g.keyholder, g.at
    codes = [code for code in request.form.getlist("language") if code in _tongues()]
    here().store.write(
        lambda session: week.say_languages(
            session, whom.id, desk=me.desk, codes=codes, by=me.staff_id, at=at
        )
    )
    return go("rota.show_member", staff_id=staff_id)


@rota.post("/rota/pager")
def choose_pager() -> AnyResponse:
    """Be paged by a text or a mail from now on; in the language in which the desk is read now."""
    hotline, me, at, form, speaks = here(), g.keyholder, g.at, request.form, locale()
    if form.get("way") == Way.MAIL:
        pager = Pager(Way.MAIL, pagers.read_mail(form.get("mail", "")), speaks)
    else:
        pager = Pager(Way.SMS, _number(form.get("number", "")), speaks)
    hotline.store.write(
        lambda session: pagers.choose(session, me, hotline.relay_public, pager=pager, at=at)
    )
    return go("rota.show_member", staff_id=me.staff_id)


@rota.post("/rota/pager/end")
def give_pager_up() -> AnyResponse:
    me, at = g.keyholder, g.at
    here().store.write(lambda session: pagers.give_up(session, me, at=at))
    return go("rota.show_member", staff_id=me.staff_id)


def explain(error: HotlineError) -> Response:
    """Show the form again with what was typed, but for number and address, and what is wrong with it."""
    fault = _FAULTS[type(error)]
    staff_id = g.keyholder.staff_id if fault in _OF_PAGER else (request.view_args or {})["staff_id"]
    return _member_page(_whom(staff_id), status=422, fault=fault)


for _kind in _FAULTS:
    rota.register_error_handler(_kind, explain)


def _overview() -> Response:
    hotline, me = here(), g.keyholder
    zone = hotline.config.opening.zone
    with hotline.store.read() as session:
        spans = week.spans(session, me.desk)
        duty = week.on_duty(session, me.desk, zone, at=g.at)
        read = readers(session, me.desk)
        reached = pagers.with_pagers(session, me.desk)
    people = _people()
    covered = _coverage(spans, read, [one.id for one in people])
    return show(
        "console/rota.html",
        people=people,
        hours=_by_day(spans),
        read=_read_by(read),
        duty=[one for one in people if one.id in duty],
        reached=reached,
        anybody=covered[0],
        covered=covered[1:],
        nobody_reads=[code for code in _offered() if code not in {one.code for one in covered}],
        calls_house=bool(hotline.config.page_to),
        **_words(),
    )


def _member_page(whom: MemberEntry, *, status: int = 200, fault: str = "") -> Response:
    hotline, me = here(), g.keyholder
    is_me = whom.id == me.staff_id
    with hotline.store.read() as session:
        spans = [one for one in week.spans(session, me.desk) if one.staff_id == whom.id]
        read = _read_by(readers(session, me.desk)).get(whom.id, ())
        pager = pagers.own_pager(session, me) if is_me else None
    return show(
        "console/rota_member.html",
        status=status,
        fault=fault,
        whom=whom,
        is_me=is_me,
        spans=spans,
        tongues=_tongues(),
        read=frozenset(read),
        pager=pager,
        texts=hotline.carrier is not None,
        mails=hotline.config.mail is not None,
        again=hotline.config.page_again,
        typed=lambda name: request.form.get(name, ""),
        days=set(request.form.getlist("day")),
        **_words(),
    )


def _words() -> dict[str, Any]:
    zone = here().config.opening.zone
    return {
        "zone": zone.key,
        "clock": lambda at: time_text(at.astimezone(zone), locale()),
        "weekdays": day_names(locale()),
        "until": lambda minute: f"{minute % week.DAY // 60:02}:{minute % 60:02}",
        "whole_day": week.DAY,
    }


def _whom(staff_id: str) -> MemberEntry:
    """Return whose hours these are: one's own, or, for supervisors, those of anybody at the desk who answers."""
    me = g.keyholder
    found = next((one for one in _people() if one.id == staff_id), None)
    if found is None or not (staff_id == me.staff_id or me.may(Right.OVERSEE)):
        raise NotFound(ref=staff_id)
    return found


def _people() -> list[MemberEntry]:
    """Return who at the reader's desk may be on duty, by name."""
    desk = g.keyholder.desk
    here_ = [
        one
        for one in here().keyring.members
        if one.desk == desk and Right.REPLY in RIGHTS[one.role]
    ]
    return sorted(here_, key=lambda one: one.name.casefold())


def _by_day(spans: Iterable[Span]) -> dict[tuple[str, int], list[Span]]:
    found: dict[tuple[str, int], list[Span]] = {}
    for span in spans:
        found.setdefault((span.staff_id, span.weekday), []).append(span)
    return found


def _read_by(read: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, ids in read.items():
        for staff_id in ids:
            found[staff_id] = (*found.get(staff_id, ()), code)
    return found


def _coverage(
    spans: Iterable[Span], read: Mapping[str, tuple[str, ...]], people: Iterable[str]
) -> list[Coverage]:
    """Return how the week is covered: by anybody at all, then for each language that somebody reads, by name."""
    every, answering = tuple(spans), set(people)
    found = [Coverage("", tuple(answering), week.gaps(every))]
    for code in by_name(read):
        able = tuple(one for one in read[code] if one in answering)
        if able:
            theirs = week.gaps(span for span in every if span.staff_id in able)
            found.append(Coverage(code, able, theirs))
    return found


def _tongues() -> list[str]:
    """Return every language that a report may be found to be in, by name; ways of writing apart."""
    return by_name(code for code in available_languages() if "-" not in code)


def _offered() -> list[str]:
    """Return the languages in which people are answered."""
    known = {"fil": "tl"}
    offered = (name.partition("-")[0] for name in here().languages.offered)
    return by_name({known.get(name, name) for name in offered})


def _number(typed: str) -> str:
    twilio = here().config.twilio
    numbers = (twilio.sms_number, twilio.voice_number, twilio.whatsapp_number) if twilio else ()
    ours = {*here().config.lines, *filter(None, numbers)}
    return read_number(typed, ours=ours, served=twilio.countries if twilio else ())
