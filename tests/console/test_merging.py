"""Two reports of one person become one piece of work by the code that they say, and apart again; neither loses anything."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from hotline import audit, consent
from hotline.consent import ExclusionKind
from hotline.domain.report import reference
from hotline.reports.tables import counters, messages, reports
from hotline.retention import endings
from hotline.triage.access import restrict
from tests.cast import Member
from tests.house import ORIGIN, House
from tests.retention.rows import tables_naming

WORD = "Mustardseed"
FIRST = "He keeps my passport and locks the door."
SECOND = "I owe them money and they took my wages."


def writes(house: House, account: str) -> str:
    """Let somebody write on the web, and return the digits of their code."""
    browser = house.app.test_client()
    form = {"account": account, "word": WORD, "who": "me"}
    page = browser.post("/en/new", data=form, base_url=ORIGIN).text
    return " ".join(re.findall(r"<li>(\d{3})</li>", page))


def row(house: House, report: str) -> Any:
    with house.hotline.store.read() as session:
        return session.execute(select(reports).where(reports.c.id == report)).one_or_none()


def queue(member: Member) -> set[str]:
    return set(re.findall(r"/console/report/([0-9a-f]{32})", member.opens("/console/")))


def counted(house: House) -> int:
    with house.hotline.store.read() as session:
        return sum(session.execute(select(counters.c.open)).scalars())


def did(house: House, report: str) -> list[str]:
    with house.hotline.store.read() as session:
        return [line.did for line in audit.of_report(session, report)]


def merge(member: Member, report: str, code: str, expect: int = 303) -> str:
    return member.sends(f"/console/report/{report}/merge", expect, code=code).text


@pytest.fixture
def two(house: House, at_desk: Member) -> tuple[str, str, str, str]:
    """Two reports of the same person: their ids, and their codes."""
    first_code = writes(house, FIRST)
    (first,) = queue(at_desk)
    house.clock.passes(minutes=5)
    second_code = writes(house, SECOND)
    (second,) = queue(at_desk) - {first}
    return first, second, first_code, second_code


def test_the_code_that_they_say_joins_the_work_and_each_keeps_its_own(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, first_code, second_code = two
    at_desk.sends(
        f"/console/report/{second}/task", task="ask for the papers", due="2026-03-02T18:00"
    )
    merge(at_desk, first, second_code)
    assert queue(at_desk) == {first}
    assert counted(house) == 1
    page = at_desk.opens(f"/console/report/{first}")
    conversation = page.split('id="conversation"')[1].split('id="note"')[0]
    bare = re.sub(r"<[^>]+>", "", conversation)
    assert f"{reference(second)}, message 1" in bare
    assert "they took my wages" in bare
    assert "ask for the papers" in page
    paper = at_desk.sends(f"/console/report/{first}/print", 200).text
    assert "they took my wages" in re.sub(r"<[^>]+>", "", paper)
    its = row(house, first)
    assert {"debt_bondage", "retention_of_identity_documents"} <= set(its.indicators)
    assert "merged" in did(house, first)
    assert "merged" in did(house, second)
    # The other page tells where the work goes on, and still opens what is sealed of it.
    page = at_desk.opens(f"/console/report/{second}")
    assert "Merged into another report of the same person" in page
    for code, words in ((first_code, FIRST), (second_code, SECOND)):
        form = {"code": code, "word": WORD}
        back = house.app.test_client().post("/en/again", data=form, base_url=ORIGIN)
        assert back.status_code == 200
        assert words not in page or words == SECOND


def test_a_wrong_code_locks_nobody_out_is_slowed_and_written_down(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, first_code, second_code = two
    assert "has that code" in merge(at_desk, first, "123 456", 422)
    assert "That is the code of this report" in merge(at_desk, first, first_code, 422)
    other = "1" + second_code[1:] if second_code[0] != "1" else "2" + second_code[1:]
    page = merge(at_desk, first, other, 422)
    assert other not in page
    for _ in range(3):
        merge(at_desk, first, "111 222 333", 422)
    assert did(house, first).count("merge_refused") == 5
    assert "Wait a minute" in merge(at_desk, first, second_code, 429)
    house.clock.passes(minutes=2)
    merge(at_desk, first, second_code)
    assert row(house, second).joined_to == first
    left = b"".join(one.read_bytes() for one in house.var.rglob("*") if one.is_file())
    for code in (second_code, second_code.replace(" ", "")):
        assert code.encode() not in left


def test_what_comes_into_the_one_waits_for_an_answer_at_the_other(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two
    merge(at_desk, first, second_code)
    at_desk.sends(f"/console/report/{first}/reply", words="We are here.", read=1)
    assert not row(house, first).unanswered
    house.clock.passes(minutes=1)
    comes_back(house, second_code, "They come back tonight with a knife, help me now")
    its = row(house, first)
    assert its.unanswered
    assert its.urgency == 3
    assert not row(house, second).unanswered
    assert queue(at_desk) == {first}
    assert counted(house) == 1
    page = at_desk.opens(f"/console/report/{first}")
    assert f"{reference(second)}, message 2" in re.sub(r"<[^>]+>", "", page)
    # It is not closed away unread, and opens what was closed.
    close = f"/console/report/{first}/close"
    at_desk.sends(close, 409, outcome="safe_now", read=2, read_joined=1)
    at_desk.sends(close, outcome="safe_now", read=2, read_joined=2)
    assert counted(house) == 0
    comes_back(house, second_code, "Please, one more thing")
    assert row(house, first).status == "open"
    assert counted(house) == 1
    for report in (first, second):
        assert not drawn(house, report)


def comes_back(house: House, code: str, words: str) -> None:
    browser = house.app.test_client()
    page = browser.post("/en/again", data={"code": code, "word": WORD}, base_url=ORIGIN).text
    forms = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL)
    action, inside = next(pair for pair in forms if "<textarea" in pair[1])
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', inside))
    name = re.search(r'<textarea[^>]*name="([^"]+)"', inside)
    assert name
    sent = browser.post(action, data={**fields, name[1]: words}, base_url=ORIGIN)
    assert sent.status_code in (200, 303)


def drawn(house: House, report: str) -> bool:
    with house.hotline.store.read() as session:
        return endings.are_drawn(session, report)


def test_both_end_together_and_are_taken_up_together(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two
    merge(at_desk, first, second_code)
    assert not drawn(house, second)
    at_desk.sends(f"/console/report/{first}/close", outcome="safe_now", read=1, read_joined=1)
    assert drawn(house, first)
    assert drawn(house, second)
    with house.hotline.store.read() as session:
        assert set(session.execute(select(messages.c.at)).scalars()) == {None}
    at_desk.sends(f"/console/report/{first}/reopen", why="she wrote")
    assert not drawn(house, first)
    assert not drawn(house, second)
    assert counted(house) == 1


def test_they_are_taken_apart_with_a_reason(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, first_code, second_code = two
    merge(at_desk, first, second_code)
    path = f"/console/report/{first}/take-apart"
    assert "Say why first" in at_desk.sends(path, 422, other=second, why=" ").text
    at_desk.sends(path, 404, other=first, why="a mistake")
    at_desk.sends(path, other=second, why="Zarifa is her sister")
    assert queue(at_desk) == {first, second}
    assert counted(house) == 2
    assert row(house, second).waiting_since is not None
    assert "unmerged" in did(house, second)
    assert SECOND not in at_desk.opens(f"/console/report/{first}")
    left = b"".join(one.read_bytes() for one in house.var.rglob("*") if one.is_file())
    assert b"Zarifa" not in left
    # And the other way round.
    merge(at_desk, second, first_code)
    assert queue(at_desk) == {second}


def test_what_is_merged_already_is_merged_no_further(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, first_code, second_code = two
    third_code = writes(house, "And another thing")
    (third,) = queue(at_desk) - {first, second}
    merge(at_desk, first, second_code)
    assert "merged already" in merge(at_desk, first, second_code, 409)
    assert "merged already" in merge(at_desk, third, first_code, 409)
    merge(at_desk, first, third_code)
    assert queue(at_desk) == {first}


def test_erasing_the_one_leaves_the_other(
    house: House, at_desk: Member, supervisor: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two
    merge(at_desk, first, second_code)
    at_desk.sends(f"/console/report/{first}/let-go")
    its = {"keep": "erase", "sure": reference(first), "outcome": "withdrew"}
    supervisor.sends(f"/console/report/{first}/close", 200, **its)
    assert tables_naming(house.hotline.store, first) == set()
    assert row(house, second).joined_to is None
    assert row(house, second).status == "closed"
    assert drawn(house, second)
    supervisor.sends(f"/console/report/{second}/reopen", why="hers is still there")
    assert queue(at_desk) == {second}
    assert counted(house) == 1


def test_one_that_ends_at_once_lets_the_other_stand_in_the_queue(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two
    merge(at_desk, first, second_code)
    house.hotline.sweeper.eraser.erase(first, by="reporter", at=house.clock())
    assert queue(at_desk) == {second}
    assert counted(house) == 1


def test_erasing_what_was_merged_in_leaves_where_the_work_is(
    house: House, at_desk: Member, supervisor: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two
    merge(at_desk, first, second_code)
    supervisor.sends(f"/console/report/{second}/erase", 200, sure=reference(second))
    assert tables_naming(house.hotline.store, second) == set()
    assert queue(at_desk) == {first}
    assert counted(house) == 1
    page = at_desk.opens(f"/console/report/{first}")
    assert "they took my wages" not in re.sub(r"<[^>]+>", "", page)


def test_what_either_shuts_both_shut(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two
    store, keyring = house.hotline.store, house.hotline.keyring

    def exclude(session: Any) -> None:
        its = {"report_id": second, "kind": ExclusionKind.EVERYONE, "at": house.clock()}
        consent.exclude(session, keyring, **its)

    def case(report: str) -> consent.Case:
        with store.read() as session:
            return consent.case_of(session, report)

    store.write(exclude)
    assert not case(first).excluded
    merge(at_desk, first, second_code)
    assert [one.kind for one in case(first).excluded] == ["everyone"]
    assert [one.kind for one in case(second).excluded] == ["everyone"]
    at_desk.sends(f"/console/report/{second}/duress", duress="on", why="another voice")
    assert case(first).is_doubted
    # Taking them apart opens nothing.
    path = f"/console/report/{first}/take-apart"
    at_desk.sends(path, other=second, why="not the same")
    for report in (first, second):
        assert [one.kind for one in case(report).excluded] == ["everyone"]
        assert case(report).is_doubted


def test_nothing_is_merged_in_doubt_or_past_who_may_see_it(
    house: House, at_desk: Member, supervisor: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two
    at_desk.sends(f"/console/report/{first}/duress", duress="on", why="another voice")
    assert "may be writing" in merge(at_desk, first, second_code, 409)
    at_desk.sends(f"/console/report/{first}/duress", duress="off", why="we talked")
    supervisor.sends(f"/console/report/{second}/claim")
    assert "A colleague holds one of them" in merge(at_desk, first, second_code, 409)
    supervisor.sends(f"/console/report/{second}/let-go")
    keyring, at = house.hotline.keyring, house.clock()
    ids = {name: house.staff[name].member_id for name in ("noor", "ines")}

    def only(*names: str) -> None:
        its = {"keyring": keyring, "desk": "main", "by": ids["ines"], "at": at}
        to = [ids[name] for name in names]
        house.hotline.store.write(lambda session: restrict(session, second, to=to, **its))

    only("noor", "ines")
    assert "Not the same people" in merge(at_desk, first, second_code, 409)
    only("ines")
    assert "has that code" in merge(at_desk, first, second_code, 422)
    assert row(house, second).joined_to is None


def test_a_code_of_another_desk_is_no_code_here(
    house: House, at_desk: Member, two: tuple[str, str, str, str]
) -> None:
    first, second, _, second_code = two

    def move(session: Any) -> None:
        session.execute(reports.update().where(reports.c.id == second).values(desk="north"))

    house.hotline.store.write(move)
    assert "has that code" in merge(at_desk, first, second_code, 422)
