"""What a court gets: whether the bytes are those that came, in whose hands they were, and proof that a stranger checks."""

import json

import pytest
from sqlalchemy import delete, select, update

from hotline import audit
from hotline.audit import check_proof
from hotline.audit.tables import audit_log, audit_tiles
from hotline.custody import Match, Revealed, to_html
from hotline.errors import NotFound, Refused
from hotline.reports.tables import messages
from hotline.store import new_id
from hotline.vault.contents import Account
from hotline.vault.logkey import LogKey, LogSigner
from hotline.vault.sealing import Spot, keep
from hotline.vault.tables import envelopes
from tests.custody.conftest import ANSWER, SAID, Court


def marks(court: Court) -> dict[tuple[int, str], Match]:
    return {(part.seq, part.name): part.match for part in court.makes().parts}


def test_what_came_in_is_the_same_today(court: Court) -> None:
    seq = court.noor_answers()
    assert marks(court) == {
        (1, "desk"): Match.SAME,
        (1, "identity"): Match.SAME,
        (seq, "desk"): Match.SAME,
    }
    assert court.makes().is_whole


@pytest.mark.parametrize("audience", ["desk", "identity"])
def test_one_changed_byte_is_seen(court: Court, audience: str) -> None:
    its = envelopes.c.audience == audience
    with court.store.read() as session:
        body = bytearray(session.execute(select(envelopes.c.body).where(its)).scalar_one())
    body[len(body) // 2] ^= 1
    court.does(update(envelopes).where(its).values(body=bytes(body)))
    made = court.makes()
    assert marks(court)[1, audience] == Match.CHANGED
    assert not made.is_whole
    assert "CHANGED" in to_html(made, court.house.hotline.languages, "en")


def test_what_was_erased_is_gone_and_what_stays_is_the_same(court: Court) -> None:
    court.does(delete(envelopes).where(envelopes.c.audience == "identity"))
    assert marks(court) == {(1, "desk"): Match.SAME, (1, "identity"): Match.GONE}
    assert court.makes().is_whole


def test_a_message_that_was_slipped_in_is_not_in_the_log(court: Court) -> None:
    keyring = court.house.hotline.keyring
    spot = Spot("main", court.report_id, 2)
    sealed = spot.seal(keyring.current("main", "desk"), "desk", Account("made up").to_json())
    court.store.write(lambda session: keep(session, [sealed]))
    assert marks(court)[2, "desk"] == Match.UNLOGGED
    assert not court.makes().is_whole


def test_a_message_that_was_taken_away_is_missed(court: Court) -> None:
    court.does(delete(messages))
    court.does(delete(envelopes).where(envelopes.c.seq == 1))
    made = court.makes()
    assert [message.seq for message in made.messages] == [1]
    assert {part.match for part in made.parts} == {Match.GONE}


def test_a_second_line_that_says_otherwise_makes_nothing_the_same(court: Court) -> None:
    line = {"at": court.at, "who": "system", "did": "receive", "desk": "main"}
    what = f"1 desk={'0' * 32}"
    court.store.write(lambda s: audit.record(s, **line, report_id=court.report_id, what=what))
    assert marks(court)[1, "desk"] == Match.CHANGED


def test_an_answer_that_nobody_signed_is_marked(court: Court) -> None:
    court.noor_answers()
    assert court.makes().messages[-1].is_signed
    keyring = court.house.hotline.keyring
    spot = Spot("main", court.report_id, 2)
    forged = spot.seal(keyring.current("main", "desk"), "desk", Account("made up").to_json())
    court.does(delete(envelopes).where(envelopes.c.seq == 2))
    court.store.write(lambda session: keep(session, [forged]))
    made = court.makes()
    assert made.messages[-1].is_signed is False
    assert not made.is_whole


def test_hands_and_acts_are_told_by_pseudonyms(court: Court) -> None:
    court.noor_answers()
    made = court.makes()
    assert [(act.who, act.line.did) for act in made.hands] == [("Rosa", "claim")]
    assert {act.who for act in made.acts} == {"house", "Rosa"}
    assert "Noor" not in made.to_json()


def test_nothing_says_who_anybody_is(court: Court) -> None:
    court.noor_answers()
    text = court.makes().to_json() + to_html(court.makes(), court.house.hotline.languages, "en")
    for secret in (SAID, "Maria", "Lopez", "+15005550142", "5005550142", ANSWER):
        assert secret not in text


def test_what_was_revealed_for_the_law_stands_in_it(court: Court) -> None:
    made = court.makes(Revealed(1, "sender", "+15005550142"))
    assert made.facts()["identity"] == [{"message": 1, "field": "sender", "value": "+15005550142"}]
    assert "+15005550142" in to_html(made, court.house.hotline.languages, "en")


def test_before_the_first_checkpoint_it_says_so(court: Court) -> None:
    made = court.makes()
    assert (made.checkpoint, made.proven) == ("", ())
    assert len(made.unproven) == len(made.acts)
    assert "no checkpoint yet" in to_html(made, court.house.hotline.languages, "en")
    assert not any(part.is_proven for part in made.parts)


def test_a_stranger_checks_every_line(court: Court, tmp_path, capsys) -> None:
    court.noor_answers()
    court.checkpoints()
    made = court.makes()
    assert len(made.proven) == len(made.acts) == 3
    assert all(part.is_proven for part in made.parts)
    path = tmp_path / "custody.json"
    path.write_text(made.to_json())
    assert check_proof.main(str(path)) == 0

    # One changed digest, and the program of the stranger says so.
    path.write_text(made.to_json().replace("desk=", "desk=0", 1))
    assert check_proof.main(str(path)) == 1
    capsys.readouterr()


def test_the_page_holds_the_same_for_a_program(court: Court, tmp_path, capsys) -> None:
    court.checkpoints()
    page = to_html(court.makes(), court.house.hotline.languages, "en")
    inside = page.split('<script type="application/json" id="custody">')[1].split("</script>")[0]
    assert json.loads(inside) == court.json()
    path = tmp_path / "custody.json"
    path.write_text(inside)
    assert check_proof.main(str(path)) == 0
    capsys.readouterr()
    for outside in ("http://", "https://", "<img", "<link", "src="):
        assert outside not in page.replace("https://www.rfc-editor.org", "")


def test_a_line_changed_together_with_its_bytes_has_no_proof(court: Court) -> None:
    court.checkpoints()
    its = audit_log.c.did == "receive"
    court.does(update(audit_log).where(its).values(what=f"1 desk={'0' * 32} identity={'1' * 32}"))
    made = court.makes()
    assert [act.line.did for act in made.false] == ["receive"]
    assert not made.is_whole
    assert not any(part.is_proven for part in made.parts)
    assert "CHANGED since" in to_html(made, court.house.hotline.languages, "en")


def test_a_checkpoint_that_the_house_did_not_sign_proves_nothing(court: Court) -> None:
    at = court.house.clock.passes(hours=26)
    stranger = LogSigner(court.log_name, LogKey.fresh())

    def sign(session):
        audit.sequence(session, at=at)
        audit.checkpoint(session, stranger, at)

    court.store.write(sign)
    made = court.makes()
    assert made.proofs_are_missing
    assert not made.is_whole
    assert "not ours" in to_html(made, court.house.hotline.languages, "en")


def test_a_damaged_log_proves_nothing(court: Court) -> None:
    court.checkpoints()
    court.does(delete(audit_tiles))
    made = court.makes()
    assert made.proofs_are_missing
    assert not made.is_whole


def test_what_came_after_the_checkpoint_waits_for_the_next(court: Court) -> None:
    court.checkpoints()
    court.noor_answers()
    made = court.makes()
    assert made.is_whole
    assert {act.line.did for act in made.unproven} == {"claim", "reply"}
    proven = {(part.seq, part.name): part.is_proven for part in made.parts}
    assert proven == {(1, "desk"): True, (1, "identity"): True, (2, "desk"): False}


def test_another_desk_and_a_caseworker_make_none(court: Court) -> None:
    with pytest.raises(Refused):
        court.makes(by=court.noor)
    court.report_id = new_id()
    with pytest.raises(NotFound):
        court.makes()


def test_text_in_a_row_ends_no_element_of_the_page(court: Court) -> None:
    made = court.makes(Revealed(1, "words", "</script><script>alert(1)</script>"))
    page = to_html(made, court.house.hotline.languages, "en")
    assert page.count("<script") == 1
    assert page.count("</script>") == 1
