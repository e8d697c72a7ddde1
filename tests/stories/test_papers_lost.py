"""The notary's office burns down, and with it two of the five papers; one more nobody finds. What is left is not enough,
and nobody knows who has the rest. The director brings the root key and has new papers made. Noor and Ines come to work
as on every day, and hand on what they hold without knowing it. A year later both are gone, and three of the new papers
let Vera in. Whoever found the old ones opens nothing with them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.operate import founding, keys_house
from hotline.vault.argon import CHEAPEST
from hotline.vault.ceremony import Enrolled
from tests.cast import MARIA, Member, Texter
from tests.house import ORIGIN, Clock, wired_house
from tests.stories.test_all_keepers_gone import INES, NOOR, PASSPHRASE, members_file, say, words_on


def test_new_papers_bring_the_desk_back_and_old_ones_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, usb, renewed = f"sqlite:///{tmp_path / 'hotline.db'}", tmp_path / "usb", tmp_path / "usb2"
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("PUBLIC_URL", ORIGIN)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))
    # Cheap passphrases: the two functions take a profile, and the command line has none to give.
    monkeypatch.setattr(founding.found, "__kwdefaults__", {"profile": CHEAPEST})
    opened = keys_house.opened.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(opened, "__kwdefaults__", {"profile": CHEAPEST})

    # A house, a report; then papers are lost, and the root has new ones made. The house runs all the while.
    staff = members_file(tmp_path / "members.json", NOOR, INES)
    assert say(monkeypatch, "init", staff, "--offline", usb) == 0
    old = [words_on(page) for page in sorted((usb / "papers").iterdir())]
    clock = Clock(datetime.now(UTC))
    house = wired_house(tmp_path, url, {}, clock=clock)
    maria = Texter(house, MARIA)
    maria.texts("he keeps my passport, my name is Maria Lopez")
    assert say(monkeypatch, "keys", "papers", renewed, "--root", usb / "root.key") == 0
    new = [words_on(page) for page in sorted((renewed / "papers").iterdir())]

    # Nobody is told to do anything: they come in.
    capsys.readouterr()
    assert say(monkeypatch, "keys", "status") == 0
    assert "identity, period 1; handed on at the next sign-in of noor, ines" in told(capsys)
    secrets = (usb / "authenticators.json").read_text()
    for username in ("noor", "ines"):
        (secret,) = re.findall(rf'"{username}": "([A-Z2-7]+)"', secrets)
        house.staff[username] = Enrolled("", username, secret)
        assert Member(house, username).signs_in(passphrase=PASSPHRASE).status_code == 303
    capsys.readouterr()
    assert say(monkeypatch, "keys", "status") == 0
    assert "do not open yet" not in told(capsys).split("The house itself")[0]

    # Both are gone. Old papers, however many, are refused; three of the new five let Vera in.
    vera = members_file(tmp_path / "vera.json", ("vera", "supervisor"))
    recover = ("keys", "recover", "main", "--root", usb / "root.key", "--member", vera)
    assert say(monkeypatch, *recover, typed="\n\n".join(old)) == 1
    assert "these papers were replaced" in capsys.readouterr().err
    assert say(monkeypatch, *recover, typed="\n\n".join([new[4], new[0], new[2]])) == 0
    (secret,) = re.findall(r"^  vera  ([A-Z2-7]+)$", told(capsys), re.MULTILINE)
    house.staff["vera"] = Enrolled("", "vera", secret)
    her = Member(house, "vera")
    assert her.signs_in(passphrase=PASSPHRASE).status_code == 303
    # What was told before the papers were made, and since.
    report = her.first_report()
    maria.texts("are you still there?")
    page = her.opens(f"/console/report/{report}")
    assert "passport" in page
    assert "still there" in page
    house.close()


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out
