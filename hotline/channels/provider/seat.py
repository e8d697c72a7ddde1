"""What a provider's browser keeps: the ticket of one link, sent to this link's own address and to no other page."""

from flask import request, url_for
from werkzeug.wrappers import Response

from hotline.pages import is_encrypted
from hotline.vault.links import read_ticket, ticket_text


def ticket() -> bytes:
    """Return the ticket that this browser holds for the link it asks for; empty where it holds none."""
    return read_ticket(request.cookies.get(_name(), ""))


def give_ticket(response: Response, token: str, held: bytes) -> None:
    """Let the browser hold a ticket until it is closed; how long that counts is written in the database."""
    response.set_cookie(
        _name(),
        ticket_text(held),
        path=url_for("provider.show_link", token=token),
        secure=is_encrypted(),
        httponly=True,
        samesite="Strict",
    )


def _name() -> str:
    """Return the cookie's name; over https its prefix makes browsers refuse one that was set without."""
    return "__Secure-seat" if is_encrypted() else "seat"
