"""Fetch the pictures of a text: sealed here, then erased at the provider.

Which text it is stands sealed to the relay key, because the provider's id must not lie beside a report.
Beside each picture or document lies a copy without what cameras and programs write into a file.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from hotline import audit
from hotline.anonymize.files import cleaned_apart
from hotline.contact.carrier import Carrier, CarrierRefused, ProviderFile
from hotline.contact.erasing import erase_later
from hotline.contact.tables import pictures
from hotline.domain.report import day
from hotline.errors import Malformed
from hotline.jobs import Job, jobs, later
from hotline.reports.tables import messages, reports
from hotline.store import Session, Store, new_id
from hotline.vault.attachments import Attachment, HeldFile, keep_files
from hotline.vault.envelope import SealBroken
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey, seal_for_relay
from hotline.vault.seen import seen_key

MOST_FILES = 10
MOST_BYTES = 16 << 20
FETCHING, LEFT_OUT = "fetching", "left_out"
"""What stands as the state of a reporter's message: its pictures are on their way; one was not kept."""

_CLEANABLE = ("image/", "application/pdf")
_FAMILIES = ("image/", "audio/", "video/")
_KINDS = frozenset(
    {
        "application/pdf", "application/vcard", "text/vcard", "text/x-vcard", "text/directory",
        "text/plain", "text/csv", "text/calendar", "text/rtf", "text/richtext",
    }
)  # fmt: skip
# Drawings that are programs.
_UNWANTED = frozenset({"image/svg+xml"})
_NOT_A_FILE = "picture"
_MANY = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pictures of which text of the provider's, for which message of ours."""

    provider_id: str = field(repr=False)
    report_id: str
    seq: int

    def to_json(self) -> bytes:
        return json.dumps({"of": _NOT_A_FILE, **{name: getattr(self, name) for name in _FACTS}}).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "Wanted":
        """Read what `to_json` wrote.

        Raises:
            Malformed: the worker was given something else.
        """
        facts = json.loads(plain)
        if facts.get("of") != _NOT_A_FILE:
            raise Malformed
        return cls(*(facts[name] for name in _FACTS))


_FACTS = ("provider_id", "report_id", "seq")
