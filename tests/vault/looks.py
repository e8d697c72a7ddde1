"""How the tests look at who someone is: every fact has a usual value."""

import base64
from datetime import timedelta
from itertools import count
from typing import Any

from hotline import audit
from hotline.vault.contents import Identity
from hotline.vault.opening import Keyholder
from hotline.vault.revealing import Look, reveal
from hotline.vault.totp import step_at, totp_code
from tests.vault.conftest import NOW, STAFF, House

_steps = count()


def look(house: House, keyholder: Keyholder, report_id: str, **facts: Any) -> Identity:
    """Reveal the original words of the first message, to call back, with *facts* in place of any of that."""
    usual = {"seq": 1, "field": "words", "purpose": "handoff", "words": "to call back"}
    around = {"at": NOW, **{name: facts.pop(name) for name in ("at", "beside") if name in facts}}
    wanted = Look(report_id=report_id, **{**usual, **facts})
    return reveal(house.store, keyholder, house.keyring, wanted, **around)


def signed_in(house: House, username: str, passphrase: str = "") -> Keyholder:
    """Sign somebody in, as often as a test asks: each time with a code that was not used yet."""
    at = NOW + timedelta(seconds=30 * next(_steps))
    known = {new.username: new.passphrase for new in STAFF}
    secrets = {member.username: member.totp_secret for member in house.founding.staff}
    entrance = house.door.sign_in(
        house.store,
        username=username,
        passphrase=passphrase or known[username],
        totp=totp_code(base64.b32decode(secrets[username]), step_at(at)),
        at=at,
    )
    keyholder = house.door.resume(house.store, entrance.cookie, at=at)
    assert keyholder is not None
    return keyholder


def acts(house: House) -> list[tuple[str, str, str]]:
    """Return what the log tells of looks, newest first; it also tells who signed in."""
    with house.store.read() as session:
        lines = audit.page(session)
    return [
        (line.did, line.what, line.purpose)
        for line in lines
        if line.did.startswith(("reveal", "emergency"))
    ]
