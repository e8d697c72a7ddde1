"""What cannot be seen is called unknown and hides nothing else; and what is told holds no secret."""

import json

import pytest

from hotline.cli import main
from hotline.config import Config, values
from hotline.demo.facts import Facts
from hotline.operate.doctor import installation
from hotline.operate.doctor.findings import Severity
from hotline.operate.doctor.telling import (
    ALL_WELL,
    COULD_NOT_LOOK,
    SOMETHING_WRONG,
    as_json,
    in_words,
    status_of,
)
from tests.operate.doctor.conftest import CALLS, MARIA, SERVICE, TEXTS, TOKEN, WHATSAPP, codes
from tests.operate.doctor.test_healthy import NOT_TOLD
from tests.servers import free_port


@pytest.mark.parametrize(
    ("host", "unseen"),
    [
        ("accounts.twilio.com", "sms-countries-unseen"),
        ("voice.twilio.com", "voice-countries-unseen"),
        ("monitor.twilio.com", "errors-unseen"),
    ],
)
def test_where_the_account_may_not_look_the_rest_is_looked_at(practice, host, unseen):
    practice.account.closed.add(host)
    found = practice.found()
    assert codes(found, Severity.UNKNOWN) == sorted([*NOT_TOLD, unseen])
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
    assert status_of(found) == ALL_WELL


def test_a_provider_that_does_not_answer_is_no_fault_of_the_line(practice):
    practice.settings(api_origin=f"http://127.0.0.1:{free_port()}")
    found = practice.found()
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
    assert codes(found, Severity.UNKNOWN) == ["provider-unreachable"]
    assert status_of(found) == COULD_NOT_LOOK


def test_a_provider_that_fails_half_way_is_told_of_and_what_is_wrong_stays_wrong(practice):
    practice.service["fallback_to_long_code"] = True
    # The list of texts is out of order; everything else answers.
    for _ in range(3):
        practice.network.weather.expects("looks", "down")
    found = practice.found()
    assert "provider-unreachable" in codes(found, Severity.UNKNOWN)
    assert codes(found, Severity.WRONG) == ["service-falls-back"]
    assert status_of(found) == SOMETHING_WRONG


def test_a_line_without_a_provider_is_looked_at_as_far_as_it_goes(practice):
    object.__setattr__(practice.config, "twilio", None)
    assert codes(practice.found(), Severity.WRONG, Severity.WARNING) == ["provider-none"]


def test_what_is_told_names_no_secret_and_of_numbers_only_the_end(practice):
    practice.number["voice_url"] = "https://user:password@other.example/"
    practice.account.texted.clear()
    practice.account.alerts.clear()
    found = practice.found()
    for told in (in_words(found), as_json(found)):
        assert "…0006" in told
        for secret in (TOKEN, TEXTS, CALLS, MARIA, SERVICE, practice.config.twilio.account_sid):
            assert secret not in told
        assert "password" not in told


def test_json_is_for_other_programs(practice):
    practice.account.status = "closed"
    found = practice.found()
    read = json.loads(as_json(found))
    assert read["exit"] == SOMETHING_WRONG
    (first, *_) = read["findings"]
    assert first["code"] == "account-not-active"
    assert set(first) == {"code", "severity", "what", "do", "about"}
    assert len(read["findings"]) == len(found)


def test_every_finding_says_what_to_do_in_whole_sentences(practice):
    practice.account.status = "closed"
    practice.number["voice_url"] = ""
    for finding in practice.found():
        assert finding.what.endswith((".", ")."))
        assert finding.severity is Severity.WELL or finding.do.endswith(".")


@pytest.fixture
def environment(practice, monkeypatch):
    """The process environment of an operator who runs the command."""
    config, twilio = practice.config, practice.config.twilio
    settings = {
        "PUBLIC_URL": config.public_url,
        "DATABASE_URL": config.database_url,
        "KEYS_DIR": str(config.keys),
        "LINES": f"{TEXTS}=en",
        "LOCALES": "en",
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN_FILE": practice.env["TWILIO_AUTH_TOKEN_FILE"],
        "TWILIO_SMS_NUMBER": TEXTS,
        "TWILIO_VOICE_NUMBER": CALLS,
        "TWILIO_MESSAGING_SERVICE_SID": SERVICE,
        "TWILIO_API_ORIGIN": twilio.api_origin,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return practice


def test_the_command_tells_in_words_and_as_an_exit_status(environment, capsys):
    assert main(["doctor"]) == ALL_WELL
    assert "0 wrong, 0 warning, 2 unknown" in capsys.readouterr().out
    environment.service["inbound_request_url"] = ""
    assert main(["doctor"]) == SOMETHING_WRONG
    assert "(service-webhook-missing)" in capsys.readouterr().out


def test_the_command_speaks_json(environment, capsys):
    environment.service["inbound_request_url"] = ""
    assert main(["doctor", "--json"]) == SOMETHING_WRONG
    assert json.loads(capsys.readouterr().out)["exit"] == SOMETHING_WRONG


def test_the_command_looks_at_a_demo_that_runs(practice, tmp_path, capsys):
    config, twilio = practice.config, practice.config.twilio
    account = {
        "account_sid": twilio.account_sid,
        "auth_token": TOKEN,
        "sms_number": TEXTS,
        "voice_number": CALLS,
        "whatsapp_number": WHATSAPP,
    }
    Facts(config.public_url, account, [], []).write(tmp_path)
    (tmp_path / "keys" / "provider.token").write_text(TOKEN)
    (tmp_path / "keys" / "provider.token").chmod(0o600)
    # A demo is on WhatsApp; this account is not.
    assert main(["doctor", "--demo", str(tmp_path)]) == SOMETHING_WRONG
    told = capsys.readouterr().out
    assert "(whatsapp-sender-missing)" in told
    assert "1 wrong" in told


def test_a_folder_without_a_demo_is_told(tmp_path, capsys):
    assert main(["doctor", "--demo", str(tmp_path)]) == SOMETHING_WRONG
    assert "no demo" in capsys.readouterr().err


def test_settings_that_cannot_be_read_keep_us_from_looking(monkeypatch, capsys):
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    assert main(["doctor"]) == COULD_NOT_LOOK
    assert "PUBLIC_URL" in capsys.readouterr().err


def test_no_secret_of_the_settings_is_forgotten(monkeypatch):
    read, reads = set(), values.secret

    def secret(env, name, **its):
        read.add(name)
        return reads(env, name, **its)

    # The settings themselves are read as ever; only which of them are secrets is written down.
    monkeypatch.setattr(values, "secret", secret)
    required = {"PUBLIC_URL": "https://line.example", "DATABASE_URL": "sqlite:///x"}
    twilio = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN_FILE": __file__}
    Config.from_env({**required, **twilio, "KEYS_DIR": "/tmp"})
    assert read == set(installation.SECRETS)
