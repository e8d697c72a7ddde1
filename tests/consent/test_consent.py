"""Consent is data: to whom, for what, which fields, until when; and it can be taken back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hotline import audit, consent
from hotline.consent import ConsentRefused, Purpose, Why
from hotline.errors import NotFound
from hotline.store import Store, new_id

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
NOOR, INES = "a" * 32, "b" * 32
REPORT = new_id()


def record(store: Store, **changes: Any) -> str:
    facts: dict[str, Any] = {
        "report_id": REPORT,
        "purpose": Purpose.LEAD,
        "recipient": consent.INVESTIGATORS,
        "fields": ["summary", "country"],
        "given_how": "sms",
        "words_locale": "ro",
        "words_version": "2",
        "at": NOW,
        "until": date(2026, 12, 25),
        "by": NOOR,
    }
    return store.write(lambda session: consent.record(session, **{**facts, **changes}))


def refused(store: Store, **changes: Any) -> Why:
    with pytest.raises(ConsentRefused) as error:
        record(store, **changes)
    with store.read() as session:
        assert consent.of_report(session, REPORT) == []
    return error.value.why


def standing(store: Store, at: datetime = NOW, **asked: Any) -> consent.Consent | None:
    with store.read() as session:
        return consent.standing(session, REPORT, asked.pop("purpose", Purpose.LEAD), at=at, **asked)


def test_it_keeps_what_was_agreed_to(store: Store) -> None:
    consent_id = record(store, excluded=["town-police"])
    found = standing(store)
    assert found is not None
    assert found.id == consent_id
    assert (found.words_locale, found.words_version, found.given_how) == ("ro", "2", "sms")
    assert (found.fields, found.excluded) == (("country", "summary"), ("town-police",))
    assert (found.day, found.expires_day) == ("2026-11-25", "2026-12-25")
    assert found.allows("summary")
    assert not found.allows("people")


def test_it_stands_through_its_last_day(store: Store) -> None:
    record(store)
    last = datetime(2026, 12, 25, 23, 59, tzinfo=UTC)
    assert standing(store, last)
    assert standing(store, last + timedelta(minutes=1)) is None
    assert standing(store, NOW - timedelta(days=1)) is None


def test_it_is_taken_back_at_once_and_only_once(store: Store) -> None:
    consent_id = record(store)
    assert store.write(lambda session: consent.revoke(session, consent_id, at=NOW))
    assert standing(store) is None
    assert not store.write(lambda session: consent.revoke(session, consent_id, at=NOW))
    assert not store.write(lambda session: consent.revoke(session, new_id(), at=NOW))
    with store.read() as session:
        assert consent.of_report(session, REPORT)[0].revoked_day == "2026-11-25"


def test_it_is_for_one_purpose(store: Store) -> None:
    record(store)
    assert standing(store, purpose=Purpose.HANDOFF) is None


def test_it_is_for_its_recipient(store: Store) -> None:
    record(store, recipient="national-unit")
    assert standing(store, recipient="national-unit")
    assert standing(store, recipient="town-police") is None


def test_a_group_covers_its_members_but_those_left_out(store: Store) -> None:
    record(store, excluded=["town-police"])
    assert standing(store, recipient="national-unit")
    assert standing(store, recipient="town-police") is None


def test_the_group_of_investigators_is_no_group_of_services(store: Store) -> None:
    record(store, purpose=Purpose.HANDOFF)
    assert standing(store, purpose=Purpose.HANDOFF, recipient="harbor-house") is None


def test_of_several_the_one_that_lasts_longest_is_found(store: Store) -> None:
    record(store)
    longer = record(store, until=date(2027, 1, 25))
    found = standing(store)
    assert found is not None
    assert found.id == longer


def test_another_report_has_its_own(store: Store) -> None:
    record(store, report_id=new_id())
    assert standing(store) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"recipient": ""}, Why.NO_RECIPIENT),
        ({"fields": []}, Why.NO_FIELDS),
        ({"words_version": ""}, Why.NO_WORDS),
        ({"words_locale": ""}, Why.NO_WORDS),
        ({"until": date(2026, 11, 24)}, Why.ENDS_BEFORE_IT_BEGINS),
        ({"until": date(2027, 11, 25)}, Why.TOO_LONG),
        ({"given_how": "call"}, Why.SPOKEN_WITHOUT_WITNESS),
        ({"given_how": "voice"}, Why.SPOKEN_WITHOUT_WITNESS),
        ({"given_how": "call", "witness": NOOR}, Why.WITNESS_IS_THE_WRITER),
        ({"given_how": "call", "witness": INES, "until": date(2027, 1, 25)}, Why.TOO_LONG),
        ({"given_how": "call", "emergency": True, "until": date(2026, 11, 29)}, Why.TOO_LONG),
    ],
)
def test_what_breaks_a_rule_is_not_written_down(
    store: Store, changes: dict[str, Any], why: Why
) -> None:
    assert refused(store, **changes) == why


def test_spoken_consent_stands_with_a_witness_or_to_save_a_life(store: Store) -> None:
    record(store, given_how="call", witness=INES)
    record(store, given_how="call", emergency=True, until=date(2026, 11, 28))
    record(store, given_how="web", by="", until=date(2027, 5, 25))
    assert standing(store)


def test_giving_and_taking_back_are_written_down(store: Store) -> None:
    consent_id = record(store)
    store.write(lambda session: consent.revoke(session, consent_id, at=NOW))
    with store.read() as session:
        lines = [(line.who, line.did, line.report_id, line.what) for line in audit.page(session)]
    assert lines == [
        ("reporter", "consent_revoked", REPORT, consent_id),
        (NOOR, "consent", REPORT, consent_id),
    ]


def test_erasing_a_report_erases_its_consents(store: Store) -> None:
    consent_id = record(store)
    store.write(lambda session: consent.forget(session, REPORT))
    with store.read() as session, pytest.raises(NotFound):
        consent.find(session, consent_id)
