"""Review what is masked, on the page of the report: each act is one small form, with and without a script."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.numbers import number_in
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.parts import here
from hotline.store import Session
from hotline.triage.spans import Changed, SpanReview
from hotline.vault.marks import ACCEPTED, REJECTED, RangeRefused, TooManyMarks
from hotline.vault.masking import names_in

spans = room("spans", Right.REPLY)

_LONGEST = 400


@spans.post("/report/<report_id>/spans/<int:seq>")
def decide(report_id: str, seq: int) -> AnyResponse:
    """Do what the form of one placeholder asks for, and go on to the next that nobody has decided about."""
    act = _ACTS.get(request.form.get("do", ""))
    if act is None:
        raise Malformed(ref=report_id)
    form = request.form
    _with_review(report_id, lambda review: act(review, seq, form))
    return _on(report_id, seq, form.get("at", 0, type=int))


@spans.post("/report/<report_id>/spans/undo")
def undo(report_id: str) -> AnyResponse:
    """Take back what was done last."""
    _with_review(report_id, lambda review: review.undo())
    return _on(report_id, request.form.get("message", 1, type=int), 0)


@spans.post("/report/<report_id>/spans/done")
def finish(report_id: str) -> AnyResponse:
    """Say that the messages that the form names are reviewed, as they were seen."""
    seen = {
        seq: value
        for name, value in request.form.items()
        if name.startswith("seen-") and (seq := _number(name.removeprefix("seen-")))
    }
    if not seen:
        raise Malformed(ref=report_id)
    _with_review(report_id, lambda review: review.finish(seen))
    first = min(seen)
    return go("report.show_report", report_id=report_id, spans=first, _anchor=f"message-{first}")


@spans.errorhandler(Changed)
def look_again(_error: Changed) -> Response:
    """Show the report as it is now; nothing was done, and what was typed is kept."""
    return _again("spans_changed", 409)


@spans.errorhandler(RangeRefused)
def say_why_not(_error: RangeRefused) -> Response:
    """Show the report again: nothing was masked, and what was typed is kept."""
    return _again("span_refused", 422)


@spans.errorhandler(TooManyMarks)
def say_too_many(_error: TooManyMarks) -> Response:
    """Show the report again: whole passages are to be masked, not each word of them."""
    return _again("span_many", 422)


def _again(fault: str, status: int) -> Response:
    its = request.view_args or {}
    typed = {"words": request.form.get("words", ""), "label": request.form.get("label", "")}
    seq = its.get("seq") or min(map(_number, _named(request.form)), default=1)
    return report_page(
        str(its["report_id"]), status=status, fault=fault, spans_open=int(seq), span_typed=typed
    )


def _with_review(report_id: str, work: Callable[[SpanReview], object]) -> None:
    me, keyring, at = g.keyholder, here().keyring, g.at

    def write(session: Session) -> None:
        work(SpanReview(session, report_id, keyholder=me, keyring=keyring, at=at))

    here().store.write(write)


def _on(report_id: str, seq: int, at: int) -> AnyResponse:
    """Go on to the first placeholder behind *at* that nobody has decided about, or to where a message is finished."""
    with here().store.read() as session:
        its = g.keyholder.open_reviews(session, report_id, [seq]).get(seq)
    anchor = f"reviewed-{seq}"
    if its is not None:
        waits = set(names_in(its.account.text)) - its.marks.decisions.keys()
        waits -= {name[1:-1] for name in its.account.details.get("by_hand", ())}
        spots = [its.masked.stored(its.account.text.index(f"[{name}]")) for name in waits]
        following = [spot for spot in spots if spot > at] or spots
        anchor = f"span-{seq}-{min(following)}" if following else anchor
    return go("report.show_report", report_id=report_id, spans=seq, _anchor=anchor)


def _accept(review: SpanReview, seq: int, form: MultiDict[str, str]) -> None:
    review.decide(seq, form.get("name", ""), ACCEPTED, seen=form.get("text", ""))


def _reject(review: SpanReview, seq: int, form: MultiDict[str, str]) -> None:
    review.decide(seq, form.get("name", ""), REJECTED, seen=form.get("text", ""))


def _relabel(review: SpanReview, seq: int, form: MultiDict[str, str]) -> None:
    """Give a placeholder another label; one that was put there by hand is marked anew."""
    label, seen = form.get("label", ""), form.get("text", "")
    if form.get("name"):
        review.decide(seq, form["name"], label, seen=seen)
    else:
        review.mark(seq, *_range(form), label, seen=seen)


def _equal(review: SpanReview, seq: int, form: MultiDict[str, str]) -> None:
    seen = form.get("text", "")
    if form.get("name"):
        review.equal(seq, form["name"], seen=seen)
    else:
        review.mark_equal(seq, *_range(form), seen=seen)


def _take_off(review: SpanReview, seq: int, form: MultiDict[str, str]) -> None:
    review.take_off(seq, *_range(form), seen=form.get("text", ""))


def _mark(review: SpanReview, seq: int, form: MultiDict[str, str]) -> None:
    """Mask the range that a script chose, or else the words that somebody typed."""
    label, seen = form.get("label", ""), form.get("text", "")
    if form.get("end"):
        review.mark(seq, *_range(form), label, seen=seen)
    else:
        review.mark_words(seq, form.get("words", "")[:_LONGEST], label, seen=seen)


_ACTS: dict[str, Callable[[SpanReview, int, Any], None]] = {
    "accept": _accept,
    "reject": _reject,
    "label": _relabel,
    "equal": _equal,
    "off": _take_off,
    "mark": _mark,
}


def _range(form: MultiDict[str, str]) -> tuple[int, int]:
    start, end = number_in(form, "start"), number_in(form, "end")
    if start is None or end is None:
        raise RangeRefused
    return start, end


def _named(form: MultiDict[str, str]) -> list[str]:
    return [name.removeprefix("seen-") for name in form if name.startswith("seen-")]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
