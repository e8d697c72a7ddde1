"""A house of two: Noor takes the calls, Ines keeps the keys. On one road, on one evening, both die. What María told
them lies sealed, and nobody is left who opens it. The director comes with a paper out of her safe, the notary with
another, the lawyer with the third; two more are abroad. Vera, whom they trust, answers María the next day."""

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.cli import main
from hotline.operate import founding, keys_house
from hotline.vault.argon import CHEAPEST
from hotline.vault.ceremony import Enrolled
from tests.cast import MARIA, Member, Texter
from tests.house import ORIGIN, Clock, wired_house

NOOR = ("noor", "caseworker")
INES = ("ines", "supervisor")
PASSPHRASE = "a long road to the sea"


def members_file(path: Path, *people: tuple[str, str]) -> Path:
    rows = [
        {
            "username": name,
            "name": name.title(),
            "pseudonym": name.title(),
            "role": role,
            "passphrase": PASSPHRASE,
        }
        for name, role in people
    ]
    path.write_text(json.dumps(rows))
    return path


def say(monkeypatch: pytest.MonkeyPatch, *words: object, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main([str(word) for word in words])


def words_on(page: Path) -> str:
    """What a person types from the paper, with its numbers and its lines."""
    numbered = re.findall(r"<li><span>(\d+)</span>(\w+)</li>", page.read_text())
    return "\n".join(f"{number} {word}" for number, word in numbered)


def test_three_of_five_papers_bring_the_desk_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, usb = f"sqlite:///{tmp_path / 'hotline.db'}", tmp_path / "usb"
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("PUBLIC_URL", ORIGIN)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))
    # Cheap passphrases: the two functions take a profile, and the command line has none to give.
    monkeypatch.setattr(founding.found, "__kwdefaults__", {"profile": CHEAPEST})
    opened = keys_house.opened.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(opened, "__kwdefaults__", {"profile": CHEAPEST})

    # In good days: a ceremony, five papers, a house, a report.
    assert say(monkeypatch, "keys", "ceremony", usb) == 0
    papers = [words_on(page) for page in sorted((usb / "papers").iterdir())]
    assert len(papers) == 5
    staff = members_file(tmp_path / "members.json", NOOR, INES)
    assert say(monkeypatch, "init", staff, "--offline", usb) == 0
    for page in (usb / "papers").iterdir():
        page.unlink()
    clock = Clock(datetime.now(UTC))
    house = wired_house(tmp_path, url, {}, clock=clock)
    maria = Texter(house, MARIA)
    maria.texts("he keeps my passport, my name is Maria Lopez")

    # Nobody is left. Two papers are not enough; three are, and it does not matter which.
    vera = members_file(tmp_path / "vera.json", ("vera", "supervisor"))
    recover = ("keys", "recover", "main", "--root", usb / "root.key", "--member", vera)
    capsys.readouterr()
    assert say(monkeypatch, *recover, typed="\n\n".join(papers[:2])) == 1
    assert capsys.readouterr().err == "hotline: 3 papers are needed, and 2 were given\n"
    gathered = "\n\n".join([papers[4], papers[0], papers[2]])
    assert say(monkeypatch, *recover, typed=gathered) == 0
    (secret,) = re.findall(r"^  vera  ([A-Z2-7]+)$", capsys.readouterr().out, re.MULTILINE)

    # The house that runs lets her in without a restart; she reads what was told before, and who told it.
    house.staff["vera"] = Enrolled("", "vera", secret)
    her = Member(house, "vera")
    assert her.signs_in(passphrase=PASSPHRASE).status_code == 303
    report = her.first_report()
    assert "passport" in her.opens(f"/console/report/{report}")
    maria.texts("are you still there?")
    assert "still there" in her.opens(f"/console/report/{report}")
    # The two who died sign nothing any more, once she has let them go; the periods since were new.
    told = her.opens("/console/staff")
    assert "Noor" in told
    for gone in [m for m in house.hotline.keyring.members if m.username in ("noor", "ines")]:
        her.sends(f"/console/staff/{gone.id}/dismiss")
    assert [m.username for m in house.hotline.keyring.members] == ["vera"]
    capsys.readouterr()
    assert say(monkeypatch, "keys", "status") == 0
    assert "may sign: vera" in capsys.readouterr().out
    house.close()
