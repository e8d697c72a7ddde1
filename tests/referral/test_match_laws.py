"""Laws of matching, whatever services and questions there may be."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from referral.candidate import Area, Candidate, Cost, Place, Question
from referral.geography import Point, metres_between
from referral.match import match
from referral.reasons import Standing
from referral.shelf import Shelf
from tests.examples import examples
from tests.referral.services import AT, candidates, questions, square

several = st.lists(candidates, max_size=3, unique_by=lambda each: each.service_id)


@examples(60)
@given(several, questions, st.randoms(use_true_random=False))
def test_the_order_in_which_services_come_changes_nothing(services, question, chance):
    shuffled = list(services)
    chance.shuffle(shuffled)

    found, again = match(services, **question), match(shuffled, **question)
    assert again.fitting == found.fitting
    assert again.fallen_out == found.fallen_out


@examples(60)
@given(several, questions)
def test_every_service_is_told_of_once(services, question):
    found = match(services, **question)

    told = [each.service.service_id for each in (*found.fitting, *found.fallen_out)]
    assert sorted(told) == sorted(each.service_id for each in services)


@examples(60)
@given(several, questions)
def test_no_service_that_cannot_help_is_ranked(services, question):
    for service in (each.service for each in match(services, **question).fitting):
        years = question["for_whom"].years
        assert question["need"] in service.needs
        assert service.status == "active"
        assert service.organization_id not in question["excluded"]
        assert years is None or service.minimum_age is None or years[1] >= service.minimum_age
        assert years is None or service.maximum_age is None or years[0] <= service.maximum_age
        assert not (question["for_whom"].with_children and service.takes_children is False)
        assert not (question["needs_no_documents"] and service.documents)
        if service.serves and question["for_whom"].gender in ("woman", "man"):
            assert question["for_whom"].gender in service.serves


@examples(60)
@given(several, questions)
def test_reasons_stand_out_exactly_where_a_service_fell_out(services, question):
    found = match(services, **question)

    for fits in found.fitting:
        assert all(reason.standing is not Standing.OUT for reason in fits.reasons)
        assert all(reason.would_fit_if is None for reason in fits.reasons)
    for fallen in found.fallen_out:
        assert fallen.deciding.standing is Standing.OUT
        assert fallen.would_fit_if is fallen.deciding.would_fit_if is not None


@examples(60)
@given(candidates, several, questions)
def test_another_service_does_not_change_how_the_first_stands(service, others, question):
    alone = match([service], **question)
    others = [each for each in others if each.service_id != service.service_id]
    together = match([service, *others], **question)

    if alone.fitting:
        assert alone.fitting[0] in together.fitting
    else:
        assert alone.fallen_out[0] in together.fallen_out


@examples(60)
@given(candidates, questions)
def test_what_a_service_learns_to_offer_never_makes_it_fall_out(service, question):
    better = replace(
        service,
        languages=service.languages | {"ti", "ar", "pt"},
        takes_children=True,
        documents=(),
        asks_no_documents=True,
        step_free=True,
        costs=(Cost(0),),
    )

    before, after = match([service], **question), match([better], **question)

    assert len(after.fitting) >= len(before.fitting)
    if before.fitting:
        assert after.fitting[0].score.doubts <= before.fitting[0].score.doubts


STRICTER = {
    "needs_no_documents": True,
    "must_be_free": True,
    "needs_step_free": True,
    "excluded": ("a", "b", "c"),
    "within": 0,
    "keep_away": 90_000,
    "avoids": (Area("All of it", square(-48.5, 0.6)), Area("Theirs", square(-48.6, 0.2))),
    "open_by": AT,
}


@examples(60)
@given(several, questions, st.sampled_from(sorted(STRICTER)))
def test_a_wish_more_never_brings_in_what_fell_out(services, question, wish):
    before = match(services, **question)
    after = match(services, **question | {wish: STRICTER[wish]})

    assert _ids(after.fitting) <= _ids(before.fitting)
    if wish not in ("avoids", "excluded"):
        still = {(f.service.service_id, f.deciding.because) for f in before.fallen_out}
        decided = {
            (f.service.service_id, r.because)
            for f in after.fallen_out
            for r in (f.deciding, *f.also)
        }
        assert still <= decided


@examples(60)
@given(several, questions, st.sampled_from(["prefers_no_faith", "needs_fetching"]))
def test_what_is_only_preferred_lets_nobody_fall_out(services, question, wish):
    without, with_it = (match(services, **question | {wish: asked}) for asked in (False, True))

    assert _ids(with_it.fitting) == _ids(without.fitting)


@examples(150)
@given(several, questions)
def test_from_a_shelf_the_answer_is_the_same(services, question):
    plain, laid_out = match(services, **question), match(Shelf(services), **question)

    assert laid_out.fitting == plain.fitting
    assert laid_out.fallen_out == plain.fallen_out


anywhere = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@examples(200)
@given(anywhere, anywhere, st.floats(0, 3_000_000))
def test_the_box_misses_nobody_near_a_pole_nor_across_the_date_line(here, there, metres):
    service = Candidate("1", "Rooms", needs=frozenset({"shelter"}), places=(Place(there),))
    question = Question(need="shelter", at=AT, where=here, within=metres)

    if metres_between(here, there) <= metres:
        assert Shelf([service]).within_reach(question) == [service]


def _ids(fitting):
    return {each.service.service_id for each in fitting}
