"""Call our own webhooks from outside, as the provider would, and as a stranger would.

What is posted can become no report: news of a text that was never sent, and forms without a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from hotline.config import Config, TwilioSettings

# No text of ours has this name, so news of it changes nothing.
_NOWHERE = "/twilio/sms/status/" + "0" * 32
_DOORS = ("/twilio/sms", "/twilio/fallback", _NOWHERE)
_TIMEOUT = 10


@dataclass(frozen=True)
class Outside:
    """Our public origin, seen from outside. None instead of a status says that nothing answered."""

    config: Config
    settings: TwilioSettings

    def health(self) -> int | None:
        return self._ask("GET", "/healthz")

    def signed(self) -> int | None:
        """Return the status of a signed piece of news; 204 when signatures are understood."""
        fields = self._news()
        url = self.config.public_url + _NOWHERE
        validator = RequestValidator(self.settings.auth_token)
        signature = validator.compute_signature(url, fields)
        return self._ask("POST", _NOWHERE, fields, {SIGNATURE_HEADER: signature})

    def unsigned(self) -> dict[str, int | None]:
        """Return the status of each door for someone who signs nothing; 403 when it is shut."""
        account = {"AccountSid": self.settings.account_sid}
        return {
            path: self._ask("POST", path, self._news() if path == _NOWHERE else account)
            for path in _DOORS
        }

    def _news(self) -> dict[str, str]:
        sid = "SM" + "0" * 32
        return {
            "AccountSid": self.settings.account_sid,
            "MessageSid": sid,
            "MessageStatus": "accepted",
            "SmsSid": sid,
        }

    def _ask(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> int | None:
        with requests.Session() as session:
            # What is meant for this machine goes through no proxy.
            session.trust_env = not is_this_machine(self.config.public_url)
            try:
                answer = session.request(
                    method,
                    self.config.public_url + path,
                    data=fields,
                    headers=headers,
                    allow_redirects=False,
                    timeout=_TIMEOUT,
                )
            except requests.RequestException:
                return None
            return answer.status_code


def is_this_machine(url: str) -> bool:
    """Tell whether what is sent to *url* never leaves this machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
