"""What is still to be done: given to somebody, due to the minute while it is open, done, and ended with its report."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hotline import audit, triage
from hotline.domain.outcome import Outcome
from hotline.domain.staff import Role
from hotline.errors import NotFound
from hotline.reports import reports
from hotline.store import Store
from hotline.triage import tasks
from hotline.triage.tables import restrictions
from hotline.vault.tables import desk_words
from tests.triage.conftest import AT, Filing, OneEpoch

SOON = AT + timedelta(hours=2, seconds=17)


class Desk(OneEpoch):
    """One key, and who works where."""

    members = tuple(
        SimpleNamespace(id=name, name=name.title(), desk=desk, role=role)
        for name, desk, role in (
            ("noor", "north", Role.CASEWORKER),
            ("omar", "north", Role.CASEWORKER),
            ("ines", "north", Role.SUPERVISOR),
            ("ivo", "north", Role.INTERPRETER),
            ("tala", "south", Role.CASEWORKER),
        )
    )


DESK = Desk()


def makes(store: Store, report: str, **facts: Any) -> str:
    facts = {"words": "ask Zarifa's lawyer", "to": "noor", "due_at": SOON, **facts}
    facts = {"desk": "north", "by": "omar", "at": AT, "keyring": DESK, **facts}
    return store.write(lambda session: tasks.make(session, report, **facts))


def acts(store: Store, what: Callable[..., object], report: str, **facts: Any) -> object:
    facts = {"desk": "north", "by": "noor", "at": AT, **facts}
    return store.write(lambda session: what(session, report, **facts))


def of(store: Store, report: str) -> tuple[tasks.Task, ...]:
    with store.read() as session:
        return tasks.of_report(session, report)


def mine(store: Store, staff_id: str, after: str = "", limit: int = 50) -> list[str]:
    with store.read() as session:
        found = tasks.of_staff(session, staff_id, "north", after=after, limit=limit)
    return [one.id for one in found]


def test_its_words_lie_sealed_and_its_minute_only_while_it_is_open(
    store: Store, file: Filing
) -> None:
    report = file()
    its_id = makes(store, report)
    (task,) = of(store, report)
    assert (task.assigned_to, task.by, task.due_at) == ("noor", "omar", SOON.replace(second=0))
    with store.read() as session:
        assert "Zarifa" not in repr(session.execute(select(desk_words)).all())
        assert "Zarifa" not in repr(audit.page(session))
    acts(store, tasks.finish, report, task_id=its_id)
    (task,) = of(store, report)
    assert (task.state, task.due_at, task.done_by) == ("done", None, "noor")
    acts(store, tasks.take_up, report, task_id=its_id)
    (task,) = of(store, report)
    assert (task.state, task.done_by, task.due_at) == (
        "open",
        "",
        (AT + timedelta(days=1)).replace(second=0),
    )
    with store.read() as session:
        did = [line.did for line in audit.of_report(session, report)]
    assert did == ["task_undone", "task_done", "task_made"]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"words": "  "}, tasks.TaskWordsMissing),
        ({"due_at": None}, tasks.DueUnknown),
        ({"due_at": AT - timedelta(minutes=1)}, tasks.DueUnknown),
        ({"due_at": AT + timedelta(days=400)}, tasks.DueUnknown),
        ({"to": "tala"}, tasks.NotAColleague),
        ({"to": "ivo"}, tasks.NotAColleague),
        ({"desk": "south"}, NotFound),
    ],
)
def test_what_is_missing_is_asked_for(
    store: Store, file: Filing, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    report = file()
    with pytest.raises(refusal):
        makes(store, report, **{"to": "", **facts})
    assert of(store, report) == ()


def test_what_few_may_see_is_given_to_these_and_listed_for_these(
    store: Store, file: Filing
) -> None:
    report = file()
    its_id = makes(store, report, to="")
    assert its_id in mine(store, "ines")

    def restrict(session: Any) -> None:
        session.execute(update(reports).values(restricted=True))
        session.execute(insert(restrictions).values(report_id=report, staff_id="noor"))

    store.write(restrict)
    assert mine(store, "noor") == [its_id]
    assert mine(store, "ines") == []
    with pytest.raises(tasks.NotAColleague):
        makes(store, report, to="ines")


def test_what_is_longest_over_comes_first_page_by_page(store: Store, file: Filing) -> None:
    report = file()
    hours = (5, 1, 3, 2, 4)
    made = {hour: makes(store, report, due_at=AT + timedelta(hours=hour)) for hour in hours}
    makes(store, report, to="omar")
    order = [made[hour] for hour in sorted(hours)]
    assert mine(store, "noor") == order
    pages = [mine(store, "noor", limit=2)]
    while pages[-1]:
        pages.append(mine(store, "noor", after=pages[-1][-1], limit=2))
    assert [one for page in pages for one in page] == order


def test_the_house_asks_once_in_fixed_words(store: Store, file: Filing) -> None:
    report = file()

    def ask() -> object:
        kind = tasks.Kind.CHECK_LEAD
        return store.write(lambda s: tasks.ask(s, report, kind=kind, desk="north", at=AT))

    assert ask()
    assert not ask()
    (task,) = of(store, report)
    assert (task.kind, task.assigned_to, task.by) == ("check_lead", "", "system")
    acts(store, tasks.finish, report, task_id=task.id)
    assert ask()


def test_closing_ends_what_was_open_and_leaves_no_minute(store: Store, file: Filing) -> None:
    report = file()
    its_id = makes(store, report)
    its = {"keyring": DESK, "outcome": Outcome.SAFE_NOW}
    acts(store, triage.close, report, **its)
    (task,) = of(store, report)
    assert (task.state, task.due_at) == ("ended", None)
    assert mine(store, "noor") == []
    with pytest.raises(NotFound):
        acts(store, tasks.take_up, report, task_id=its_id)
    with pytest.raises(NotFound):
        makes(store, report)


def test_a_task_is_done_on_its_own_report_of_its_own_desk(store: Store, file: Filing) -> None:
    report, other = file(), file()
    its_id = makes(store, report)
    for wrong in ({"report": other}, {"desk": "south"}):
        its = {"report": report, "desk": "north", **wrong}
        with pytest.raises(NotFound):
            acts(store, tasks.finish, its["report"], task_id=its_id, desk=its["desk"])
    store.write(lambda session: tasks.forget(session, report))
    assert of(store, report) == ()
