"""The person is asked: one recipient at a time, not too often, and never while somebody may stand beside them."""

from datetime import date, timedelta

import pytest

from hotline import audit, consent
from hotline.consent import ConsentRefused, Purpose, Why, Words
from hotline.errors import NotFound
from hotline.store import new_id
from tests.consent.conftest import HARBOR, NOOR, POLICE, UNIT, Agreeing


def refused(maria: Agreeing, **changes: object) -> Why:
    with pytest.raises(ConsentRefused) as error:
        maria.asks(**changes)
    return error.value.why


def waiting(maria: Agreeing) -> list[str]:
    with maria.store.read() as session:
        return [one.id for one in consent.pending(session, maria.report_id, at=maria.at)]


def test_a_yes_is_a_grant_for_what_was_asked(maria: Agreeing) -> None:
    ask_id = maria.asks()
    assert waiting(maria) == [ask_id]
    assert maria.why() is Why.NO_CONSENT
    grant_id = maria.answers(ask_id)
    assert maria.why(UNIT, "summary", "country") is None
    assert maria.why(UNIT, "people") is Why.NOT_IN_CONSENT
    assert waiting(maria) == []
    with maria.store.read() as session:
        assert consent.find(session, grant_id).by == ""


def test_a_no_lets_nothing_out_and_is_kept(maria: Agreeing) -> None:
    ask_id = maria.asks()
    assert maria.answers(ask_id, yes=False) == ""
    assert maria.why() is Why.NO_CONSENT
    with maria.store.read() as session:
        assert consent.asking.find(session, ask_id).state == "no"
        assert next(line.did for line in audit.page(session)) == "consent_no"


def test_a_no_takes_back_what_was_said_yes_to_before(maria: Agreeing) -> None:
    maria.records(until=(maria.at + timedelta(days=90)).date())
    maria.records(recipient=UNIT.id)
    maria.at += timedelta(days=31)
    assert maria.why(POLICE) is Why.ASK_AGAIN
    maria.answers(maria.asks(), yes=False)
    assert maria.why(POLICE) is Why.TAKEN_BACK
    assert not maria.still(POLICE)
    assert not maria.still(UNIT)


def test_a_no_to_one_agency_keeps_it_from_them_though_their_group_may_know(maria: Agreeing) -> None:
    maria.records()
    maria.answers(maria.asks(recipient=POLICE.id), yes=False)
    assert maria.why(POLICE) is Why.NO_CONSENT
    assert not maria.still(POLICE)
    assert maria.why(UNIT) is None
    maria.at += timedelta(days=3)
    maria.answers(maria.asks(recipient=POLICE.id))
    assert maria.why(POLICE) is None


def test_taking_back_what_one_agency_may_know_keeps_it_from_them(maria: Agreeing) -> None:
    maria.records()
    maria.takes_back(maria.records(recipient=POLICE.id))
    assert maria.why(POLICE) is Why.TAKEN_BACK
    assert maria.why(UNIT) is None


def test_an_answer_counts_once(maria: Agreeing) -> None:
    ask_id = maria.asks()
    maria.answers(ask_id, yes=False)
    with pytest.raises(ConsentRefused) as error:
        maria.answers(ask_id)
    assert error.value.why is Why.NOT_ASKED
    assert maria.why() is Why.NO_CONSENT


def test_nobody_answers_for_another_report(maria: Agreeing) -> None:
    ask_id = maria.asks()
    with pytest.raises(NotFound):
        maria.answers(ask_id, report_id=new_id())
    with pytest.raises(NotFound):
        maria.answers(new_id())


def test_a_question_waits_for_two_weeks(maria: Agreeing) -> None:
    ask_id = maria.asks()
    maria.at += timedelta(days=15)
    assert waiting(maria) == []
    with pytest.raises(ConsentRefused):
        maria.answers(ask_id)


def test_a_question_that_was_taken_back_waits_no_more(maria: Agreeing) -> None:
    ask_id = maria.asks()
    terms = {"report_id": maria.report_id, "by": NOOR, "at": maria.at}
    for is_new in (True, False):
        assert is_new is maria.store.write(
            lambda session: consent.asking.take_question_back(session, ask_id, **terms)
        )
    assert waiting(maria) == []


def test_who_is_asked_about_help_may_still_be_a_bystander(maria: Agreeing) -> None:
    maria.becomes(bystander=True)
    ask_id = maria.asks(recipient=HARBOR.id, purpose=Purpose.HANDOFF, fields=["need"])
    assert maria.why() is None
    maria.answers(ask_id, yes=False)
    maria.asks(recipient=POLICE.id)
    assert maria.why() is Why.NO_CONSENT


def test_one_question_waits_at_a_time(maria: Agreeing) -> None:
    about_help = {"recipient": HARBOR.id, "purpose": Purpose.HANDOFF, "fields": ["need"]}
    waits = maria.asks()
    assert refused(maria) is Why.ASKED_ALREADY
    assert refused(maria, **about_help) is Why.ASKED_ALREADY
    maria.answers(waits, yes=False)
    maria.asks(**about_help)


def test_nobody_is_asked_about_many_in_a_month(maria: Agreeing) -> None:
    for number in range(6):
        maria.answers(maria.asks(recipient=f"agency-{number}"), yes=False)
    assert refused(maria, recipient="one more") is Why.ASKED_OFTEN
    maria.at += timedelta(days=30)
    maria.asks(recipient="one more")


def test_nobody_is_asked_again_and_again(maria: Agreeing) -> None:
    maria.answers(maria.asks(), yes=False)
    assert refused(maria) is Why.ASKED_OFTEN
    maria.at += timedelta(days=3)
    maria.answers(maria.asks(), yes=False)
    maria.at += timedelta(days=20)
    assert refused(maria) is Why.ASKED_OFTEN
    maria.at += timedelta(days=7)
    maria.asks()


def test_a_house_may_ask_less_often(maria: Agreeing) -> None:
    maria.answers(maria.asks(), yes=False)
    maria.at += timedelta(days=10)
    assert refused(maria, most=1) is Why.ASKED_OFTEN
    with maria.store.read() as session:
        again = consent.asking.again_from(
            session,
            maria.report_id,
            consent.Recipient(Purpose.LEAD, consent.INVESTIGATORS),
            at=maria.at,
            most=1,
        )
    assert again == "2026-12-25"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"recipient": ""}, Why.NO_RECIPIENT),
        ({"fields": []}, Why.NO_FIELDS),
        ({"fields": ["staff"]}, Why.NEVER_LEAVES),
        ({"until": (date(2028, 1, 1))}, Why.TOO_LONG),
    ],
)
def test_what_could_never_stand_is_not_asked(
    maria: Agreeing, changes: dict[str, object], why: Why
) -> None:
    assert refused(maria, **changes) is why


def test_nobody_is_asked_under_duress_and_no_yes_counts_then(maria: Agreeing) -> None:
    ask_id = maria.asks()
    maria.becomes(duress=True)
    assert refused(maria, recipient="town-police") is Why.DURESS
    for yes in (True, False):
        with pytest.raises(ConsentRefused) as error:
            maria.answers(ask_id, yes=yes)
        assert error.value.why is Why.DURESS
    maria.becomes(duress=False)
    assert waiting(maria) == [ask_id]


def test_nobody_is_asked_about_whom_they_excluded(maria: Agreeing) -> None:
    ask_id = maria.asks(recipient="town-police")
    maria.excludes("agency", "town-police")
    with pytest.raises(ConsentRefused) as error:
        maria.answers(ask_id)
    assert error.value.why is Why.EXCLUDED


def test_the_words_of_the_page_that_they_chose_count(maria: Agreeing) -> None:
    ask_id = maria.asks()
    maria.answers(ask_id, words=Words("ask_lead", "vi", "Chúng tôi có thể nói không?"))
    assert maria.why() is None
