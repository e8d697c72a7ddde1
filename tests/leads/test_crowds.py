"""What a lead tells of a person fits at least k sources, counted as those who want to find one would have us count."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from hotline.domain.outcome import Outcome
from hotline.leads import crowds, publish
from hotline.leads.crowds import SINCE, Step, cheapest, judge
from hotline.leads.disclose import LeadRefused, coarse
from hotline.leads.tables import lead_sources, leads
from hotline.leads.wording import Fact
from hotline.reports import reports
from hotline.store import new_id
from tests.leads.desk import Desk, draft

K = 5


@pytest.fixture
def noor(desk: Desk) -> Desk:
    desk.admits("National unit", "RO")
    return desk


def come(desk: Desk, count: int, **changes: object) -> list[str]:
    """Let so many reports come that somebody opened."""
    return [desk.report(bystander=True, **{"is_opened": True, **changes}) for _ in range(count)]


def size(desk: Desk, report_id: str, **changes: object) -> int:
    """Return how many sources a lead would fit."""
    with desk.store.read() as session:
        return judge(session, report_id, coarse(draft(**changes)), k=K, at=desk.at).k


def few(desk: Desk, report_id: str, **changes: object) -> tuple[str, int, int]:
    """Return field, size and need of a lead that tells too much."""
    with pytest.raises(LeadRefused) as refused:
        desk.publishes(report_id, **changes)
    (problem,) = refused.value.problems
    assert problem.fact is Fact.FEW
    return problem.field, problem.start, problem.end


def knows(desk: Desk, report_ids: Sequence[str], **told: object) -> None:
    """Let earlier leads have told so much of these, as if it had passed."""
    for report_id in report_ids:
        lead_id = desk.publishes(report_id)
        person = crowds.Person.of(coarse(draft(**told))).to_json()
        its = update(lead_sources).where(lead_sources.c.lead_id == lead_id).values(person=person)
        desk.store.write(lambda session, its=its: session.execute(its))
        its = update(leads).where(leads.c.id == lead_id).values(k=K)
        desk.store.write(lambda session, its=its: session.execute(its))


def test_nothing_told_of_a_person_leaves_with_any_crowd(noor):
    lead_id = noor.publishes(area="RO-CJ", town="Cluj", venue="A car wash")
    with noor.store.read() as session:
        assert session.execute(select(leads.c.k)).scalars().all() == [0]
        kept = session.execute(select(lead_sources.c.person)).scalar_one()
    assert kept == {"places": [["ro", "ro-cj", "cluj", "a car wash"]]}
    assert lead_id


def test_a_language_leaves_once_k_reports_have_it_and_the_lead_records_how_many(noor):
    report_id, *_ = come(noor, K - 1, language="hu")
    assert few(noor, report_id, person_language="hu") == ("person", K - 1, K)
    come(noor, 2, language="hu")
    come(noor, 9, language="uk")
    noor.publishes(report_id, person_language="hu-HU")
    with noor.store.read() as session:
        assert session.execute(select(leads.c.k)).scalars().all() == [K + 1]


def test_a_crowd_is_of_the_country_of_a_year_and_of_what_somebody_read(noor):
    report_id, *_ = come(noor, 1, language="hu")
    long_ago = f"{noor.at - SINCE - timedelta(days=1):%Y-%m-%d}"
    for changes in (
        {"country": "HU"},
        {"day": long_ago},
        {"is_opened": False},
        {"status": "quarantined"},
        {"outcome": Outcome.NOT_A_REPORT},
        {"outcome": Outcome.DUPLICATE},
        {"restricted": True},
        {"language": "uk"},
        {"alike": new_id()},
        {"joined_to": report_id},
    ):
        come(noor, K, **{"language": "hu", **changes})
    # Those that are almost the same count as one; the rest not at all.
    assert size(noor, report_id, person_language="hu") == 2


def test_a_child_hides_among_children_alone(noor):
    report_id, *_ = come(noor, 1, language="hu", minor=True)
    come(noor, K, language="hu")
    come(noor, K, minor=True)
    assert size(noor, report_id, person_language="hu") == K + 1
    assert size(noor, report_id, minor=True) == K + 1
    assert size(noor, report_id, minor=True, person_language="hu") == 1
    # An age says that somebody is a child, and more: nobody was told of yet with whom it could be shared.
    assert size(noor, report_id, age=12) == 1


def test_one_person_on_three_channels_is_counted_once(noor):
    report_id, *_ = come(noor, 1, language="hu", channel="sms")
    for channel in ("web", "voice"):
        come(noor, 1, language="hu", channel=channel)
    assert size(noor, report_id, person_language="hu") == 1
    come(noor, 3, language="hu", channel="web")
    assert size(noor, report_id, person_language="hu") == 4
    # Merged or not, the same.
    for channel in ("web", "whatsapp", "paper"):
        come(noor, 1, language="hu", channel=channel, joined_to=report_id)
    assert size(noor, report_id, person_language="hu") == 5


def test_what_few_keep_in_the_clear_counts_only_where_it_was_told(noor):
    first, *others = come(noor, K + 3)
    assert few(noor, first, gender="Feminine") == ("person", 1, K)
    assert few(noor, first, nationality="MD") == ("person", 1, K)
    assert few(noor, first, person_language="ro", area="RO-CJ") == ("person", 1, K)
    knows(noor, others[: K - 1], gender="Feminine", area="RO-CJ", town="Cluj")
    noor.publishes(first, gender="Feminine", area="RO-CJ")
    # Finer than the others told, or elsewhere, it would be the only one.
    assert few(noor, others[-1], gender="Feminine", area="RO-AB")[1] == 1
    assert few(noor, others[-1], gender="Feminine", age=30)[1] == 1
    assert few(noor, others[-1], gender="Feminine", area="RO-CJ", town="Turda")[1] == 1


def test_two_leads_of_one_source_tell_no_more_than_one(noor):
    come(noor, K, language="hu")
    report_id, *_ = come(noor, 1, language="hu")
    joined = come(noor, 1, language="uk", joined_to=report_id)
    noor.publishes(report_id, area="RO-CJ")
    # A venue or an area told before counts with what is told of the person now, also from a merged report,
    assert few(noor, report_id, person_language="hu") == ("person", 1, K)
    assert few(noor, joined[0], person_language="hu") == ("person", 1, K)


def test_a_place_is_no_finer_than_what_was_told_of_the_person_before(noor):
    come(noor, K, language="hu")
    report_id, *_ = come(noor, 1, language="hu")
    lead_id = noor.publishes(report_id, person_language="hu")
    noor.recalls(lead_id)
    # What was read stays known when it was taken back.
    assert few(noor, report_id, area="RO-CJ") == ("area", 1, K)
    assert few(noor, report_id, gender="Feminine") == ("person", 1, K)
    # What adds nothing leaves again, also when the crowd has gone.
    noor.at += timedelta(days=300)
    noor.publishes(report_id, person_language="hu")
    noor.publishes(report_id)


def test_two_languages_of_one_person_are_shared_by_nobody(noor):
    come(noor, K, language="hu")
    come(noor, K, language="uk")
    report_id, *_ = come(noor, 1, language="hu")
    noor.publishes(report_id, person_language="hu")
    assert few(noor, report_id, person_language="uk")[1] == 1


def test_words_that_name_a_language_are_counted_as_if_a_field_did(noor):
    report_id, *_ = come(noor, 1, language="hu")
    words = "The workers speak Hungarian and sleep in a container."
    assert few(noor, report_id, summary=words) == ("summary", 1, K)
    come(noor, K, language="hu")
    noor.publishes(report_id, summary=words)
    assert few(noor, report_id, person_language="uk", headline="Ukrainian")[0] == "person"


def test_an_erased_report_hides_nobody_and_its_leads_are_known_of_nobody(noor):
    first, *others = come(noor, K)
    knows(noor, others, gender="Feminine")
    assert size(noor, first, gender="Feminine") == K
    noor.store.write(lambda session: publish.forget(session, others[0]))
    assert size(noor, first, gender="Feminine") == K - 1


def test_the_size_of_a_crowd_shows_in_nothing_that_leaves(noor, app):
    dele = noor.admits("Town police", "RO")
    report_ids = come(noor, K, language="hu")

    def seen(report_id: str) -> list[str]:
        """Return what leaves of a lead, without the ids that are random."""
        there = {one["id"] for one in dele.reads(app)}
        noor.publishes(report_id, person_language="hu")
        new = [one for one in dele.reads(app) if one["id"] not in there and "modified" in one]
        feed = dele.asks(app, "/feeds/leads.json").get_json(force=True)["items"][0]
        ids = r"[0-9a-f]{8}[0-9a-f-]*|\b[0-9A-Z]{2,4}-[0-9A-Z]{2,4}\b"
        return [re.sub(ids, "", str(one)) for one in (*new, feed)]

    seen(report_ids[0])
    small = seen(report_ids[1])
    come(noor, 40, language="hu")
    assert seen(report_ids[2]) == small


def test_the_cheapest_way_that_passes_is_found_and_says_why(noor):
    first, *others = come(noor, K, language="hu")
    whole = draft(
        person_language="hu", nationality="MD", age=22, gender="Feminine", area="RO-CJ", town="Cluj"
    )  # fmt: skip

    def way(proposed=whole, k=K):
        with noor.store.read() as session:
            return cheapest(session, first, proposed, k=k, at=noor.at)

    # Where a place is told, all of the person goes: a place is missed more.
    found, steps = way()
    assert (found.area, found.town) == ("RO-CJ", "Cluj")
    assert coarse(found).nationality == coarse(found).age_band == found.gender == ""
    assert {step.field for step in steps} == {
        "nationality",
        "age_band",
        "gender",
        "person_language",
    }
    assert steps[0] == Step("nationality", "151", "", Fact.FEW, 1, K)
    # Without a place the language stays, because others have it.
    found, steps = way(draft(person_language="hu", gender="Feminine"))
    assert found == draft(person_language="hu")
    assert steps == (Step("gender", "Feminine", "", Fact.FEW, 1, K),)
    # Coarser is cheaper than nothing.
    knows(noor, others, nationality="UA", age=20, gender="Feminine")
    found, steps = way(draft(nationality="PL", age=28, gender="Feminine"))
    assert coarse(found).nationality == "151"
    assert coarse(found).age_band == "18-29"
    assert steps == (Step("age_band", "27-29", "18-29", Fact.FEW, 1, K),)
    # What passes is left as it is; what cannot pass too.
    assert way(draft()) == (draft(), ())
    spoken = draft(summary="They speak Ukrainian.")
    assert way(spoken) == (spoken, ())
    noor.publishes(
        first, nationality="PL", age=28, gender="Feminine", coarser=frozenset({"age_band"})
    )


def test_a_minor_place_and_month_are_no_persons(noor):
    report_id = noor.report(bystander=True)
    assert size(noor, report_id, seen=date(2026, 1, 1), people=1, sector="") == 0
    assert len(list(noor.reports)) == 1
    with noor.store.read() as session:
        assert session.execute(select(reports.c.id)).scalars().all() == [report_id]
