"""The tags of a desk: supervisors keep the list, and whoever works on a report puts them on it."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.domain.staff import Right
from hotline.errors import Conflict, HotlineError
from hotline.parts import here
from hotline.triage import disagreeing, tags

tagging = room("tagging", Right.REPLY)
listing = room("listing", Right.OVERSEE)

_PAGE = 50
_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    tags.TagMissing: (422, "missing"),
    tags.TagNames: (422, "names"),
    tags.TooManyTags: (409, "many"),
    Conflict: (409, "there"),
}


@tagging.post("/report/<report_id>/tags")
def put_tags(report_id: str) -> AnyResponse:
    """Let a report have the tags that are ticked, and no others."""
    act_on(tags.put_on, report_id, chosen=request.form.getlist("tag"))
    return go("report.show_report", report_id=report_id, _anchor="tags")


@listing.get("/tags")
def show_tags() -> Response:
    return _page()


@listing.post("/tags")
def add_tag() -> AnyResponse:
    """Take a word into the desk's list, once it is sure that it names nobody."""
    me, at, name, speaks = g.keyholder, g.at, request.form.get("name", ""), locale()
    redact = here().reception.redact

    def masked(text: str) -> tuple[object, ...]:
        return tuple(redact(text, languages=(speaks,)).spans)

    here().store.write(
        lambda session: tags.add(session, name, masked=masked, desk=me.desk, by=me.staff_id, at=at)
    )
    return go("listing.show_tags")


@listing.post("/tags/<tag_id>/retire")
def retire_tag(tag_id: str) -> AnyResponse:
    me, at = g.keyholder, g.at
    here().store.write(
        lambda session: tags.retire(session, tag_id, desk=me.desk, by=me.staff_id, at=at)
    )
    return go("listing.show_tags")


@listing.get("/disputed")
def show_disputed() -> Response:
    """Show how often reasons of the machine were said to be wrong, by rule and language."""
    after = request.args.get("after", "")
    with here().store.read() as session:
        found = disagreeing.disputed(session, g.keyholder.desk, after=after, limit=_PAGE + 1)
    return show(
        "console/disputed.html",
        rows=found[:_PAGE],
        choices=list(disagreeing.Choice),
        after=after,
        next=found[_PAGE - 1].place if len(found) > _PAGE else "",
    )


def explain(error: HotlineError) -> Response:
    """Show the list again, with why a tag was not taken into it."""
    status, fault = next(_FAULTS[kind] for kind in type(error).__mro__ if kind in _FAULTS)
    return _page(status=status, fault=fault)


for _kind in _FAULTS:
    listing.register_error_handler(_kind, explain)


def _page(*, status: int = 200, fault: str = "") -> Response:
    with here().store.read() as session:
        found = tags.everything(session, g.keyholder.desk)
    typed = request.form.get("name", "")[: 2 * tags.LONGEST]
    facts = {"tags": found, "longest": tags.LONGEST, "typed": typed, "fault": fault}
    return show("console/tags.html", status=status, **facts)
