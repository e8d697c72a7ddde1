"""Every part of the hotline, chosen once at start-up. This is all that a view sees."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app

from hotline.audit.herald import Herald
from hotline.config import Config
from hotline.contact import Carrier
from hotline.i18n import Languages
from hotline.intake import Reception
from hotline.intake.calls import Calls
from hotline.law import Law
from hotline.prompts import Prompts
from hotline.proofreading.signed import Signed
from hotline.retention import Sweeper
from hotline.store import Store
from hotline.triage.kept_words import KeptWords
from hotline.triage.looking import Looks
from hotline.vault.attest import Authors
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.links import LinkDesk
from hotline.vault.logkey import LogKey
from hotline.vault.relay import RelayKey
from hotline.vault.reporters import CodeDesk
from hotline.vault.staff import StaffDoor
from hotline.vault.threads import ThreadKeys


@dataclass(frozen=True)
class Hotline:
    """The parts. *carrier* is None where no provider is set up; *relay* opens what staff ask to be sent.

    *log_key* signs checkpoints and return codes; *authors* tells who wrote an answer; *sweeper* erases;
    *herald* brings checkpoints and calls to those outside; *kept_words* are those that this house lets stand in texts;
    *signed* is what native speakers have signed here; *looks* makes clean copies of files; *law* is what is asked of us.
    """

    config: Config
    store: Store
    languages: Languages
    keyring: Keyring
    threads: ThreadKeys
    codes: CodeDesk
    links: LinkDesk
    door: StaffDoor
    relay_public: PublicKey
    relay: RelayKey
    log_key: LogKey
    authors: Authors
    reception: Reception
    prompts: Prompts
    calls: Calls
    carrier: Carrier | None
    sweeper: Sweeper
    herald: Herald
    kept_words: KeptWords
    signed: Signed
    looks: Looks
    law: Law
    clock: Callable[[], datetime]


def here() -> Hotline:
    """Return the parts of the application that serves this request."""
    return cast(Hotline, current_app.extensions["hotline"])
