"""Charts say what may be said, the same without a drawing; the file says what the page says, and nothing else."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from hotline.console.exporting import harmless
from hotline.domain.urgency import Urgency
from hotline.drawing import ceiling, lying, standing
from hotline.reports.tables import closings, first_answers
from hotline.store import Session
from hotline.worker import WORK
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House
from tests.triage.conftest import file_report

MONTH = "2026-02"


def fill(house: House) -> None:
    """Let February have 53 reports of desk "main" that count, and some that do not."""

    def work(session: Session) -> None:
        for number in range(53):
            language = ["es", "es", "en", "ti"][number % 4] if number else "ha"
            file_report(
                session,
                desk="main",
                day=f"2026-02-{1 + number % 28:02}",
                status="closed",
                urgency=number % 3 + 1,
                channel="sms" if number % 2 else "web",
                language=language,
                needs=["shelter"] if number % 2 else ["legal"],
                indicators=["debt_bondage"],
            )
        for facts in ({"restricted": True}, {"joined_to": "f" * 32}, {"desk": "north"}):
            its = {"desk": "main", "day": "2026-02-03", "language": "am", "status": "closed"}
            file_report(session, **{**its, **facts})
        month = {"desk": "main", "month": MONTH}
        answers = {**month, "urgency": Urgency.HIGH.rank, "in_time": 45, "late": 3}
        session.execute(insert(first_answers).values(answers))
        ends = [{**month, "outcome": "safe_now", "count": 12}, {**month, "outcome": "", "count": 9}]
        session.execute(insert(closings), ends)

    house.hotline.store.write(work)
    house.clock.at = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    WORK["sweep"](house.hotline, "")


def tables(page: str) -> dict[str, list[list[str]]]:
    """Return the rows of each table of a page, by its caption."""
    found = {}
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table, re.DOTALL)
        assert caption
        rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
        found[caption[1]] = [
            [re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells
        ]
    return found


def test_a_month_is_shown_in_words_drawings_and_tables(house: House, supervisor: Member) -> None:
    assert "No month is over yet" in supervisor.opens("/console/charts")
    fill(house)
    supervisor.signs_in()
    page = supervisor.opens("/console/charts")
    assert faults_in(page) == []
    assert "About 55 reports came in this month." in page
    found = tables(page)
    assert found["How they reached us"] == [["SMS", "25"], ["Web", "25"]]
    # Hausa is a single one, so English, the smallest of the others, goes with it; both without a name.
    assert found["Languages they write in"] == [
        ["Spanish", "25"],
        ["All others, together", "withheld"],
    ]
    assert found["What they need"] == [["Lawyer", "25"], ["Safe place", "25"]]
    assert found["First answers in time"][1] == ["High", "50", "95 %"]
    assert found["First answers in time"][0] == ["Immediate", "0", "–"]
    assert found["What came of closed reports"] == [["Nothing was said", "10"], ["Safe now", "10"]]
    assert "Amharic" not in page
    assert "Hausa" not in page
    assert "High: about 95 in 100 were answered by a person within 1 h." in page

    # Without a drawing nothing is missing: each has a table of the same cells, and each names itself.
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(drawings) == len(found) == len(figures) == 9
    for figure in figures:
        assert "<figcaption>" in figure
        drawing = figure[figure.index("<svg") : figure.index("</svg>")]
        assert re.search(r"<title id=\"[a-z]+-title\">[^<]+</title>", drawing)
        assert re.search(r"<desc id=\"[a-z]+-desc\">[^<]+</desc>", drawing)
        rows = next(iter(tables(figure).values()))
        assert drawing.count("<rect") == len(rows)


def test_only_whole_months_that_are_over_can_be_asked_for(house: House, supervisor: Member) -> None:
    fill(house)
    supervisor.signs_in()
    for asked in ("2026-03", "2026-02-03", "2025-12", "x"):
        answer = supervisor.client.get(f"/console/charts?month={asked}", base_url=ORIGIN)
        assert answer.status_code == 404, asked
        supervisor.sends("/console/charts/export", expect=404, month=asked)
    asked = tables(supervisor.opens(f"/console/charts?month={MONTH}"))
    assert asked == tables(supervisor.opens("/console/charts"))
    # Another desk counts its own.
    mira = Member(house, "mira")
    mira.signs_in()
    assert "Fewer than 5 reports came in this month." in mira.opens("/console/charts")


def test_the_file_says_what_the_page_says(house: House, supervisor: Member) -> None:
    fill(house)
    supervisor.signs_in()
    shown = tables(supervisor.opens("/console/charts"))
    file = supervisor.sends("/console/charts/export", expect=200, month=MONTH)
    assert file.mimetype == "text/csv"
    assert "statistics-2026-02.csv" in file.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(file.text)))
    note = [line[0] for line in lines if len(line) == 1]
    assert "Counts under 5 are withheld" in note[0]
    head, *rows = [line for line in lines if len(line) > 1]
    assert head == ["desk", "month", "table", "code", "count", "in_time_percent"]
    assert rows[0] == ["main", MONTH, "total", "", "55", ""]
    names = list(dict.fromkeys(row[2] for row in rows[1:]))
    for name, table in zip(names, shown.values(), strict=True):
        cells = [row for row in rows if row[2] == name]
        assert [row[4] for row in cells] == [row[1] for row in table], name
        if name == "answer":
            assert [row[5] for row in cells] == [row[2].rstrip(" %–") for row in table]
    # What was taken, and by whom, is written down.
    audit = supervisor.opens("/console/audit?kind=out")
    assert "took statistics as a file" in audit
    assert MONTH in audit


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "%1", "|x"])
def test_no_cell_is_worked_out_by_whatever_opens_the_file(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("sms") == "sms"


def test_months_that_wait_are_counted_step_by_step_and_can_be_stopped(
    house: House, supervisor: Member
) -> None:
    fill(house)
    house.clock.at = datetime(2026, 6, 5, 9, 0, tzinfo=UTC)
    supervisor.signs_in()
    page = supervisor.opens("/console/charts")
    assert "3 months are over and not counted whole." in page
    for _ in range(40):
        answer = supervisor.client.post("/console/charts/count", base_url=ORIGIN)
        if answer.status_code == 303:
            break
        # Without a script the page goes on by its button, and stops by a link that keeps what is done.
        assert faults_in(answer.text) == []
        assert "<progress" in answer.text
        assert "data-goes-on" in answer.text
        assert 'href="/console/charts" autofocus' in answer.text
    assert answer.status_code == 303
    page = supervisor.opens("/console/charts")
    assert "not counted whole" not in page
    assert "No report came in this month." in page


def test_bars_stand_within_their_drawing_on_either_side() -> None:
    values = [("a", 0), ("b", 5), ("c", None), ("d", 250)]
    for make in (lying, standing):
        for mirrored in (False, True):
            drawn = make(values, mirrored=mirrored)
            assert len(drawn.bars) == len(values)
            for bar in drawn.bars:
                assert 0 <= bar.x <= bar.x + bar.width <= drawn.width
                assert 0 <= bar.y <= bar.y + bar.height <= drawn.height
        plain, turned = make(values), make(values, mirrored=True)
        for bar, other in zip(plain.bars, turned.bars, strict=True):
            assert bar.x == turned.width - other.x - other.width
            assert replace(bar, x=0, label_at=(0, 0), value_at=(0, 0)) == replace(
                other, x=0, label_at=(0, 0), value_at=(0, 0)
            )
    assert standing([]).bars == lying([]).bars == ()
    assert [ceiling(value) for value in (0, 3, 7, 40, 250)] == [3, 3, 9, 60, 300]


def test_no_one_but_supervisors_sees_statistics(house: House, at_desk: Member) -> None:
    fill(house)
    at_desk.signs_in()
    assert at_desk.client.get("/console/charts", base_url=ORIGIN).status_code == 403
    at_desk.sends("/console/charts/export", expect=403, month=MONTH)


def test_an_answer_and_an_ending_are_counted_as_they_happen(
    house: House, at_desk: Member, report: str
) -> None:
    house.clock.passes(hours=5)
    at_desk.signs_in()
    at_desk.sends(f"/console/report/{report}/reply", words="Can you talk?")
    at_desk.sends(f"/console/report/{report}/reply", words="We are here.")
    at_desk.sends(f"/console/report/{report}/close", outcome="safe_now", why="")
    with house.hotline.store.read() as session:
        (answer,) = session.execute(select(first_answers)).all()
        (ending,) = session.execute(select(closings)).all()
    assert (answer.desk, answer.month, answer.in_time, answer.late) == ("main", "2026-03", 0, 1)
    assert tuple(ending) == ("main", "2026-03", "safe_now", 1)
