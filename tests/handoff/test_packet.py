"""A packet is what was ticked, as far as consent goes, until a day that consent reaches."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.consent import HANDOFF, NEVER, ConsentRefused, Why
from hotline.consent.case import Case, Excluded, Interest
from hotline.consent.fields import EVERY_FIELD
from hotline.consent.grant import LONGEST, Grant
from hotline.errors import HotlineError, Malformed
from hotline.handoff.packet import Packet, PacketFault, compose, last_day, new_nonce, whom
from tests.consent.conftest import NOW
from tests.handoff.desk import BAYT, HARBOR, Referring

EVERYTHING: dict[str, Any] = {
    "need": "shelter",
    "language": "ti",
    "area": "North coast, about 34 km",
    "age_band": "18-25",
    "gender": "woman",
    "with_children": "2",
    "accessibility": ["step_free", "hearing"],
    "urgency": "immediate",
    "hours": "mon-fri 09:00-17:30, sat 10:00-12:00 Europe/Athens",
    "contact": ["through_us", "+15005550142"],
    "do_not": ["call", "visit", "Do not park in front of the house"],
    "name": "Mariam",
    "account": "He took the passport.\nTwo of us.",
}


def yes(**facts: Any) -> Grant:
    its: dict[str, Any] = {
        "id": "g" * 32,
        "report_id": "r" * 32,
        "purpose": "handoff",
        "recipient": HARBOR,
        "fields": (EVERY_FIELD,),
        "given_how": "sms",
        "words_name": "ask_handoff",
        "words_locale": "ro",
        "words_version": "1",
        "by": "",
        "witness": "",
        "emergency": False,
        "day": "2026-11-20",
        "expires_day": "2026-12-20",
        "ended_day": "",
        "back_asked_day": "",
        "revoked_day": "",
    }
    return Grant(**{**its, **facts})


AGREED = Case(is_there=True, grants=(yes(),))


def composed(case: Case = AGREED, values: Any = None, **terms: Any) -> Packet:
    its: dict[str, Any] = {"until": date(2026, 12, 1), "at": NOW, "nonce": "0" * 32, **terms}
    return compose(case, HARBOR, EVERYTHING if values is None else values, **its)


def test_every_field_has_a_value_that_a_packet_carries() -> None:
    packet = composed()
    assert set(packet.fields) == set(HANDOFF)
    assert dict(packet.values) == EVERYTHING
    assert Packet.from_bytes(packet.to_bytes()) == packet
    assert "Mariam" not in repr(packet)


def test_the_digest_tells_packets_apart_and_nothing_of_them() -> None:
    one, same, other = composed(), composed(), composed(nonce=new_nonce())
    assert one.digest == same.digest
    assert one.short == one.digest[:8]
    assert other.digest != one.digest
    assert composed(until=date(2026, 12, 2)).digest != one.digest
    shuffled = dict(reversed(EVERYTHING.items()))
    assert composed(values=shuffled).digest == one.digest
    assert json.loads(one.to_bytes())["nonce"] == "0" * 32
    for nonce in ("", "0" * 31, "Z" * 32):
        with pytest.raises(Malformed):
            composed(nonce=nonce)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("need", "a flat"),
        ("need", ""),
        ("need", None),
        ("need", ["shelter"]),
        ("language", "Tigrinya"),
        ("language", "x" * 99),
        ("age_band", "23"),
        ("gender", "Mariam"),
        ("with_children", 2),
        ("with_children", "Amal"),
        ("accessibility", "step_free"),
        ("accessibility", ["step_free", "at home"]),
        ("accessibility", []),
        ("accessibility", [{}]),
        ("urgency", "none"),
        ("hours", "when he is out"),
        ("hours", "09:00-25:00"),
        ("hours", "09:00-10:00, " * 20 + "09:00-10:00"),
        ("contact", ["+15005550142", "+15005550143"]),
        ("contact", ["x" * 121]),
        ("contact", "through_us"),
        ("contact", [7]),
        ("contact", [" "]),
        ("do_not", ["call", "x" * 201]),
        ("area", "x" * 121),
        ("area", "  "),
        ("area", {"lat": 1}),
        ("name", "x" * 121),
        ("name", "Mar\x00iam"),
        ("name", "Mar\ud800iam"),
        ("account", "x" * 2001),
        ("account", 7),
    ],
)
def test_a_value_of_another_form_is_refused_by_its_name(field: str, value: Any) -> None:
    with pytest.raises(PacketFault) as fault:
        composed(values={field: value})
    assert fault.value.field == field
    assert str(value) not in str(fault.value) or not str(value).strip("[]{} ")


def test_codes_stand_once_and_in_their_order_and_words_come_last() -> None:
    packet = composed(values={"do_not": ["Not on Sunday", "visit", "call", "visit"]})
    assert packet.values["do_not"] == ["call", "visit", "Not on Sunday"]
    packet = composed(values={"accessibility": ("hearing", "step_free", "hearing")})
    assert packet.values["accessibility"] == ["step_free", "hearing"]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (Case(), Why.NO_CONSENT),
        (Case(is_there=True), Why.NO_CONSENT),
        (replace(AGREED, grants=(yes(recipient=BAYT),)), Why.NO_CONSENT),
        (replace(AGREED, grants=(yes(purpose="lead"),)), Why.NO_CONSENT),
        (replace(AGREED, grants=(yes(revoked_day="2026-11-24"),)), Why.TAKEN_BACK),
        (replace(AGREED, grants=(yes(expires_day="2026-11-24"),)), Why.ENDED),
        (replace(AGREED, grants=(yes(fields=("need",)),)), Why.NOT_IN_CONSENT),
        (replace(AGREED, grants=(yes(day="2026-10-01"),)), Why.ASK_AGAIN),
        (replace(AGREED, is_doubted=True), Why.DURESS),
        (replace(AGREED, has_child=True), Why.CHILD),
        (replace(AGREED, excluded=(Excluded("organization", HARBOR, "", True),)), Why.EXCLUDED),
        (replace(AGREED, excluded=(Excluded("words", "", "", False),)), Why.UNREAD),
    ],
)
def test_what_may_not_be_told_is_in_no_packet(case: Case, why: Why) -> None:
    with pytest.raises(ConsentRefused) as refused:
        composed(case)
    assert refused.value.why == why


def test_what_no_yes_lets_out_is_in_no_packet() -> None:
    for field in NEVER:
        with pytest.raises(ConsentRefused) as refused:
            composed(values={field: "x"})
        assert refused.value.why == Why.NEVER_LEAVES
    with pytest.raises(PacketFault):
        composed(values={"passport": "x"})
    with pytest.raises(ConsentRefused) as refused:
        composed(values={})
    assert refused.value.why == Why.NO_FIELDS


def test_a_packet_ends_with_the_yes_that_it_rests_on() -> None:
    assert composed(until=date(2026, 12, 20)).until == date(2026, 12, 20)
    for until, why in (
        (date(2026, 12, 21), Why.TOO_LONG),
        (date(2026, 11, 24), Why.ENDS_BEFORE_IT_BEGINS),
    ):
        with pytest.raises(ConsentRefused) as refused:
            composed(until=until)
        assert refused.value.why == why


def test_what_two_decided_for_a_child_lasts_no_longer_than_any_yes() -> None:
    decided = Interest("handoff", HARBOR, ("need", "language"), True, "2026-11-20")
    case = Case(is_there=True, has_child=True, interests=(decided,))
    values = {"need": "shelter", "language": "ti"}
    last = last_day(case, HARBOR, ("need", "language"), at=NOW)
    assert last == date(2026, 11, 20) + LONGEST
    assert composed(case, values, until=last).until == last
    with pytest.raises(ConsentRefused):
        composed(case, values, until=last + timedelta(days=1))


def _days(first: int, last: int) -> st.SearchStrategy[str]:
    spans = st.integers(first, last)
    return spans.map(lambda n: (NOW + timedelta(days=n)).date().isoformat())


def _mostly(usual: Any, *other: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([usual] * 6 * len(other) + list(other))


def _numbered(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    return tuple(replace(one, id=f"{n:032x}") for n, one in enumerate(grants))


_many = st.sets(st.sampled_from(HANDOFF), min_size=6).map(sorted).map(tuple)
_any = st.sets(st.sampled_from([*HANDOFF, *sorted(NEVER), EVERY_FIELD])).map(sorted).map(tuple)
_fields = st.one_of(_many, _many, st.just((EVERY_FIELD,)), _any)
_ticked = st.sets(st.sampled_from(HANDOFF), min_size=1, max_size=3)
_ticked |= st.sets(st.sampled_from([*HANDOFF, *sorted(NEVER), "passport"]), min_size=1)
_grants = st.builds(
    yes,
    fields=_fields,
    recipient=_mostly(HARBOR, BAYT),
    purpose=_mostly("handoff", "lead"),
    day=_days(-33, 1),
    expires_day=_days(-2, 190),
    ended_day=_mostly("", "2026-11-24"),
    revoked_day=_mostly("", "2026-11-24"),
)
_good = st.builds(yes, fields=_fields, day=_days(-25, 0), expires_day=_days(5, 60))
_interests = st.builds(
    Interest,
    _mostly("handoff", "lead"),
    _mostly(HARBOR, BAYT),
    _fields,
    st.booleans(),
    _days(-33, 1),
)
_excluded = st.builds(
    Excluded,
    st.sampled_from(["organization", "everyone", "words", "country", "agency"]),
    st.sampled_from([HARBOR, BAYT, "RO", ""]),
    _mostly("", "erasure"),
    st.booleans(),
)
_nobody: st.SearchStrategy[list[Excluded]] = st.just([])
_some_grants = (
    st.tuples(_good) | st.tuples(_good, _grants) | st.lists(_grants, max_size=3).map(tuple)
).map(_numbered)
_cases = st.builds(
    Case,
    is_there=_mostly(True, False),
    is_doubted=_mostly(False, True),
    has_child=st.sampled_from([False, False, True]),
    is_bystanders=st.booleans(),
    was_asked=st.booleans(),
    grants=_some_grants,
    refused=st.sets(st.sampled_from([("handoff", HARBOR), ("lead", HARBOR)])).map(frozenset),
    excluded=st.one_of(_nobody, _nobody, st.lists(_excluded, max_size=1)).map(tuple),
    interests=st.lists(_interests, max_size=2).map(tuple),
)


def _allowed_by_hand(case: Case, field: str, until: date) -> bool:
    """Say it anew, from the rows alone: a yes of that organization stands, is fresh, lasts and names the field."""
    today = NOW.date().isoformat()
    month_ago = (NOW - timedelta(days=30)).date().isoformat()
    decided = any(
        one.recipient == HARBOR and field in one.fields and month_ago <= one.day <= today
        for one in case.interests
    )
    best = any(
        one.recipient == HARBOR
        and one.replaces_yes
        and field in one.fields
        and month_ago <= one.day <= today
        and until <= date.fromisoformat(one.day) + timedelta(days=183)
        for one in case.interests
    )
    said_yes = any(
        one.purpose == "handoff"
        and one.recipient == HARBOR
        and not one.revoked_day
        and not one.ended_day
        and month_ago <= one.day <= today
        and until.isoformat() <= one.expires_day
        and (field in one.fields or EVERY_FIELD in one.fields)
        for one in case.grants
    )
    shut = any(
        one.kind == "everyone"
        or (one.kind == "organization" and one.ref == HARBOR)
        or (one.kind == "words" and not one.is_read)
        for one in case.excluded
    )
    may = (said_yes and (decided or not case.has_child)) or (case.has_child and best)
    return case.is_there and not case.is_doubted and not shut and field not in NEVER and may


def test_no_packet_says_more_or_longer_than_consent() -> None:
    made = 0

    @settings(max_examples=250, deadline=None)
    @given(case=_cases, ticked=_ticked, ahead=st.integers(0, 40))
    def check(case: Case, ticked: set[str], ahead: int) -> None:
        nonlocal made
        values = {name: EVERYTHING.get(name, "x") for name in ticked}
        until = (NOW + timedelta(days=ahead)).date()
        try:
            packet = composed(case, values, until=until)
        except HotlineError:
            return
        made += 1
        # Exactly what was ticked, nothing beside it, and each of it allowed: by the room of consent, and by hand.
        assert set(packet.values) == ticked <= set(HANDOFF)
        assert set(json.loads(packet.to_bytes())["values"]) == ticked
        for field in ticked:
            assert case.may(whom(HARBOR), (field,), at=NOW)
            assert _allowed_by_hand(case, field, until)

    check()
    # The law is not kept by making none.
    assert made > 20


def test_the_yes_of_a_report_lets_all_of_it_out(maria: Referring) -> None:
    maria.says_yes(fields=HANDOFF)
    assert set(maria.composes(**EVERYTHING).values) == set(HANDOFF)
