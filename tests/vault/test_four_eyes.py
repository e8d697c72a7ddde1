"""At a desk with four eyes nobody opens alone who a person is, whatever rows they read, copy or change."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select, update

from hotline.domain.identity import Address
from hotline.domain.staff import Role
from hotline.errors import Conflict, HotlineError, NotFound
from hotline.migrations import create_all
from hotline.store import Session, Store, new_id
from hotline.vault import requests
from hotline.vault.argon import CHEAPEST
from hotline.vault.asked import find
from hotline.vault.attachments import HeldFile, keep_files
from hotline.vault.ceremony import Founding, found
from hotline.vault.contents import Account, Identity
from hotline.vault.emergency import open_urgent
from hotline.vault.envelope import SealBroken
from hotline.vault.granting import open_halves
from hotline.vault.halves import cut, joined
from hotline.vault.house import House as Keys
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.member import NewMember
from hotline.vault.opening import Keyholder, find_row
from hotline.vault.revealing import Look, RevealRefused, SecondNeeded, sealed_twice
from hotline.vault.roster import DeskEntry
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.tables import envelopes, epoch_wraps, reveal_requests
from tests.examples import examples
from tests.vault import looks
from tests.vault.conftest import NOW, House, in_house
from tests.vault.looks import look

PASSPHRASE = "the tide comes in at nine"
STAFF = (
    NewMember("noor", "Noor", "River", Role.CASEWORKER, "harbor", PASSPHRASE, half="a"),
    NewMember("yan", "Yan", "Reed", Role.CASEWORKER, "harbor", PASSPHRASE, half="a"),
    NewMember("ines", "Ines", "Hill", Role.SUPERVISOR, "harbor", PASSPHRASE, half="b"),
    NewMember("sol", "Sol", "Moss", Role.CASEWORKER, "harbor", PASSPHRASE, half="b"),
    NewMember("omar", "Omar", "Lake", Role.AUDITOR, "harbor", PASSPHRASE),
    NewMember("tala", "Tala", "Field", Role.CASEWORKER, "valley", PASSPHRASE),
)
WHO = Identity(
    original="Ramón holds my papers at Dock 9",
    sender="+15005550006",
    entities=(("[PERSON 1]", "Ramón"), ("[PLACE 1]", "Dock 9")),
)
ASKED = {"seq": 1, "field": "sender", "purpose": "handoff", "words": "to call back"}


@pytest.fixture(scope="session")
def new_four_eyes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Founding]:
    folder = tmp_path_factory.mktemp("four-eyes")
    store = Store(f"sqlite:///{folder / 'vault.db'}")
    create_all(store)
    founding = found(
        store,
        directory=folder / "keys",
        desks=[DeskEntry("harbor", four_eyes=True), DeskEntry("valley")],
        members=STAFF,
        at=NOW - timedelta(days=1),
        profile=CHEAPEST,
    )
    store.close()
    return folder, founding


@pytest.fixture
def house(tmp_path: Path, new_four_eyes: tuple[Path, Founding]) -> Iterator[House]:
    shutil.copytree(new_four_eyes[0], tmp_path, dirs_exist_ok=True)
    store = Store(f"sqlite:///{tmp_path / 'vault.db'}")
    yield in_house(store, KeyFolder(tmp_path / "keys"), new_four_eyes[1])
    store.close()


@pytest.fixture
def report_id(house: House) -> str:
    return tell(house)


def tell(house: House, desk: str = "harbor", identity: Identity = WHO) -> str:
    report_id = new_id()
    sealed = seal_message(
        house.keyring,
        desk=desk,
        report_id=report_id,
        seq=1,
        account=Account("[PERSON 1] holds my papers at [PLACE 1]"),
        preview="",
        identity=identity,
    )
    contact = seal_contact(
        house.keyring,
        desk=desk,
        report_id=report_id,
        address=Address("sms", identity.sender),
        ways={},
    )
    house.store.write(lambda session: keep(session, [*sealed, contact]))
    return report_id


def signed_in(house: House, username: str) -> Keyholder:
    return looks.signed_in(house, username, PASSPHRASE)


def ask(house: House, by: Keyholder, report_id: str, **facts: Any) -> str:
    at = facts.pop("at", NOW)
    look = Look(report_id=report_id, **{**ASKED, **facts})
    return house.store.write(lambda session: requests.ask(session, by, house.keyring, look, at=at))


def approve(house: House, by: Keyholder, request_id: str, at: Any = NOW, shown: str = "") -> None:
    house.store.write(
        lambda session: requests.approve(
            session,
            by,
            house.keyring,
            request_id,
            shown=shown or shown_of(house, request_id),
            at=at,
        )
    )


def shown_of(house: House, request_id: str) -> str:
    with house.store.read() as session:
        asked = find(session, request_id)
    return asked.shown if asked else ""


def opened(house: House, by: Keyholder, request_id: str, at: Any = NOW) -> Identity:
    return requests.open_granted(house.store, by, house.keyring, request_id=request_id, at=at)


def granted(house: House, report_id: str, **facts: Any) -> tuple[Keyholder, str]:
    """Let Noor ask and Ines approve."""
    noor = signed_in(house, "noor")
    request_id = ask(house, noor, report_id, **facts)
    approve(house, signed_in(house, "ines"), request_id)
    return noor, request_id


def acts(house: House) -> list[tuple[str, str]]:
    return [(did, what) for did, what, _ in looks.acts(house)]


def change(house: House, request_id: str, **values: Any) -> None:
    mine = reveal_requests.c.id == request_id
    house.store.write(
        lambda session: session.execute(update(reveal_requests).where(mine).values(**values))
    )


def rows_of(house: House) -> Any:
    with house.store.read() as session:
        return session.execute(select(reveal_requests)).all()


def test_one_asks_another_approves_and_the_field_opens(house: House, report_id: str) -> None:
    noor, request_id = granted(house, report_id)
    assert opened(house, noor, request_id) == Identity("", sender="+15005550006")
    assert opened(house, noor, request_id) == Identity("", sender="+15005550006")
    assert acts(house)[:4] == [
        ("reveal", "1 sender"),
        ("reveal", "1 sender"),
        ("reveal_approved", "1 sender"),
        ("reveal_asked", "1 sender"),
    ]


def test_each_half_asks_the_other(house: House, report_id: str) -> None:
    ines = signed_in(house, "ines")
    request_id = ask(house, ines, report_id, field="PERSON 1")
    approve(house, signed_in(house, "yan"), request_id)
    assert opened(house, ines, request_id).entities == (("[PERSON 1]", "Ramón"),)


def test_the_colleague_learns_why_and_the_requester_why_not(house: House, report_id: str) -> None:
    noor, ines = signed_in(house, "noor"), signed_in(house, "ines")
    request_id = ask(house, noor, report_id)
    with house.store.read() as session:
        (asked,) = requests.pending(session, ines, house.keyring, at=NOW)
        assert requests.count_pending(session, ines, house.keyring, at=NOW) == 1
        assert requests.open_words(session, ines, asked) == "to call back"
    assert (asked.requester, asked.what, asked.purpose) == (noor.staff_id, "1 sender", "handoff")
    with pytest.raises(requests.AnswerMissing):
        refuse(house, ines, request_id, " ")
    refuse(house, ines, request_id, "ask them by text first")
    with house.store.read() as session:
        (answer,) = requests.of_requester(session, noor, report_id, at=NOW)
        assert requests.open_answer(session, noor, answer) == "ask them by text first"
        assert requests.pending(session, ines, house.keyring, at=NOW) == ()
    assert acts(house)[0] == ("reveal_refused", "1 sender")
    with pytest.raises(requests.NotGranted):
        opened(house, noor, request_id)


def refuse(house: House, by: Keyholder, request_id: str, words: str) -> None:
    house.store.write(
        lambda session: requests.refuse(session, by, house.keyring, request_id, words=words, at=NOW)
    )


def test_asking_twice_is_asking_once(house: House, report_id: str) -> None:
    noor = signed_in(house, "noor")
    assert ask(house, noor, report_id) == ask(house, noor, report_id)
    assert ask(house, noor, report_id) != ask(house, noor, report_id, field="words")
    assert acts(house).count(("reveal_asked", "1 sender")) == 1


@pytest.mark.parametrize("username", ["noor", "yan", "ines", "sol"])
def test_nobody_opens_alone_and_nothing_is_written_down(
    house: House, report_id: str, username: str
) -> None:
    alone = signed_in(house, username)
    with pytest.raises(SecondNeeded):
        look(house, alone, report_id)
    assert "reveal" not in [did for did, _ in acts(house)]


@pytest.mark.parametrize("username", ["noor", "ines"])
def test_one_session_with_the_whole_database_opens_nothing(
    house: House, report_id: str, username: str
) -> None:
    """An intruder in one session calls what lies beneath, with every row and lock at hand."""
    alone = signed_in(house, username)
    with house.store.read() as session:
        row = find_row(session, report_id, 1, "identity")
        with pytest.raises(SealBroken):
            alone.open_identity(session, report_id, 1)
        half = alone.open_half(session, row)
        for guess in (half, bytes(32), row.wrap[-32:], row.wrap2[-32:]):
            with pytest.raises(SealBroken):
                alone.open_identity(session, report_id, 1, other_halves={"identity": guess})
        held = [wrap.epoch_id for wrap in session.execute(select(epoch_wraps)).all()]
        for other in ({row.epoch_id, row.epoch2_id} & set(held)) - _own(alone, row):
            with pytest.raises(SealBroken):
                alone.epochs.get(session, other)


def _own(keyholder: Keyholder, row: Any) -> set[str]:
    return {row.epoch2_id if keyholder.half == "b" else row.epoch_id}


def test_no_member_is_wrapped_both_halves(house: House) -> None:
    identity = {e.id: e.depth for e in house.keyring.roster.epochs if "identity" in e.depth}
    harbor = {e.id for e in house.keyring.roster.epochs if e.desk == "harbor"}
    with house.store.read() as session:
        wraps = session.execute(select(epoch_wraps)).all()
    for member in house.keyring.members:
        depths = {
            identity[wrap.epoch_id]
            for wrap in wraps
            if wrap.member_id == member.id and wrap.epoch_id in identity.keys() & harbor
        }
        assert len(depths) <= 1


def test_the_requester_cannot_approve_nor_can_whoever_holds_the_same_half(
    house: House, report_id: str
) -> None:
    noor = signed_in(house, "noor")
    request_id = ask(house, noor, report_id)
    for colleague in (noor, signed_in(house, "yan")):
        with house.store.read() as session:
            assert requests.pending(session, colleague, house.keyring, at=NOW) == ()
        with pytest.raises(requests.NotYours):
            approve(house, colleague, request_id)
    for stranger in ("omar", "tala"):
        with pytest.raises(HotlineError):
            approve(house, signed_in(house, stranger), request_id)
    assert [row.state for row in rows_of(house)] == ["asked"]


def test_who_approves_is_shown_nothing_and_opens_nothing(house: House, report_id: str) -> None:
    _, request_id = granted(house, report_id)
    ines = signed_in(house, "ines")
    with pytest.raises(requests.NotGranted):
        opened(house, ines, request_id)
    with house.store.read() as session:
        row = session.execute(select(reveal_requests)).one()
        request = requests.Request(*(row._mapping[name] for name in requests.Request.__slots__))
    with pytest.raises(SealBroken):
        open_halves(request, ines.keys.private)


@pytest.mark.parametrize("change_to", ["report", "seq", "field", "approver", "id", "desk"])
def test_a_grant_that_was_copied_to_another_question_opens_nothing(
    house: House, report_id: str, change_to: str
) -> None:
    """Whoever writes to the database moves what was approved under something that was not."""
    noor, request_id = granted(house, report_id)
    other = tell(house, identity=Identity("someone else", "+15005550009"))
    sol = signed_in(house, "sol")
    moved: dict[str, Any] = {
        "report": {"report_id": other},
        "seq": {"seq": 2},
        "field": {"field": "words"},
        "approver": {"approver": sol.staff_id},
        "id": {"id": new_id()},
        "desk": {"desk": "valley"},
    }[change_to]
    change(house, request_id, **moved)
    with pytest.raises(HotlineError) as refused:
        opened(house, noor, moved.get("id", request_id))
    assert isinstance(refused.value, SealBroken | requests.NotGranted)


def test_a_grant_that_was_copied_to_another_requester_opens_nothing(
    house: House, report_id: str
) -> None:
    _, request_id = granted(house, report_id)
    yan = signed_in(house, "yan")
    change(house, request_id, requester=yan.staff_id)
    with pytest.raises(SealBroken):
        opened(house, yan, request_id)


def test_a_grant_ends_after_fifteen_minutes_and_a_clock_set_back_does_not_renew_it(
    house: House, report_id: str
) -> None:
    noor, request_id = granted(house, report_id)
    assert opened(house, noor, request_id, NOW + timedelta(minutes=14, seconds=59)).sender
    for at in (NOW + timedelta(minutes=15), NOW + timedelta(days=1), NOW - timedelta(hours=1)):
        with pytest.raises(requests.NotGranted):
            opened(house, noor, request_id, at)
    change(house, request_id, ends_at=NOW + timedelta(days=9))
    with pytest.raises(requests.NotGranted):
        opened(house, noor, request_id)


def test_what_ended_is_swept_with_its_halves(house: House, report_id: str) -> None:
    granted(house, report_id)
    sol = signed_in(house, "sol")
    unanswered = ask(house, sol, report_id, field="words")

    def sweep(at: Any) -> list[str]:
        ended = house.store.write(lambda session: requests.sweep(session, house.keyring, at=at))
        return [one.id for one in ended]

    assert sweep(NOW + timedelta(minutes=14)) == []
    assert len(rows_of(house)) == 2
    assert sweep(NOW + timedelta(minutes=15)) == []
    assert [row.id for row in rows_of(house)] == [unanswered]
    assert sweep(NOW + timedelta(hours=24)) == [unanswered]
    assert rows_of(house) == []
    assert acts(house)[:2] == [("reveal_expired", "1 words"), ("reveal_expired", "1 sender")]


@pytest.mark.parametrize(
    "values",
    [{"field": "words"}, {"seq": 2}, {"purpose": "law"}, {"words_sealed": b"other"}],
    ids=lambda values: next(iter(values)),
)
def test_nobody_approves_what_they_have_not_seen(
    house: House, report_id: str, values: dict[str, Any]
) -> None:
    """Whoever writes to the database changes the question between the page and the click."""
    request_id, ines = ask(house, signed_in(house, "noor"), report_id), signed_in(house, "ines")
    shown = shown_of(house, request_id)
    change(house, request_id, **values)
    with pytest.raises(Conflict):
        approve(house, ines, request_id, shown=shown)
    assert [row.state for row in rows_of(house)] == ["asked"]


def test_questions_are_paged_oldest_first(house: House, report_id: str) -> None:
    noor, ines = signed_in(house, "noor"), signed_in(house, "ines")
    for number in range(5):
        report = tell(house)
        ask(house, noor, report, at=NOW + timedelta(minutes=number // 2))
    with house.store.read() as session:
        whole = requests.pending(session, ines, house.keyring, at=NOW)
        paged: list[requests.Request] = []
        while more := requests.pending(
            session, ines, house.keyring, at=NOW, after=paged[-1].id if paged else "", limit=2
        ):
            paged += more
    assert list(whole) == paged
    assert len(paged) == 5


def test_files_open_by_an_approval_for_files_alone(house: House, report_id: str) -> None:
    film = HeldFile("film.mp4", "video/mp4")
    film.add(b"a red door")
    film.finish()
    sealed = film.seal(house.keyring, desk="harbor", report_id=report_id, seq=1, number=1)
    house.store.write(lambda session: keep_files(session, [sealed], day="2026-11-25", budget=9))
    noor, request_id = granted(house, report_id, field="attachments")
    with pytest.raises(requests.NotGranted):
        opened(house, noor, request_id)
    (file,) = requests.open_granted_files(
        house.store, noor, house.keyring, request_id=request_id, at=NOW
    )
    assert b"".join(file.pieces(house.store)) == b"a red door"
    with house.store.read() as session:
        request = find(session, request_id)
    assert request is not None
    assert list(open_halves(request, noor.keys.private)) == [film.id]
    other = ask(house, noor, report_id, field="words")
    approve(house, signed_in(house, "sol"), other)
    with pytest.raises(requests.NotGranted):
        requests.open_granted_files(house.store, noor, house.keyring, request_id=other, at=NOW)


def test_a_question_ends_after_a_day(house: House, report_id: str) -> None:
    request_id = ask(house, signed_in(house, "noor"), report_id)
    ines = signed_in(house, "ines")
    tomorrow = NOW + timedelta(hours=24)
    with house.store.read() as session:
        assert requests.pending(session, ines, house.keyring, at=tomorrow) == ()
    with pytest.raises(NotFound):
        approve(house, ines, request_id, tomorrow)


def test_who_was_dismissed_approves_nothing_and_their_approval_ends(
    house: House, report_id: str
) -> None:
    noor, request_id = granted(house, report_id, field="words")
    sol, ines = signed_in(house, "sol"), signed_in(house, "ines")
    later = ask(house, noor, report_id)
    approve(house, sol, later)
    last = ask(house, noor, report_id, field="PLACE 1")
    Keys(house.store, house.keyring, house.locks).dismiss(ines, sol.staff_id, at=NOW)
    with pytest.raises(requests.NotYours):
        approve(house, sol, last)
    with pytest.raises(requests.NotGranted):
        opened(house, noor, later)
    assert opened(house, noor, request_id).original == WHO.original


def test_who_asked_and_left_is_granted_nothing(house: House, report_id: str) -> None:
    yan, ines = signed_in(house, "yan"), signed_in(house, "ines")
    request_id, approved = ask(house, yan, report_id), ask(house, yan, report_id, field="words")
    approve(house, ines, approved)
    Keys(house.store, house.keyring, house.locks).dismiss(ines, yan.staff_id, at=NOW)
    with house.store.read() as session:
        assert requests.pending(session, ines, house.keyring, at=NOW) == ()
    with pytest.raises(HotlineError):
        approve(house, ines, request_id)
    with pytest.raises(requests.NotGranted):
        opened(house, yan, approved)


def test_two_who_decide_at_once_decide_once(house: House, report_id: str) -> None:
    request_id = ask(house, signed_in(house, "noor"), report_id)
    approve(house, signed_in(house, "ines"), request_id)
    with pytest.raises((Conflict, NotFound)):
        refuse(house, signed_in(house, "sol"), request_id, "no")
    assert [row.state for row in rows_of(house)] == ["granted"]


def test_only_what_needs_a_second_person_is_asked_for(house: House, report_id: str) -> None:
    noor = signed_in(house, "noor")
    for wrong in ({"seq": 2}, {"report_id": new_id()}):
        with pytest.raises(NotFound):
            ask(house, noor, **{"report_id": report_id, **wrong})
    with pytest.raises(RevealRefused):
        ask(house, signed_in(house, "omar"), report_id)
    with pytest.raises(RevealRefused):
        ask(house, noor, report_id, words="")
    assert rows_of(house) == []


def test_an_emergency_waits_for_nobody(house: House, report_id: str) -> None:
    for username in ("noor", "ines"):
        alone = signed_in(house, username)
        urgent = open_urgent(
            house.store,
            alone,
            house.keyring,
            report_id=report_id,
            words="",
            at=NOW,
            beside=lambda _session: None,
        )
        assert (urgent.numbers, urgent.places) == (("+15005550006",), ("Dock 9",))


def test_what_an_emergency_needs_is_sealed_apart_only_where_two_are_asked_for(
    house: House, report_id: str
) -> None:
    ordinary = tell(house, "valley")
    with house.store.read() as session:
        kinds = {
            report: sorted(
                session.execute(
                    select(envelopes.c.audience).where(envelopes.c.report_id == report)
                ).scalars()
            )
            for report in (report_id, ordinary)
        }
        assert sealed_twice(session, report_id, [1]) == {1}
        assert sealed_twice(session, ordinary, [1]) == frozenset()
    assert kinds[report_id] == ["contact", "desk", "identity", "urgent"]
    assert kinds[ordinary] == ["contact", "desk", "identity"]
    assert look(house, signed_in(house, "tala"), ordinary, field="sender").sender


def test_forgetting_a_report_forgets_what_was_asked_about_it(house: House, report_id: str) -> None:
    granted(house, report_id)
    other = tell(house)
    ask(house, signed_in(house, "noor"), other)
    house.store.write(lambda session: requests.forget(session, report_id))
    assert [row.report_id for row in rows_of(house)] == [other]


@given(secret=st.binary(min_size=32, max_size=32))
def test_two_halves_make_the_secret_and_each_is_another_one(secret: bytes) -> None:
    first, second = cut(secret)
    assert joined(first, second) == joined(second, first) == secret
    assert secret not in (first, second)
    assert cut(secret) != (first, second)


@given(first=st.binary(max_size=40), second=st.binary(max_size=40))
def test_what_is_no_half_is_refused(first: bytes, second: bytes) -> None:
    if len(first) == len(second) == 32:
        assert len(joined(first, second)) == 32
        return
    with pytest.raises(SealBroken):
        joined(first, second)


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(["wrap", "wrap2", "body"]), place=st.floats(0, 1), bit=st.integers(0, 7)
)
def test_no_bit_of_a_message_in_two_halves_can_be_changed(
    house: House, ready: "Ready", part: str, place: float, bit: int
) -> None:
    row = ready.row(house)
    broken = bytearray(row._mapping[part])
    broken[min(int(place * len(broken)), len(broken) - 1)] ^= 1 << bit
    ready.try_with(house, {part: bytes(broken)})


@pytest.mark.parametrize(
    "part", ["wrap", "wrap2", "body", "epoch_id", "epoch2_id", "swapped", "whole", "cut"]
)
def test_nothing_of_a_message_in_two_halves_can_be_exchanged(
    house: House, ready: "Ready", part: str
) -> None:
    row, other = ready.row(house), ready.row(house, tell(house))
    values: dict[str, Any] = {
        "swapped": {"wrap": row.wrap2, "wrap2": row.wrap},
        "whole": {"wrap2": None, "epoch2_id": None},
        "cut": {"wrap2": row.wrap2[:-1]},
        "epoch_id": {"epoch_id": row.epoch2_id},
        "epoch2_id": {"epoch2_id": row.epoch_id},
    }.get(part) or {part: other._mapping[part]}
    ready.try_with(house, values)


class Ready:
    """Noor, who asks to see a report, and Ines, who approves it."""

    def __init__(self, house: House) -> None:
        self.report_id = tell(house)
        self.noor, self.ines = signed_in(house, "noor"), signed_in(house, "ines")
        self.whole = dict(self.row(house)._mapping)

    def row(self, house: House, report_id: str = "") -> Any:
        with house.store.read() as session:
            return find_row(session, report_id or self.report_id, 1, "identity")

    def try_with(self, house: House, values: dict[str, Any]) -> None:
        """See that it does not open with *values*, and opens again as it was."""
        self.set(house, values)
        with pytest.raises((SealBroken, NotFound)):
            self.look(house)
        self.set(house, {name: self.whole[name] for name in values})
        assert self.look(house).sender

    def look(self, house: House) -> Identity:
        request_id = ask(house, self.noor, self.report_id)
        approve(house, self.ines, request_id)
        return opened(house, self.noor, request_id)

    def set(self, house: House, values: dict[str, Any]) -> None:
        rows = envelopes.c
        mine = (rows.report_id == self.report_id) & (rows.audience == "identity")

        def write(session: Session) -> None:
            session.execute(update(envelopes).where(mine).values(**values))

        house.store.write(write)


@pytest.fixture
def ready(house: House) -> Ready:
    return Ready(house)
