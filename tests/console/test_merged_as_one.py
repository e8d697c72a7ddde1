"""Reports that were merged are guarded as one: what shuts, hides or keeps one of them does so for all of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from hotline import consent, handoff
from hotline.consent import ExclusionKind
from hotline.domain.report import reference
from hotline.reports import reports
from hotline.retention import asking, endings
from hotline.retention.holds import holds_of, is_held
from hotline.triage.alerts import Kind
from hotline.triage.emergency import open_number_and_place
from hotline.triage.ending import ask_erasure
from hotline.triage.tables import alerts
from tests.cast import Member
from tests.city import give_city
from tests.console.looking import words as text_of
from tests.console.test_access import restricts
from tests.console.test_markup import faults_in
from tests.console.test_merging import counted, did, merge, queue, row, two, writes
from tests.console.test_referring import offers_in
from tests.house import ORIGIN, House

__all__ = ["two"]

Two = tuple[str, str, str, str]


@pytest.fixture
def merged(at_desk: Member, two: Two) -> tuple[str, str]:
    """Two reports of one person; the second was merged into the first."""
    merge(at_desk, two[0], two[3])
    return two[0], two[1]


@pytest.fixture
def third(house: House, at_desk: Member, merged: tuple[str, str]) -> str:
    """A third one, merged into the first, too."""
    code = writes(house, "And they keep my brother")
    (report,) = queue(at_desk) - {merged[0]}
    merge(at_desk, merged[0], code)
    return report


@pytest.fixture
def omar(house: House) -> Member:
    member = Member(house, "omar")
    member.signs_in()
    return member


def alarms(house: House) -> set[tuple[str, str]]:
    with house.hotline.store.read() as session:
        found = session.execute(select(alerts.c.kind, alerts.c.report_id))
        return {(row.kind, row.report_id) for row in found}


def asks_erasure(house: House, report: str) -> None:
    at = house.clock()
    house.hotline.store.write(lambda session: ask_erasure(session, report, at=at))


def test_a_doubt_freezes_the_erasure_of_what_was_merged_in(
    house: House, at_desk: Member, merged: tuple[str, str]
) -> None:
    first, second = merged
    doubt = f"/console/report/{first}/duress"
    at_desk.sends(doubt, duress="on", why="somebody else writes")
    assert row(house, second).duress
    assert "duress_set" in did(house, second)
    asks_erasure(house, second)
    assert (Kind.ERASURE_FROZEN, second) in alarms(house)
    house.clock.passes(days=4)
    house.hotline.sweeper.sweep(at=house.clock())
    assert row(house, second)
    at_desk.signs_in()
    # It is lifted for both, also from the page of the other; then the three days begin anew.
    at_desk.sends(f"/console/report/{second}/duress", duress="off", why="we talked")
    assert not row(house, first).duress
    assert not row(house, second).duress
    assert (Kind.DURESS_LIFTED, first) in alarms(house)
    house.hotline.sweeper.sweep(at=house.clock())
    assert row(house, second)
    house.clock.passes(days=4)
    house.hotline.sweeper.sweep(at=house.clock())
    assert row(house, second) is None
    assert row(house, first).status == "open"


def test_who_doubts_after_the_erasure_was_asked_has_the_supervisors_called(
    house: House, at_desk: Member, merged: tuple[str, str]
) -> None:
    first, second = merged
    asks_erasure(house, second)
    assert (Kind.ERASURE_FROZEN, second) not in alarms(house)
    at_desk.sends(f"/console/report/{first}/duress", duress="on", why="somebody else writes")
    assert (Kind.ERASURE_FROZEN, second) in alarms(house)
    with house.hotline.store.read() as session:
        asked = asking.asked(session, second, at=house.clock())
    assert asked
    assert asked.is_frozen


@pytest.mark.parametrize("which", [0, 1])
def test_who_may_not_see_one_sees_none_of_them(
    house: House, at_desk: Member, omar: Member, merged: tuple[str, str], which: int
) -> None:
    first, second = merged
    restricts(house, merged[which], "ines", "ines", "noor")
    for report in merged:
        for path in ("", "/timeline", "/lead"):
            page = omar.client.get(f"/console/report/{report}{path}", base_url=ORIGIN)
            assert page.status_code == 404
        tried = omar.client.post(
            f"/console/report/{report}/reopen", base_url=ORIGIN, data={"why": "x"}
        )
        assert tried.status_code == 404
        sought = {"reference": reference(report)}
        found = omar.client.post("/console/search/reference", base_url=ORIGIN, data=sought)
        never = omar.client.post(
            "/console/search/reference", base_url=ORIGIN, data={"reference": "ZZ-ZZZ"}
        )
        assert found.status_code == never.status_code
    for words in (f"{second}-1", f"{first}-1"):
        form = {"words": "wages", "found": words, "after": "", "stop": "1"}
        page = omar.client.post("/console/search", base_url=ORIGIN, data=form).text
        assert "took my" not in page
        assert reference(first) not in page
    assert row(house, second).joined_to == first
    # Who is named sees both, and lets everybody see both again.
    assert "took my" in at_desk.opens(f"/console/report/{first}")
    ines = Member(house, "ines")
    ines.signs_in()
    ines.sends(f"/console/report/{merged[1 - which]}/restrict/lift")
    for report in merged:
        assert omar.opens(f"/console/report/{report}")


def test_what_was_merged_in_is_taken_up_where_the_work_is(
    house: House, at_desk: Member, merged: tuple[str, str]
) -> None:
    first, second = merged
    path = f"/console/report/{second}/reopen"
    at_desk.sends(path, 404, why="she wrote")
    assert row(house, second).joined_to == first
    close = f"/console/report/{first}/close"
    at_desk.sends(close, outcome="safe_now", read=1, read_joined=1)
    at_desk.sends(path, why="she wrote")
    assert row(house, first).status == "open"
    assert row(house, second).joined_to == first
    assert row(house, second).status == "closed"
    assert queue(at_desk) == {first}
    assert counted(house) == 1
    assert "reopen" in did(house, first)


def holds_until(house: House, supervisor: Member, report: str) -> None:
    until = (house.clock() + timedelta(days=100)).date().isoformat()
    supervisor.sends(f"/console/report/{report}/hold", words="by order of a court", until=until)


def held(house: House, report: str) -> bool:
    with house.hotline.store.read() as session:
        return is_held(session, report, at=house.clock())


@pytest.mark.parametrize("which", [0, 1])
def test_a_hold_keeps_what_is_merged_together(
    house: House, supervisor: Member, merged: tuple[str, str], which: int
) -> None:
    first, second = merged
    holds_until(house, supervisor, merged[which])
    assert held(house, first)
    assert held(house, second)
    for report in merged:
        page = supervisor.opens(f"/console/report/{report}/legal")
        assert "by order of a court" in page
        asks_erasure(house, report)
    house.clock.passes(days=4)
    house.hotline.sweeper.sweep(at=house.clock())
    assert row(house, first)
    assert row(house, second)
    supervisor.signs_in()
    with house.hotline.store.read() as session:
        (hold,) = holds_of(session, merged[1 - which])
    other = f"/console/report/{merged[1 - which]}"
    supervisor.sends(f"{other}/hold/{hold.id}/lift", words="the court lifted it")
    assert not held(house, first)
    assert not held(house, second)
    house.hotline.sweeper.sweep(at=house.clock())
    assert row(house, first) is None
    assert row(house, second) is None


def test_what_is_held_with_another_is_listed_as_held(
    house: House, at_desk: Member, supervisor: Member, merged: tuple[str, str], third: str
) -> None:
    first, second = merged
    close = f"/console/report/{first}/close"
    at_desk.sends(close, outcome="safe_now", read=1, read_joined=2)
    family = (first, second, third)
    for report in family:
        holds_until(house, supervisor, report)
        with house.hotline.store.read() as session:
            for its in family:
                listed = endings.of_report(session, its, at=house.clock())
                assert listed
                assert all(one.is_held for one in listed)
            (hold,) = (one for one in holds_of(session, report) if one.holds(house.clock()))
        supervisor.sends(f"/console/report/{first}/hold/{hold.id}/lift", words="over")
    with house.hotline.store.read() as session:
        assert not any(one.is_held for one in endings.of_report(session, second, at=house.clock()))


def test_what_the_law_asks_about_one_is_not_erased_with_the_other(
    house: House, supervisor: Member, merged: tuple[str, str]
) -> None:
    first, second = merged
    legal = {"kind": "subpoena", "words": "a court asks", "deadline": "", "until": ""}
    supervisor.sends(f"/console/report/{first}/legal", **legal)
    supervisor.sends(f"/console/report/{second}/erase", 409, sure=reference(second))
    assert row(house, second)


def case_of(house: House, report: str) -> consent.Case:
    with house.hotline.store.read() as session:
        return consent.case_of(session, report)


def says(house: House, report: str, kind: ExclusionKind, **more: Any) -> None:
    its = {"report_id": report, "kind": kind, "at": house.clock(), **more}
    store, keyring = house.hotline.store, house.hotline.keyring
    store.write(lambda session: consent.exclude(session, keyring, **its))


def test_taken_apart_each_keeps_what_protects(
    house: House, at_desk: Member, supervisor: Member, omar: Member, merged: tuple[str, str]
) -> None:
    first, second = merged
    at_desk.sends(f"/console/report/{first}/duress", duress="on", why="somebody else writes")
    young = update(reports).where(reports.c.id == first).values(minor=True)
    house.hotline.store.write(lambda session: session.execute(young))
    at_desk.sends(f"/console/report/{first}/let-go")
    holds_until(house, supervisor, first)
    restricts(house, second, "ines", "ines", "noor")
    says(house, first, ExclusionKind.COUNTRY, ref="US")
    says(house, second, ExclusionKind.WORDS, words="no one in my town")
    at_desk.sends(f"/console/report/{first}/take-apart", other=second, why="her sister")
    for report in merged:
        its = case_of(house, report)
        assert its.is_doubted
        assert its.has_child
        # Words that nobody has read are sealed to their own report: in the other they stop everything.
        kinds = {one.kind for one in its.excluded}
        assert {"country"} < kinds
        assert kinds & {"words", "everyone"}
        assert held(house, report)
        assert omar.client.get(f"/console/report/{report}", base_url=ORIGIN).status_code == 404
        assert at_desk.opens(f"/console/report/{report}")
    assert row(house, second).joined_to is None
    # Each is then held, and lifted, by itself.
    with house.hotline.store.read() as session:
        (one,), (other,) = holds_of(session, first), holds_of(session, second)
    assert (one.until_day, one.placed_by) == (other.until_day, other.placed_by)
    supervisor.sends(f"/console/report/{first}/hold/{other.id}/lift", 404, words="over")
    supervisor.sends(f"/console/report/{first}/hold/{one.id}/lift", words="over")
    assert not held(house, first)
    assert held(house, second)


@pytest.mark.parametrize("which", [0, 1])
def test_what_an_erased_one_shut_stays_shut(
    house: House, merged: tuple[str, str], which: int
) -> None:
    gone, left = merged[which], merged[1 - which]
    says(house, gone, ExclusionKind.COUNTRY, ref="US")
    house.hotline.sweeper.eraser.erase(gone, by="reporter", at=house.clock())
    assert [(one.kind, one.ref) for one in case_of(house, left).excluded] == [("country", "US")]


def test_a_link_to_what_is_hidden_is_not_told(
    house: House, at_desk: Member, omar: Member, two: Two
) -> None:
    first, second, *_ = two
    its = {"other": reference(second), "reason": "same_place"}
    at_desk.sends(f"/console/report/{first}/link", **its)
    paths = [f"/console/report/{first}{end}" for end in ("", "/timeline")]
    for path in paths:
        assert "linked it to another report" in omar.opens(path)
    restricts(house, second, "ines", "ines", "noor")
    for path in paths:
        assert "linked it to another report" in at_desk.opens(path)
        assert "linked it to another report" not in omar.opens(path)


def test_a_life_in_danger_is_worked_on_where_the_work_is(
    house: House, at_desk: Member, merged: tuple[str, str]
) -> None:
    first, second = merged
    at_desk.sends(f"/console/report/{first}/close", outcome="safe_now", read=1, read_joined=1)
    me, hotline, at = at_desk.keyholder(), house.hotline, house.clock()
    its: dict[str, Any] = {"report_id": second, "at": at}
    open_number_and_place(hotline.store, me, hotline.keyring, words="", **its)
    assert row(house, first).claimed_by == me.staff_id
    assert row(house, second).joined_to == first


def test_what_was_offered_for_one_is_followed_where_the_work_on_both_is_done(
    house: House, at_desk: Member, two: Two
) -> None:
    give_city(house.hotline.store)
    root, other = two[0], two[1]
    page = at_desk.sends(f"/console/report/{other}/referral", expect=200, need="shelter").text
    form = {"offer": offers_in(page)[0], "need": "shelter"}
    at_desk.sends(f"/console/report/{other}/referral/offer", **form)
    merge(at_desk, root, two[3])
    with house.hotline.store.read() as session:
        (offer,) = handoff.offers(session, other)
    moved = at_desk.client.get(f"/console/report/{other}/referral", base_url=ORIGIN)
    assert moved.headers["Location"].endswith(f"/console/report/{root}/referral")
    path = f"/console/report/{root}/referral"
    page = at_desk.opens(path)
    assert f"Offered for report {reference(other)}" in text_of(page)
    assert f"{offer.id}/ask" not in page
    assert faults_in(page) == []
    at_desk.sends(f"{path}/{offer.id}/said", answer="yes")
    with house.hotline.store.read() as session:
        assert [one.status for one in handoff.offers(session, other)] == ["accepted"]
    page = at_desk.sends(f"{path}/{offer.id}/houses", expect=200).text
    assert f'id="houses-{offer.id}"' in page
    at_desk.sends(f"{path}/{offer.id}/outcome", outcome="no_space")
    assert "Next best:" in text_of(at_desk.opens(path))
    assert row(house, root).claimed_by
    # Nobody works on the one that was merged.
    at_desk.sends(f"/console/report/{other}/referral/{offer.id}/back", expect=404)
