"""What is still to be done with a report: written on its page, done there or on the list of one's own tasks."""

from datetime import UTC, datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import HotlineError
from hotline.handoff.offering import service_names
from hotline.parts import here
from hotline.triage import tasks

tasking = room("tasking", Right.REPLY)

_PAGE = 50
_FAULTS: dict[type[HotlineError], str] = {
    tasks.TaskWordsMissing: "task_words",
    tasks.DueUnknown: "task_due",
    tasks.NotAColleague: "task_to",
}


@tasking.get("/tasks")
def show_tasks() -> Response:
    """List what is to be done by whoever asks, or by anybody, what is longest over first."""
    me, after = g.keyholder, request.args.get("after", "")
    with here().store.read() as session:
        found = tasks.of_staff(session, me.staff_id, me.desk, after=after, limit=_PAGE + 1)
        words = tasks.words_of(session, me, found)
        services = service_names(session, [one.about for one in found if one.about])
    return show(
        "console/tasks.html",
        tasks=found[:_PAGE],
        words=words,
        services=services if me.may(Right.REFER) else {},
        after=after,
        next=found[_PAGE - 1].id if len(found) > _PAGE else "",
    )


@tasking.post("/report/<report_id>/task")
def make_task(report_id: str) -> AnyResponse:
    act_on(
        tasks.make,
        report_id,
        keyring=here().keyring,
        words=request.form.get("task", ""),
        to=request.form.get("to", ""),
        due_at=_due(request.form.get("due", "")),
    )
    return go("report.show_report", report_id=report_id, _anchor="tasks")


@tasking.post("/report/<report_id>/task/<task_id>/done")
def finish_task(report_id: str, task_id: str) -> AnyResponse:
    act_on(tasks.finish, report_id, task_id=task_id)
    if request.form.get("from") == "list":
        return go("tasking.show_tasks")
    return go("report.show_report", report_id=report_id, _anchor="tasks")


@tasking.post("/report/<report_id>/task/<task_id>/again")
def take_up_task(report_id: str, task_id: str) -> AnyResponse:
    act_on(tasks.take_up, report_id, task_id=task_id)
    return go("report.show_report", report_id=report_id, _anchor="tasks")


def ask_again(error: HotlineError) -> Response:
    """Show the report again with what is missing at its field, and what was typed kept."""
    report_id = str((request.view_args or {})["report_id"])
    form = request.form
    typed = {name: form.get(name, "") for name in ("task", "to", "due")}
    return report_page(report_id, status=422, fault=_FAULTS[type(error)], typed_task=typed)


for _kind in _FAULTS:
    tasking.register_error_handler(_kind, ask_again)


def _due(typed: str) -> datetime | None:
    """Return what a field for day and time says, in UTC; None where it says nothing that can be read."""
    try:
        read = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
