"""A phone in the page, and beside it who to sign in as. It works without a script; one looks for answers by itself."""

import base64

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hotline import pages
from hotline.demo import cast, look
from hotline.demo.facts import Facts, facts
from hotline.demo.network import Bubble
from hotline.demo.provider import network
from hotline.domain.report import Channel
from hotline.errors import NotFound, Refused
from hotline.messages import segments
from hotline.parts import here
from hotline.store import Session
from hotline.vault.sessions import end_sessions
from hotline.vault.tables import members
from hotline.vault.totp import step_at, totp_code

phone = Blueprint("phone", __name__, url_prefix="/demo")

CHANNELS = (Channel.SMS, Channel.WHATSAPP)
LONGEST = 1600


@phone.get("/")
def show() -> Response:
    persona, channel = _chosen(request.args.get("who"), request.args.get("on"))
    return look.page(
        "demo/phone.html",
        persona=persona,
        channel=channel,
        channels=CHANNELS,
        personas=list(cast.personas().values()),
        line=_line(channel),
        is_off=network().phones.is_off(_address(channel, persona.number)),
        bubbles=_bubbles(persona, channel),
        is_ringing=_is_ringing(persona),
        segments=segments,
        staff=_staff(facts()),
        feeds=facts().feeds,
        links=facts().capacity,
        is_night=_is_night(),
        first_locale=here().config.default_locale,
        url=here().config.public_url,
    )


@phone.get("/bubbles")
def show_bubbles() -> Response:
    """Return the conversation alone, for the script that looks for answers."""
    persona, channel = _chosen(request.args.get("who"), request.args.get("on"))
    return look.page(
        "demo/bubbles.html",
        persona=persona,
        bubbles=_bubbles(persona, channel),
        is_ringing=_is_ringing(persona),
        segments=segments,
    )


@phone.post("/text")
def text() -> AnyResponse:
    """Text the hotline as the chosen persona; the network signs and delivers it."""
    if pages.is_from_elsewhere():
        raise Refused
    persona, channel = _chosen(request.form.get("who"), request.form.get("on"))
    body = request.form.get("text", "")[:LONGEST]
    network().text_us(sender=_address(channel, persona.number), line=_line(channel), body=body)
    return redirect(url_for("phone.show", who=persona.key, on=channel), 303)


@phone.post("/switch")
def switch() -> AnyResponse:
    """Switch the chosen phone off, or on again; what is sent to it meanwhile waits, for a while."""
    if pages.is_from_elsewhere():
        raise Refused
    persona, channel = _chosen(request.form.get("who"), request.form.get("on"))
    address = _address(channel, persona.number)
    if network().phones.is_off(address):
        network().switch_on(address)
    else:
        network().phones.switch_off(address)
    return redirect(url_for("phone.show", who=persona.key, on=channel), 303)


@phone.post("/night")
def night() -> AnyResponse:
    """Sign everybody out: with nobody awake at the desk it is night."""
    if pages.is_from_elsewhere():
        raise Refused
    here().store.write(_sign_all_out)
    return redirect(url_for("phone.show", _anchor="night"), 303)


def _is_night() -> bool:
    nearby = here().reception.conversing.nearby
    return nearby is not None and nearby.is_quiet(at=here().clock())


def _sign_all_out(session: Session) -> None:
    for member_id in session.scalars(select(members.c.id)).all():
        end_sessions(session, member_id)


def _chosen(who: str | None, on: str | None) -> tuple[cast.Persona, Channel]:
    """Return who holds the phone and what they text with; the first of each when none is named.

    Raises:
        NotFound: nobody of that name, or no such channel.
    """
    personas = cast.personas()
    persona = personas.get(who) if who else next(iter(personas.values()))
    if persona is None or (on or Channel.SMS) not in CHANNELS:
        raise NotFound
    return persona, Channel(on or Channel.SMS)


def _line(channel: Channel) -> str:
    account = network().settings
    number = account.whatsapp_number if channel is Channel.WHATSAPP else account.sms_number
    return _address(channel, number)


def _address(channel: Channel, number: str) -> str:
    return f"whatsapp:{number}" if channel is Channel.WHATSAPP else number


def _bubbles(persona: cast.Persona, channel: Channel) -> list[Bubble]:
    return network().bubbles(_address(channel, persona.number), _line(channel))


def _is_ringing(persona: cast.Persona) -> bool:
    return any(phone.is_ringing for phone in network().exchange.on_phone(persona.number))


def _staff(facts: Facts) -> list[dict[str, str]]:
    """Return who can sign in, each with the one-time code of this moment."""
    step = step_at(here().clock())
    return [
        {**person, "code": totp_code(base64.b32decode(person["totp_secret"]), step)}
        for person in facts.staff
    ]
