"""A lead waits before it leaves, and who let it out sees who read it, takes it back, and answers what was asked."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.domain.report import reference
from hotline.leads import agencies, fetching, notices, outcomes, questions, rescoping, waiting
from hotline.leads.agency import Agency
from hotline.leads.tables import lead_releases, stix_objects
from tests.cast import MARIA, Member, Texter
from tests.console.agreeing import GROWN, agrees
from tests.console.test_around import other_than
from tests.console.test_leading import LEAD, left
from tests.console.test_markup import faults_in
from tests.console.test_sharing import keeps
from tests.house import ORIGIN, House, found_house


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[House]:
    """A house in which each lead waits."""
    house = found_house(tmp_path, adjust=lambda config: replace(config, lead_wait=(6, 30)))
    yield house
    house.close()


@pytest.fixture
def report(maria: Texter, at_desk: Member) -> str:
    maria.texts(GROWN)
    its = at_desk.first_report()
    agrees(at_desk, its)
    at_desk.reviews(its)
    return its


@pytest.fixture
def lead(house: House, at_desk: Member, report: str, agency: str) -> str:
    """A lead of that report, which left."""
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **LEAD)
    return str(left(house)[0].id)


def unit(house: House) -> Agency:
    with house.hotline.store.read() as session:
        return agencies.everyone(session)[0]


def test_a_lead_waits_and_can_be_called_back_until_it_leaves(patient: House) -> None:
    at, store = patient.clock(), patient.hotline.store
    store.write(lambda session: agencies.admit(session, "National unit", ["US"], at=at))
    Texter(patient, MARIA).texts(GROWN)
    noor = Member(patient, "noor")
    noor.signs_in()
    report = noor.first_report()
    agrees(noor, report)
    noor.reviews(report)
    path = f"/console/report/{report}/lead"
    shown = noor.sends(path, expect=200, **LEAD).text
    assert "6 to 30 hours from now" in shown
    assert "At once: a life is in danger" in shown
    where = noor.sends(f"{path}/publish", to=unit(patient).id, when="later", **LEAD)
    page = noor.opens(where.headers["Location"])
    assert "It waits, and leaves 6 to 30 hours after you let it out" in page
    assert "1 lead waits to leave" in page
    assert faults_in(page) == []
    assert left(patient) == []
    # When it leaves is said nowhere.
    with store.read() as session:
        (one,) = waiting.of_report(session, report)
    its = page.partition('id="waits"')[2].partition("</section>")[0]
    assert not re.search(r"\d\d:\d\d", its)
    back = f"{path}/waiting/{one.id}/back"
    assert back in its
    noor.sends(back)
    noor.sends(back, expect=404)
    assert "Waits to leave" not in noor.opens(path)
    # Where a life is in danger it leaves now.
    noor.sends(f"{path}/publish", to=unit(patient).id, when="at_once", **LEAD)
    assert len(left(patient)) == 1


def test_who_let_it_out_sees_who_read_it_what_came_of_it_and_who_followed_the_recall(
    house: House, at_desk: Member, report: str, lead: str
) -> None:
    path, store, its = f"/console/report/{report}/lead/{lead}", house.hotline.store, unit(house)
    page = at_desk.opens(path)
    assert LEAD["summary"] in page
    assert "Nobody so far." in page
    assert "nothing is told of a person" in page
    assert faults_in(page) == []
    with store.read() as session:
        added = session.execute(select(lead_releases.c.added)).scalar_one()
    fetching.note(store, its, "misp", added, added, at=house.clock())
    store.write(
        lambda session: outcomes.say(
            session, its.id, lead, "used", may_tell=True, by=its.id, at=house.clock()
        )
    )
    page = at_desk.opens(path)
    read = page.partition('id="read"')[2].partition("</section>")[0]
    assert "National unit" in read
    assert "MISP" in read
    assert f"{house.clock():%H:%M}" in read
    assert "It was of use" in page
    assert "the person may hear that something came of it" in page
    for page in (at_desk.opens(path), at_desk.opens(path.rpartition("/")[0])):
        # The first press only unfolds what it does.
        before, _, after = page.partition(f'action="{path}/recall"')
        assert before.rpartition("<details")[2].count("<summary>Recall") == 1
        assert "Yes, recall it" in after.partition("</details>")[0]
    at_desk.sends(f"{path}/recall")
    page = at_desk.opens(path)
    assert "It was recalled, and is empty everywhere" in page
    assert LEAD["summary"] not in page
    assert "said nothing yet" in page
    store.write(
        lambda session: notices.acknowledge(session, its.id, lead, by=its.id, at=house.clock())
    )
    assert "took it out" in at_desk.opens(path)
    newer = f"/console/report/{report}/lead?newer={lead}"
    assert at_desk.client.get(newer, base_url=ORIGIN).status_code == 404


def test_an_agency_that_may_read_it_no_more_is_named_with_its_last_day(
    house: House, at_desk: Member, report: str, agency: str, lead: str
) -> None:
    path, store, at = f"/console/report/{report}/lead/{lead}", house.hotline.store, house.clock()
    its = unit(house)

    def told() -> str:
        release = at_desk.opens(path).partition('id="release"')[2].partition("</dl>")[0]
        return " ".join(re.sub("<[^>]+>", " ", release).split())

    assert "until" not in told()
    store.write(lambda session: rescoping.rescope(session, its.id, ["RO"], at=at, by="key"))
    last = rf"until \w+ {at.day}|until {at.day} \w+"
    assert re.search(rf"To National unit ({last})", told())
    store.write(lambda session: agencies.dismiss(session, its.id, at=at, by="key"))
    assert re.search(rf"To An agency that was let go ({last})", told())


def test_a_newer_version_takes_the_place_of_the_one_that_left(
    house: House, at_desk: Member, report: str, agency: str, lead: str
) -> None:
    path = f"/console/report/{report}/lead"
    assert f"{path}?newer={lead}" in at_desk.opens(f"{path}/{lead}")
    page = at_desk.opens(f"{path}?newer={lead}")
    assert LEAD["summary"] in page
    assert re.search(r'value="could_know 5\+"[^>]*aria-pressed="true"', page)
    assert f'<input type="hidden" name="replaces" value="{lead}">' in page
    newer = {**LEAD, "summary": "Several workers are kept in a house.", "replaces": lead}
    assert "Publish the newer version" in at_desk.sends(path, expect=200, **newer).text
    at_desk.sends(f"{path}/publish", to=agency, **newer)
    (one,) = left(house)
    assert (one.id, one.told["summary"]) == (lead, "Several workers are kept in a house.")
    # Of a lead of another report there is no newer version.
    at_desk.sends(f"{path}/publish", expect=404, to=agency, **{**newer, "replaces": "0" * 32})


def test_what_an_agency_asks_is_answered_or_not_and_they_cannot_tell_why_not(
    house: House, at_desk: Member, report: str, agency: str, lead: str
) -> None:
    store, its, path = house.hotline.store, unit(house), f"/console/report/{report}"
    for code in ("still_there", "minor_still", "can_talk"):
        store.write(
            lambda session, code=code: questions.ask(
                session, its, lead, code, by=its.id, at=house.clock()
            )
        )
    with store.read() as session:
        asked = {one.question: one.id for one in questions.of_report(session, report)}
    assert "3 questions wait" in at_desk.opens(path)
    page = at_desk.opens(f"{path}/lead")
    assert "Does it still go on there?" in page
    assert faults_in(page) == []
    at_desk.sends(f"{path}/question/{asked['still_there']}", answer="yes")
    at_desk.sends(f"{path}/question/{asked['can_talk']}", answer="")
    at_desk.sends(f"{path}/question/{asked['minor_still']}", expect=400, answer="of course")
    # What is answered is answered once.
    at_desk.sends(f"{path}/question/{asked['still_there']}", expect=404, answer="no")
    at_desk.sends(f"{path}/question/{'0' * 32}", expect=404, answer="no")
    house.clock.passes(days=2)
    at_desk.signs_in()
    page = at_desk.opens(f"{path}/lead")
    assert "no answer; they see nothing of it" in page
    assert "1 question waits" in at_desk.opens(path)
    with store.read() as session:
        seen = questions.of_agency(session, its.id, lead, at=house.clock())
    assert {one.question: one.answer for one in seen} == {
        "still_there": "yes",
        "can_talk": "",
        "minor_still": "",
    }


def test_an_answer_that_tells_too_much_of_a_person_is_not_given(
    house: House, at_desk: Member, report: str, agency: str, lead: str
) -> None:
    store, its, path = house.hotline.store, unit(house), f"/console/report/{report}"
    asked = store.write(
        lambda session: questions.ask(
            session, its, lead, "minor_still", by=its.id, at=house.clock()
        )
    )
    where = at_desk.sends(f"{path}/question/{asked}", answer="yes").headers["Location"]
    assert "too few people could be meant" in at_desk.opens(where)
    at_desk.sends(f"{path}/question/{asked}", answer="unknown")


def test_a_second_newer_version_waits_for_the_first(patient: House) -> None:
    at, store = patient.clock(), patient.hotline.store
    store.write(lambda session: agencies.admit(session, "National unit", ["US"], at=at))
    Texter(patient, MARIA).texts(GROWN)
    noor = Member(patient, "noor")
    noor.signs_in()
    report = noor.first_report()
    agrees(noor, report)
    noor.reviews(report)
    path = f"/console/report/{report}/lead"
    few = {**LEAD, "could_know": "1", "warned": "1"}
    shown = noor.sends(path, expect=200, **few).text
    (form_id,) = re.findall(r'name="form_id" value="([0-9a-f]{32})"', shown)
    # Pressed twice, it leaves once.
    its = {**few, "to": unit(patient).id, "when": "at_once", "form_id": form_id}
    noor.sends(f"{path}/publish", **its)
    noor.sends(f"{path}/publish", **its)
    (one,) = left(patient)
    page = noor.opens(f"{path}/{one.id}")
    assert "the person knows that they may be guessed, and agreed" in page
    assert faults_in(page) == []

    its |= {"replaces": one.id, "form_id": ""}
    noor.sends(f"{path}/publish", **{**its, "when": "later"})
    assert "they may be guessed" in noor.opens(path).partition('id="waits"')[2]
    stale = noor.sends(f"{path}/publish", expect=409, **its).text
    assert "A newer version of this lead waits to leave already." in stale


def test_an_answer_that_the_person_did_not_agree_to_is_not_given(
    house: House, at_desk: Member, maria: Texter, agency: str
) -> None:
    maria.texts(GROWN)
    report, store, its = at_desk.first_report(), house.hotline.store, unit(house)
    told = ("country", "month", "exploitation", "indicators", "summary")
    agrees(at_desk, report, fields=[f"lead {name}" for name in told])
    at_desk.reviews(report)
    path = f"/console/report/{report}"
    at_desk.sends(f"{path}/lead/publish", to=agency, **LEAD)
    lead = left(house)[0].id
    asked = store.write(
        lambda session: questions.ask(session, its, lead, "vehicle", by=its.id, at=house.clock())
    )
    where = at_desk.sends(f"{path}/question/{asked}", answer="newer_version").headers["Location"]
    assert "The person did not agree that this is told." in at_desk.opens(where)
    with store.read() as session:
        assert [one.state for one in questions.of_report(session, report)] == ["open"]


def test_beside_the_account_stands_every_fact_that_left(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    scene = {"day": "9", "as": "time week", "plates": "NC 40 ZZA", "town": "Port Ansel"}
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **LEAD, **scene)
    page = at_desk.opens(f"/console/report/{report}").partition('id="investigator-sees"')[2]
    told = {
        name: page.partition(f'data-fact="{name}">')[2].partition("</dd>")[0]
        for name in ("day", "selectors", "town", "nationality")
    }
    assert "2026-W07" in told["day"]
    assert "NC 40 ZZA" in told["selectors"]
    assert "Port Ansel" in told["town"]
    assert "not said yet" in told["nationality"]


PLATE = {"plates": "CT77ZZQ"}


@pytest.fixture
def two(house: House, at_desk: Member, amina: Texter, report: str, agency: str) -> list[str]:
    """The pages of two leads that tell one plate, each of a report that has it written down."""
    amina.texts(GROWN)
    pages = []
    for its in (report, other_than(at_desk, report)):
        if its != report:
            agrees(at_desk, its)
            at_desk.reviews(its)
        keeps(at_desk, its, "CT 77 ZZQ")
        at_desk.sends(f"/console/report/{its}/lead/publish", to=agency, **LEAD, **PLATE)
        lead_id = next(row.id for row in left(house) if row.id not in str(pages))
        pages.append(f"/console/report/{its}/lead/{lead_id}")
    return pages


def told_groups(house: House) -> int:
    """Count the groups of leads of which agencies are told now."""
    with house.hotline.store.read() as session:
        bodies = map(json.loads, session.execute(select(stix_objects.c.body)).scalars())
        return sum(one["type"] == "grouping" and not one.get("revoked") for one in bodies)


def test_two_leads_about_one_car_are_said_to_share_something_and_that_is_taken_back(
    house: House, at_desk: Member, supervisor: Member, two: list[str]
) -> None:
    first, second = two
    other = second.rpartition("/")[2]
    report_page = at_desk.opens(first.partition("/lead/")[0])
    assert "1 lead<" in report_page.partition('id="shared"')[2].partition("</section>")[0]
    page = at_desk.opens(first)
    assert "Leads of reports that have the same written down" in page
    assert f'value="{other}"' in page
    assert faults_in(page) == []
    at_desk.sends(f"{first}/link", other=other)
    assert told_groups(house) == 1
    for path, shown in ((first, other), (second, first.rpartition("/")[2])):
        page = at_desk.opens(path)
        shares = page.partition('id="shares"')[2].partition("</section>")[0]
        assert reference(shown) in shares
        # Said once, it is not offered again.
        assert 'name="other"' not in shares
        assert faults_in(page) == []
    (entity,) = re.findall(r'name="entity" value="(\w+)"', at_desk.opens(second))
    at_desk.sends(f"{second}/unlink", entity="f" * 32, expect=404)
    at_desk.sends(f"{second}/unlink", entity=entity)
    assert told_groups(house) == 0
    assert 'name="other"' in at_desk.opens(first)
    log = supervisor.opens("/console/audit")
    assert "told agencies that leads share something" in log
    assert "took back that leads share something" in log


def test_nothing_is_said_of_a_lead_whose_report_has_nothing_in_common_or_is_not_seen(
    house: House, at_desk: Member, two: list[str]
) -> None:
    first, second = two
    at_desk.sends(f"{first}/link", other="f" * 32, expect=404)
    at_desk.sends(f"{first}/link", expect=400)
    report = second.split("/")[3]
    page = at_desk.opens(f"/console/report/{report}")
    (drop,) = re.findall(r'action="([^"]+/drop)"', page)
    at_desk.sends(drop)
    at_desk.sends(f"{first}/link", other=second.rpartition("/")[2], expect=404)
    assert 'id="shares"' not in at_desk.opens(first)
    assert told_groups(house) == 0
