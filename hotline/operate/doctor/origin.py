"""Our public address: encrypted, reachable from outside, and open to the provider's signature alone."""

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from hotline.channels.twilio.round_trip import Outside, is_this_machine
from hotline.operate.doctor.findings import Finding, warning, well, wrong
from hotline.operate.doctor.visit import House

SOON, AT_ONCE = timedelta(days=14), timedelta(days=2)
_TIMEOUT = 10
_PUBLIC_NAME = re.compile(r"[A-Za-z0-9.:-]+")


def check_address(house: House) -> Iterator[Finding]:
    url = house.config.public_url
    is_private = house.config.is_https or is_this_machine(url)
    has_good_name = bool(_PUBLIC_NAME.fullmatch(urlsplit(url).netloc))
    if not is_private:
        yield wrong(
            "origin-not-https",
            "PUBLIC_URL is not encrypted: everybody on the way reads what people write.",
            "Put a certificate on the server, and let PUBLIC_URL begin with https://.",
        )
    if not has_good_name:
        yield wrong(
            "origin-host-refused",
            "The name in PUBLIC_URL has an underscore or another sign that the provider refuses (error 21609).",
            "Use a name of letters, digits, dots and hyphens.",
        )
    if is_private and has_good_name:
        yield well("address", "Our public address is fit to be given to the provider.")


def check_round_trip(house: House) -> Iterator[Finding]:
    """Sign what the provider would sign, and be a stranger; neither can become a report."""
    if house.config.twilio is None:
        return
    outside = Outside(house.config, house.config.twilio)
    health = outside.health()
    if health is None or health >= 400:
        yield wrong(
            "origin-unreachable",
            f"Our own public address does not answer ({health or 'no connection'}).",
            "Start the server; look at DNS, the firewall and the proxy before it.",
        )
        return
    if 300 <= health < 400:
        yield wrong(
            "origin-redirects",
            "Our public address sends callers elsewhere; the provider loses a text's words on that way.",
            "Let PUBLIC_URL be the very address that answers.",
        )
        return
    yield from _signed(outside)
    yield from _unsigned(outside)


def _signed(outside: Outside) -> Iterator[Finding]:
    status = outside.signed()
    if status == 204:
        yield well("signature", "What the provider signs is understood.")
    else:
        yield wrong(
            "signature-refused",
            f"What the provider signs is refused (status {status or 'none'}), so every text is lost to us.",
            "Serve with this very PUBLIC_URL, TWILIO_ACCOUNT_SID and token; the proxy must pass paths and fields unchanged.",
        )


def _unsigned(outside: Outside) -> Iterator[Finding]:
    open_doors = [path for path, status in outside.unsigned().items() if status != 403]
    if open_doors:
        yield wrong(
            "strangers-admitted",
            "Somebody who signs nothing is not turned away at our webhooks.",
            "Let nothing before the server answer for it, and serve this version unchanged.",
        )
    else:
        yield well("strangers", "Who does not sign is turned away.")


def check_certificate(house: House) -> Iterator[Finding]:
    if not house.config.is_https:
        return
    parts = urlsplit(house.config.public_url)
    try:
        ends = _certificate_end(parts.hostname or "", parts.port or 443)
    except ssl.SSLError:
        yield wrong(
            "certificate-refused",
            "The certificate is not valid for this name, has expired, or nobody vouches for it.",
            "Renew it from a public authority, with the whole chain.",
        )
        return
    except OSError:
        # That nothing answers is told by the round trip.
        return
    left = ends - house.clock()
    if left < SOON:
        tell = wrong if left < AT_ONCE else warning
        yield tell(
            "certificate-ends",
            f"The certificate ends on {ends:%Y-%m-%d}.",
            "Renew it, and find out why that did not happen by itself.",
        )
    else:
        yield well("certificate", f"The certificate is valid until {ends:%Y-%m-%d}.")


def _certificate_end(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        shown = encrypted.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
