"""The people of every story. Numbers are from the provider's test range; nobody here is real."""

import base64
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from xml.etree import ElementTree

from flask.testing import FlaskClient
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from hotline.domain.report import Status
from hotline.reports.tables import reports
from hotline.vault.opening import Keyholder
from hotline.vault.totp import step_at, totp_code
from tests.house import ACCOUNT, ORIGIN, SMS_LINE, STAFF, TOKEN, VERA, House

MARIA = "+15005550142"
AMINA = "+15005550143"


def new_sid(kind: str = "SM") -> str:
    return kind + secrets.token_hex(16)


def signed(path: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    """Return the header that the provider signs a webhook with."""
    return signed_for(ORIGIN + path, form, token)


def signed_for(url: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


@dataclass
class Texter:
    """Somebody with a phone."""

    house: House
    number: str
    channel: str = "sms"
    last: dict[str, str] = field(default_factory=dict)

    def texts(self, body: str, line: str = SMS_LINE, **more: str) -> str:
        """Text us, and return what comes back at once."""
        prefix = "whatsapp:" if self.channel == "whatsapp" else ""
        self.last = {
            "MessageSid": new_sid(),
            "AccountSid": ACCOUNT,
            "From": prefix + self.number,
            "To": prefix + line,
            "Body": body,
            "NumMedia": "0",
            **more,
        }
        return answer_in(self.retries())

    def retries(self) -> TestResponse:
        """Let the provider send the last text again."""
        url = self.house.hotline.config.public_url + "/twilio/sms"
        response = self.house.app.test_client().post(
            "/twilio/sms", data=self.last, headers=signed_for(url, self.last)
        )
        assert response.status_code == 200, response.status
        return response


def answer_in(response: TestResponse) -> str:
    """Return the text inside the TwiML of *response*."""
    return "".join(ElementTree.fromstring(response.data).itertext()).strip()


@dataclass
class Member:
    """Somebody who works here, at a browser without scripts."""

    house: House
    username: str
    client: FlaskClient = None  # type: ignore[assignment]

    def signs_in(self, passphrase: str = "", totp: str = "") -> TestResponse:
        self.client = self.house.app.test_client()
        self.house.clock.passes(seconds=30)
        known = {new.username: new.passphrase for new in (*STAFF, VERA)}
        return self.client.post(
            "/console/signin",
            data={
                "name": self.username,
                "passphrase": passphrase or known[self.username],
                "totp": totp or self.code(),
            },
            base_url=ORIGIN,
        )

    def keyholder(self) -> Keyholder:
        """Return this member as the rooms below the desk see them, signed in."""
        self.signs_in()
        cookie = self.client.get_cookie("__Host-key", domain="line.example")
        assert cookie is not None
        hotline = self.house.hotline
        found = hotline.door.resume(hotline.store, cookie.value, at=self.house.clock())
        assert found is not None
        return found

    def code(self) -> str:
        secret = base64.b32decode(self.house.staff[self.username].totp_secret)
        return totp_code(secret, step_at(self.house.clock()))

    def opens(self, path: str) -> str:
        """Open a page and return what it says."""
        response = self.client.get(path, base_url=ORIGIN)
        assert response.status_code == 200, (path, response.status)
        return unescape(response.text)

    def sends(self, path: str, expect: int = 303, **form: object) -> TestResponse:
        response = self.client.post(path, data=form, base_url=ORIGIN)
        assert response.status_code == expect, (path, response.status, response.text[:2000])
        return response

    def first_report(self) -> str:
        """Return the id of the report on top of the queue; where there is one in all, no page is needed to know."""
        with self.house.hotline.store.read() as session:
            every = session.execute(select(reports.c.id, reports.c.status).limit(2)).all()
        if len(every) == 1 and every[0].status == Status.OPEN:
            return str(every[0].id)
        found = re.search(r"/console/reports?/([0-9a-f]{32})", self.opens("/console/"))
        assert found, "the queue is empty"
        return found.group(1)

    def reviews(self, report_id: str) -> None:
        """Say of every message of a report, as it is shown, that what is masked in it is reviewed."""
        page = self.opens(f"/console/report/{report_id}")
        seen: dict[str, object] = dict(re.findall(r'name="(seen-\d+)" value="(\w*)"', page))
        assert seen, "everything is reviewed"
        self.sends(f"/console/report/{report_id}/spans/done", **seen)

    def approves(self, request_id: str, expect: int = 303) -> TestResponse:
        """Approve what a colleague asks to see, as the page shows it."""
        form = self.opens("/console/approvals").partition(f"/approvals/{request_id}/approve")[2]
        found = re.search(r'name="shown" value="([0-9a-f]{64})"', form)
        shown = found.group(1) if found else ""
        return self.sends(f"/console/approvals/{request_id}/approve", expect=expect, shown=shown)
