"""Nobody is dismissed with a flood whom nobody looked at: what differs in a group is shown, and what brought more stays."""

import re

import pytest
from sqlalchemy import update

from hotline.domain.urgency import Urgency
from hotline.reports import reports
from hotline.vault.attachments import HeldFile
from hotline.vault.tables import envelopes
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.console.test_quarantine_page import FLOOD, PAGE, Telling, status_of, tells
from tests.house import ORIGIN, House

__all__ = ["tells"]

GROUP = f"{PAGE}/{FLOOD}"
ALIKE = "My boss has not paid my wages for two months. Come to our shop, best prices"
URGENT = "He locked me in and beats me right now, I am bleeding, please come, help me"


def photo() -> HeldFile:
    file = HeldFile("door.jpg", "image/jpeg")
    file.add(b"\xff\xd8\xff a door")
    file.finish()
    return file


@pytest.fixture
def flood(house: House, tells: Telling) -> dict[str, str]:
    """A group of six: what came with three of them is more than the words that are alike."""
    choices = {"need": ["talk"]}
    its = {
        "words": tells(ALIKE)[0],
        "more words": tells(ALIKE)[0],
        "choices": tells(ALIKE, answers=choices)[0],
        "photo": tells(ALIKE, files=[photo()])[0],
        "number": tells(ALIKE, contact={"how": "call", "number": "+15005550123"})[0],
        "place": tells(ALIKE, contact={"how": "here", "place": "12 Quay Street"})[0],
    }
    house.clock.passes(minutes=1)
    return its


def urgent(house: House, tells: Telling) -> str:
    report, _ = tells(URGENT)
    house.clock.passes(minutes=1)
    return report


def form(page: str) -> dict[str, str]:
    """Return what the page's own form would send besides what is typed."""
    main = page.partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="(before|urgency)" value="([^"]*)"', main))


def row_of(page: str, report: str) -> str:
    return page.partition(f"/console/report/{report}")[2].partition("</tr>")[0]


def test_the_list_of_a_group_shows_what_came_with_each(
    at_desk: Member, flood: dict[str, str]
) -> None:
    page = at_desk.opens(GROUP)
    assert "1 file" in row_of(page, flood["photo"])
    assert "a number or a place" in row_of(page, flood["number"])
    assert "a number or a place" in row_of(page, flood["place"])
    assert "chosen answers" in row_of(page, flood["choices"])
    assert "chosen answers" not in row_of(page, flood["words"])
    assert "5005550" not in page
    assert "Quay" not in page
    assert faults_in(page) == []


def test_an_interpreter_is_shown_no_group(house: House, flood: dict[str, str]) -> None:
    ivo = Member(house, "ivo")
    ivo.signs_in()
    answer = ivo.client.get(GROUP, base_url=ORIGIN)
    assert answer.status_code == 403
    assert flood["photo"] not in answer.text


def test_what_brought_more_than_words_stays_when_its_group_is_dismissed(
    house: House, at_desk: Member, flood: dict[str, str]
) -> None:
    asked = at_desk.opens(f"{GROUP}/dismiss")
    assert "Dismiss 3 reports unread?" in asked
    assert "3 of them stay here" in asked
    assert faults_in(asked) == []
    answer = at_desk.sends(f"{GROUP}/dismiss", why="a shop", **form(asked))
    assert "3 reports were dismissed" in at_desk.opens(answer.headers["Location"])
    stay = {name for name, report in flood.items() if status_of(house, report) == "quarantined"}
    assert stay == {"photo", "number", "place"}
    asked = at_desk.opens(f"{GROUP}/dismiss")
    assert "3 of them stay here" in asked
    assert 'name="why"' not in asked


def test_what_stayed_is_dismissed_once_somebody_says_that_they_looked_at_each(
    house: House, at_desk: Member, flood: dict[str, str]
) -> None:
    page = at_desk.opens(f"{GROUP}/apart")
    assert faults_in(page) == []
    listed = re.findall(r'name="report" value="([0-9a-f]{32})"', page)
    assert set(listed) == {flood["photo"], flood["number"], flood["place"]}
    sends = {"report": listed, "why": "all three are the shop", **form(page)}
    unread = at_desk.sends(f"{GROUP}/apart", expect=422, **sends).text
    assert "Look at each first" in unread
    assert faults_in(unread) == []
    at_desk.sends(f"{GROUP}/apart", expect=422, **{**sends, "why": " ", "looked": "1"})
    assert status_of(house, flood["photo"]) == "quarantined"
    at_desk.sends(f"{GROUP}/apart", looked="1", **sends)
    assert {status_of(house, report) for report in listed} == {"closed"}
    assert status_of(house, flood["words"]) == "quarantined"
    assert "None of them brought more than words" in at_desk.opens(f"{GROUP}/apart")


def test_of_those_that_stay_none_is_dismissed_that_was_not_on_the_page(
    house: House, at_desk: Member, flood: dict[str, str], tells: Telling
) -> None:
    sends = {"why": "a shop", "looked": "1", "urgency": "normal"}
    at_desk.sends(f"{GROUP}/apart", expect=404, **sends)
    at_desk.sends(f"{GROUP}/apart", expect=404, report=["0" * 32], **sends)
    at_desk.sends(f"{GROUP}/apart", report=[flood["photo"]], **sends)
    assert status_of(house, flood["number"]) == "quarantined"


def test_a_way_that_does_not_open_counts_as_left(
    house: House, at_desk: Member, flood: dict[str, str]
) -> None:
    its = (envelopes.c.report_id == flood["words"], envelopes.c.audience == "contact")
    broken = update(envelopes).where(*its).values(body=b"x" * 64)
    house.hotline.store.write(lambda session: session.execute(broken))
    at_desk.sends(f"{GROUP}/dismiss", why="a shop")
    assert status_of(house, flood["words"]) == "quarantined"
    assert status_of(house, flood["more words"]) == "closed"


def test_a_group_with_something_urgent_in_it_is_for_a_supervisor(
    house: House, at_desk: Member, flood: dict[str, str], tells: Telling
) -> None:
    worst = urgent(house, tells)
    for path in (f"{GROUP}/dismiss", f"{GROUP}/apart"):
        page = at_desk.opens(path)
        assert "A supervisor dismisses this group" in page
        assert '<bdi dir="auto">Ines</bdi>' in page
        assert 'name="why"' not in page
        assert faults_in(page) == []
        refused = at_desk.sends(path, expect=403, why="a shop", looked="1", report=[worst]).text
        assert "A supervisor dismisses this group" in refused
    assert {status_of(house, report) for report in (worst, *flood.values())} == {"quarantined"}
    # Once it stands in the queue the others are anybody's again.
    at_desk.sends("/console/claim", claim=worst)
    assert 'name="why"' in at_desk.opens(f"{GROUP}/dismiss")


def test_a_supervisor_dismisses_no_more_urgent_ones_than_were_shown(
    house: House, supervisor: Member, flood: dict[str, str], tells: Telling
) -> None:
    before = form(supervisor.opens(f"{GROUP}/dismiss"))
    worst = urgent(house, tells)
    house.clock.passes(minutes=1)
    late = {**before, "before": house.clock().isoformat()}
    supervisor.sends(f"{GROUP}/dismiss", why="a shop", **late)
    assert status_of(house, worst) == "quarantined"
    assert status_of(house, flood["words"]) == "closed"
    asked = supervisor.opens(f"{GROUP}/dismiss")
    assert "A supervisor dismisses" not in asked
    supervisor.sends(f"{GROUP}/dismiss", why="we called: a test", **form(asked))
    assert status_of(house, worst) == "closed"


def test_the_page_says_how_many_are_how_urgent(
    house: House, at_desk: Member, flood: dict[str, str], tells: Telling
) -> None:
    urgent(house, tells)
    for path in (PAGE, GROUP):
        page = at_desk.opens(path)
        marks = re.findall(
            r"<li><span class=\"urgency urgency--(\w+)\">[^<]*</span> (\d+)</li>", page
        )
        ranks = [Urgency(code).rank for code, _ in marks]
        assert len(ranks) > 1
        assert ranks == sorted(ranks, reverse=True)
        assert sum(int(number) for _, number in marks) == 7


def test_nothing_that_is_dismissed_is_lost(
    house: House, at_desk: Member, flood: dict[str, str]
) -> None:
    at_desk.sends(f"{GROUP}/dismiss", why="a shop")
    closed = at_desk.opens("/console/?view=closed")
    assert flood["words"] in closed
    assert "best prices" in closed
    with house.hotline.store.read() as session:
        assert len(session.execute(reports.select()).all()) == 6
