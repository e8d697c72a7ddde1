"""While staff doubt that it is the person who acts, nothing new leaves, no yes counts, and nothing is undone."""

from datetime import timedelta

import pytest

from hotline import consent
from hotline.consent import ConsentRefused, Why
from tests.consent.conftest import NOOR, OMAR, UNIT, Agreeing


def test_under_duress_nothing_new_leaves_and_what_has_left_stands(maria: Agreeing) -> None:
    maria.records()
    maria.becomes(duress=True)
    assert maria.why() is Why.DURESS
    assert maria.still()
    with pytest.raises(ConsentRefused) as error:
        maria.records()
    assert error.value.why is Why.DURESS


def test_what_is_taken_back_then_waits_until_the_doubt_is_gone(maria: Agreeing) -> None:
    grant_id = maria.records()
    maria.becomes(duress=True)
    assert maria.takes_back(grant_id)
    assert not maria.takes_back(grant_id)
    assert maria.still()
    maria.becomes(duress=False)
    assert maria.store.write(
        lambda session: consent.granting.thaw(session, maria.report_id, at=maria.at)
    )
    assert maria.why() is Why.TAKEN_BACK


def test_what_staff_hear_is_taken_back_at_once(maria: Agreeing) -> None:
    grant_id = maria.records()
    maria.becomes(duress=True)
    assert maria.takes_back(grant_id, by=NOOR)
    assert not maria.still()


def test_for_a_child_nothing_leaves_before_two_have_decided(maria: Agreeing) -> None:
    maria.records()
    maria.becomes(minor=True)
    assert maria.why() is Why.CHILD
    its_id = maria.proposes()
    assert maria.why() is Why.CHILD
    with pytest.raises(consent.minors.SamePerson):
        maria.agrees(its_id, by=NOOR)
    with pytest.raises(consent.minors.ReasonsMissing):
        maria.agrees(its_id, reasons=" ")
    maria.agrees(its_id, by=OMAR)
    assert maria.why(UNIT, "summary", "country") is None
    assert maria.why(UNIT, "people") is Why.CHILD


def test_a_child_who_may_say_yes_alone_still_has_to_say_it(maria: Agreeing) -> None:
    maria.becomes(minor=True)
    maria.agrees(maria.proposes(replaces_yes=False))
    assert maria.why() is Why.NO_CONSENT
    maria.answers(maria.asks())
    assert maria.why() is None


def test_a_childs_no_ends_what_was_decided(maria: Agreeing) -> None:
    maria.becomes(minor=True)
    maria.agrees(maria.proposes(replaces_yes=True))
    ask_id = maria.asks()
    assert maria.why() is None
    maria.answers(ask_id, yes=False)
    assert maria.why() is Why.CHILD


def test_a_child_takes_back_what_two_decided(maria: Agreeing) -> None:
    maria.becomes(minor=True)
    maria.agrees(maria.proposes())
    assert maria.still()
    maria.store.write(lambda session: consent.minors.end_all(session, maria.report_id, at=maria.at))
    assert maria.why() is Why.CHILD
    assert not maria.still()


def test_a_new_decision_takes_the_place_of_the_older(maria: Agreeing) -> None:
    maria.becomes(minor=True)
    maria.agrees(maria.proposes(fields=["summary", "people"]))
    maria.agrees(maria.proposes(fields=["summary"]))
    assert maria.why(UNIT, "people") is Why.CHILD
    assert maria.why(UNIT, "summary") is None


def test_what_was_decided_is_decided_anew_after_a_while_and_ends_like_any_yes(
    maria: Agreeing,
) -> None:
    maria.becomes(minor=True)
    maria.agrees(maria.proposes())
    maria.at += timedelta(days=31)
    assert maria.why() is Why.CHILD
    assert maria.still()
    maria.at += timedelta(days=160)
    assert maria.store.write(lambda session: consent.granting.end_lapsed(session, at=maria.at)) == [
        maria.report_id
    ]
    assert not maria.still()


def test_nobody_asks_a_child_before_two_have_decided(maria: Agreeing) -> None:
    maria.becomes(minor=True)
    with pytest.raises(ConsentRefused) as error:
        maria.asks()
    assert error.value.why is Why.CHILD


def test_where_erasure_is_asked_for_nothing_leaves(maria: Agreeing) -> None:
    maria.records()
    maria.store.write(lambda session: consent.excluding.stop(session, maria.report_id, at=maria.at))
    assert maria.why() is Why.STOPPED
    assert not maria.still()
    maria.store.write(
        lambda session: consent.excluding.go_on(session, maria.report_id, at=maria.at)
    )
    assert maria.why() is None


@pytest.mark.parametrize("field", sorted(consent.NEVER))
def test_some_facts_leave_by_no_yes(maria: Agreeing, field: str) -> None:
    maria.records(fields=[consent.EVERY_FIELD])
    assert maria.why(UNIT, field) is Why.NEVER_LEAVES
