"""A check of the log names what is wrong, and where: changed, removed, inserted, damaged, rebuilt, forged."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from hotline import audit
from hotline.audit import SignedNote
from hotline.audit.entry import Line, lines_in, row_of
from hotline.audit.notes import Checkpoint, sign
from hotline.audit.tables import audit_checkpoints, audit_log, audit_tiles, audit_waiting
from hotline.audit.tiles import append
from hotline.store import Session, Store
from hotline.vault.logkey import LogKey, LogSigner
from tests.audit.conftest import LATER, NAME, NOW, REPORT, check, fill, note, public_of


def sign_now(store: Store, signer: LogSigner, *, hours: int = 0) -> SignedNote:
    kept = store.write(
        lambda session: audit.checkpoint(session, signer, LATER + timedelta(hours=hours))
    )
    assert kept is not None
    return SignedNote.parse(kept.note.encode())


def move(session: Session, old: int, new: int) -> None:
    session.execute(update(audit_log).where(audit_log.c.n == old).values(n=new))


def test_an_untouched_log_is_whole_and_continues_what_was_known(
    log: Store, signer: LogSigner
) -> None:
    fill(log, 3)
    known = sign_now(log, signer)
    fill(log, 600, first=3)
    sign_now(log, signer, hours=1)
    assert check(log) == ("whole", 0)
    assert check(log, known=known, public=public_of(signer)) == ("whole", 0)
    with log.read() as session:
        assert audit.verify(session).size == 603


def test_an_empty_log_is_in_order(log: Store, signer: LogSigner) -> None:
    assert check(log) == ("whole", 0)
    known = sign_now(log, signer)
    assert known.checkpoint.size == 0
    assert check(log, known=known, public=public_of(signer)) == ("whole", 0)
    fill(log, 2)
    assert check(log, known=known, public=public_of(signer)) == ("whole", 0)


@pytest.mark.parametrize(
    "change",
    [
        {"who": "omar"},
        {"did": "claim"},
        {"desk": "haven"},
        {"report_id": "b" * 32},
        {"what": "message 1"},
        {"purpose": "life"},
        {"at": NOW + timedelta(days=1)},
        {"id": "d" * 32},
        {"salt": bytes(16)},
        {"digest": bytes(32)},
        {"sealed": b"other words"},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("signs", [True, False], ids=["signed", "unsigned"])
def test_a_changed_line_is_named(
    log: Store, signer: LogSigner, change: dict[str, Any], signs: bool
) -> None:
    fill(log, 5, sealed=b"the words")
    if signs:
        sign_now(log, signer)
    third = update(audit_log).where(audit_log.c.n == 3).values(**change)
    log.write(lambda session: session.execute(third))
    assert check(log) == ("changed", 3)


def test_words_that_were_sealed_again_or_erased_leave_the_log_whole(log: Store) -> None:
    fill(log, 3, sealed=b"the words", wrap=b"one", epoch_id="1" * 32, report_id=REPORT)
    anew = update(audit_log).where(audit_log.c.n == 1).values(wrap=b"two", epoch_id="2" * 32)
    log.write(lambda session: session.execute(anew))
    assert check(log) == ("whole", 0)
    log.write(lambda session: audit.forget(session, REPORT))
    with log.read() as session:
        verdict = audit.verify(session)
        kept = session.execute(select(audit_log.c.sealed, audit_log.c.wrap)).all()
    assert (verdict.kind, verdict.words_gone) == ("whole", 3)
    assert kept == [(b"", b"")] * 3


@pytest.mark.parametrize("n", [1, 3, 5])
def test_a_removed_line_is_named(log: Store, n: int) -> None:
    fill(log, 5)
    log.write(lambda session: session.execute(delete(audit_log).where(audit_log.c.n == n)))
    assert check(log) == ("removed", n)


def test_a_removed_line_is_named_also_when_the_others_close_up(log: Store) -> None:
    fill(log, 5)

    def close_up(session: Session) -> None:
        session.execute(delete(audit_log).where(audit_log.c.n == 2))
        for n in (3, 4, 5):
            move(session, n, n - 1)

    log.write(close_up)
    assert check(log) == ("removed", 2)


def test_an_inserted_line_is_named(log: Store) -> None:
    fill(log, 5)

    def squeeze_in(session: Session) -> None:
        for n in (5, 4, 3):
            move(session, n, n + 1)
        row = dict(session.execute(select(audit_log).where(audit_log.c.n == 1)).mappings().one())
        session.execute(insert(audit_log), {**row, "n": 3, "id": "f" * 32, "who": "omar"})

    log.write(squeeze_in)
    assert check(log) == ("inserted", 3)


def test_a_line_behind_the_last_is_inserted_too(log: Store) -> None:
    fill(log, 2)

    def put_behind(session: Session) -> None:
        row = dict(session.execute(select(audit_log).where(audit_log.c.n == 1)).mappings().one())
        session.execute(insert(audit_log), {**row, "n": 3, "id": "f" * 32})

    log.write(put_behind)
    assert check(log) == ("inserted", 3)


def test_a_log_cut_off_at_the_end_is_noticed_by_who_kept_a_checkpoint(
    log: Store, signer: LogSigner
) -> None:
    fill(log, 5)
    known = sign_now(log, signer)
    rebuild(log, keep=lambda line: line.n <= 3)
    log.write(lambda session: session.execute(delete(audit_checkpoints)))
    assert check(log) == ("whole", 0)
    assert check(log, known=known, public=public_of(signer)) == ("removed", 4)


def rebuild(store: Store, *, keep: Any = lambda _: True, **change: Any) -> None:
    """Do what somebody with the whole database can do: write the log anew, hashes and all, from line 2 on."""

    def write(session: Session) -> None:
        rows = session.execute(lines_in(audit_log).order_by(audit_log.c.n)).all()
        lines = [line for row in rows if keep(line := Line(*row))]
        lines = [replace(line, **(change if line.n == 2 else {})) for line in lines]
        for table in (audit_log, audit_tiles):
            session.execute(delete(table))
        session.execute(
            insert(audit_log),
            [row_of(line, n=n) for n, line in enumerate(lines, start=1)],
        )
        append(session, [line.leaf() for line in lines])

    store.write(write)


def test_a_rebuilt_log_fails_against_an_old_checkpoint(log: Store, signer: LogSigner) -> None:
    fill(log, 1)
    sign_now(log, signer)
    fill(log, 4, first=1)
    known = sign_now(log, signer, hours=1)
    rebuild(log, who="omar")
    # The checkpoint that we keep ourselves says so already,
    assert check(log, public=public_of(signer)) == ("rebuilt", 2)
    # and who rewrites that too, even with the log's own key, fails against the one that was handed out.
    log.write(lambda session: session.execute(delete(audit_checkpoints)))
    sign_now(log, signer)
    assert check(log, public=public_of(signer)) == ("whole", 0)
    assert check(log, known=known, public=public_of(signer)) == ("rebuilt", 1)


def test_nothing_is_signed_that_contradicts_what_was_signed(log: Store, signer: LogSigner) -> None:
    fill(log, 3)
    sign_now(log, signer)
    rebuild(log, who="omar")
    with pytest.raises(audit.LogBroken):
        sign_now(log, signer, hours=1)
    log.write(lambda session: session.execute(delete(audit_tiles)))
    with pytest.raises(audit.LogBroken):
        sign_now(log, signer, hours=1)


@pytest.mark.parametrize("by", ["another key", "another house"])
def test_a_checkpoint_of_another_house_or_key_is_told_apart(
    log: Store, signer: LogSigner, by: str
) -> None:
    fill(log, 2)
    key = LogKey.fresh() if by == "another key" else signer.key
    other = LogSigner(NAME if by == "another key" else "other.example/log", key)
    with log.read() as session:
        foreign = audit.signed_now(session, other)
    assert check(log, known=foreign, public=public_of(signer)) == ("other_key", 0)


@pytest.mark.parametrize("change", ["note", "root", "size", "foreign"])
def test_a_kept_checkpoint_that_is_forged_is_told(
    log: Store, signer: LogSigner, change: str
) -> None:
    fill(log, 4)
    sign_now(log, signer)
    stranger = LogSigner(NAME, LogKey.fresh())
    with log.read() as session:
        foreign = audit.signed_now(session, stranger)
    values: dict[str, Any] = {
        "note": {"note": "nothing"},
        "root": {"root": bytes(32)},
        "size": {"size": 3},
        "foreign": {"note": str(foreign)},
    }[change]
    log.write(lambda session: session.execute(update(audit_checkpoints).values(**values)))
    kind, n = check(log, public=public_of(signer))
    assert (kind, n) == ("forged_checkpoint", 3 if change == "size" else 4)


@pytest.mark.parametrize(
    "damage",
    ["flipped leaf", "flipped above", "cut", "gone", "all gone", "above gone"],
)
def test_damaged_hashes_are_told_from_changed_lines(
    log: Store, signer: LogSigner, damage: str
) -> None:
    fill(log, 600)
    sign_now(log, signer)
    level, number = {"flipped above": (1, 0), "above gone": (1, 0)}.get(damage, (0, 1))
    place = (audit_tiles.c.level == level) & (audit_tiles.c.number == number)

    def harm(session: Session) -> None:
        hashes = session.execute(select(audit_tiles.c.hashes).where(place)).scalar_one()
        if damage == "all gone":
            session.execute(delete(audit_tiles))
        elif damage.endswith("gone"):
            session.execute(delete(audit_tiles).where(place))
        else:
            harmed = hashes[:-40] if damage == "cut" else bytes([hashes[0] ^ 1]) + hashes[1:]
            session.execute(update(audit_tiles).where(place).values(hashes=harmed))

    log.write(harm)
    expected = {"flipped leaf": 257, "cut": 511, "gone": 257, "all gone": 1}.get(damage, 1)
    assert check(log, public=public_of(signer)) == ("damaged", expected)


def test_a_purge_is_legal_and_outlived(log: Store, signer: LogSigner) -> None:
    fill(log, 300)
    known = sign_now(log, signer)
    kept_from = NOW + timedelta(microseconds=280)
    gone = log.write(lambda session: audit.purge(session, before=kept_from, at=LATER))
    assert gone == 280
    with log.read() as session:
        verdict = audit.verify(session, known=known, public=public_of(signer))
        assert session.execute(select(func.count()).select_from(audit_log)).scalar_one() == 21
        newest = audit.page(session)[0]
        salts = session.execute(select(audit_log.c.salt)).scalars().all()
    assert (verdict.kind, verdict.size, verdict.purged) == ("whole", 301, 280)
    assert (newest.n, newest.did, newest.what) == (301, "purge", "280")
    assert len(salts) == 21
    # A second purge goes further; one with nothing to do says nothing.
    further = NOW + timedelta(microseconds=290)
    assert log.write(lambda session: audit.purge(session, before=further, at=LATER)) == 10
    assert log.write(lambda session: audit.purge(session, before=further, at=LATER)) == 0
    assert check(log, known=known, public=public_of(signer)) == ("whole", 0)


def test_everything_may_be_purged_and_numbers_go_on(log: Store) -> None:
    fill(log, 3)
    assert log.write(lambda session: audit.purge(session, before=LATER, at=LATER)) == 3
    fill(log, 1, first=9)
    with log.read() as session:
        assert [line.n for line in audit.page(session)] == [5, 4]
    assert check(log) == ("whole", 0)


def test_what_is_missing_above_the_purge_was_removed(log: Store) -> None:
    fill(log, 10)
    horizon = NOW + timedelta(microseconds=4)
    log.write(lambda session: audit.purge(session, before=horizon, at=LATER))
    log.write(lambda session: session.execute(delete(audit_log).where(audit_log.c.n == 5)))
    assert check(log) == ("removed", 5)


def test_a_purge_excuses_nothing_that_comes_after_it(log: Store) -> None:
    fill(log, 3)
    fill(log, 1, did="purge", what="1000000")
    fill(log, 3)
    log.write(lambda session: session.execute(delete(audit_log).where(audit_log.c.n == 6)))
    assert check(log) == ("removed", 6)


def test_who_writes_a_purge_into_the_log_afterwards_is_noticed(log: Store) -> None:
    fill(log, 10)

    def cover_up(session: Session) -> None:
        session.execute(delete(audit_log).where(audit_log.c.n == 5))
        session.execute(update(audit_log).where(audit_log.c.n == 9).values(did="purge", what="8"))

    log.write(cover_up)
    assert check(log) == ("changed", 9)


def test_lines_that_wait_are_counted_and_not_checked(log: Store) -> None:
    fill(log, 1)
    log.write(lambda session: [note(session, n) for n in range(3)])
    with log.read() as session:
        assert audit.verify(session).waiting == 3
        assert session.execute(select(func.count()).select_from(audit_waiting)).scalar_one() == 3


def test_checkpoints_come_at_fixed_times_only(log: Store, signer: LogSigner) -> None:
    hour = timedelta(hours=1)
    at = NOW.replace(minute=50)

    def due(minute: int, hours: int = 0) -> bool:
        when = at.replace(minute=minute) + hours * hour
        with log.read() as session:
            return audit.is_checkpoint_due(session, at=when, every=hour)

    assert due(50)
    log.write(lambda session: audit.checkpoint(session, signer, at))
    assert [due(51), due(59), due(0, 1), due(30, 1)] == [False, False, True, True]
    # Nothing new is said where nothing was done.
    assert log.write(lambda session: audit.checkpoint(session, signer, at + hour)) is None
    with log.read() as session:
        newest = audit.newest_checkpoint(session)
    assert newest is not None
    assert (newest.size, newest.at) == (0, at)


def test_a_checkpoint_on_demand_is_not_kept(log: Store, signer: LogSigner) -> None:
    fill(log, 2)
    with log.read() as session:
        note_now = audit.signed_now(session, signer)
        assert audit.newest_checkpoint(session) is None
    assert note_now.checkpoint.size == 2
    assert check(log, known=note_now, public=public_of(signer)) == ("whole", 0)


def test_a_size_that_no_log_has_ends_the_check_early(log: Store, signer: LogSigner) -> None:
    fill(log, 2)
    huge = sign(Checkpoint(NAME, 10**15, bytes(32)), signer)
    assert check(log, known=huge, public=public_of(signer)) == ("removed", 3)
