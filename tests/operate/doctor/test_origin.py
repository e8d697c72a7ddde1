"""Our public address, seen from outside: encrypted, under a good name, and shut to whoever does not sign."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hotline.operate.doctor.findings import Severity
from tests.operate.doctor.conftest import codes, serving
from tests.servers import free_port

HOST = "line.example"


def trouble(practice):
    return codes(practice.found(), Severity.WRONG, Severity.WARNING)


def redirects(_environ, start_response):
    start_response("301 Moved Permanently", [("Location", "https://line.example/")])
    return [b""]


def admits_everybody(_environ, start_response):
    start_response("204 No Content", [])
    return [b""]


@pytest.mark.parametrize(
    ("answers", "code"),
    [(redirects, "origin-redirects"), (admits_everybody, "strangers-admitted")],
)
def test_what_stands_before_the_line_is_found(practice, answers, code):
    port = free_port()
    with serving(answers, port):
        practice.moves_to(f"http://127.0.0.1:{port}")
        assert trouble(practice) == [code]


@pytest.mark.usefixtures("names")
def test_a_line_that_is_not_encrypted_is_found(practice):
    practice.served_at(HOST)
    assert trouble(practice) == ["origin-not-https"]


def test_a_line_of_this_machine_alone_needs_no_encryption(practice):
    practice.served_at("localhost")
    assert trouble(practice) == []


@pytest.mark.usefixtures("names")
def test_a_name_that_the_provider_refuses_is_found(practice, trust):
    practice.served_at("my_line.example", tls=trust("my_line.example", days=60))
    assert trouble(practice) == ["origin-host-refused"]


@pytest.mark.usefixtures("names")
def test_an_encrypted_line_is_well(practice, trust):
    practice.served_at(HOST, tls=trust(HOST, days=60))
    found = practice.found()
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
    assert "certificate" in codes(found, Severity.WELL)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(("days", "severity"), [(9, Severity.WARNING), (1, Severity.WRONG)])
def test_a_certificate_that_ends_soon_is_found(practice, trust, days, severity):
    practice.served_at(HOST, tls=trust(HOST, days=days))
    assert trouble(practice) == ["certificate-ends"]
    assert codes(practice.found(), severity) == ["certificate-ends"]


@pytest.mark.usefixtures("names")
def test_a_certificate_for_another_name_is_found(practice, trust):
    practice.served_at(HOST, tls=trust("other.example", days=60))
    # Who does not trust it reaches nothing behind it, either.
    assert trouble(practice) == ["certificate-refused", "origin-unreachable"]


@pytest.mark.usefixtures("names")
def test_an_address_without_encryption_at_the_provider_is_found(practice, trust):
    practice.served_at(HOST, tls=trust(HOST, days=60))
    plain = practice.config.public_url.replace("https://", "http://")
    practice.service["inbound_request_url"] = f"{plain}/twilio/sms#rc=3&rp=5xx,ct,rt"
    assert trouble(practice) == ["service-webhook-not-https"]


@pytest.mark.usefixtures("names")
def test_a_demo_that_everybody_can_reach_is_found(practice, trust, tmp_path):
    practice.served_at(HOST, tls=trust(HOST, days=60))
    object.__setattr__(practice.config, "demo", tmp_path)
    assert trouble(practice) == ["demo-in-public"]


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make a certificate for a name, vouched for on this machine by itself alone."""

    def made(host: str, *, days: int) -> ssl.SSLContext:
        path = tmp_path / "certificate.pem"
        path.write_bytes(_certificate(host, datetime.now(UTC) + timedelta(days=days)))
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
        monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    return made


def _certificate(host: str, ends: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + private
