"""Found the demo once: keys, staff, tables, an account at the loopback provider, agencies, a city's directory."""

import secrets
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from hotline import migrations
from hotline.demo import city, figures
from hotline.demo.cast import AGENCIES, READS_FOR, STAFF
from hotline.demo.facts import Facts
from hotline.domain.staff import HOUSE, Role
from hotline.errors import Misconfigured
from hotline.leads import agencies
from hotline.leads.codes import COUNTRIES
from hotline.reviews import State
from hotline.store import Session, Store
from hotline.vault import ceremony, codes
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.keyfiles import write_private
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.member import NewMember
from hotline.vault.tables import members

DESK = "main"
SMS, VOICE, WHATSAPP = "+15005550006", "+15005550007", "+15005550009"
COVERS = Path(__file__).parent / "cover"
"""Cover stories, a file each: a demo tells one of them."""

_TOKEN = "provider.token"  # noqa: S105 - the name of the file, not what is in it.


@dataclass(frozen=True)
class Demo:
    """A demo that is ready to be served with *environment*."""

    facts: Facts
    environment: Mapping[str, str] = field(repr=False)


def prepare(var: Path, *, port: int, profile: Profile = PRODUCTION) -> Demo:
    """Return the demo in *var*, founding it when there is none yet; a second start keeps everything.

    Raises:
        Misconfigured: something else is served on *port*, or the demo's file was damaged.
    """
    _refuse_taken(port)
    var = var.resolve()
    url = f"http://127.0.0.1:{port}"
    facts = Facts.read(var) or _found(var, url, profile)
    if facts.url != url:
        facts = facts.at(url)
        facts.write(var)
    store = Store(_database(var))
    try:
        migrations.upgrade(store)
    finally:
        store.close()
    return Demo(facts, _environment(var, facts))


def settings_of(var: Path) -> Mapping[str, str]:
    """Return the settings that the demo in *var* is served with.

    Raises:
        Misconfigured: there is no demo in *var*, or its file was damaged.
    """
    facts = Facts.read(var)
    if facts is None:
        raise Misconfigured("there is no demo in this folder")
    return _environment(var.resolve(), facts)


def _refuse_taken(port: int) -> None:
    """Servers may share a port without noticing; then half of what is texted would go astray."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Misconfigured(f"port {port} is taken; set PORT to another one") from None


def _found(var: Path, url: str, profile: Profile) -> Facts:
    """Make everything new. `Facts` are written last, so what lies here without them is half made and goes."""
    shutil.rmtree(var / "keys", ignore_errors=True)
    for half_made in var.glob("hotline.db*"):
        half_made.unlink()
    (var / "keys").mkdir(mode=0o700, parents=True)
    story = secrets.choice(sorted(COVERS.glob("*.toml")))
    write_private(KeyFolder(var / "keys").cover_story, story.read_bytes())
    var.chmod(0o700)
    store = Store(_database(var))
    try:
        migrations.upgrade(store)
        at = datetime.now(UTC)
        staff, feeds = _staff(var, store, profile), _feeds(store, url)
        store.write(_let_read)
        store.write(lambda session: city.settle(session, at))
        store.write(lambda session: figures.make_up(session, desk=DESK, at=at))
        links = city.give_links(store, var / "keys", url, at=at, profile=profile)
        facts = Facts(url, _account(var), staff, feeds, links)
    finally:
        store.close()
    facts.write(var)
    return facts


def _desk_of(role: Role) -> str:
    return HOUSE if role in (Role.ADMINISTRATOR, Role.INVESTIGATOR) else DESK


def _account(var: Path) -> dict[str, str]:
    """Open an account at the loopback provider."""
    token = secrets.token_hex(16)
    write_private(var / "keys" / _TOKEN, token.encode())
    return {
        "account_sid": "AC" + secrets.token_hex(16),
        "auth_token": token,
        "sms_number": SMS,
        "voice_number": VOICE,
        "whatsapp_number": WHATSAPP,
    }


def _staff(var: Path, store: Store, profile: Profile) -> list[dict[str, str]]:
    """Hold the key ceremony; the halves that belong offline are not kept, since nobody will ever need them."""
    members = [
        NewMember(username, name, pseudonym, role, _desk_of(role), codes.mint().words)
        for username, name, pseudonym, role in STAFF
    ]
    founding = ceremony.found(
        store,
        directory=var / "keys",
        desks=[DESK],
        members=members,
        at=datetime.now(UTC),
        profile=profile,
    )
    secret_of = {enrolled.username: enrolled.totp_secret for enrolled in founding.staff}
    return [
        {
            "name": member.name,
            "role": str(member.role),
            "username": member.username,
            "passphrase": member.passphrase,
            "totp_secret": secret_of[member.username],
        }
        for member in members
    ]


def _feeds(store: Store, url: str) -> list[dict[str, str]]:
    return [
        store.write(partial(_admit, name=name, countries=countries, url=url))
        for name, countries in AGENCIES
    ]


def _admit(session: Session, *, name: str, countries: tuple[str, ...], url: str) -> dict[str, str]:
    at = datetime.now(UTC)
    token = agencies.admit(session, name, countries or COUNTRIES, at=at)
    agency = agencies.by_token(session, token, at=at)
    collection = agency.collection if agency else ""
    return {"agency": name, "token": token, "taxii": f"{url}/taxii2/", "collection": collection}


def _let_read(session: Session) -> None:
    """Let the investigators who work here read for their agencies."""
    ids = {one.name: one.id for one in agencies.everyone(session)}
    for row in session.execute(select(members.c.id, members.c.username)).all():
        if row.username in READS_FOR:
            agencies.join(session, ids[READS_FOR[row.username]], row.id)


def _environment(var: Path, facts: Facts) -> dict[str, str]:
    """Return the settings that the demo is served with, as an operator would write them."""
    account = facts.twilio
    return {
        "PUBLIC_URL": facts.url,
        "DATABASE_URL": _database(var),
        "KEYS_DIR": str(var / "keys"),
        "TWILIO_ACCOUNT_SID": account["account_sid"],
        "TWILIO_AUTH_TOKEN_FILE": str(var / "keys" / _TOKEN),
        "TWILIO_SMS_NUMBER": account["sms_number"],
        "TWILIO_VOICE_NUMBER": account["voice_number"],
        "TWILIO_WHATSAPP_NUMBER": account["whatsapp_number"],
        "TWILIO_API_ORIGIN": f"{facts.url}/demo/twilio",
        "LINES": f"{account['sms_number']}=en,{account['whatsapp_number']}=en",
        "OFFER_LOCALES": State.DRAFTED,
        "HOTLINE_DEMO": str(var),
        "LEAD_WAIT_HOURS": "0",
    }


def _database(var: Path) -> str:
    return f"sqlite:///{var / 'hotline.db'}"
