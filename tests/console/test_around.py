"""The page of a report, around what was said: tasks, tags, links, codes, disputed reasons, and what came of it."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from hotline import audit
from hotline.domain.report import reference
from hotline.migrations import every_table
from hotline.triage.tables import alerts
from tests.cast import Member, Texter
from tests.house import ORIGIN, House
from tests.retention.rows import tables_naming

CANARY = "Zarifa"


def form(member: Member, report: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the first form of a report's page that ends with *action*."""
    page = member.opens(f"/console/report/{report}")
    found = re.search(rf'action="[^"]*{action}">(.*?)</form>', page, re.DOTALL)
    assert found, action
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[1]))


def other_than(member: Member, report: str) -> str:
    """Return the id of the other report in the queue."""
    found = re.findall(r"/console/report/([0-9a-f]{32})", member.opens("/console/"))
    return next(one for one in found if one != report)


def makes_task(member: Member, report: str, expect: int = 303, **more: str) -> str:
    its = {"task": f"ring the lawyer of {CANARY}", "to": "", "due": "2026-03-02T15:00", **more}
    return unescape(member.sends(f"/console/report/{report}/task", expect, **its).text)


def test_a_task_is_made_on_the_page_and_done_on_the_list(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    makes_task(at_desk, report, to=house.staff["ines"].member_id)
    page = at_desk.opens(f"/console/report/{report}")
    assert f"ring the lawyer of {CANARY}" in page
    assert "until 2 Mar 2026, 15:00 UTC" in page
    assert CANARY not in at_desk.opens("/console/tasks")
    house.clock.passes(hours=4)
    supervisor.signs_in()
    at_desk.signs_in()
    mine = supervisor.opens("/console/tasks")
    assert "overdue" in mine
    action = re.search(r'action="([^"]+/done)"', mine)
    assert action
    supervisor.sends(action[1], **{"from": "list"})
    assert CANARY not in supervisor.opens("/console/tasks")
    page = at_desk.opens(f"/console/report/{report}")
    assert 'done by <bdi dir="auto">Ines</bdi>' in page
    at_desk.sends(action[1].replace("/done", "/again"))
    assert "until 3 Mar 2026, 16:" in at_desk.opens(f"/console/report/{report}")


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("task", " ", "Say what is to be done"),
        ("due", "2026-03-01T10:00", "Say a day and time to come"),
        ("due", "soon", "Say a day and time to come"),
        ("to", "0" * 32, "They may not see this report"),
    ],
)
def test_a_task_that_lacks_something_is_asked_for_with_what_was_typed(
    at_desk: Member, report: str, field: str, wrong: str, said: str
) -> None:
    page = makes_task(at_desk, report, 422, **{field: wrong})
    assert said in page
    if field != "task":
        assert CANARY in page


def test_an_interpreter_reads_no_tasks(house: House, at_desk: Member, report: str) -> None:
    ivo = Member(house, "ivo")
    ivo.signs_in()
    path = f"/console/report/{report}/task"
    assert ivo.client.post(path, data={}, base_url=ORIGIN).status_code in (403, 404)


def test_closing_asks_what_came_of_it_and_then_lets_one_breathe(
    house: House, at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}"
    makes_task(at_desk, report)
    assert "1 task is still open, and ends with it." in at_desk.opens(path)
    page = at_desk.sends(f"{path}/close", 422, why=f"{CANARY} left").text
    assert "Say what came of it first" in page
    assert f'value="{CANARY} left"' in page
    sent = at_desk.sends(f"{path}/close", outcome="no_contact", why=f"{CANARY} left")
    assert sent.headers["Location"] == f"{path}/end"
    page = at_desk.opens(f"{path}/end")
    assert "It is done." in page
    assert "We could not reach them any more" in page
    assert CANARY not in page
    # It was no emergency: nothing more is asked.
    page = at_desk.opens(path)
    assert f"{CANARY} left" in page
    assert "ended when the report was closed" in page
    at_desk.sends(f"{path}/reopen", why="she wrote again")
    assert at_desk.client.get(f"{path}/end", base_url=ORIGIN).headers["Location"] == path


def test_the_next_one_is_taken_from_there(at_desk: Member, report: str, amina: Texter) -> None:
    amina.texts("Please help me, he took my papers")
    other = other_than(at_desk, report)
    at_desk.sends(f"/console/report/{report}/close", outcome="safe_now")
    page = at_desk.opens(f"/console/report/{report}/end")
    action = re.search(r'action="([^"]+)"><button class="act act--main">Take the next', page)
    assert action
    assert at_desk.sends(action[1]).headers["Location"].endswith(other)


def test_nothing_is_kept_of_a_pause_and_little_of_a_wish_to_talk(
    house: House, at_desk: Member, supervisor: Member
) -> None:
    def rows() -> list[str]:
        with house.hotline.store.read() as session:
            tables = every_table()[0].sorted_tables
            names = [t for t in tables if t.name not in ("sessions", "devices")]
            return [repr(row) for table in names for row in session.execute(select(table))]

    before = rows()
    assert "A pause of ten minutes" in at_desk.opens("/console/pause")
    assert rows() == before
    at_desk.sends("/console/talk")
    at_desk.sends("/console/talk")
    assert len(rows()) == len(before) + 1
    page = supervisor.opens("/console/alerts")
    assert page.count("<h2>Somebody wants to talk to a supervisor") == 1
    assert "Noor" in page
    action = re.search(r'action="([^"]+/settle)"', page)
    assert action
    supervisor.sends(action[1])
    noor = house.staff["noor"].member_id
    with house.hotline.store.read() as session:
        assert noor not in repr(session.execute(select(alerts)).all())


def test_what_was_learned_from_an_urgent_one_is_kept_for_the_desk(
    house: House, at_desk: Member, supervisor: Member, maria: Texter
) -> None:
    maria.texts("Help he is beating me now, he has a knife, I am locked in")
    report = at_desk.first_report()
    path = f"/console/report/{report}"
    assert "What did we learn?" not in at_desk.opens(path)
    at_desk.sends(f"{path}/learned", 409, well="too early")
    at_desk.sends(f"{path}/close", outcome="safe_now")
    assert "What did we learn?" in at_desk.opens(f"{path}/end")
    assert "Answer at least one" in at_desk.sends(f"{path}/learned", 422, well=" ").text
    at_desk.sends(f"{path}/learned", well=f"{CANARY} was quick", cost="two nights")
    assert "What did we learn?" not in at_desk.opens(f"{path}/end")
    page = supervisor.opens(path)
    assert f"{CANARY} was quick" in page
    assert 'What <bdi dir="auto">Noor</bdi> learned' in page


def test_a_reason_is_disputed_in_its_place_and_the_urgency_stays(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    path = f"/console/report/{report}"
    rule = form(at_desk, report, "/disagree")["rule"]
    assert "Choose what is wrong" in at_desk.sends(f"{path}/disagree", 422, rule=rule).text
    page = at_desk.sends(f"{path}/disagree", 422, rule=rule, choice="other").text
    assert "Say in words what is wrong" in page
    at_desk.sends(f"{path}/disagree", rule=rule, choice="other", words=f"{CANARY} has a key")
    page = supervisor.opens(path)
    assert '<bdi dir="auto">Noor</bdi> disagrees: Something else' in page
    assert f"{CANARY} has a key" in page
    assert "Without it the machine would say" in page or "No single reason decides" in page
    listed = supervisor.opens("/console/disputed")
    assert "English" in listed
    assert CANARY not in listed
    at_desk.sends(f"{path}/agree-again", rule=rule)
    assert "Nobody disagreed yet" in supervisor.opens("/console/disputed")


def test_a_code_that_was_accepted_stands_first_in_the_lead(at_desk: Member, report: str) -> None:
    path = f"/console/report/{report}"
    page = at_desk.opens(path)
    assert "because:" in page
    chosen = 'value="WithholdsDocuments" checked'
    assert chosen in at_desk.opens(f"{path}/lead")
    its = {"list": "control", "code": "WithholdsDocuments"}
    at_desk.sends(f"{path}/code", decide="reject", **its)
    assert chosen not in at_desk.opens(f"{path}/lead")
    at_desk.sends(f"{path}/code", decide="accept", **its)
    assert chosen in at_desk.opens(f"{path}/lead")
    at_desk.sends(f"{path}/code", 400, decide="perhaps", **its)
    at_desk.sends(f"{path}/code", 404, decide="accept", list="control", code="Magic")


def test_a_tag_is_added_by_a_supervisor_and_names_nobody(
    at_desk: Member, supervisor: Member, report: str
) -> None:
    assert at_desk.client.get("/console/tags", base_url=ORIGIN).status_code == 403
    for wrong in ("Maria Lopez", "555 0142"):
        page = supervisor.sends("/console/tags", 422, name=wrong).text
        assert "It could name somebody" in page
    supervisor.sends("/console/tags", name="fishing boat")
    supervisor.sends("/console/tags", 409, name=" fishing   boat")
    page = at_desk.opens(f"/console/report/{report}")
    tag = re.search(r'name="tag" value="([^"]+)"', page)
    assert tag
    at_desk.sends(f"/console/report/{report}/tags", tag=tag[1])
    page = at_desk.opens(f"/console/report/{report}")
    assert '<span class="chip chip--strong"><bdi dir="auto">fishing boat</bdi></span>' in page
    supervisor.sends(f"/console/tags/{tag[1]}/retire")
    assert "retired on 2 Mar 2026" in supervisor.opens("/console/tags")


def test_two_reports_are_linked_by_the_name_that_staff_say(
    house: House, at_desk: Member, report: str, amina: Texter
) -> None:
    amina.texts("The same man took my papers")
    other = other_than(at_desk, report)
    path = f"/console/report/{report}"
    page = at_desk.sends(f"{path}/link", 422, other="ZZ-ZZZ", reason="same_accused").text
    assert "You see no report of that name" in page
    name = reference(other)
    at_desk.sends(f"{path}/link", 422, other=reference(report), reason="same_accused")
    at_desk.sends(f"{path}/link", other=name.lower(), reason="same_accused")
    at_desk.sends(f"{path}/link", 409, other=name, reason="same_accused")
    at_desk.sends(f"{path}/link", 400, other=name, reason="gossip")
    assert "The same alleged trafficker" in at_desk.opens(f"/console/report/{other}")
    at_desk.sends(f"/console/report/{other}/unlink", other=report)
    assert "No other report yet." in at_desk.opens(path)


def test_the_whole_course_is_one_list_and_a_kind_of_it(at_desk: Member, report: str) -> None:
    path = f"/console/report/{report}"
    at_desk.sends(f"{path}/claim")
    makes_task(at_desk, report)
    at_desk.sends(f"{path}/note", note=f"{CANARY} called")
    at_desk.sends(f"{path}/close", outcome="safe_now")
    page = at_desk.opens(f"{path}/timeline")
    order = ["message 1 came in", "took it", "made a task", "closed it", "said what came of it"]
    places = [page.index(one) for one in order]
    assert "wrote a note" in page
    assert places == sorted(places)
    work = at_desk.opens(f"{path}/timeline?kind=work")
    assert "made a task" in work
    assert "closed it" not in work
    assert "Nothing of this kind" in at_desk.opens(f"{path}/timeline?kind=out")
    assert "made a task" in at_desk.opens(f"{path}/timeline?kind=nonsense")
    assert CANARY not in page


def test_a_report_on_paper_is_masked_without_acts_and_written_down(
    house: House, at_desk: Member, supervisor: Member, report: str, maria: Texter
) -> None:
    path = f"/console/report/{report}"
    sent = at_desk.client.get(f"{path}/print", base_url=ORIGIN)
    assert sent.headers["Location"] == path
    page = at_desk.sends(f"{path}/print", 200).text
    assert "Printed by" in page
    assert "Noor" in page
    assert "locks the door at night" in re.sub(r"<[^>]+>", "", page)
    for never in ("Maria", "Lopez", maria.number, "<button", "<form"):
        assert never not in page
    with house.hotline.store.read() as session:
        did = [line.did for line in audit.of_report(session, report)]
    assert did.count("printed") == 1


def test_everything_of_it_ends_with_the_report_and_nothing_lies_in_the_clear(
    house: House, at_desk: Member, supervisor: Member, report: str, amina: Texter
) -> None:
    path = f"/console/report/{report}"
    amina.texts("The same man took my papers")
    other = other_than(at_desk, report)
    supervisor.sends("/console/tags", name="boat")
    tag = re.search(r'name="tag" value="([^"]+)"', at_desk.opens(path))
    assert tag
    at_desk.sends(f"{path}/tags", tag=tag[1])
    at_desk.sends(f"{path}/link", other=reference(other), reason="same_event")
    makes_task(at_desk, report)
    rule = form(at_desk, report, "/disagree")["rule"]
    at_desk.sends(f"{path}/disagree", rule=rule, choice="other", words=f"{CANARY} laughs")
    at_desk.sends(f"{path}/code", decide="accept", list="control", code="WithholdsDocuments")
    at_desk.sends(f"{path}/urgency", urgency="immediate", why="a call")
    at_desk.sends(f"{path}/close", outcome="other", why=f"{CANARY} is home")
    at_desk.sends(f"{path}/learned", cost=f"{CANARY} cried")
    left = b"".join(one.read_bytes() for one in house.var.rglob("*") if one.is_file())
    assert CANARY.encode() not in left
    supervisor.sends(f"{path}/erase", 200, sure=reference(report))
    assert tables_naming(house.hotline.store, report) == set()
