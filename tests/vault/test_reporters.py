"""The return code opens the answers; the server, which keeps them, cannot."""

from pathlib import Path

import pytest
from sqlalchemy import insert, update

from hotline.domain.report import Channel, Direction
from hotline.errors import Misconfigured
from hotline.reports.tables import messages
from hotline.store import Session, new_id
from hotline.vault.argon import CHEAPEST, PRODUCTION, Stretcher
from hotline.vault.attest import Authors, Signer
from hotline.vault.codes import mint, parse
from hotline.vault.envelope import SealBroken
from hotline.vault.logkey import LogKey
from hotline.vault.reporters import (
    Answers,
    CodeDesk,
    ReporterKey,
    admit_reporter,
    find_reporter,
    knows_word,
    open_answers,
    reporter_public,
)
from hotline.vault.sealing import keep, seal_message
from hotline.vault.tables import envelopes
from hotline.vault.threads import new_thread_secret
from tests.vault.conftest import House

CODE = mint()
SECRET = new_thread_secret()


@pytest.fixture
def desk(house: House) -> CodeDesk:
    return CodeDesk.load(house.folder.code_salt, profile=CHEAPEST)


@pytest.fixture
def log_key(house: House) -> LogKey:
    return LogKey.load(house.folder.log_private)


@pytest.fixture
def sam(house: House, desk: CodeDesk, log_key: LogKey) -> ReporterKey:
    """Sam's key; his report has the code word *bluebird* and three answers of Noor's."""
    sam, report_id, noor = desk.derive(CODE), new_id(), house.keyholder("noor")
    signer = Signer(noor.staff_id, noor.pseudonym, noor.keys.signing)

    def tell(session: Session) -> None:
        admit_reporter(
            session,
            sam,
            house=log_key,
            report_id=report_id,
            thread_secret=SECRET,
            word="Blue bird",
        )
        public = reporter_public(session, report_id, house_public=log_key.public)
        for seq in (2, 3, 4):
            keep(
                session,
                seal_message(
                    house.keyring,
                    desk="harbor",
                    report_id=report_id,
                    seq=seq,
                    account=signer.answer(
                        report_id=report_id,
                        seq=seq,
                        day="2026-11-25",
                        text=f"answer {seq}",
                        language="en",
                    ),
                    preview="",
                    reporter_public=public,
                ),
            )
            row = dict.fromkeys(("author", "state", "day"), "") | {
                "report_id": report_id,
                "seq": seq,
                "direction": Direction.TO_REPORTER,
                "channel": Channel.WEB,
                "is_read": seq == 2,
            }
            session.execute(insert(messages), row)

    house.store.write(tell)
    return sam


def _answers(house: House, key: ReporterKey, *, limit: int = 100, unread: bool = False) -> Answers:
    with house.store.read() as session:
        return open_answers(
            session, key, authors=Authors(house.keyring), unread_only=unread, limit=limit
        )


def test_the_code_finds_the_report_and_its_thread(
    house: House, desk: CodeDesk, sam: ReporterKey
) -> None:
    again = desk.derive(parse(CODE.words))
    with house.store.read() as session:
        found = find_reporter(session, again.lookup)
    assert found is not None
    assert again.open(found.secret_sealed) == SECRET
    assert found.public_key == sam.public.raw


def test_the_code_opens_the_answers(house: House, sam: ReporterKey) -> None:
    everything = _answers(house, sam)
    assert {seq: answer.text for seq, answer in everything.genuine.items()} == {
        2: "answer 2",
        3: "answer 3",
        4: "answer 4",
    }
    assert everything.forged == ()
    assert list(_answers(house, sam, unread=True).genuine) == [3, 4]
    assert list(_answers(house, sam, limit=1).genuine) == [4]


def test_a_damaged_answer_hides_no_other(house: House, sam: ReporterKey) -> None:
    third = (envelopes.c.seq == 3) & (envelopes.c.audience == "reporter")
    house.store.write(
        lambda session: session.execute(update(envelopes).where(third).values(body=b"?"))
    )
    assert list(_answers(house, sam).genuine) == [2, 4]


def test_another_code_opens_nothing(house: House, desk: CodeDesk, sam: ReporterKey) -> None:
    other = desk.derive(mint())
    with house.store.read() as session:
        assert find_reporter(session, other.lookup) is None
    assert _answers(house, other).genuine == {}
    with pytest.raises(SealBroken):
        other.open(sam.seal(SECRET))


def test_a_code_that_is_none_costs_the_same_and_fits_nothing(
    house: House, desk: CodeDesk, sam: ReporterKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretched = []
    stretch = Stretcher.stretch

    def counted(self: Stretcher, secret: bytes, **how: object) -> bytes:
        stretched.append((len(secret), how))
        return stretch(self, secret, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Stretcher, "stretch", counted)
    for code in (CODE, mint(), None):
        with house.store.read() as session:
            assert (find_reporter(session, desk.derive(code).lookup) is not None) == (code is CODE)
    assert stretched[0] == stretched[1] == stretched[2]


def test_the_code_word_is_known_by_its_letters(house: House, sam: ReporterKey) -> None:
    with house.store.read() as session:
        found = find_reporter(session, sam.lookup)
    assert found is not None
    for word, right in (
        ("bluebird", True),
        (" BLUE  BIRD ", True),
        ("blackbird", False),
        ("", False),
    ):
        assert knows_word(sam, found, word) == right
    assert b"blue" not in found.word_check


def test_where_no_word_was_agreed_no_word_opens_more_than_the_code(
    house: House, desk: CodeDesk, log_key: LogKey
) -> None:
    key, report_id = desk.derive(mint()), new_id()
    house.store.write(
        lambda session: admit_reporter(
            session, key, house=log_key, report_id=report_id, thread_secret=SECRET
        )
    )
    with house.store.read() as session:
        found = find_reporter(session, key.lookup)
    assert found is not None
    assert not knows_word(key, found, "")
    assert not knows_word(key, found, "anything")
    # The row does not tell that there is none.
    assert len(found.word_check) == 32


def test_a_new_code_ends_the_earlier_one(house: House, desk: CodeDesk, log_key: LogKey) -> None:
    first, second, report_id = desk.derive(mint()), desk.derive(mint()), new_id()
    for key in (first, second):
        house.store.write(
            lambda session, key=key: admit_reporter(
                session, key, house=log_key, report_id=report_id, thread_secret=SECRET
            )
        )
    with house.store.read() as session:
        assert find_reporter(session, first.lookup) is None
        public = reporter_public(session, report_id, house_public=log_key.public)
        assert public is not None
        assert public.raw == second.public.raw
        assert reporter_public(session, new_id(), house_public=log_key.public) is None


def test_a_house_has_a_salt_of_its_own(house: House, desk: CodeDesk, tmp_path: Path) -> None:
    elsewhere = CodeDesk(salt=bytes(16), profile=CHEAPEST)
    assert elsewhere.derive(CODE).lookup != desk.derive(CODE).lookup
    with pytest.raises(Misconfigured):
        CodeDesk.load(tmp_path / "none", profile=PRODUCTION)
    with pytest.raises(Misconfigured):
        CodeDesk(salt=b"short", profile=CHEAPEST)


def test_a_reporters_key_masks_itself(sam: ReporterKey) -> None:
    assert repr(sam) == "<ReporterKey>"
