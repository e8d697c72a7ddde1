"""What a lead tells of a person fits at least k sources, counted as those who want to find one would have us count."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from hotline.domain.outcome import Outcome
from hotline.domain.report import Direction
from hotline.leads import publish, unions
from hotline.leads.crowds import Step, cheapest, judge
from hotline.leads.disclose import LeadRefused, Precision, coarse
from hotline.leads.gating import Person
from hotline.leads.sending import salt_of
from hotline.leads.sources import SINCE
from hotline.leads.tables import lead_sources, lead_unions, leads
from hotline.leads.wording import Fact
from hotline.reports import messages, reports
from hotline.reports.hiding import SETTLED
from hotline.reports.tables import span_reviews
from hotline.store import new_id
from hotline.triage import merging
from hotline.triage.forgetting import forget_everything
from tests.consent.keys import keyring
from tests.leads.desk import NOOR, NOW, Desk, draft

K = 5
MONTH = date(2026, 11, 1)
"""Of the month that drafts tell."""


@pytest.fixture
def noor(desk: Desk) -> Desk:
    desk.admits("National unit", "RO")
    desk.at = NOW + timedelta(days=60)
    return desk


def come(desk: Desk, count: int, **changes: object) -> list[str]:
    """Let so many reports come, each on a day of its own, that somebody opened and reviewed."""
    is_reviewed = changes.pop("is_reviewed", True)
    found = []
    for _ in range(count):
        its = MONTH + timedelta(days=len(desk.reports) % 55)
        found.append(desk.report(bystander=True, **{"is_opened": True, "day": str(its), **changes}))
        was_told(desk, found[-1], is_reviewed=bool(is_reviewed))
    return found


def was_told(desk: Desk, report_id: str, *, is_reviewed: bool) -> None:
    """Let a report have a message, which somebody reviewed or not."""
    its = {"report_id": report_id, "seq": 1, "day": str(MONTH)}
    told = {**its, "direction": Direction.FROM_REPORTER, "channel": "sms"}
    desk.store.write(lambda session: session.execute(insert(messages), told))
    if is_reviewed:
        desk.store.write(lambda session: session.execute(insert(span_reviews), {**its, "by": NOOR}))


def size(desk: Desk, report_id: str, **changes: object) -> int:
    """Return how many sources a lead would fit."""
    with desk.store.read() as session:
        return judge(session, report_id, coarse(draft(**changes)), k=K, at=desk.at).k


def few(desk: Desk, report_id: str, **changes: object) -> tuple[str, int, int]:
    """Return field, size and need of a lead that tells too much."""
    with pytest.raises(LeadRefused) as refused:
        desk.publishes(report_id, **changes)
    assert refused.value.facts == {Fact.FEW}
    problem = refused.value.problems[0]
    return problem.field, problem.start, problem.end


def knows(desk: Desk, report_ids: Sequence[str], **told: object) -> None:
    """Let earlier leads have told so much of these, as if it had passed."""
    for report_id in report_ids:
        lead_id = desk.publishes(report_id)
        with desk.store.read() as session:
            person = Person.of(coarse(draft(**told)), salt=salt_of(session)).to_json()
        its = update(lead_sources).where(lead_sources.c.lead_id == lead_id).values(person=person)
        desk.store.write(lambda session, its=its: session.execute(its))
        its = update(leads).where(leads.c.id == lead_id).values(k=K)
        desk.store.write(lambda session, its=its: session.execute(its))


def test_nothing_told_of_a_person_leaves_with_any_crowd(noor):
    lead_id = noor.publishes(area="RO-CJ", town="Cluj", venue="A car wash")
    with noor.store.read() as session:
        assert session.execute(select(leads.c.k)).scalars().all() == [0]
        kept = session.execute(select(lead_sources.c.person)).scalar_one()
        salt = salt_of(session)
    told = coarse(draft(area="RO-CJ", town=" cluj", venue="A CAR WASH"))
    assert kept == Person.of(told, salt=salt).to_json()
    assert kept["places"][0][:2] == ["ro", "ro-cj"]
    # Where it was stands beside the report's id in no clear words, and another house's salt hashes it otherwise.
    assert "cluj" not in str(kept).casefold()
    assert "car wash" not in str(kept).casefold()
    assert kept != Person.of(told, salt=salt[::-1]).to_json()
    assert lead_id


def test_a_language_leaves_once_k_reports_have_it_and_the_lead_records_how_many(noor):
    report_id, *_ = come(noor, K - 1, language="hu")
    assert few(noor, report_id, person_language="hu") == ("person", K - 1, K)
    come(noor, 2, language="hu")
    come(noor, 9, language="uk")
    noor.publishes(report_id, person_language="hu-HU")
    with noor.store.read() as session:
        assert session.execute(select(leads.c.k)).scalars().all() == [K + 1]


def test_a_crowd_is_of_the_country_of_the_month_and_of_what_somebody_read(noor):
    report_id, *_ = come(noor, 1, language="hu")
    for changes in (
        {"country": "HU"},
        {"day": "2026-10-31"},
        {"day": "2027-01-01"},
        {"is_opened": False},
        {"is_reviewed": False},
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
    # What came long ago counts for no month.
    come(noor, K, language="hu", day="2025-12-01")
    long_ago = (noor.at - SINCE).date() - timedelta(days=10)
    assert long_ago > date(2025, 12, 1)
    assert size(noor, report_id, person_language="hu", seen=date(2025, 12, 1)) == 1


def test_nobody_fills_a_crowd_in_an_evening(noor):
    victim, *_ = come(noor, 1, language="hu")
    today = noor.at.date()
    last = today - SETTLED
    seen = last
    # What came since counts for nothing yet, and of a channel one a day, of the web one a week.
    come(noor, K, language="hu", day=str(last + timedelta(days=1)))
    assert size(noor, victim, person_language="hu", seen=seen) == 1
    come(noor, K, language="hu", day=str(last))
    assert size(noor, victim, person_language="hu", seen=seen) == 2
    for ago in range(1, 8):
        come(noor, 1, language="hu", channel="web", day=str(last - timedelta(days=ago)))
    assert size(noor, victim, person_language="hu", seen=seen) == 2
    # Whoever takes as many days as are asked for, and is taken for as many people, does.
    for ago in range(1, K - 1):
        come(noor, 1, language="hu", day=str(last - timedelta(days=ago)))
    assert size(noor, victim, person_language="hu", seen=seen) == K


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
    for week in range(3):
        its = MONTH + timedelta(weeks=2 + week)
        come(noor, 1, language="hu", channel="web", day=str(its))
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
    # What adds nothing leaves again, also when the crowd has gone,
    noor.at += timedelta(days=300)
    noor.publishes(report_id, person_language="hu")
    noor.publishes(report_id)
    # but only to those who were told all of it before.
    cousin = noor.admits("Cousin's police", "RO")
    assert few(noor, report_id, person_language="hu", to=[cousin.id])[0] == "person"
    assert few(noor, report_id, person_language="hu", seen=date(2026, 12, 9))[0] == "person"


def test_two_languages_of_one_person_are_shared_by_nobody(noor):
    come(noor, K, language="hu")
    come(noor, K, language="uk")
    report_id, *_ = come(noor, 1, language="hu")
    noor.publishes(report_id, person_language="hu")
    assert few(noor, report_id, person_language="uk")[1] == 1


def test_words_that_name_a_language_are_counted_as_if_a_field_did(noor):
    report_id, *_ = come(noor, 1, language="hu")
    words = "The workers speak Hungarian and sleep in a container."
    field, start, end = few(noor, report_id, summary=words)
    assert (field, words[start:end]) == ("summary", "Hungarian")
    come(noor, K, language="hu")
    noor.publishes(report_id, summary=words)
    assert few(noor, report_id, person_language="uk", headline="Ukrainian")[0] == "person"


def test_an_erased_report_hides_nobody_and_its_leads_are_known_of_nobody(noor):
    first, *others = come(noor, K)
    knows(noor, others, gender="Feminine")
    assert size(noor, first, gender="Feminine") == K
    noor.store.write(lambda session: publish.forget(session, others[0]))
    assert size(noor, first, gender="Feminine") == K - 1


@pytest.mark.parametrize("is_erased", [True, False])
def test_what_was_told_of_a_person_is_handed_on(noor, is_erased):
    come(noor, K, language="hu")
    (root,) = come(noor, 1, language="hu")
    (child,) = come(noor, 1, language="hu", joined_to=root)
    noor.publishes(root, area="RO-CJ", town="Cluj", venue="Cristal")
    if is_erased:
        noor.store.write(lambda session: forget_everything(session, root))
    else:
        its = {"keyring": keyring(), "desk": "main", "by": NOOR, "why": "Two people", "at": noor.at}
        noor.store.write(lambda session: merging.take_apart(session, root, other_id=child, **its))
    assert few(noor, child, person_language="hu") == ("person", 1, K)
    # Nobody is known to have read what was handed on, so nothing is said to add nothing to it.
    noor.store.write(lambda session: unions.hand_on(session, [child], to=child))
    assert few(noor, child, person_language="hu")[0] == "person"
    noor.store.write(lambda session: forget_everything(session, child))
    with noor.store.read() as session:
        kept = select(lead_unions).where(lead_unions.c.report_id == child)
        assert session.execute(kept).all() == []


def test_what_ends_hands_on_what_it_told(noor):
    (root,) = come(noor, 1)
    one, other = come(noor, 2, joined_to=root)
    noor.publishes(one, area="RO-CJ")
    noor.store.write(lambda session: merging.keep_shut(session, one))
    noor.store.write(lambda session: forget_everything(session, one))
    with noor.store.read() as session:
        assert unions.told_of(session, [root]).places
        assert not unions.told_of(session, [other]).places


@pytest.mark.parametrize(
    "told",
    [
        {"plates": ("CJ01ABC",)},
        {"numbers": ("+40722000111",)},
        {"handles": ("@cristal",)},
        {"links": ("https://ads.example/cristal",)},
        {"precision": Precision.DAY},
        {"precision": Precision.WEEK},
    ],
)
def test_what_is_observed_and_a_day_are_a_place(noor, told):
    report_id, *others = come(noor, K, language="hu")
    assert few(noor, report_id, person_language="hu", **told) == ("person", 1, K)
    knows(noor, others, person_language="hu", **told)
    noor.publishes(report_id, person_language="hu", **told)
    (late,) = come(noor, 1, language="hu")
    other = {"plates": ("CJ02ABC",)} if "precision" not in told else {"seen": date(2026, 11, 20)}
    assert few(noor, late, person_language="hu", **{**told, **other})[1] == 1


def test_junk_hides_nobody_though_it_was_told(noor):
    first, *others = come(noor, K)
    for its in (
        {"status": "closed", "outcome": Outcome.NOT_A_REPORT},
        {"status": "closed", "outcome": Outcome.DUPLICATE},
        {"status": "quarantined"},
        {"restricted": True},
        {"is_opened": False},
        {"day": str(noor.at.date())},
    ):
        knows(noor, others, gender="Feminine")
        assert size(noor, first, gender="Feminine") == K
        with noor.store.read() as session:
            rows = session.execute(select(reports).where(reports.c.id.in_(others))).all()
        for one in others:
            put(noor, one, **its)
        assert size(noor, first, gender="Feminine") == 1, its
        for row in rows:
            put(noor, row.id, **{name: getattr(row, name) for name in its})
            put(noor, row.id, outcome="", status="open")


def put(desk: Desk, report_id: str, **changes: object) -> None:
    its = update(reports).where(reports.c.id == report_id).values(**changes)
    desk.store.write(lambda session: session.execute(its))


def test_a_later_version_elsewhere_is_counted_in_both_countries(noor):
    noor.admits("Unit next door", "HU")
    come(noor, K, language="uk")
    report_id, *_ = come(noor, 1, language="uk")
    lead_id = noor.publishes(report_id, person_language="uk")
    elsewhere = {"person_language": "uk", "country": "HU", "replaces": lead_id}
    assert few(noor, report_id, **elsewhere) == ("person", 1, K)
    come(noor, K - 1, language="uk", country="HU")
    put(noor, report_id, language="uk")
    assert size(noor, report_id, person_language="uk", country="HU") == K


@pytest.mark.parametrize(
    ("field", "words", "spot"),
    [
        ("summary", "A Brazilian and others are locked in.", "Brazilian"),
        ("summary", "Girls sleep in a container.", "Girls"),
        ("headline", "Locked in at seventeen years old", "seventeen"),
        ("venue", "Ukrainian hostel", "Ukrainian"),
        ("town", "Little Nigeria", "Nigeria"),
    ],
)
def test_words_that_say_who_somebody_is_are_counted_where_they_stand(noor, field, words, spot):
    report_id, *_ = come(noor, K)
    found = few(noor, report_id, **{field: words})
    assert (found[0], words[found[1] : found[2]]) == (field, spot)
    # No step that leaves a fact out removes it from the words.
    with noor.store.read() as session:
        spoken = draft(**{field: words})
        way = cheapest(session, report_id, spoken, k=K, at=noor.at)
    assert way[0] == spoken or not getattr(way[0], field)


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


@pytest.mark.parametrize("minor", [True, False])
def test_an_age_under_18_and_that_somebody_is_are_left_out_together(noor, minor):
    (report_id,) = come(noor, 1)
    proposed = draft(age=17, minor=minor)
    with noor.store.read() as session:
        found, steps = cheapest(session, report_id, proposed, k=K, at=noor.at)
        assert not judge(session, report_id, coarse(found), k=K, at=noor.at).problems
    assert (found.age, found.minor) == (None, False)
    assert {step.field for step in steps} == ({"age_band", "minor"} if minor else {"age_band"})


def test_a_minor_place_and_month_are_no_persons(noor):
    report_id = noor.report(bystander=True)
    assert size(noor, report_id, seen=date(2026, 1, 1), people=1, sector="") == 0
    assert len(list(noor.reports)) == 1
    with noor.store.read() as session:
        assert session.execute(select(reports.c.id)).scalars().all() == [report_id]
