"""Reach them again, and leave nothing at the provider.

A reply is written in a caseworker's session, which alone can open the number; it is sealed to the
worker's relay key and waits as a *send*. Whoever holds the phone is asked first, by a *knock*, whether now is a
good time; `release` lets go out what waited for that. What waits for somebody else, such as a provider, is prepared
before (`prepare`) and sent without a key. The worker claims a send, holds it alone (`alone`), calls the provider with
no transaction open, and records what came of it. What the provider then still holds is erased there.

Nothing is ever handed over outside the hours that the person chose, nor with a validity that reaches out of
them; nothing with content to a phone where nobody said that it is safe; and nothing at all to a closed line.

The provider itself is a port, `Carrier`: this room never imports one.
"""

from hotline.contact.asking import ask_by_text
from hotline.contact.carrier import Carrier
from hotline.contact.drafting import HoursUnread, LineClosed, NothingToSay, Overtaken, TooLong
from hotline.contact.erasing import Unasked, erase, erase_later
from hotline.contact.fate import State, close_line, note_status, take_back_answer
from hotline.contact.knocking import Standing, move_away, put_off, release, standing
from hotline.contact.leaving import erase_held, waiting, waiting_files
from hotline.contact.outgoing import Outgoing
from hotline.contact.outlook import Rate, Underway, last_knock, rate, underway
from hotline.contact.pictures import ask_pictures_again, fetch_later, fetch_picture
from hotline.contact.preparing import drop, prepare, send_prepared
from hotline.contact.pricing import price
from hotline.contact.recordings import (
    ask_recordings_again,
    claim_recordings,
    fetch_recording,
    fetch_recording_later,
    recorded,
)
from hotline.contact.replying import reply
from hotline.contact.sending import Trouble, expire, send
from hotline.contact.spending import Caps, may_answer
from hotline.contact.sweeping import ask_again, forget, forget_ended
from hotline.contact.ways import NoWayBack, Way, code_of, way_back

__all__ = [
    "Caps",
    "Carrier",
    "HoursUnread",
    "LineClosed",
    "NoWayBack",
    "NothingToSay",
    "Outgoing",
    "Overtaken",
    "Rate",
    "Standing",
    "State",
    "TooLong",
    "Trouble",
    "Unasked",
    "Underway",
    "Way",
    "ask_again",
    "ask_by_text",
    "ask_pictures_again",
    "ask_recordings_again",
    "claim_recordings",
    "close_line",
    "code_of",
    "drop",
    "erase",
    "erase_held",
    "erase_later",
    "expire",
    "fetch_later",
    "fetch_picture",
    "fetch_recording",
    "fetch_recording_later",
    "forget",
    "forget_ended",
    "last_knock",
    "may_answer",
    "move_away",
    "note_status",
    "prepare",
    "price",
    "put_off",
    "rate",
    "recorded",
    "release",
    "reply",
    "send",
    "send_prepared",
    "standing",
    "take_back_answer",
    "underway",
    "waiting",
    "waiting_files",
    "way_back",
]
