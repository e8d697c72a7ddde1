"""Who guesses learns nothing from how much work an answer takes: the same is looked up and stretched, right or wrong.

Counted, not measured: what is asked of the database, and how often a secret is stretched. For names and passphrases of staff
and for return codes the same is shown in `tests/vault/test_staff.py` and `tests/vault/test_reporters.py`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hotline.vault.argon import Stretcher
from tests.attack.web.asking import EVIL
from tests.cast import Member
from tests.channels.provider.asking import Asking, asking
from tests.console.everywhere import statements
from tests.house import ORIGIN, STAFF, House
from tests.leads.desk import Desk


@contextmanager
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Note what is asked of the database and how often something is stretched."""
    stretch = Stretcher.stretch
    with statements() as done, monkeypatch.context() as patch:

        def counted(self: Stretcher, secret: bytes, **how: object) -> bytes:
            done.append(f"stretched {how['cost']}")
            return stretch(self, secret, **how)  # type: ignore[arg-type]

        patch.setattr(Stretcher, "stretch", counted)
        yield done


def test_a_token_that_never_was_costs_what_one_costs_that_ended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(house.hotline.store)
    dele = desk.admits("National unit", "RO")
    tokens = ("x" * len(dele.token), dele.token[:-1] + "!", f"{dele.token[:8]}{'0' * 35}")
    done = []
    for token in tokens:
        for path in ("/taxii2/", "/feeds/leads.json", "/feeds/webhooks"):
            with work(monkeypatch) as asked:
                shown = {"Authorization": f"Bearer {token}"}
                answer = house.app.test_client().get(path, headers=shown, base_url=ORIGIN)
            done.append((answer.status_code, answer.data.replace(b"", b""), tuple(asked)))
    # The first, the fourth and the seventh asked the same place, and so on.
    for first in range(3):
        assert len(set(done[first::3])) == 1
        assert done[first][0] == 401


def test_whatever_is_wrong_at_the_door_costs_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who knows a name, or even the passphrase, is told no more by the work than by the page, which is the same."""
    name, wrong, code = "noor", "lantern quarry seven", "000000"
    true = next(new.passphrase for new in STAFF if new.username == name)
    tries = [
        (name, wrong, code),
        ("nobody", wrong, code),
        (name.upper(), wrong, ""),
        (name, true, code),
        ("", "", ""),
    ]
    done = []
    for who, passphrase, totp in tries:
        # Each comes after the pause that the one before it brought.
        house.clock.passes(minutes=10)
        form = {"name": who, "passphrase": passphrase, "totp": totp}
        with work(monkeypatch) as asked:
            answer = house.app.test_client().post("/console/signin", data=form, base_url=ORIGIN)
        page = re.sub(r'value="[^"]*"', "", answer.text)
        done.append((answer.status_code, page, tuple(asked)))
    assert len(set(done)) == 1
    assert sum(str(one).startswith("stretched") for one in done[0][2]) == 1


@pytest.fixture
def noor(house: House) -> Asking:
    return asking(house)


def test_pins_cost_the_same_however_wrong_and_links_that_are_none_cost_nothing(
    house: House, noor: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = noor.asks()
    done = []
    for pin in (sent.wrong_pin, f"{sent.pin[:-1]}{(int(sent.pin[-1]) + 5) % 10}", "00000000"):
        with work(monkeypatch) as asked:
            answer = house.app.test_client().post(sent.path, data={"pin": pin}, base_url=ORIGIN)
        done.append((answer.status_code, tuple(asked)))
    assert len(set(done)) == 1
    assert sum(str(one).startswith("stretched") for one in done[0][1]) == 1
    for token in ("A" * 43, sent.token[::-1], f"{sent.token[:-1]}-", "x"):
        with work(monkeypatch) as asked:
            answer = house.app.test_client().post(
                f"/handoff/{token}", data={"pin": sent.pin}, base_url=ORIGIN
            )
        assert answer.status_code == 404
        assert not any(str(one).startswith("stretched") for one in asked)
    # A browser that is led here by another page tries nothing.
    forged = house.app.test_client().post(
        sent.path, data={"pin": sent.pin}, headers={"Origin": EVIL}, base_url=ORIGIN
    )
    assert forged.status_code == 403


def test_an_invitation_that_never_was_costs_what_a_wrong_one_costs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = Member(house, "ines")
    ines.signs_in()
    its = {"username": "ruth", "name": "Ruth", "pseudonym": "Reed", "role": "auditor"}
    ines.sends("/console/staff/invite", expect=200, **its)
    done = []
    for name, code in (("ruth", "wrong"), ("nobody", "wrong"), ("", "wrong")):
        with work(monkeypatch) as asked:
            answer = house.app.test_client().post(
                "/console/join", data={"name": name, "code": code}, base_url=ORIGIN
            )
        stretched = [one for one in asked if str(one).startswith("stretched")]
        done.append((answer.status_code, len(stretched)))
    assert len(set(done)) == 1
