"""Bring a short text to a web address or by mail. An answer is waited for, for seconds; nothing is tried twice."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import requests

from hotline.config import Mail
from hotline.errors import Unavailable

_SECONDS = 10.0
_MAILTO = "mailto:"


class Messenger:
    """The port of `hotline.audit.herald.Herald` to the world."""

    def __init__(
        self, mail: Mail | None, *, trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ) -> None:
        self._mail = mail
        self._trust = trust

    def tell(self, place: str, *, subject: str, text: str) -> None:
        """Bring *text* to *place*.

        Raises:
            Unavailable: it was not taken. Of what went wrong nothing is said: it could name who was written to.
        """
        try:
            if place.startswith(_MAILTO):
                self._write(place.removeprefix(_MAILTO), subject, text)
            else:
                self._post(place, text)
        except (OSError, smtplib.SMTPException, requests.RequestException):
            raise Unavailable from None

    def _post(self, url: str, text: str) -> None:
        answer = requests.post(
            url,
            data=text.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8", "User-Agent": "hotline"},
            timeout=_SECONDS,
            allow_redirects=False,
            stream=True,
        )
        answer.close()
        if not 200 <= answer.status_code < 300:
            raise Unavailable

    def _write(self, to: str, subject: str, text: str) -> None:
        mail = self._mail
        if mail is None:
            raise Unavailable
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = mail.sender, to, subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        with self._server(mail) as server:
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)

    def _server(self, mail: Mail) -> smtplib.SMTP:
        if not mail.starts_plain:
            return smtplib.SMTP_SSL(mail.host, mail.port, timeout=_SECONDS, context=self._trust())
        server = smtplib.SMTP(mail.host, mail.port, timeout=_SECONDS)
        try:
            server.starttls(context=self._trust())
        except BaseException:
            server.close()
            raise
        return server
