"""Whom it must not reach is never told, by no yes; what nobody has read yet stops everything new."""

import pytest

from hotline import consent
from hotline.consent import Purpose, Recipient, Why
from hotline.consent.excluding import INVOLVED, MOST
from hotline.errors import Malformed, NotFound
from hotline.store import new_id
from tests.consent.conftest import HARBOR, NOOR, POLICE, UNIT, Agreeing


def reads(maria: Agreeing, its_id: str, *means: tuple[str, str]) -> None:
    terms = {"report_id": maria.report_id, "means": means, "by": NOOR, "at": maria.at}
    maria.store.write(lambda session: consent.excluding.read_words(session, its_id, **terms))


def lifts(maria: Agreeing, its_id: str) -> bool:
    terms = {"report_id": maria.report_id, "by": NOOR, "at": maria.at}
    return maria.store.write(lambda session: consent.excluding.lift(session, its_id, **terms))


def test_who_is_excluded_is_told_nothing_and_the_others_are(maria: Agreeing) -> None:
    maria.records()
    maria.excludes("agency", "town-police")
    assert maria.why(POLICE) is Why.EXCLUDED
    assert not maria.still(POLICE)
    assert maria.why(UNIT) is None


def test_an_organization_is_no_agency(maria: Agreeing) -> None:
    maria.records(purpose=Purpose.HANDOFF, recipient=HARBOR.id, fields=["need"])
    maria.excludes("agency", HARBOR.id)
    assert maria.why(HARBOR, "need") is None
    maria.excludes("organization", HARBOR.id)
    assert maria.why(HARBOR, "need") is Why.EXCLUDED


def test_officials_of_a_country_are_all_of_its_agencies(maria: Agreeing) -> None:
    maria.records()
    maria.excludes("country", "RO", reason=INVOLVED, by=NOOR)
    assert maria.why(UNIT) is maria.why(POLICE) is Why.EXCLUDED
    assert maria.why(Recipient(Purpose.LEAD, "other-unit", frozenset({"MD"}))) is None


def test_an_agency_of_two_countries_is_one_of_each(maria: Agreeing) -> None:
    maria.records()
    maria.excludes("country", "HU")
    assert maria.why(POLICE) is Why.EXCLUDED
    assert maria.why(UNIT) is None


def test_a_bystander_excludes_too(maria: Agreeing) -> None:
    maria.becomes(bystander=True)
    assert maria.why(POLICE) is None
    maria.excludes("agency", "town-police")
    assert maria.why(POLICE) is Why.EXCLUDED


def test_what_was_said_in_words_stops_everything_new_until_somebody_read_it(
    maria: Agreeing,
) -> None:
    maria.records()
    its_id = maria.excludes("words", words="no one in my town")
    assert maria.why(UNIT) is maria.why(POLICE) is Why.UNREAD
    assert maria.still(UNIT)
    reads(maria, its_id, ("agency", "town-police"))
    assert maria.why(POLICE) is Why.EXCLUDED
    assert maria.why(UNIT) is None


def test_it_may_mean_nobody_whom_we_know_and_be_read_anew(maria: Agreeing) -> None:
    maria.records()
    its_id = maria.excludes("words", words="my aunt")
    reads(maria, its_id)
    assert maria.why(POLICE) is None
    reads(maria, its_id, ("agency", "town-police"))
    assert maria.why(POLICE) is Why.EXCLUDED
    reads(maria, its_id, ("agency", "national-unit"))
    assert maria.why(POLICE) is None
    assert maria.why(UNIT) is Why.EXCLUDED


def test_what_is_lifted_excludes_nobody_any_more_nor_does_what_was_read_from_it(
    maria: Agreeing,
) -> None:
    maria.records()
    its_id = maria.excludes("words", words="the police")
    reads(maria, its_id, ("agency", "town-police"))
    assert lifts(maria, its_id)
    assert maria.why(POLICE) is None
    assert not lifts(maria, its_id)
    assert not lifts(maria, new_id())


def test_the_same_is_excluded_once(maria: Agreeing) -> None:
    assert maria.excludes("agency", "town-police") == maria.excludes("agency", "town-police")


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "agency"},
        {"kind": "words"},
        {"kind": "words", "ref": "x", "words": "y"},
        {"kind": "agency", "ref": "x", "words": "y"},
        {"kind": "everyone", "ref": "x"},
    ],
)
def test_what_names_nobody_is_refused(maria: Agreeing, terms: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        maria.excludes(**terms)


def test_nobody_fills_the_house_with_names(maria: Agreeing) -> None:
    for number in range(MOST):
        maria.excludes("agency", f"agency-{number}")
    with pytest.raises(Malformed):
        maria.excludes("agency", "one-more")


def test_only_words_of_this_report_are_read(maria: Agreeing) -> None:
    with pytest.raises(NotFound):
        reads(maria, new_id())
    with pytest.raises(NotFound):
        reads(maria, maria.excludes("agency", "town-police"))


def test_nobody_at_all_is_nobody(maria: Agreeing) -> None:
    maria.records()
    maria.excludes("everyone")
    assert maria.why(UNIT) is Why.EXCLUDED
    assert not maria.still(UNIT)
