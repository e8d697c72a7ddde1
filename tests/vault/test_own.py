"""Noor changes her own way in, and has to say her passphrase each time."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline import audit
from hotline.errors import Conflict, Malformed
from hotline.vault.devices import notices_for
from hotline.vault.own import CodeWrong, OwnKeys, PassphraseWrong, sign_out_everywhere
from hotline.vault.recovery import codes_left
from hotline.vault.staff import Entrance, SignInRefused, TooSoon
from hotline.vault.strength import TooWeak, strength
from hotline.vault.tables import members
from hotline.vault.totp import step_at, totp_code
from tests.vault.conftest import NOW, STAFF, House

OLD = STAFF[0].passphrase
NEW = "nine paper boats in may"


def own_of(house: House, entrance: Entrance, at=NOW) -> OwnKeys:
    keyholder = house.door.resume(house.store, entrance.cookie, at=at)
    assert keyholder is not None
    return OwnKeys(house.store, house.door, keyholder, entrance.cookie, at)


def enters(house: House, passphrase: str, totp: str, at) -> Entrance:
    return house.door.sign_in(house.store, username="noor", passphrase=passphrase, totp=totp, at=at)


def test_a_new_passphrase_opens_the_same_keys_and_ends_other_sessions(house: House) -> None:
    other, here = house.sign_in("noor"), house.enter("noor", NOW + timedelta(seconds=30))
    at = NOW + timedelta(minutes=1)
    own = own_of(house, here, at)
    codes = own.change_passphrase(OLD, NEW)
    assert house.door.resume(house.store, other, at=at) is None
    assert house.door.resume(house.store, here.cookie, at=at) is not None
    later = at + timedelta(minutes=1)
    with pytest.raises(SignInRefused):
        house.enter("noor", later)
    again = enters(house, NEW, house.totp("noor", later), later)
    keyholder = house.door.resume(house.store, again.cookie, at=later)
    assert keyholder is not None
    assert keyholder.keys.raw == own.keyholder.keys.raw
    # The recovery codes hang on the new passphrase.
    assert enters(house, NEW, codes[0], later)
    with house.store.read() as session:
        assert "passphrase_changed" in [line.did for line in audit.page(session, desks=["harbor"])]
        kinds = {each.kind for each in notices_for(session, keyholder.staff_id, again.cookie)}
    assert {"passphrase_changed", "recovery_code", "device"} <= kinds


def test_whoever_finds_the_screen_unlocked_changes_nothing(house: House) -> None:
    entrance = house.enter("noor")
    own = own_of(house, entrance)
    secret, sealed = own.offer_authenticator()
    totp = totp_code(secret, step_at(NOW))
    for act in (
        lambda: own.change_passphrase("a guess", NEW),
        lambda: own.renew_codes("a guess"),
        lambda: own.take_authenticator("a guess", sealed, totp),
        lambda: own.renew_codes("another"),
        lambda: own.renew_codes("one more"),
    ):
        with pytest.raises(PassphraseWrong):
            act()
    with pytest.raises(TooSoon):
        own.renew_codes(OLD)
    # The guesses slow this desk, not the door;
    later = NOW + timedelta(seconds=61)
    assert house.enter("noor", later)
    # and end as a right one comes.
    assert own_of(house, entrance, later).renew_codes(OLD)


def test_a_weak_passphrase_is_refused_before_anything_is_asked(house: House) -> None:
    own = own_of(house, house.enter("noor"))
    with pytest.raises(TooWeak):
        own.change_passphrase(OLD, "noor noor noor")


def test_a_new_authenticator_counts_once_it_has_shown_that_it_works(house: House) -> None:
    own = own_of(house, house.enter("noor"))
    secret, sealed = own.offer_authenticator()
    with pytest.raises(CodeWrong):
        own.take_authenticator(OLD, sealed, "000000")
    own.take_authenticator(OLD, sealed, totp_code(secret, step_at(NOW)))
    later = NOW + timedelta(minutes=1)
    with pytest.raises(SignInRefused):
        house.enter("noor", later)
    assert enters(house, OLD, totp_code(secret, step_at(later)), later)


def test_an_offer_is_good_in_its_own_session_only(house: House) -> None:
    own = own_of(house, house.enter("noor"))
    other = own_of(house, house.enter("ines"))
    secret, sealed = other.offer_authenticator()
    totp = totp_code(secret, step_at(NOW))
    for foreign in (sealed, b"", bytes(len(sealed)), sealed[:-1]):
        with pytest.raises(Malformed):
            own.take_authenticator(OLD, foreign, totp)


def test_new_recovery_codes_end_the_old_ones(house: House) -> None:
    own = own_of(house, house.enter("noor"))
    old, new = own.renew_codes(OLD), own.renew_codes(OLD)
    with house.store.read() as session:
        assert codes_left(session, own.keyholder.staff_id) == 10
    later = NOW + timedelta(minutes=1)
    with pytest.raises(SignInRefused):
        enters(house, OLD, old[0], later)
    assert enters(house, OLD, new[0], later)


def test_two_changes_at_once_keep_one_passphrase(house: House, monkeypatch) -> None:
    own = own_of(house, house.enter("noor"))
    prove = OwnKeys._prove

    def slowly(self: OwnKeys, passphrase: str) -> object:
        proved = prove(self, passphrase)
        its = update(members).where(members.c.username == "noor")
        house.store.write(lambda session: session.execute(its.values(verifier=bytes(32))))
        return proved

    monkeypatch.setattr(OwnKeys, "_prove", slowly)
    with pytest.raises(Conflict):
        own.change_passphrase(OLD, NEW)
    with house.store.read() as session:
        row = session.execute(select(members).where(members.c.username == "noor")).one()
    assert row.verifier == bytes(32)


def test_signing_out_everywhere_ends_this_session_too(house: House) -> None:
    first, second = house.enter("noor"), house.enter("noor", NOW + timedelta(seconds=30))
    at = NOW + timedelta(minutes=1)
    me = own_of(house, first, at).keyholder
    house.store.write(lambda session: sign_out_everywhere(session, me, at=at))
    for entrance in (first, second):
        assert house.door.resume(house.store, entrance.cookie, at=at) is None


def test_a_passphrase_of_signs_alone_is_rated_at_once() -> None:
    started = time.process_time()
    assert strength("4@8({[<369&#!1/|0$5+7%2" * 4).is_enough
    assert time.process_time() - started < 2
    # What is read of it is rated as ever.
    assert not strength("p4$$w0rd!1").is_enough
