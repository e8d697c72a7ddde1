"""Consent is data: to whom, for what, which fields, until when; and it can be taken back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hotline import audit, consent
from hotline.consent import ConsentRefused, Purpose, Why, Words
from hotline.errors import NotFound
from hotline.store import new_id
from tests.consent.conftest import HARBOR, NOOR, OMAR, POLICE, SAID, UNIT, Agreeing


def refused(maria: Agreeing, **changes: Any) -> Why:
    with pytest.raises(ConsentRefused) as error:
        maria.records(**changes)
    with maria.store.read() as session:
        assert consent.of_report(session, maria.report_id) == []
    return error.value.why


def test_it_keeps_what_was_agreed_to(maria: Agreeing) -> None:
    grant_id = maria.records()
    with maria.store.read() as session:
        (found,) = consent.of_report(session, maria.report_id)
    assert found.id == grant_id
    assert (found.words_name, found.words_locale) == ("ask_lead", "ro")
    assert found.words_version == SAID.version
    assert (found.day, found.expires_day) == ("2026-11-25", "2026-12-25")
    assert maria.why(UNIT, "summary", "country") is None
    assert maria.why(UNIT, "summary", "people") is Why.NOT_IN_CONSENT


def test_other_words_are_another_version() -> None:
    assert SAID.version != Words("ask_lead", "ro", SAID.text + ".").version


def test_it_stands_through_its_last_day(maria: Agreeing) -> None:
    maria.records()
    maria.at = datetime(2026, 12, 25, 23, 59, tzinfo=UTC)
    assert maria.why() is None
    maria.at += timedelta(minutes=1)
    assert maria.why() is Why.ENDED


def test_a_clock_that_is_behind_lets_nothing_out(maria: Agreeing) -> None:
    maria.records()
    maria.at -= timedelta(days=1)
    assert maria.why() is Why.ENDED


def test_a_clock_that_is_set_back_revives_nothing(maria: Agreeing) -> None:
    maria.records()
    after = maria.at + timedelta(days=31)
    ended = maria.store.write(lambda session: consent.granting.end_lapsed(session, at=after))
    assert ended == [maria.report_id]
    assert maria.why() is Why.ENDED


def test_it_is_taken_back_at_once_and_only_once(maria: Agreeing) -> None:
    grant_id = maria.records()
    assert maria.takes_back(grant_id)
    assert maria.why() is Why.TAKEN_BACK
    assert not maria.takes_back(grant_id)
    assert not maria.takes_back(new_id())


def test_it_is_for_one_purpose(maria: Agreeing) -> None:
    maria.records()
    assert maria.why(HARBOR) is Why.NO_CONSENT


def test_it_is_for_its_recipient(maria: Agreeing) -> None:
    maria.records(recipient="national-unit")
    assert maria.why(UNIT) is None
    assert maria.why(POLICE) is Why.NO_CONSENT


def test_the_group_of_investigators_is_no_group_of_organizations(maria: Agreeing) -> None:
    maria.records(purpose=Purpose.HANDOFF)
    assert maria.why(HARBOR) is Why.NO_CONSENT


def test_there_is_one_for_each_recipient(maria: Agreeing) -> None:
    maria.records(fields=["summary", "people"])
    maria.records(fields=["summary"])
    assert maria.why(UNIT, "people") is Why.NOT_IN_CONSENT
    with maria.store.read() as session:
        stands = [one.stands(at=maria.at) for one in consent.of_report(session, maria.report_id)]
    assert sorted(stands) == [False, True]


def test_another_report_has_its_own(maria: Agreeing) -> None:
    maria.records()
    with maria.store.read() as session:
        assert not consent.may(session, new_id(), UNIT, "summary", at=maria.at)


def test_after_a_while_it_is_asked_again_before_it_is_used(maria: Agreeing) -> None:
    maria.records(until=date(2027, 3, 1))
    maria.at += timedelta(days=30)
    assert maria.why() is None
    maria.at += timedelta(days=1)
    assert maria.why() is Why.ASK_AGAIN
    assert maria.still()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"recipient": ""}, Why.NO_RECIPIENT),
        ({"fields": []}, Why.NO_FIELDS),
        ({"fields": ["summary", "immigration_status"]}, Why.NEVER_LEAVES),
        ({"words": Words("ask_lead", "ro", " ")}, Why.NO_WORDS),
        ({"words": Words("ask_lead", "", "May we?")}, Why.NO_WORDS),
        ({"by": NOOR, "words": Words("", "ro", "")}, Why.NO_WORDS),
        (
            {"by": NOOR, "given_how": "written", "words": Words("", "vi", "Yes")},
            Why.ANOTHER_LANGUAGE,
        ),
        ({"until": date(2026, 11, 24)}, Why.ENDS_BEFORE_IT_BEGINS),
        ({"until": date(2027, 11, 25)}, Why.TOO_LONG),
        ({"by": NOOR, "given_how": "call"}, Why.SPOKEN_WITHOUT_WITNESS),
        ({"by": NOOR, "given_how": "voice"}, Why.NOT_THEIRS),
        ({"by": NOOR, "given_how": "web"}, Why.NOT_THEIRS),
        ({"by": NOOR, "given_how": "sms"}, Why.NOT_THEIRS),
        ({"by": NOOR, "given_how": "call", "witness": NOOR}, Why.WITNESS_IS_THE_WRITER),
        ({"given_how": "call", "until": date(2027, 1, 25)}, Why.TOO_LONG),
        ({"given_how": "call", "emergency": True, "until": date(2026, 11, 29)}, Why.TOO_LONG),
    ],
)
def test_what_breaks_a_rule_is_not_written_down(
    maria: Agreeing, changes: dict[str, Any], why: Why
) -> None:
    assert refused(maria, **changes) == why


def test_nothing_is_written_down_of_a_report_that_is_not_there(maria: Agreeing) -> None:
    with pytest.raises(NotFound):
        maria.records(report_id=new_id())


@pytest.mark.parametrize(
    "changes",
    [
        {"by": NOOR, "given_how": "call", "witness": OMAR},
        {"by": NOOR, "given_how": "call", "emergency": True, "until": date(2026, 11, 28)},
        {"given_how": "web", "until": date(2027, 5, 25)},
        {"given_how": "voice"},
    ],
)
def test_spoken_consent_stands_with_a_witness_to_save_a_life_or_by_their_own_keys(
    maria: Agreeing, changes: dict[str, Any]
) -> None:
    maria.records(**changes)
    assert maria.why() is None


def test_giving_and_taking_back_are_written_down(maria: Agreeing) -> None:
    grant_id = maria.records(by=NOOR, given_how="written")
    maria.takes_back(grant_id)
    with maria.store.read() as session:
        lines = [(line.who, line.did, line.report_id, line.what) for line in audit.page(session)]
    assert lines == [
        ("reporter", "consent_revoked", maria.report_id, grant_id),
        (NOOR, "consent", maria.report_id, grant_id),
    ]


def test_erasing_a_report_erases_what_it_agreed_to_and_forbade(maria: Agreeing) -> None:
    grant_id, ask_id = maria.records(), maria.asks(recipient="town-police")
    maria.excludes("words", words="not my uncle's friend")
    maria.proposes()
    maria.store.write(lambda session: consent.forget(session, maria.report_id))
    with maria.store.read() as session:
        with pytest.raises(NotFound):
            consent.find(session, grant_id)
        with pytest.raises(NotFound):
            consent.asking.find(session, ask_id)
        assert consent.excluding.of_report(session, maria.report_id) == []
        assert consent.minors.of_report(session, maria.report_id) == []
