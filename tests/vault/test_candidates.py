"""Ruth is invited, makes her own keys, and is let in by the colleague to whom she read six words."""

import base64
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from hotline import audit
from hotline.domain.staff import Role
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.vault import candidates as people
from hotline.vault import joining
from hotline.vault.argon import Stretcher
from hotline.vault.candidates import Invitation, NameTaken
from hotline.vault.devices import is_known
from hotline.vault.joining import CodeUnknown, InvitationOver, InvitationUsed, Joined
from hotline.vault.opening import Keyholder
from hotline.vault.own import CodeWrong
from hotline.vault.recovery import codes_left
from hotline.vault.staff import Entrance, SignInRefused
from hotline.vault.strength import TooWeak
from hotline.vault.tables import candidates, members, recovery_codes, sessions
from hotline.vault.totp import step_at, totp_code
from tests.vault.conftest import NOW, House

RUTH = Invitation("Ruth", "Ruth", "Reed", "caseworker")
PASSPHRASE = "an owl sleeps till dusk"
LATER = NOW + timedelta(minutes=10)


def invites(house: House, by: Keyholder, invitation: Invitation = RUTH) -> str:
    return people.invite(house.store, house.door, by, invitation, at=NOW).digits


def begins(house: House, code: str, at: datetime = NOW, passphrase: str = PASSPHRASE) -> str:
    cookie = joining.begin(house.store, house.door, code, at=at)
    joining.choose_passphrase(house.store, house.door, cookie, passphrase, at=at)
    return cookie


def totp_of(house: House, cookie: str, at: datetime = NOW) -> str:
    secret = joining.find(house.store, cookie, at=at).totp_secret
    return totp_code(secret, step_at(at))


def joins(house: House, code: str, passphrase: str = PASSPHRASE) -> tuple[bytes, Joined]:
    cookie = begins(house, code, passphrase=passphrase)
    secret = joining.find(house.store, cookie, at=NOW).totp_secret
    return secret, joining.confirm(house.store, cookie, totp_of(house, cookie), at=NOW)


def waiting(house: House, by: Keyholder) -> list[people.Waiting]:
    with house.store.read() as session:
        return people.waiting(session, by, at=NOW)


def signs_in(
    house: House,
    secret: bytes,
    *,
    code: str = "",
    at: datetime = LATER,
    name: str = "ruth",
    device: str = "",
) -> Entrance:
    return house.door.sign_in(
        house.store,
        username=name,
        passphrase=PASSPHRASE,
        totp=code or totp_code(secret, step_at(at)),
        device=device,
        at=at,
    )


def test_ruth_comes_in_once_her_words_were_compared(house: House) -> None:
    ines = house.keyholder("ines")
    secret, joined = joins(house, invites(house, ines))
    # She cannot come in yet.
    with pytest.raises(SignInRefused):
        signs_in(house, secret)
    [ruth] = waiting(house, ines)
    assert (ruth.name, ruth.role, ruth.words) == ("Ruth", Role.CASEWORKER, joined.words)
    assert len(joined.words.split()) == 6
    people.admit(house.store, house.door, ines, ruth.id, shown=ruth.shown, at=NOW)
    keyholder = house.door.resume(house.store, signs_in(house, secret).cookie, at=LATER)
    assert keyholder is not None
    assert (keyholder.name, keyholder.pseudonym, keyholder.desk) == ("Ruth", "Reed", "harbor")
    assert waiting(house, ines) == []
    with house.store.read() as session:
        did = [line.did for line in audit.page(session, desks=["harbor"])]
    assert {"invite", "join", "admit", "sign_in"} <= set(did)


def test_a_recovery_code_counts_once_and_only_with_the_passphrase(house: House) -> None:
    ines = house.keyholder("ines")
    secret, joined = joins(house, invites(house, ines))
    [ruth] = waiting(house, ines)
    people.admit(house.store, house.door, ines, ruth.id, shown=ruth.shown, at=NOW)
    assert len(set(joined.codes)) == 10
    code = joined.codes[3]
    with pytest.raises(SignInRefused):
        house.door.sign_in(
            house.store, username="ruth", passphrase="another one", totp=code, at=LATER
        )
    signs_in(house, secret, code=code.replace(" ", ""))
    with pytest.raises(SignInRefused):
        signs_in(house, secret, code=code)
    signs_in(house, secret, code=joined.codes[4])
    with house.store.read() as session:
        lines = [line.did for line in audit.page(session, desks=["harbor"])]
        left = session.execute(select(recovery_codes.c.checked)).scalars().all()
    assert lines.count("recovery_code_used") == 2
    assert len(left) == 8
    # What is kept is none of the codes, and checks none without the passphrase.
    assert not any(
        code.replace(" ", "").encode() in check for check in left for code in joined.codes
    )


def test_a_code_is_good_for_one_way_in_and_three_days(house: House) -> None:
    ines = house.keyholder("ines")
    code = invites(house, ines)
    with pytest.raises(CodeUnknown):
        joining.begin(house.store, house.door, "not a code", at=NOW)
    with pytest.raises(CodeUnknown):
        joining.begin(house.store, house.door, f"{code[:-1]}{(int(code[-1]) + 1) % 10}", at=NOW)
    end = NOW + timedelta(hours=72)
    with pytest.raises(InvitationOver):
        joining.begin(house.store, house.door, code, at=end)
    # The browser crashed: the same code goes on in another, and the first one's cookie ends.
    first = begins(house, code)
    second = begins(house, code, at=end - timedelta(seconds=1))
    with pytest.raises(CodeUnknown):
        joining.find(house.store, first, at=NOW)
    joining.confirm(house.store, second, totp_of(house, second), at=NOW)
    for again in (lambda: begins(house, code), lambda: begins(house, code, at=end)):
        with pytest.raises(InvitationUsed):
            again()
    with pytest.raises(InvitationUsed):
        joining.confirm(house.store, second, "000000", at=NOW)
    # Who waits shows the words again; whoever is never let in is not let in later.
    assert joining.find(house.store, second, at=NOW).words == waiting(house, ines)[0].words
    assert joining.find(house.store, second, at=NOW).totp_secret == b""
    with pytest.raises(InvitationOver):
        joining.find(house.store, second, at=end)
    [ruth] = waiting(house, ines)
    with pytest.raises(NotFound):
        people.admit(house.store, house.door, ines, ruth.id, shown=ruth.shown, at=end)


def test_guessing_at_codes_costs_as_much_as_at_return_codes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretched = []
    stretch = Stretcher.stretch

    def counted(self: Stretcher, secret: bytes, **how: object) -> bytes:
        stretched.append(how["cost"])
        return stretch(self, secret, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Stretcher, "stretch", counted)
    for typed in ("000", "zoo zoo zoo zoo zoo zoo", "", "\ud800"):
        with pytest.raises(CodeUnknown):
            joining.begin(house.store, house.door, typed, at=NOW)
    assert stretched == [house.door.profile.code] * 4


def test_a_passphrase_that_would_be_guessed_is_not_taken(house: House) -> None:
    cookie = joining.begin(house.store, house.door, invites(house, house.keyholder("ines")), at=NOW)
    for weak, advice in (
        ("", "short"),
        ("x7!kQ", "short"),
        ("password1234", "common"),
        ("aaaaaaaaaaaaaaaaaaa", "repeat"),
        ("poiuytrewqlkjhgf", "keyboard"),
        ("19.04.1988", "date"),
        ("ruth ruth reed", "own"),
    ):
        with pytest.raises(TooWeak) as refused:
            joining.choose_passphrase(house.store, house.door, cookie, weak, at=NOW)
        assert advice in refused.value.strength.advice, weak
        assert weak not in str(refused.value) or not weak
    rated = joining.choose_passphrase(house.store, house.door, cookie, PASSPHRASE, at=NOW)
    assert (rated.score, rated.advice) == (4, ())


def test_wrong_digits_end_nothing(house: House) -> None:
    cookie = begins(house, invites(house, house.keyholder("ines")))
    right = totp_of(house, cookie)
    for wrong in ("", f"{(int(right) + 1) % 1_000_000:06d}"):
        with pytest.raises(CodeWrong):
            joining.confirm(house.store, cookie, wrong, at=NOW)
    assert joining.confirm(house.store, cookie, right, at=NOW).codes


def test_without_a_passphrase_there_is_nothing_to_confirm(house: House) -> None:
    cookie = joining.begin(house.store, house.door, invites(house, house.keyholder("ines")), at=NOW)
    with pytest.raises(InvitationUsed):
        joining.confirm(house.store, cookie, "000000", at=NOW)


def test_between_the_steps_the_house_knows_neither_passphrase_nor_keys(house: House) -> None:
    code = invites(house, house.keyholder("ines"))
    cookie = begins(house, code)
    secret = joining.find(house.store, cookie, at=NOW).totp_secret
    with house.store.read() as session:
        row = session.execute(select(candidates)).one()
    kept = b"\0".join(part if isinstance(part, bytes) else str(part).encode() for part in row)
    spelled = (PASSPHRASE, cookie, code, code.replace(" ", ""))
    for hidden in (*(text.encode() for text in spelled), secret, base64.b64encode(secret)):
        assert hidden not in kept
    # The half that waits opens with the cookie of this browser, and in this row alone.
    other = invites(
        house, house.keyholder("ines", LATER), Invitation("rami", "Rami", "Fir", "auditor")
    )
    theirs = begins(house, other)
    mine = candidates.c.joining == row.joining
    with house.store.read() as session:
        foreign = session.execute(select(candidates).where(~mine)).one()
    house.store.write(
        lambda session: session.execute(
            update(candidates).where(mine).values(half_made=foreign.half_made)
        )
    )
    assert joining.find(house.store, cookie, at=NOW).totp_secret == b""
    assert joining.find(house.store, theirs, at=NOW).totp_secret != b""
    assert json.dumps(str(joining.find(house.store, theirs, at=NOW))).count("secret") == 0


def test_keys_that_were_put_in_between_are_not_let_in(house: House) -> None:
    ines = house.keyholder("ines")
    _, joined = joins(house, invites(house, ines))
    _, of_eve = joins(house, invites(house, ines, Invitation("eve", "Eve", "Elm", "caseworker")))
    ruth, eve = sorted(waiting(house, ines), key=lambda each: each.name != "Ruth")
    with house.store.read() as session:
        row = session.execute(select(candidates).where(candidates.c.id == eve.id)).one()
    names = ("public", "verify_key", "salt", "verifier", "keys_sealed", "totp_sealed")
    swapped = {name: getattr(row, name) for name in names}
    its = update(candidates).where(candidates.c.id == ruth.id)
    house.store.write(lambda session: session.execute(its.values(**swapped)))
    # The words that Ruth read out are not those of the keys that lie there now.
    assert waiting(house, ines)[0].words != joined.words
    with pytest.raises(Conflict):
        people.admit(house.store, house.door, ines, ruth.id, shown=ruth.shown, at=NOW)
    assert of_eve.words != joined.words


@pytest.mark.parametrize(
    "changed", [{"role": "interpreter"}, {"half": "b"}, {"name": "Rut"}, {"pseudonym": "Root"}]
)
def test_nobody_is_let_in_as_somebody_else_than_was_shown(
    house: House, changed: dict[str, str]
) -> None:
    ines = house.keyholder("ines")
    joins(house, invites(house, ines))
    [ruth] = waiting(house, ines)
    its = update(candidates).where(candidates.c.id == ruth.id)
    house.store.write(lambda session: session.execute(its.values(**changed)))
    with pytest.raises(Conflict):
        people.admit(house.store, house.door, ines, ruth.id, shown=ruth.shown, at=NOW)
    assert "ruth" not in {member.username for member in house.keyring.members}


def test_who_is_let_in_comes_with_all_that_is_theirs_or_not_at_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = house.keyholder("ines")
    noor = next(m for m in house.keyring.members if m.username == "noor")
    device = house.enter("noor").device
    joins(house, invites(house, ines, Invitation(replaces=noor.id)))
    [waits] = waiting(house, ines)
    its = update(members).where(members.c.id == noor.id)
    house.store.write(lambda session: session.execute(its.values(blocked=True)))
    write, kept = house.store.write, []

    def killed_after_the_first(work):
        assert not kept
        kept.append(write(work))
        return kept[0]

    monkeypatch.setattr(house.store, "write", killed_after_the_first)
    people.admit(house.store, house.door, ines, waits.id, shown=waits.shown, at=NOW)
    monkeypatch.undo()
    assert waiting(house, ines) == []
    with house.store.read() as session:
        assert codes_left(session, noor.id) == 10
        # Browsers that knew her earlier keys know nobody; and who was blocked was not let in by coming back.
        assert not is_known(session, device)
        blocked = session.execute(select(members.c.blocked).where(members.c.id == noor.id))
        assert blocked.scalar_one()


def test_an_invitation_that_is_taken_back_meanwhile_lets_nobody_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = house.keyholder("ines")
    joins(house, invites(house, ines))
    [ruth] = waiting(house, ines)
    check = house.keyring.check

    def taken_back(*args, **facts) -> None:
        house.store.write(lambda session: people.withdraw(session, ines, ruth.id, at=NOW))
        check(*args, **facts)

    monkeypatch.setattr(house.keyring, "check", taken_back)
    with pytest.raises(Conflict):
        people.admit(house.store, house.door, ines, ruth.id, shown=ruth.shown, at=NOW)
    assert "ruth" not in {member.username for member in house.keyring.members}


def test_only_whoever_answers_for_a_desk_invites_and_only_to_it(house: House) -> None:
    ines, noor, tala = (house.keyholder(name) for name in ("ines", "noor", "tala"))
    joins(house, invites(house, ines))
    [ruth] = waiting(house, ines)
    for other in (noor, tala):
        with pytest.raises(Refused):
            invites(house, other)
        with pytest.raises(Refused), house.store.read() as session:
            people.waiting(session, other, at=NOW)
        with pytest.raises(Refused):
            people.admit(house.store, house.door, other, ruth.id, shown=ruth.shown, at=NOW)
        with pytest.raises(Refused):
            house.store.write(
                lambda session, by=other: people.withdraw(session, by, ruth.id, at=NOW)
            )
    for role in ("supervisor", "administrator", "investigator", "", "king"):
        with pytest.raises(Malformed):
            invites(house, ines, Invitation("rami", "Rami", "Fir", role))
    for nameless in (
        Invitation("", "Rami", "Fir", "auditor"),
        Invitation("rami", " ", "Fir", "auditor"),
        Invitation("rami", "Rami", "x" * 81, "auditor"),
        Invitation("rami", "Rami", "Fir", "auditor", half="a"),
    ):
        with pytest.raises(Malformed):
            invites(house, ines, nameless)
    for taken in ("NOOR", "ruth"):
        with pytest.raises(NameTaken):
            invites(house, ines, Invitation(taken, "Two", "Fir", "auditor"))


def test_an_invitation_is_taken_back(house: House) -> None:
    ines = house.keyholder("ines")
    code = invites(house, ines)
    [ruth] = waiting(house, ines)
    house.store.write(lambda session: people.withdraw(session, ines, ruth.id, at=NOW))
    assert waiting(house, ines) == []
    with pytest.raises(CodeUnknown):
        joining.begin(house.store, house.door, code, at=NOW)
    with pytest.raises(NotFound):
        house.store.write(lambda session: people.withdraw(session, ines, ruth.id, at=NOW))


def test_noor_lost_her_passphrase_and_comes_back_as_herself(house: House) -> None:
    ines, old = house.keyholder("ines"), house.sign_in("noor")
    noor = next(m for m in house.keyring.members if m.username == "noor")
    first = invites(house, ines, Invitation(replaces=noor.id))
    # Asked for again, the earlier code ends.
    code = invites(house, ines, Invitation(replaces=noor.id))
    with pytest.raises(CodeUnknown):
        joining.begin(house.store, house.door, first, at=NOW)
    secret, joined = joins(house, code)
    # Until she is let in, nothing of hers has changed.
    assert house.door.resume(house.store, old, at=NOW) is not None
    [waits] = waiting(house, ines)
    assert (waits.name, waits.replaces, waits.words) == ("Noor", noor.id, joined.words)
    people.admit(house.store, house.door, ines, waits.id, shown=waits.shown, at=NOW)
    assert house.door.resume(house.store, old, at=NOW) is None
    with pytest.raises(SignInRefused):
        house.sign_in("noor", LATER)
    keyholder = house.door.resume(
        house.store, signs_in(house, secret, name="noor").cookie, at=LATER
    )
    assert keyholder is not None
    now = house.keyring.member(noor.id)
    assert now is not None
    assert (keyholder.staff_id, now.name, now.pseudonym) == (noor.id, noor.name, noor.pseudonym)
    assert now.public != noor.public
    with house.store.read() as session:
        rows = session.execute(select(members.c.id).where(members.c.username == "noor")).all()
        theirs = session.execute(select(sessions).where(sessions.c.member_id == noor.id)).all()
        assert "readmit" in {line.did for line in audit.page(session, desks=["harbor"])}
    assert (len(rows), len(theirs)) == (1, 1)


def test_nobody_brings_back_themselves_or_someone_of_another_desk(house: House) -> None:
    ines = house.keyholder("ines")
    tala = next(m for m in house.keyring.members if m.username == "tala")
    for member_id in (ines.staff_id, tala.id, "0" * 32):
        with pytest.raises(NotFound):
            invites(house, ines, Invitation(replaces=member_id))
