"""Whoever founds a house at a terminal is asked until the answers hold, and no secret is said back."""

import pytest

from hotline.config import Config
from hotline.domain.staff import Role
from hotline.errors import Misconfigured
from hotline.operate import founding
from hotline.operate.backup_age import new_key
from hotline.operate.guiding import asked

TOKEN = "0f" * 16
STRONG = "seven quiet lamps drift under granite"


def test_weak_answers_are_refused_and_what_holds_is_written_for_its_owner_alone(tmp_path, capsys):
    recipient = new_key(tmp_path / "backup.key")
    file, keys = tmp_path / "etc/hotline.env", tmp_path / "srv/keys"
    read = iter(
        [
            str(file),
            *("http://line.example", "https://line.example"),
            *("postgresql+psycopg://us:secret@db/x", "postgresql+psycopg:///hotline"),
            "redis://127.0.0.1:6379/0",
            str(keys),
            *("AC" + "0" * 32, "+15005550006"),
            *("AC" + "0" * 32, "+15005550006"),
            "",
            "IE",
            *("a friend", recipient),
            str(tmp_path / "stick"),
            "",
            *("ruth", "Ruth", "Lily", "supervisor"),
            *("ruth", "Ruth", "Lily", "chief"),
            *("ruth", "Ruth", "Lily", "supervisor"),
            "",
        ]
    )
    hidden = iter(["short", TOKEN, "password1234", "password1234", STRONG, STRONG, STRONG, STRONG])
    house = asked(lambda _: next(read), lambda _: next(hidden))
    assert (next(read, None), next(hidden, None)) == (None, None)

    lines = file.read_text().splitlines()
    settings = dict(line.replace("'", "").split("=", 1) for line in lines)
    assert Config.from_env(settings).twilio.auth_token == TOKEN
    assert settings["HOTLINE_BACKUP_TO"] == recipient
    assert [(one.username, one.role, one.desk) for one in house.members] == [
        ("ruth", Role.SUPERVISOR, "main")
    ]
    for path in (file, keys.parent / "secrets/twilio.token", keys):
        assert path.stat().st_mode & 0o077 == 0
    said = capsys.readouterr().out
    for reason in ("reads along", "passfile", "32 characters", "would be guessed", "a supervisor"):
        assert reason in said
    for secret in (TOKEN, STRONG, "password1234"):
        assert secret not in said + repr(house) + file.read_text()


def test_a_file_of_members_with_a_passphrase_that_would_be_guessed_is_refused(tmp_path):
    row = '{"username": "ruth", "name": "Ruth", "pseudonym": "Lily", "role": "supervisor"'
    (tmp_path / "members.json").write_text(row + ', "passphrase": "password1234"}')
    with pytest.raises(Misconfigured, match="the passphrase of ruth would be guessed: "):
        founding.read_members(tmp_path / "members.json", "main")
