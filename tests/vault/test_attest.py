"""Whoever can write to the database knows every public key: still our answers are not theirs, nor theirs ours."""

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from hotline.store import Session, new_id
from hotline.vault.argon import CHEAPEST
from hotline.vault.attest import Authors, Signer, attest_code, is_attested
from hotline.vault.codes import mint
from hotline.vault.contents import Account
from hotline.vault.house import House as Changes
from hotline.vault.keyring import REPORTER, EpochKey
from hotline.vault.keys import PrivateKey
from hotline.vault.logkey import LogKey
from hotline.vault.opening import Keyholder
from hotline.vault.reporters import (
    Answers,
    CodeDesk,
    CodeNotOurs,
    ReporterKey,
    admit_reporter,
    open_answers,
    reporter_public,
)
from hotline.vault.sealing import Spot, keep
from hotline.vault.tables import return_codes, rosters
from tests.vault.conftest import NOW, House

DAY = "2026-11-25"
KEY = LogKey.fresh()
MALLORY = Ed25519PrivateKey.generate()


@pytest.fixture
def log_key(house: House) -> LogKey:
    return LogKey.load(house.folder.log_private)


@pytest.fixture
def desk(house: House) -> CodeDesk:
    return CodeDesk.load(house.folder.code_salt, profile=CHEAPEST)


@pytest.fixture
def admit(house: House, desk: CodeDesk, log_key: LogKey) -> Callable[[], tuple[ReporterKey, str]]:
    """Give somebody a code, and return their key with the id of their report."""

    def admitted() -> tuple[ReporterKey, str]:
        key, report_id = desk.derive(mint()), new_id()
        house.store.write(
            lambda session: admit_reporter(
                session, key, house=log_key, report_id=report_id, thread_secret=bytes(32)
            )
        )
        return key, report_id

    return admitted


def signer_of(keyholder: Keyholder) -> Signer:
    return Signer(keyholder.staff_id, keyholder.pseudonym, keyholder.keys.signing)


def an_answer(signer: Signer, report_id: str, seq: int = 2, text: str = "come at noon") -> Account:
    return signer.answer(report_id=report_id, seq=seq, day=DAY, text=text, language="en")


def slip_in(
    house: House,
    key: ReporterKey,
    account: Account,
    *,
    report_id: str,
    seq: int = 2,
    desk: str = "harbor",
) -> None:
    """Seal to the reporter's real public key, as anybody can who reads the database."""
    spot = Spot(desk, report_id, seq)
    sealed = spot.seal(EpochKey(REPORTER, key.public), REPORTER, account.to_json())
    house.store.write(lambda session: keep(session, [sealed]))


def read(house: House, key: ReporterKey, authors: Authors | None = None) -> Answers:
    with house.store.read() as session:
        return open_answers(
            session, key, authors=authors or Authors(house.keyring), unread_only=False
        )


def test_an_answer_of_ours_is_shown(house: House, admit: Callable) -> None:  # type: ignore[type-arg]
    key, report_id = admit()
    slip_in(
        house, key, an_answer(signer_of(house.keyholder("noor")), report_id), report_id=report_id
    )
    answers = read(house, key)
    assert answers.genuine[2].text == "come at noon"
    assert answers.forged == ()


@pytest.mark.parametrize(
    "details", [{}, {"by": "River"}, {"by": 1, "day": 2, "author": 3, "signature": 4}]
)
def test_an_unsigned_answer_is_not_shown(house: House, admit: Callable, details: dict) -> None:  # type: ignore[type-arg]
    key, report_id = admit()
    slip_in(house, key, Account("go to the harbour", details=details), report_id=report_id)
    assert read(house, key) == Answers({}, (2,))


def test_what_is_no_answer_at_all_is_not_shown(house: House, admit: Callable) -> None:  # type: ignore[type-arg]
    key, report_id = admit()
    spot = Spot("harbor", report_id, 2)
    for seq, plain in (
        (2, b"[]"),
        (3, b"{}"),
        (4, b"not json"),
        (5, b"\xff"),
        (6, b'{"text": 1, "reasons": [], "details": 3}'),
    ):
        spot = Spot("harbor", report_id, seq)
        sealed = spot.seal(EpochKey(REPORTER, key.public), REPORTER, plain)
        house.store.write(lambda session, sealed=sealed: keep(session, [sealed]))
    assert read(house, key) == Answers({}, (2, 3, 4, 5, 6))


def test_a_stranger_cannot_sign_in_the_name_of_a_colleague(house: House, admit: Callable) -> None:  # type: ignore[type-arg]
    key, report_id = admit()
    noor = house.keyholder("noor")
    forged = Signer(noor.staff_id, noor.pseudonym, MALLORY)
    slip_in(house, key, an_answer(forged, report_id), report_id=report_id)
    assert read(house, key) == Answers({}, (2,))


def test_a_colleague_without_the_right_or_of_another_desk_cannot_answer(
    house: House,
    admit: Callable,  # type: ignore[type-arg]
) -> None:
    key, report_id = admit()
    for seq, username in enumerate(("omar", "tala"), start=2):
        account = an_answer(signer_of(house.keyholder(username)), report_id, seq)
        slip_in(house, key, account, report_id=report_id, seq=seq)
    assert read(house, key) == Answers({}, (2, 3))


def test_nobody_answers_under_a_name_that_is_not_theirs(house: House, admit: Callable) -> None:  # type: ignore[type-arg]
    key, report_id = admit()
    noor = house.keyholder("noor")
    account = an_answer(Signer(noor.staff_id, "Hill", noor.keys.signing), report_id)
    slip_in(house, key, account, report_id=report_id)
    assert read(house, key) == Answers({}, (2,))


def test_an_answer_belongs_to_its_report_and_its_place(house: House, admit: Callable) -> None:  # type: ignore[type-arg]
    (mine, my_report), (other, other_report) = admit(), admit()
    genuine = an_answer(signer_of(house.keyholder("noor")), my_report, 2)
    slip_in(house, other, genuine, report_id=other_report, seq=2)
    slip_in(house, mine, genuine, report_id=my_report, seq=3)
    assert read(house, other) == Answers({}, (2,))
    assert read(house, mine) == Answers({}, (3,))


def test_old_answers_of_a_leaver_stay_genuine(house: House, admit: Callable) -> None:  # type: ignore[type-arg]
    key, report_id = admit()
    noor, ines = house.keyholder("noor"), house.keyholder("ines")
    slip_in(house, key, an_answer(signer_of(noor), report_id), report_id=report_id)
    authors = Authors(house.keyring)
    assert list(read(house, key, authors).genuine) == [2]
    Changes(house.store, house.keyring, house.locks).dismiss(ines, noor.staff_id, at=NOW)
    assert house.keyring.member(noor.staff_id) is None
    assert list(read(house, key, authors).genuine) == [2]


def test_whoever_writes_to_the_database_makes_no_colleague_of_the_past(
    house: House,
    admit: Callable,  # type: ignore[type-arg]
) -> None:
    key, report_id = admit()
    noor, ines = house.keyholder("noor"), house.keyholder("ines")
    Changes(house.store, house.keyring, house.locks).begin_epochs(ines, at=NOW)
    forged = Signer(noor.staff_id, noor.pseudonym, MALLORY)
    slip_in(house, key, an_answer(forged, report_id), report_id=report_id)

    def rewrite(session: Session) -> None:
        body = session.execute(select(rosters.c.body).where(rosters.c.number == 1)).scalar_one()
        facts = json.loads(body)
        its = Signer(noor.staff_id, "", MALLORY).key.public_key().public_bytes_raw()
        for member in facts["members"]:
            member["verify_key"] = __import__("base64").b64encode(its).decode()
        changed = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
        session.execute(update(rosters).where(rosters.c.number == 1).values(body=changed))

    house.store.write(rewrite)
    assert read(house, key) == Answers({}, (2,))


def test_a_key_in_the_place_of_the_reporters_is_refused(
    house: House,
    admit: Callable,
    log_key: LogKey,  # type: ignore[type-arg]
) -> None:
    (mine, my_report), (_other, other_report) = admit(), admit()
    theirs = PrivateKey.fresh().public

    def public(report_id: str) -> object:
        with house.store.read() as session:
            return reporter_public(session, report_id, house_public=log_key.public)

    def put(report_id: str, **values: bytes) -> None:
        row = return_codes.c.report_id == report_id
        house.store.write(
            lambda session: session.execute(update(return_codes).where(row).values(values))
        )

    assert public(my_report).raw == mine.public.raw  # type: ignore[attr-defined]
    # A key of their own, with the signature that stood there, with one of their own, with none;
    put(my_report, public_key=theirs.raw)
    with pytest.raises(CodeNotOurs):
        public(my_report)
    put(my_report, attested=attest_code(KEY, report_id=my_report, public=theirs))
    with pytest.raises(CodeNotOurs):
        public(my_report)
    put(my_report, attested=b"")
    with pytest.raises(CodeNotOurs):
        public(my_report)
    # or the key of a code that is their own, vouched for in another report.
    with house.store.read() as session:
        own = session.execute(
            select(return_codes).where(return_codes.c.report_id == other_report)
        ).one()
    put(my_report, public_key=own.public_key, attested=own.attested)
    with pytest.raises(CodeNotOurs):
        public(my_report)


def test_a_signature_under_something_else_vouches_for_nothing() -> None:
    public = PrivateKey.fresh().public
    checkpoint = KEY.sign(b"line.example/log\n1\nAAAA\n")
    assert not is_attested(KEY.public, checkpoint, report_id="1" * 32, public=public.raw)
    vouched = attest_code(KEY, report_id="1" * 32, public=public)
    assert is_attested(KEY.public, vouched, report_id="1" * 32, public=public.raw)


PUBLIC = PrivateKey.fresh().public
VOUCHED = attest_code(KEY, report_id="1" * 32, public=PUBLIC)


@given(st.integers(min_value=0, max_value=63), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_of_a_signature_breaks_it(where: int, flip: int) -> None:
    broken = bytearray(VOUCHED)
    broken[where] ^= flip
    assert not is_attested(KEY.public, bytes(broken), report_id="1" * 32, public=PUBLIC.raw)


@given(st.integers(min_value=0, max_value=1215), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_of_a_key_breaks_it(where: int, flip: int) -> None:
    changed = bytearray(PUBLIC.raw)
    changed[where] ^= flip
    assert not is_attested(KEY.public, VOUCHED, report_id="1" * 32, public=bytes(changed))
