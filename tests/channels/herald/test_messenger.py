"""A text is brought to a web hook or by mail, always encrypted, once; what fails says nothing of whom it was for."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hotline.channels.herald import Messenger
from hotline.channels.herald import messenger as bringing
from hotline.config import Mail
from hotline.errors import Unavailable
from tests.channels.herald.servers import mail_server, web_hook

TEXT = "line.example/log\n5\nroot\n\n— line.example/log c2ln\n"


def mail_at(port: str, **more: object) -> Mail:
    facts = {"host": "127.0.0.1", "port": int(port), "user": "line", "password": "opensesame"}
    return Mail(**facts, sender="line@line.example", **more)  # type: ignore[arg-type]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "mail.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_a_web_hook_gets_the_text_as_it_is() -> None:
    with web_hook() as heard:
        Messenger(None).tell(heard.where, subject="log", text=TEXT)
    assert heard.bodies == [TEXT]
    assert heard.headers[0]["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_a_web_hook_does_not_take_may_be_tried_again(status: int) -> None:
    with web_hook() as heard:
        heard.status = status
        with pytest.raises(Unavailable) as caught:
            Messenger(None).tell(heard.where + "secret-path", subject="log", text=TEXT)
    assert len(heard.bodies) == 1
    assert "secret-path" not in f"{caught.value}{caught.value.__cause__}"


def test_who_is_not_there_is_told_apart_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    with web_hook() as gone:
        pass
    # Seconds, so that a hook which never answers does not hold up the test.
    monkeypatch.setattr(bringing, "_SECONDS", 0.2)
    with pytest.raises(Unavailable):
        Messenger(None).tell(gone.where, subject="log", text=TEXT)
    with pytest.raises(Unavailable):
        Messenger(None).tell("mailto:a@b.example", subject="log", text=TEXT)


def test_a_mail_is_sent_encrypted_and_whole(certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    with mail_server(certificate) as heard:
        messenger = Messenger(mail_at(heard.where), trust=lambda: trust)
        messenger.tell("mailto:holder@ngo.example", subject="line.example/log", text=TEXT)
    said = " ".join(one["said"].lower() for one in heard.headers)
    assert "mail from:<line@line.example>" in said
    assert "rcpt to:<holder@ngo.example>" in said
    (body,) = heard.bodies
    assert "Subject: line.example/log" in body
    assert "Auto-Submitted: auto-generated" in body


def test_nothing_is_mailed_to_a_server_that_nobody_vouches_for(certificate: Path) -> None:
    with mail_server(certificate) as heard:
        with pytest.raises(Unavailable):
            Messenger(mail_at(heard.where)).tell("mailto:a@b.example", subject="x", text=TEXT)
        assert heard.bodies == []


def test_no_password_goes_to_a_server_that_does_not_encrypt() -> None:
    with mail_server() as heard:
        messenger = Messenger(mail_at(heard.where, starts_plain=True))
        with pytest.raises(Unavailable):
            messenger.tell("mailto:a@b.example", subject="x", text=TEXT)
    assert heard.bodies == []
    assert not any("AUTH" in one["said"].upper() for one in heard.headers)


def test_a_mail_that_is_refused_may_be_tried_again(certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    with mail_server(certificate) as heard:
        heard.status = 550
        with pytest.raises(Unavailable) as caught:
            Messenger(mail_at(heard.where), trust=lambda: trust).tell(
                "mailto:holder@ngo.example", subject="x", text=TEXT
            )
    assert "holder" not in str(caught.value)
