"""Looking again at closed reports, as pages: what was drawn, a form for each, counts of what was found.

Who worked on a report reads what was found about it under "Feedback to me", and nobody else does there.
"""

from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.numbers import number_in
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import months_back
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage import sampling as lots
from hotline.triage.sampling import AnswersMissing, OwnWork, Sample
from hotline.vault.desk_words import open_words_of

sampling = room("sampling", Right.OVERSEE)
feedback = room("feedback", Right.REPLY)

_MONTHS = 13
_USUAL = 5
_PAGE = 25
_LONGEST = 2000


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """A sample with the words about it."""

    sample: Sample
    words: str


@sampling.get("/sampling")
def show_samples() -> Response:
    return _page()


@sampling.post("/sampling/draw")
def draw() -> AnyResponse:
    """Draw some more of a month; which ones, the lot decides."""
    me, at, month = g.keyholder, g.at, request.form.get("month", "")
    count = number_in(request.form, "count") or _USUAL
    drawn = here().store.write(
        lambda session: lots.draw(
            session, desk=me.desk, by=me.staff_id, month=month, count=count, at=at
        )
    )
    return go("sampling.show_samples", month=month) if drawn else _page(month=month, is_empty=True)


@sampling.get("/sampling/<report_id>")
def show_sample(report_id: str) -> Response:
    return _sample(report_id)


@sampling.post("/sampling/<report_id>")
def review(report_id: str) -> AnyResponse:
    answers = {name: request.form.get(name, "") for name in lots.QUESTIONS}
    words = request.form.get("words", "")[:_LONGEST]
    act_on(lots.review, report_id, keyring=here().keyring, answers=answers, words=words)
    with here().store.read() as session:
        month = lots.find(session, report_id, desk=g.keyholder.desk).month
    return go("sampling.show_samples", month=month)


@sampling.errorhandler(AnswersMissing)
def ask_again(error: AnswersMissing) -> Response:
    """Show the form again with what was chosen and typed."""
    return _sample(error.ref, status=422, fault="answers")


@sampling.errorhandler(OwnWork)
def leave_to_others(error: OwnWork) -> Response:
    return _sample(error.ref, status=403, fault="own")


@feedback.get("/feedback")
def show_feedback() -> Response:
    """Show whoever is signed in what was found about their own work."""
    me, after = g.keyholder, request.args.get("after", "")
    with here().store.read() as session:
        found = lots.about(session, me.staff_id, after=after, limit=_PAGE + 1)
        words = open_words_of(session, me, [one.id for one in found[:_PAGE]])
    return show(
        "console/feedback.html",
        found=[Told(one, words.get(one.id, "")) for one in found[:_PAGE]],
        questions=lots.QUESTIONS,
        next=found[_PAGE - 1].id if len(found) > _PAGE else "",
    )


def _page(*, month: str = "", is_empty: bool = False) -> Response:
    me = g.keyholder
    over = months_back(g.at, _MONTHS)[1:]
    asked = month or request.args.get("month", "")
    month = asked if asked in dict(over) else over[0][0]
    with here().store.read() as session:
        found = lots.samples_of(session, desk=me.desk, month=month, staff_id=me.staff_id)
        results = lots.results(session, desk=me.desk, month=month, staff_id=me.staff_id)
    return show(
        "console/sampling.html",
        month=month,
        months=over,
        found=found,
        results=results,
        looked_at=sum(1 for one in found if one.by),
        answers=lots.ANSWERS,
        usual=_USUAL,
        most=lots.MOST,
        is_empty=is_empty,
    )


def _sample(report_id: str, *, status: int = 200, fault: str = "") -> Response:
    me = g.keyholder
    with here().store.read() as session:
        its = lots.find(session, report_id, desk=me.desk)
        words = open_words_of(session, me, [its.id]).get(its.id, "")
    typed = {name: request.form.get(name, "") for name in lots.QUESTIONS} if fault else its.answers
    return show(
        "console/sampling/sample.html",
        status=status,
        sample=its,
        words=request.form.get("words", "")[:_LONGEST] if fault else words,
        questions=lots.QUESTIONS,
        answers=lots.ANSWERS,
        typed=typed,
        is_own=its.who == me.staff_id,
        fault=fault,
        longest=_LONGEST,
    )
