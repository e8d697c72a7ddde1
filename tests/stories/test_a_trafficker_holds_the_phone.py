"""María told us what happens to her, chose a code word, and has a return code on paper. A caseworker asks her whether
investigators may know. Then he takes her phone. He finds the knock, and the code; he says yes, and no, and erase, and
the words that he read somewhere; he guesses. To him it is a delivery service that asks how it did. Nothing opens,
nothing is destroyed, no yes counts, and the desk knows. When she is back, her word ends it."""

import re

import pytest
from sqlalchemy import select

from hotline import consent
from hotline.leads import agencies, publish
from hotline.leads.tables import leads
from hotline.reports.tables import messages, reports
from hotline.retention.asking import is_asked
from hotline.triage.tables import alerts
from tests.cast import AMINA, MARIA, Member, Texter
from tests.house import wired_house
from tests.intake.questions import (
    WORD,
    agrees,
    asks,
    doubts,
    first_report,
    given,
    is_doubted,
    question,
    said,
    says_yes,
    works,
)
from tests.leads.desk import draft

COVER = 'story = ["How was your delivery? 1 good 2 bad", "Thank you. Your parcel is on its way."]\n'
SURVEY = {"How was your delivery? 1 good 2 bad", "Thank you. Your parcel is on its way."}


@pytest.fixture
def covered(house):
    """A house whose operator has written a cover story."""
    (house.var / "keys" / "cover.toml").write_text(COVER)
    other = wired_house(
        house.var, house.hotline.config.database_url, house.staff, clock=house.clock
    )
    yield other
    other.close()


@pytest.fixture
def phone(covered):
    return Texter(covered, MARIA)


def nothing_happened(house, ask_id):
    assert question(house, ask_id).state == "asked"
    assert all(not one.revoked_day and not one.back_asked_day for one in given(house))
    with house.hotline.store.read() as session:
        report_id = first_report(house)
        assert not is_asked(session, report_id)
        assert session.execute(select(reports.c.id).where(reports.c.id == report_id)).first()


def kinds(house):
    with house.hotline.store.read() as session:
        return set(session.execute(select(alerts.c.kind)).scalars())


def tries(code):
    """What he sends, who has the phone and the paper, but not the word."""
    return [
        code.digits,
        f"ERASE {code.digits}",
        f"ERASE {code.digits} maria",
        "erase",
        "YES",
        "1",
        "2",
        "TAKEBACK",
        "TAKEBACK maria",
        f"TAKEBACK {code.digits} maria",
        "ALLOWED maria",
        f"ALLOWED {code.digits} maria",
        "MYCOPY maria",
        f"MYCOPY {code.digits} maria",
        "PROMISE",
        "9",
        "who is this",
    ]


def test_he_guesses_twice_and_hears_of_parcels_only(covered, phone):
    code = agrees(phone)
    ask_id = asks(covered)
    sent = list(covered.carrier.sent)
    # He finds "Is now a good time to write?", and says yes; we ask for a word, and he guesses.
    assert phone.texts("1") == said(covered, "ask_for_word")
    phone.texts("maria")
    assert phone.texts("princess") in SURVEY
    # Whatever he tries from then on, he reads of his delivery.
    for text in tries(code):
        covered.clock.passes(minutes=2)
        assert phone.texts(text) in SURVEY, text
    # Nothing was let out, decided or destroyed, and the desk knows.
    nothing_happened(covered, ask_id)
    assert covered.carrier.sent == sent
    assert is_doubted(covered)
    assert "someone_else" in kinds(covered)
    assert "copy_asked" not in kinds(covered)
    # What he wrote is kept, without the code that he held.
    noor = Member(covered, "noor")
    noor.signs_in()
    page = re.sub("<[^>]+>", "", noor.opens(f"/console/report/{first_report(covered)}"))
    assert code.digits not in page


def test_before_he_guesses_twice_he_reads_what_anybody_reads(covered, phone):
    code = agrees(phone)
    ask_id = asks(covered)
    usual = {said(covered, name) for name in ("received_more", "knock", "ask_for_word", "no_more")}
    usual |= {said(covered, "ask_hours"), ""}
    for text in tries(code):
        assert set(phone.texts(text).split("\n")) <= usual | SURVEY, text
    nothing_happened(covered, ask_id)


def test_in_the_middle_of_the_question_his_yes_is_none(covered, phone):
    agrees(phone)
    ask_id = asks(covered)
    for text in ("1", WORD):
        phone.texts(text)
    # He takes the phone out of her hand when the question stands on it.
    assert phone.texts("1") == said(covered, "ask_sure")
    phone.texts("maria")
    assert phone.texts("princess") in SURVEY
    for text in ("1", "2", "yes", "TAKEBACK maria"):
        assert phone.texts(text) in SURVEY
    nothing_happened(covered, ask_id)
    assert is_doubted(covered)


def test_when_she_is_back_her_word_ends_it_and_nothing_counts_until_the_desk_believes_it(
    covered, phone
):
    agrees(phone)
    ask_id = asks(covered)
    for text in ("1", "maria", "princess", "who is this"):
        phone.texts(text)
    assert phone.texts(WORD) == ""
    # We doubt still: she is asked nothing, and says yes to nothing.
    for text in ("1", WORD):
        assert phone.texts(text) == said(covered, "received_more")
    assert question(covered, ask_id).state == "asked"
    doubts(covered, is_set=False)
    put = phone.texts(WORD)
    assert put.endswith(said(covered, "ask_lead", who="", day="30 Mar", more=("*",)))
    phone.texts("1")
    phone.texts(WORD)
    assert question(covered, ask_id).state == "yes"


def test_with_the_code_on_another_phone_he_opens_and_takes_nothing(covered, phone):
    code = agrees(phone)
    asks(covered)
    says_yes(phone)
    his = Texter(covered, AMINA)
    with covered.hotline.store.read() as session:
        before = len(session.execute(select(messages.c.seq)).all())
    usual = {said(covered, name) for name in ("received", "received_more", "knock", "ask_for_word")}
    for word in ("maria", "moon", "love"):
        for ours in ("ERASE", "TAKEBACK", "ALLOWED", "MYCOPY"):
            text = f"{ours} {code.digits} {word}"
            assert set(his.texts(text).split("\n")) <= usual, text
    with covered.hotline.store.read() as session:
        assert len(session.execute(select(messages.c.seq)).all()) == before + 12
    assert [one.revoked_day for one in given(covered)] == [""]


def test_the_word_forced_out_of_her_changes_nothing_for_good_where_the_desk_doubts(covered, phone):
    code = agrees(phone)
    asks(covered)
    says_yes(phone)
    doubts(covered)
    # He reads the same answers as she would.
    assert phone.texts(f"ALLOWED {WORD}") == said(covered, "allowed_none")
    assert phone.texts(f"TAKEBACK {WORD}") == said(covered, "taken_back")
    phone.texts(f"ERASE {code.digits} {WORD}")
    assert given(covered)[0].revoked_day == ""
    covered.clock.passes(days=5)
    works(covered)
    with covered.hotline.store.read() as session:
        assert session.execute(select(reports.c.id)).first()
    assert "erasure_frozen" in kinds(covered)


def test_one_text_after_publication_recalls_the_lead_in_the_same_breath(covered, phone):
    agrees(phone)
    asks(covered)
    says_yes(phone)
    report_id, at, store = first_report(covered), covered.clock(), covered.hotline.store
    store.write(lambda session: agencies.admit(session, "National unit", ["RO"], at=at))
    store.write(
        lambda session: publish.publish(session, draft(), report_id=report_id, by="noor", at=at)
    )
    told = said(covered, "allowed_told")
    assert told in phone.texts(f"ALLOWED {WORD}")
    # The answer says plainly that what others have read stays with them.
    assert phone.texts(f"TAKEBACK {WORD}") == said(covered, "taken_back")
    with store.read() as session:
        (lead,) = session.execute(select(leads)).all()
        assert lead.recalled_day == f"{at:%Y-%m-%d}"
        case = consent.case_of(session, report_id)
        (agency,) = agencies.everyone(session)
        assert not case.may(publish.whom(agency), ["summary"], at=at)
    assert phone.texts(f"ALLOWED {WORD}") == said(covered, "allowed_none")
