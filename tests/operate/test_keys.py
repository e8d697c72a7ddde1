"""`hotline keys` and `hotline init`, as an operator runs them; each fault is one plain line."""

import inspect
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.cli import main
from hotline.operate import founding, keys_house
from hotline.operate.keys_status import status
from hotline.vault.argon import CHEAPEST

MEMBERS = [
    {"username": "noor", "name": "Noor", "pseudonym": "Rosa", "role": "caseworker"},
    {"username": "ines", "name": "Ines", "pseudonym": "Alba", "role": "supervisor"},
    {"username": "ada", "name": "Ada", "pseudonym": "Key", "role": "administrator"},
    {"username": "otto", "name": "Otto", "pseudonym": "Elm", "role": "auditor", "desk": ""},
]
UMA = {"username": "uma", "name": "Uma", "pseudonym": "Ash", "role": "supervisor"}
VERA = {"username": "vera", "name": "Vera", "pseudonym": "Pine", "role": "supervisor"}

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run `hotline WORDS`; return its status, what it said, and its errors."""
    monkeypatch.setenv("PUBLIC_URL", "https://line.example")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'hotline.db'}")
    monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))
    (tmp_path / "keys").mkdir()
    for function in (founding.found, keys_house.opened):
        monkeypatch.setitem(inspect.unwrap(function).__kwdefaults__, "profile", CHEAPEST)

    def run(*words: object, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        ended = main([str(word) for word in words])
        told = capsys.readouterr()
        return ended, told.out, told.err

    return run


def members_file(path: Path, *members: dict[str, str]) -> Path:
    rows = [{**member, "passphrase": "a long road to the sea"} for member in members]
    path.write_text(json.dumps(rows if len(rows) > 1 else rows[0]))
    return path


def words_of(offline: Path) -> list[str]:
    """What stands on the papers, as someone types it from them."""
    pages = sorted((offline / "papers").iterdir())
    return [" ".join(re.findall(r"</span>(\w+)</li>", page.read_text())) for page in pages]


@pytest.fixture
def offline(say: Say, tmp_path: Path) -> Path:
    """The disk of a ceremony of which a house was then founded."""
    out = tmp_path / "offline"
    assert say("keys", "ceremony", out, "--house", "Harbor line")[0] == 0
    members = members_file(tmp_path / "members.json", *MEMBERS)
    status, said, error = say("init", members, "--offline", out)
    assert (status, error) == (0, "")
    # What lies on the disk must not stay on the machine, and neither must the first passphrases.
    assert f"Take {out} off this machine, delete {members}" in said
    # People are answered in what native speakers have read, unless somebody decides otherwise.
    assert "Put into the settings, OFFER_LOCALES=reviewed: " in said
    return out


def test_the_ceremony_needs_no_house_and_writes_no_recovery_key(say: Say, tmp_path: Path) -> None:
    out = tmp_path / "usb" / "offline"
    ended, told, _ = say("keys", "ceremony", out, "--shares", "4", "--threshold", "2")
    assert ended == 0
    assert "Delete the pages" in told
    assert sorted(path.name for path in out.iterdir()) == ["house.pub", "papers", "root.key"]
    assert len(words_of(out)) == 4
    for path in out.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path.name
    # Two of its papers are enough, and a drill needs no house either.
    typed = "\n\n".join(words_of(out)[2:])
    ended, told, _ = say("keys", "drill", "--house", out / "house.pub", typed=typed)
    assert (ended, told.startswith("These 2 papers give the recovery key")) == (0, True)
    assert say("keys", "ceremony", out)[0::2] == (
        1,
        f"hotline: a ceremony was held in {out} before; give an empty folder\n",
    )


@pytest.mark.parametrize(("shares", "threshold"), [(3, 4), (5, 1), (17, 3), (0, 0)])
def test_a_ceremony_of_nonsense_makes_nothing(
    say: Say, tmp_path: Path, shares: int, threshold: int
) -> None:
    out = tmp_path / "offline"
    ended, told, error = say("keys", "ceremony", out, "--shares", shares, "--threshold", threshold)
    assert (ended, told, error.count("\n")) == (1, "", 1)
    assert not out.exists()


def test_what_is_no_file_of_a_ceremony_is_told(say: Say, offline: Path, tmp_path: Path) -> None:
    taken, short = tmp_path / "taken", tmp_path / "short.key"
    taken.write_text("{}")
    short.write_text("ab" * 31)
    assert say("keys", "ceremony", taken / "in")[2] == (
        f"hotline: {taken / 'in'} cannot be written to\n"
    )
    assert say("keys", "drill", "--house", taken)[2] == (
        f"hotline: {taken} is no house.pub of a ceremony\n"
    )
    assert say("keys", "appoint", "noor", "--root", short)[2] == (
        f"hotline: {short} is no root.key of a ceremony\n"
    )
    # Half a ceremony founds no house: it might be another one's root.
    (offline / "house.pub").unlink()
    members = members_file(tmp_path / "members.json", *MEMBERS)
    assert say("init", members, "--offline", offline)[2] == (
        f"hotline: {offline / 'house.pub'} is no house.pub of a ceremony\n"
    )


def test_a_house_is_founded_with_the_keys_of_the_ceremony(say: Say, offline: Path) -> None:
    secrets = json.loads((offline / "authenticators.json").read_text())
    assert set(secrets) == {"noor", "ines", "ada", "otto"}
    ended, told, _ = say("keys", "status")
    assert ended == 0
    assert "Roster 1, under delegation 1." in told
    assert "Desk main\n  members: 1 caseworker, 1 supervisor\n  may sign: ines" in told
    assert "identity: period 1, 0 days old" in told
    assert "The house itself\n  members: 1 auditor, 1 administrator\n  may sign: ada" in told
    typed = "\n".join(words_of(offline)[:3])
    assert say("keys", "drill", typed=typed)[0] == 0


def test_init_holds_the_ceremony_itself_where_none_was_held(say: Say, tmp_path: Path) -> None:
    out = tmp_path / "offline"
    members = members_file(tmp_path / "members.json", *MEMBERS)
    assert say("init", members, "--offline", out)[0] == 0
    assert len(words_of(out)) == 5
    assert say("init", members, "--offline", tmp_path / "again")[::2] == (
        1,
        "hotline: someone else was faster\n",
    )


def swap_the_last_two_that_differ(words: list[str]) -> str:
    """One paper in a thousand ends with the same word twice."""
    left = next(n for n in reversed(range(len(words) - 1)) if words[n] != words[n + 1])
    words[left : left + 2] = reversed(words[left : left + 2])
    return " ".join(words)


def test_each_fault_of_a_paper_is_told_apart(say: Say, offline: Path, tmp_path: Path) -> None:
    papers = words_of(offline)
    say("keys", "ceremony", tmp_path / "other")
    others = words_of(tmp_path / "other")
    wrong_word = " ".join([*papers[1].split()[:4], "kiteful", *papers[1].split()[5:]])
    swapped = swap_the_last_two_that_differ(papers[1].split())
    for typed, said in (
        ([], "no paper was given"),
        (papers[:2], "3 papers are needed, and 2 were given"),
        ([papers[0], wrong_word, papers[2]], "paper 2: word 5 is none of the words that papers"),
        ([papers[0], swapped, papers[2]], "paper 2: a word is not the one that was printed"),
        ([papers[0], papers[1], papers[0]], "paper 1 and paper 3 are the same one"),
        ([papers[0], others[1], papers[2]], "paper 2 is of another set than paper 1"),
        (others[:3], "these papers are those of another house"),
    ):
        ended, told, error = say("keys", "drill", typed="\n\n".join(typed))
        assert (ended, told, error.count("\n")) == (1, "", 1), said
        assert error.startswith(f"hotline: {said}")
        # Not a word of a paper comes back.
        assert not set(papers[1].split()) & (set(error.split()) - {"paper", "that", "have"})


def test_papers_may_lie_in_files(say: Say, offline: Path, tmp_path: Path) -> None:
    files = []
    for number, words in enumerate(words_of(offline)[2:]):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(words)
    assert say("keys", "drill", *files)[0] == 0
    assert say("keys", "drill", tmp_path / "none.txt")[2] == (
        "hotline: a paper cannot be read: it must be a text file with its words\n"
    )


def test_the_root_opens_desks_and_appoints(say: Say, offline: Path, tmp_path: Path) -> None:
    root = offline / "root.key"
    members = members_file(tmp_path / "quay.json", UMA)
    ended, told, _ = say("keys", "desk", "quay", "--root", root, "--members", members)
    assert ended == 0
    assert re.search(r"^  uma  [A-Z2-7]{32}$", told, re.MULTILINE)
    ended, told, _ = say("keys", "appoint", "noor", "--root", root)
    assert ended == 0
    assert "  noor  supervisor  main" in told
    assert "  ada  administrator  the house" in told
    in_a_month = datetime.now(UTC) + timedelta(days=31)
    lines = "\n".join(status(_env(tmp_path), at=in_a_month))
    assert "Desk quay\n  members: 1 supervisor\n  may sign: uma" in lines
    assert lines.count("31 days old; a new one is due") == 9


def _env(tmp_path: Path) -> dict[str, str]:
    return {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'hotline.db'}",
        "KEYS_DIR": str(tmp_path / "keys"),
    }


def test_what_the_root_cannot_do_is_one_plain_line(say: Say, offline: Path, tmp_path: Path) -> None:
    root, quay = offline / "root.key", members_file(tmp_path / "quay.json", UMA)
    vera = members_file(tmp_path / "vera.json", VERA)
    say("keys", "ceremony", tmp_path / "other")
    stranger = tmp_path / "other" / "root.key"
    typed = "\n".join(words_of(offline)[:3])
    for words, said in (
        (["desk", "main", "--root", root, "--members", quay], "there is a desk of that name"),
        (["desk", "quay", "--root", root, "--members", root], "the file of members cannot be"),
        (
            ["desk", "quay", "--four-eyes", "--root", root, "--members", quay],
            "a desk needs a supervisor; one with four eyes, one of each half",
        ),
        (["desk", "quay", "--root", quay, "--members", quay], f"{quay} is no root.key"),
        (["desk", "quay", "--root", stranger, "--members", quay], "this root key is that of"),
        (["appoint", "nobody", "--root", root], "nobody has that name"),
        (["recover", "none", "--root", root, "--member", vera], "there is no such thing"),
    ):
        ended, told, error = say("keys", *words, typed=typed)
        assert (ended, told, error.count("\n")) == (1, "", 1), said
        assert error.startswith(f"hotline: {said}")
    assert "Roster 1," in say("keys", "status")[1]


def test_papers_and_root_let_a_new_supervisor_in(say: Say, offline: Path, tmp_path: Path) -> None:
    vera = members_file(tmp_path / "vera.json", VERA)
    words = ["keys", "recover", "main", "--root", offline / "root.key", "--member", vera]
    papers = words_of(offline)
    assert say(*words, typed="\n".join(papers[:2]))[2].startswith("hotline: 3 papers are needed")
    ended, told, _ = say(*words, typed="\n".join(papers[1:4]))
    assert ended == 0
    assert "4 key periods of main are open to who came in." in told
    assert re.search(r"^  vera  [A-Z2-7]{32}$", told, re.MULTILINE)
    assert "may sign: ines, vera" in say("keys", "status")[1]


def test_new_papers_take_the_place_of_old_ones(say: Say, offline: Path, tmp_path: Path) -> None:
    root, out, old = offline / "root.key", tmp_path / "usb", words_of(offline)
    words = ["keys", "papers", out, "--root", root, "--shares", 4, "--threshold", 2]
    ended, told, _ = say(*words)
    assert ended == 0
    assert "type 2 of the new papers" in told
    assert "5 key periods from before do not open by them yet" in told
    new = words_of(out)
    assert (len(new), sorted(path.name for path in out.iterdir())[-2:]) == (
        4,
        ["house.pub", "papers"],
    )
    for path in out.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path.name
    told = say("keys", "status")[1]
    assert "identity: period 2, 0 days old, 1 older not closed" in told
    waits = "  the papers do not open yet: "
    assert f"{waits}identity, period 1; handed on at the next sign-in of noor, ines\n" in told
    assert f"{waits}record, period 1; handed on at the next sign-in of otto\n" in told
    # The drill tells them apart, with the house and without it.
    assert say("keys", "drill", typed="\n".join(new[2:]))[0] == 0
    assert say("keys", "drill", "--house", out / "house.pub", typed="\n".join(new[:2]))[0] == 0
    replaced = "hotline: these papers were replaced: only those made after them open anything\n"
    vera = members_file(tmp_path / "vera.json", VERA)
    for refusing in (["drill"], ["recover", "main", "--root", root, "--member", vera]):
        assert say("keys", *refusing, typed="\n".join(old[:3])) == (1, "", replaced)
    # Nobody comes in: the new papers open what was told since, and say what they do not open.
    ended, told, _ = say(*words[:1], *refusing, typed="\n".join(new[1:3]))
    assert "4 key periods of main are open to who came in." in told
    assert "4 do not open by these papers: nobody handed them on." in told


def test_old_papers_hand_everything_on_at_once(say: Say, offline: Path, tmp_path: Path) -> None:
    out, old = tmp_path / "usb", "\n".join(words_of(offline)[2:])
    words = ["keys", "papers", out, "--root", offline / "root.key", "--from-papers"]
    for typed, said in (
        (old.replace("academic", "kiteful"), "paper 1: word"),
        ("\n".join(words_of(offline)[:2]), "3 papers are needed"),
    ):
        ended, _, error = say(*words, typed=typed)
        assert (ended, error.startswith(f"hotline: {said}"), out.exists()) == (1, True, False)
    ended, told, _ = say(*words, typed=old)
    assert (ended, "The old papers handed on 5 key periods." in told) == (0, True)
    assert "do not open" not in told + say("keys", "status")[1]
    # Again, nothing is left to do; and the folder keeps its papers.
    papers = words_of(out)
    assert "handed on 0 key periods." in say(*words, typed=old)[1]
    assert words_of(out) == papers
    assert "Roster 2," in say("keys", "status")[1]


def test_what_are_no_new_papers_of_this_house_changes_nothing(
    say: Say, offline: Path, tmp_path: Path
) -> None:
    root, out, second = offline / "root.key", tmp_path / "usb", tmp_path / "second"
    say("keys", "ceremony", tmp_path / "other")
    stranger = tmp_path / "other" / "root.key"
    taken = tmp_path / "taken"
    taken.write_text("")
    for words, said in (
        ([offline, "--root", root], f"a ceremony was held in {offline}; give an empty folder"),
        ([out, "--root", stranger], "this root key is that of another house"),
        ([out, "--root", root, "--shares", 1], "of at most 16 papers at least 2 must be needed"),
        ([taken / "in", "--root", root], f"{taken / 'in'} cannot be written to"),
    ):
        ended, told, error = say("keys", "papers", *words)
        assert (ended, told, error.count("\n")) == (1, "", 1), said
        assert error.startswith(f"hotline: {said}")
    assert not out.exists()
    assert "Roster 1," in say("keys", "status")[1]
    # Folders of papers that were replaced, of another house, or without their pages.
    assert say("keys", "papers", out, "--root", root)[0] == 0
    assert say("keys", "papers", second, "--root", root)[0] == 0
    assert say("keys", "papers", out, "--root", root)[2].startswith(
        "hotline: these papers were replaced by others"
    )
    (second / "papers" / "paper-1-of-5.html").unlink()
    assert say("keys", "papers", second, "--root", root)[2].startswith(
        f"hotline: the pages in {second} are not there any more"
    )
    (tmp_path / "other" / "root.key").unlink()
    assert say("keys", "papers", tmp_path / "other", "--root", root)[2].startswith(
        f"hotline: the papers in {tmp_path / 'other'} are those of another house"
    )


_KILLED = """
import os, signal, sys
from hotline.operate import keys_papers
from hotline.vault import appointing, change
from hotline.cli import main

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

step, words = sys.argv[1], sys.argv[2:]
write = keys_papers.write_private
if step == "page":
    keys_papers.write_private = lambda path, page: (write(path, page), "3-of" in path.name and die())
if step == "roster":
    change.wrap_to_entitled = die
if step == "papers":
    appointing.hand_to_papers = die
sys.exit(main(words))
"""


@pytest.mark.parametrize("step", ["page", "roster", "papers"])
def test_killed_between_two_steps_it_goes_on_where_it_was(
    say: Say, offline: Path, tmp_path: Path, step: str
) -> None:
    out, old = tmp_path / "usb", "\n".join(words_of(offline)[:3])
    words = ["keys", "papers", out, "--root", offline / "root.key", "--from-papers"]
    run = [sys.executable, "-c", _KILLED, step, *map(str, words)]
    env = {**os.environ, **_env(tmp_path)}
    ended = subprocess.run(
        run, input=old.encode(), cwd=Path(__file__).parents[2], env=env, timeout=60, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    left = words_of(out)
    assert ("Roster 2," in say("keys", "status")[1]) == (step == "papers")
    assert say(*words, typed=old)[0] == 0
    assert (words_of(out) == left) == (step != "page")
    assert len(words_of(out)) == 5
    assert say("keys", "drill", typed="\n".join(words_of(out)[1:4]))[0] == 0
    told = say("keys", "status")[1]
    assert "Roster 2," in told
    assert "do not open" not in told
