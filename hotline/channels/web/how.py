"""What happens next: who reads it, what we pass on, what we cannot hide, and how to have it erased."""

from flask import Response

from hotline.channels.web.dialling import whom_to_dial
from hotline.channels.web.door import web
from hotline.channels.web.pages import named, show, when_read
from hotline.domain.report import Channel
from hotline.messages import render
from hotline.parts import here

_PROMISED = ("who_reads", "what_next", "promise", "exceptions")
"""Messages that every channel has in words of its own; on the web each line is a sentence or two."""


@web.get("/<locale>/how")
def how(locale: str) -> Response:
    """Say, before anybody writes, what we do with it."""
    chosen = named(locale)
    said = {
        name: render(here().languages, name, Channel.WEB, chosen).splitlines() for name in _PROMISED
    }
    return show("how", chosen, said=said, dials=whom_to_dial(chosen), read_from=when_read(chosen))
