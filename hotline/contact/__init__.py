"""Reach them again, and leave nothing at the provider.

A reply is written in a caseworker's session, which alone can open the number; it is sealed to the
worker's relay key and waits as a *send*. The worker claims it, calls the provider with no transaction
open, and records what came of it. What the provider then still holds is erased there.

The provider itself is a port, `Carrier`: this room never imports one.
"""

from hotline.contact.carrier import Carrier
from hotline.contact.erasing import erase, erase_later
from hotline.contact.fate import State, note_status
from hotline.contact.leaving import Waiting, erase_held, waiting, waiting_pictures
from hotline.contact.pictures import ask_pictures_again, fetch_later, fetch_picture
from hotline.contact.replying import (
    NothingToSay,
    NoWayBack,
    Overtaken,
    TooLong,
    code_of,
    reply,
    way_back,
)
from hotline.contact.sending import Outgoing, expire, release, send
from hotline.contact.spending import Caps, may_answer
from hotline.contact.sweeping import ask_again, forget, forget_ended

__all__ = [
    "Caps",
    "Carrier",
    "NoWayBack",
    "NothingToSay",
    "Outgoing",
    "Overtaken",
    "State",
    "TooLong",
    "Waiting",
    "ask_again",
    "ask_pictures_again",
    "code_of",
    "erase",
    "erase_held",
    "erase_later",
    "expire",
    "fetch_later",
    "fetch_picture",
    "forget",
    "forget_ended",
    "may_answer",
    "note_status",
    "release",
    "reply",
    "send",
    "waiting",
    "waiting_pictures",
    "way_back",
]
