"""Whoever has no business with a report learns nothing of it: not a word, not that it is there, not by how it is looked up.

Eve has no session, Isa investigates, Ada runs the house, Tala works at another desk, Ivo interprets and was handed
nothing, and from Omar, who works here, the report is kept. Each tries every address of the desk that names anything,
with the ids of what is there and with ids that never were; and Omar, who sees another report, tries that one's
addresses with what belongs to the hidden one, and every form with its ids, even where he oversees the desk.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from hotline.domain import staff
from hotline.domain.report import Status
from hotline.domain.staff import Role
from hotline.leads import agencies
from hotline.reports import reports
from hotline.triage.excluding import exclude
from tests.cast import AMINA, Member, Texter
from tests.console.everywhere import PLACEHOLDER, asks, desk_rules, ids_in, statements, tries
from tests.console.hanging import all_of, hang_everything, let_wait
from tests.house import House

SAID = "My boss took my passport and locks the door at night. My name is Maria Lopez"
TOLD = ("passport", "Maria", "Lopez", "locks the door")


@pytest.fixture
def ids(house: House, maria: Texter, noor: Member, ines: Member, agency: str) -> dict[str, str]:
    """Real ids of everything that hangs on a report, which only Ines and Noor may see."""
    maria.texts(SAID)
    noor.signs_in()
    ines.signs_in()
    report = noor.first_report()
    path = f"/console/report/{report}"
    noor.sends(f"{path}/claim")
    noor.sends(f"{path}/note", text="Ask for the blue door.")
    house.hotline.store.write(
        lambda session: exclude(
            session, house.hotline.keyring, report, kind="words", words=TOLD[0], at=house.clock()
        )
    )
    noor.sends(f"{path}/under-18")
    hang_everything(house, report, noor, ines)
    named = {member.username: member.id for member in house.hotline.keyring.members}
    # Isa reads for an agency that was told nothing.
    house.hotline.store.write(lambda session: agencies.join(session, agency, named["isa"]))
    ines.sends(f"{path}/restrict", to=[named["ines"], named["noor"]])
    # What waited does no more; they let another one out.
    let_wait(house, report)
    return {**ids_in(house), "report_id": report, "member_id": named["noor"], "key": "0" * 32}


SIGN_IN = "/console/signin"

BELONGS = {
    *("alert_id", "ask_id", "candidate_id", "duty_id", "exclusion_id", "grant_id", "hold_id"),
    *("interest_id", "lead_id", "offer_id", "process_id", "request_id", "task_id", "told_id"),
    *("work_id", "question_id", "waiting_id"),
}
"""What hangs on a report and has an id of its own in addresses."""

OF_COLLEAGUES = {
    "approvals.give_half",
    *(f"staffing.{act}" for act in ("block", "unblock", "dismiss", "readmit", "end_sessions")),
}
"""What is done to people: who works at a desk is known to those who work there or administer it."""

OF_THE_HOUSE = ("agencies", "admitting")
"""What an administrator admits and lets go, and so knows."""

AUDITOR = pytest.param("abel", marks=pytest.mark.exhaustive)
"""Reaches no room whose addresses name anything."""

WHO = ("", "isa", "ada", "tala", "ivo", "omar", AUDITOR)


@pytest.mark.parametrize("who", WHO)
def test_what_is_there_and_what_never_was_answer_alike(
    house: House, ids: dict[str, str], who: str
) -> None:
    stranger = Member(house, who) if who else None
    if stranger:
        stranger.signs_in()
    walked = 0
    for one in tries(house, ids):
        is_hers = who == "ada" and one.endpoint.partition(".")[0] in OF_THE_HOUSE
        if is_hers or one.endpoint in OF_COLLEAGUES:
            continue
        answers = []
        for path in (one.real, one.never):
            with statements() as asked:
                answer = asks(stranger, house, one.method, path)
            shown = answer.text.replace(path, "")
            answers.append((answer.status_code, shown, answer.headers.get("Location"), asked))
        assert answers[0] == answers[1], (who, one)
        assert answers[0][0] in (303, 400, 403, 404, 405, 422), (who, one, answers[0][0])
        for word in (*TOLD, ids["report_id"]):
            assert word not in answers[0][1], (who, one, word)
        walked += 1
    assert walked > 60


@pytest.fixture
def omar(house: House, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Member:
    """Omar, who oversees the desk here and is not named for the report; he sees Amina's."""
    both = staff.RIGHTS[Role.CASEWORKER] | staff.RIGHTS[Role.SUPERVISOR]
    monkeypatch.setitem(staff.RIGHTS, Role.CASEWORKER, both)
    omar = Member(house, "omar")
    omar.signs_in()
    return omar


@pytest.fixture
def other(house: House, ids: dict[str, str]) -> str:
    """A report that Omar sees."""
    return _another(house)


def _another(house: House) -> str:
    before = _report_ids(house)
    Texter(house, AMINA).texts("They keep my wages")
    return next(iter(_report_ids(house) - before))


def _report_ids(house: House) -> set[str]:
    with house.hotline.store.read() as session:
        return set(session.execute(select(reports.c.id)).scalars())


STEPS = ("told", "complied", "made", "not_needed")
"""What a form may say that is done with a legal process or a duty."""


WHOLE = {"nobody": "1", "reasons": "1", "to": "police", "fields": "need"}
"""What else such a form must say before anything is looked for."""


def test_what_belongs_to_it_is_not_there_under_another_report(
    house: House, ids: dict[str, str], omar: Member, other: str
) -> None:
    things = {
        name: its for name, its in ids.items() if name not in ("report_id", "member_id", "key")
    }
    before = all_of(house, ids["report_id"])
    walked: set[str] = set()
    for step in STEPS:
        for one in tries(house, things):
            answers = [
                _answer(house, omar, one.method, path.replace("0" * 32, other), step=step, **WHOLE)
                for path in (one.never, one.real)
            ]
            assert answers[0] == answers[1], (one, step)
            assert SIGN_IN not in answers[0]
            walked.update(PLACEHOLDER.findall(_rule_of(house, one.endpoint)))
        assert walked >= BELONGS, BELONGS - walked
    assert all_of(house, ids["report_id"]) == before


NAMES = ("claim", "skip", "unskip", "other", "report", "request", "found", "offer", "task", "after")
"""What forms call the id of something."""


def test_no_form_tells_that_it_is_there(
    house: House, ids: dict[str, str], omar: Member, other: str
) -> None:
    hidden, never = ids["report_id"], f"{0xDEF:032x}"
    before = all_of(house, hidden)
    for path in _forms(house, other):
        answers = []
        # What was done adds a line to the other report each time, so each answer is held against the one before.
        for its in (never, never, hidden, never):
            more = dict.fromkeys(NAMES, its) | {"found": f"{its}-1"}
            answers.append(_answer(house, omar, "POST", path, **more))
            assert SIGN_IN not in answers[-1], path
        _, first, of_it, last = answers
        assert of_it[::2] == first[::2] == last[::2], path
        assert _added(first[1], of_it[1]) == _added(of_it[1], last[1]), path
        assert of_it[3] in (first[3], last[3]), path
        _is_open_again(house, other)
    assert all_of(house, hidden) == before


LISTS = {
    "/console/": [f"{rank}-{{report_id}}" for rank in "0123"],
    "/console/search": ["{report_id}"],
    "/console/tasks": ["{task_id}"],
    "/console/legal": ["{process_id}"],
    "/console/duties": ["{duty_id}", "{report_id}"],
    "/console/alerts": ["{alert_id}"],
    "/console/approvals": ["{request_id}"],
    "/console/retention": ["{report_id}"],
}
"""From which places one goes on in a list."""


def test_no_place_in_a_list_tells_that_it_is_there(
    house: House, ids: dict[str, str], omar: Member, other: str
) -> None:
    """Whoever goes on from what they do not see goes on from nowhere."""
    nothing = dict.fromkeys(ids, f"{0xDEF:032x}")
    for path, places in LISTS.items():
        for place in places:
            answers = [
                _answer(house, omar, "GET", f"{path}?after={its}&before={its}")
                for its in (place.format_map(nothing), place.format_map(ids))
            ]
            assert answers[0] == answers[1], (path, place)


def _added(before: str, after: str) -> Counter[str]:
    parts = [Counter(re.split(r"\n|(?=<li)", text)) for text in (before, after)]
    return parts[1] - parts[0]


OF_ONESELF = ("sign", "account", "join", "keys", "staff")


def _forms(house: House, report: str) -> Iterator[str]:
    """Yield the addresses of forms that name nothing, or no more than *report*."""
    for rule in desk_rules(house):
        names = set(PLACEHOLDER.findall(rule.rule)) - {"report_id"}
        is_of_oneself = rule.rule.startswith(tuple(f"/console/{name}" for name in OF_ONESELF))
        if not names and not is_of_oneself and "POST" in (rule.methods or set()):
            yield rule.rule.replace("<report_id>", report)


def _rule_of(house: House, endpoint: str) -> str:
    return next(rule.rule for rule in desk_rules(house) if rule.endpoint == endpoint)


def _answer(
    house: House, who: Member, method: str, path: str, **more: str
) -> tuple[int, str, str, tuple[str, ...]]:
    """Return what somebody is told, without any id, and what the database was asked."""
    with statements() as asked:
        answer = asks(who, house, method, path, **more)
    shown = re.sub(r"[0-9a-f]{32}", "", answer.text)
    to = re.sub(r"[0-9a-f]{32}", "", answer.headers.get("Location", ""))
    return answer.status_code, shown, to, tuple(asked)


def _is_open_again(house: House, report: str) -> None:
    values = {"status": Status.OPEN, "claimed_by": None, "claimed_until": None, "restricted": False}
    its = update(reports).where(reports.c.id == report).values(values)
    assert house.hotline.store.write(lambda session: session.execute(its).rowcount) == 1
