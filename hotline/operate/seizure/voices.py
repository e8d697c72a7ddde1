"""Somebody calls and leaves a message in their own voice; a caseworker says why, hears it, and types what was said.

Every few bytes of that voice are a canary: a piece of it that lies anywhere unsealed is found.
"""

import re
import secrets
import time
from typing import Any

from sqlalchemy import Row, select

from hotline.demo.calling.handset import Handset
from hotline.operate.seizure.browser import Browser, Unanswered, form_of
from hotline.operate.seizure.house import SMS, House, wait_for
from hotline.store import Store
from hotline.vault.tables import attachments

BEGINNING, END = "voice.beginning", "voice.end"
_HEAD = b"RIFF" + bytes(40)
_TIMES = 5_000
_MOST_STEPS = 20
_SILENCE = 10
_HEARING = 1.1
_GREETING, _MESSAGE = "If you can speak", "To leave a message"
_SOURCE = re.compile(r'<source src="([^"]+)"')


def call(house: House) -> None:
    """Call, ask to leave a message, say that it may be recorded, and speak.

    Raises:
        Unanswered: the line does not come to the point of recording.
    """
    phone = house.canaries.number("voice.number")
    handset = house.network.dial(sender=phone, line=SMS)
    for _ in range(_MOST_STEPS):
        handset.hears_out()
        if handset.listens == "record":
            break
        _answers(handset)
    else:
        raise Unanswered("the line of the drill records nothing")
    handset.speaks(8, content=voice(house))
    handset.presses("#")
    handset.hears_out()
    handset.hangs_up()


def _answers(handset: Handset) -> None:
    """Be silent at the greeting, for whoever presses a key there cannot speak; choose a message, and say yes."""
    if _GREETING in handset.document:
        handset.waits(_SILENCE)
    else:
        # A key that comes sooner answers nothing: nobody could have heard the question.
        time.sleep(_HEARING)
        handset.presses("2" if _MESSAGE in handset.document else "1")


def call_again(house: House) -> None:
    """Call once more, at this very moment: the provider holds the voice until it is fetched."""
    number = house.canaries.number("voice.number")
    spoken = house.network.call_us(sender=number, line=SMS)
    house.network.record(spoken, content=voice(house))


def voice(house: House) -> bytes:
    """Return what is recorded: many times over the few bytes of one canary, then those of another."""
    known = {canary.label: canary.value for canary in house.canaries}
    if END not in known:
        for label in (BEGINNING, END):
            house.canaries.keep(label, secrets.token_bytes(24))
        return voice(house)
    parts = (known[label] for label in (BEGINNING, END))
    return _HEAD + b"".join(part * _TIMES for part in parts if isinstance(part, bytes))


def hear(house: House, noor: Browser) -> str:
    """Listen to what was left, type it, and return the path of the report.

    Raises:
        Unanswered: it cannot be heard.
    """
    with house.store() as store:
        wait_for(lambda: _kept(store), "the recording to be fetched")
        row = _kept(store)
    if row is None:
        raise Unanswered("the recording of the drill was not kept")
    path = f"/console/report/{row.report_id}"
    why = f"because of {house.canaries.name('why.listen')}"
    asked = {"what": f"{row.seq} attachments", "purpose": "translation", "why": why}
    form = form_of(noor.submit(path, "/reveal", **asked), "/attachment")
    page = noor.post(f"{path}/listen", {**form.fields, "file": "1"})
    found = _SOURCE.search(page)
    heard = noor.session.get(house.url + found[1], timeout=30).content if found else b""
    if heard != voice(house):
        raise Unanswered("the recording of the drill cannot be heard")
    said = f"My name is {house.canaries.name('typed.name')}, {house.canaries.phrase('sms.account')}"
    noor.fill_in(page, "/heard", said=said)
    return path


def _kept(store: Store) -> Row[Any, Any] | None:
    rows = attachments.c
    query = select(rows.report_id, rows.seq).where(rows.is_recording)
    with store.read() as session:
        return session.execute(query).first()
