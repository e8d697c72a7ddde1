"""Who someone is opens one field at a time, for a purpose that was kept before it opened."""

import pytest
from sqlalchemy import update

from hotline import audit
from hotline.domain.identity import Address
from hotline.errors import HotlineError, Malformed, Unavailable
from hotline.store import Session, new_id
from hotline.vault.contents import Account, Identity, Urgent
from hotline.vault.emergency import open_urgent
from hotline.vault.envelope import SealBroken
from hotline.vault.locks import EpochClosed
from hotline.vault.opening import EnvelopeNotFound
from hotline.vault.revealing import RevealRefused, said
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.tables import envelopes
from tests.vault.conftest import NOW, House
from tests.vault.looks import acts, look, signed_in

WHO = Identity(
    original="Ramón holds my papers at 12 Quay Street \ud800",
    sender="+15005550006",
    entities=(("[PERSON 1]", "Ramón"), ("[ADDRESS 1]", "12 Quay Street")),
    contact={"hours": "mornings", "number": "+15005550007", "place": "the red door"},
)


@pytest.fixture
def report_id(house: House) -> str:
    report_id = new_id()
    sealed = seal_message(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        seq=1,
        account=Account("[PERSON 1] holds my papers at [ADDRESS 1]"),
        preview="",
        identity=WHO,
    )
    contact = seal_contact(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        address=Address("sms", "+15005550006"),
        ways={},
    )
    house.store.write(lambda session: keep(session, [*sealed, contact]))
    return report_id


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("words", Identity(WHO.original, entities=WHO.entities)),
        ("sender", Identity("", sender=WHO.sender)),
        ("contact", Identity("", contact=WHO.contact)),
        ("attachments", Identity("")),
        ("PERSON 1", Identity("", entities=(("[PERSON 1]", "Ramón"),))),
    ],
)
def test_a_look_shows_the_field_that_was_asked_for_and_nothing_else(
    house: House, report_id: str, field: str, shown: Identity
) -> None:
    assert look(house, signed_in(house, "noor"), report_id, field=field) == shown
    assert acts(house)[0] == ("reveal", f"1 {field}", "handoff")


def test_the_words_beside_a_purpose_are_sealed_to_who_reads_the_log(
    house: House, report_id: str
) -> None:
    look(house, signed_in(house, "noor"), report_id, words="  to call \n Ramón's sister ")
    with house.store.read() as session:
        line = audit.page(session)[0]
        words = signed_in(house, "omar").open_words(
            session, line_id=line.id, desk=line.desk, sealed=line.sealed
        )
    assert words == "to call Ramón's sister"
    assert "Ramón".encode() not in bytes(line.sealed)


def test_a_look_that_fails_leaves_its_trace(house: House, report_id: str) -> None:
    noor = signed_in(house, "noor")
    with pytest.raises(EnvelopeNotFound):
        look(house, noor, report_id, field="PERSON 2")
    with pytest.raises(EnvelopeNotFound):
        look(house, noor, report_id, seq=9)
    house.locks.destroy(house.keyring.current("harbor", "identity").id)
    with pytest.raises(EpochClosed):
        look(house, signed_in(house, "ines"), report_id)
    assert [what for _, what, _ in acts(house)[:3]] == ["1 words", "9 words", "1 PERSON 2"]


def test_nothing_opens_when_the_look_cannot_be_written_down(
    house: House, report_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The database fails at this very moment; there is no other way to make it fail only here.
    noor = signed_in(house, "noor")
    opened = []
    monkeypatch.setattr(noor.epochs, "get", lambda *_: opened.append(1))

    def full(_work: object) -> None:
        raise Unavailable

    monkeypatch.setattr(house.store, "write", full)
    with pytest.raises(Unavailable):
        look(house, noor, report_id)
    with pytest.raises(Unavailable):
        open_urgent(
            house.store, noor, house.keyring, report_id=report_id, words="", at=NOW, beside=alone
        )
    assert opened == []


def test_nothing_opens_and_no_line_stands_when_what_belongs_beside_it_fails(
    house: House, report_id: str
) -> None:
    def fails(_session: Session) -> None:
        raise Unavailable

    before = acts(house)
    with pytest.raises(Unavailable):
        look(house, signed_in(house, "noor"), report_id, beside=fails)
    assert acts(house) == before


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"words": ""}, RevealRefused),
        ({"words": "  \t"}, RevealRefused),
        ({"purpose": "curious"}, Malformed),
        ({"purpose": ""}, Malformed),
        ({"field": "everything"}, Malformed),
        ({"field": "[PERSON 1]"}, Malformed),
        ({"field": "BEING 1"}, Malformed),
        ({"field": ""}, Malformed),
    ],
)
def test_a_look_without_purpose_words_or_field_is_refused_and_not_written_down(
    house: House, report_id: str, facts: dict[str, str], error: type[HotlineError]
) -> None:
    before = acts(house)
    with pytest.raises(error):
        look(house, signed_in(house, "noor"), report_id, **facts)
    assert acts(house) == before


def test_an_emergency_opens_number_and_place_of_all_messages_and_no_more(
    house: House, report_id: str
) -> None:
    later = Identity("we are at Dock 9 now", "+15005550006", (("[PLACE 1]", "Dock 9"),))
    sealed = seal_message(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        seq=2,
        account=Account("we are at [PLACE 1] now"),
        preview="",
        identity=later,
    )
    house.store.write(lambda session: keep(session, sealed))
    urgent = emergency(house, report_id)
    assert urgent.numbers == ("+15005550006", "+15005550007")
    assert urgent.places == ("Dock 9", "the red door", "12 Quay Street")
    assert acts(house)[0] == ("emergency", "", "life")


def test_an_emergency_asks_for_no_words_and_keeps_those_there_are(
    house: House, report_id: str
) -> None:
    emergency(house, report_id)
    emergency(house, report_id, words="he is at the door")
    with house.store.read() as session:
        newer, older = audit.page(session, kinds=["emergency"])
        said_then = signed_in(house, "ines").open_words(
            session, line_id=newer.id, desk="harbor", sealed=newer.sealed
        )
    assert (said_then, older.sealed) == ("he is at the door", b"")


def test_a_broken_message_hides_no_other_in_an_emergency(house: House, report_id: str) -> None:
    broken = (envelopes.c.report_id == report_id) & (envelopes.c.audience == "identity")
    house.store.write(
        lambda session: session.execute(update(envelopes).where(broken).values(body=bytes(577)))
    )
    assert emergency(house, report_id) == Urgent(("+15005550006",))
    everything = envelopes.c.report_id == report_id
    house.store.write(
        lambda session: session.execute(update(envelopes).where(everything).values(body=b""))
    )
    with pytest.raises(SealBroken):
        emergency(house, report_id)


def test_an_emergency_is_no_way_round_the_right_to_reveal(house: House, report_id: str) -> None:
    before = acts(house)
    with pytest.raises(RevealRefused):
        open_urgent(
            house.store,
            signed_in(house, "omar"),
            house.keyring,
            report_id=report_id,
            words="",
            at=NOW,
            beside=alone,
        )
    assert acts(house) == before


def test_words_are_kept_on_one_line_and_short() -> None:
    assert said(" a\n b ") == "a b"
    assert len(said("long " * 100)) == 200


def test_what_an_emergency_needs_masks_itself() -> None:
    assert "5550006" not in repr(Urgent(("+15005550006",), ("Dock 9",)))


def emergency(house: House, report_id: str, words: str = "") -> Urgent:
    noor = signed_in(house, "noor")
    return open_urgent(
        house.store, noor, house.keyring, report_id=report_id, words=words, at=NOW, beside=alone
    )


def alone(_session: Session) -> None:
    """Let nothing stand beside the line."""
