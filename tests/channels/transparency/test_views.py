"""Everybody may read what the house did in a quarter: without a name, a cookie or a script, and never more than that."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, event

from hotline.channels.web.headers import CONTENT_SECURITY_POLICY
from hotline.i18n import CONSOLE
from hotline.reports import reports
from hotline.triage.publishing import Counts
from tests.channels.transparency.conftest import Telling
from tests.console.test_charts import tables
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House

PAGE = "/transparency"
Q3 = f"{PAGE}/2026-Q3"


@pytest.fixture
def anybody(house: House) -> FlaskClient:
    return house.app.test_client()


def test_before_the_first_quarter_is_told_the_page_says_so(anybody: FlaskClient) -> None:
    page = anybody.get(PAGE, base_url=ORIGIN)
    assert page.status_code == 200
    assert faults_in(page.text) == []
    assert "No quarter is told yet" in page.text
    for asked in ("2026-Q3", "2026-Q3.csv", "2026", "..", "2026-Q3.xml"):
        assert anybody.get(f"{PAGE}/{asked}", base_url=ORIGIN).status_code == 404, asked


def test_a_quarter_is_told_in_words_drawings_and_tables(
    anybody: FlaskClient, told: Telling
) -> None:
    told("2026-Q2", Counts(received=3))
    told("2026-Q3")
    page = anybody.get(PAGE, base_url=ORIGIN).text
    assert faults_in(page) == []
    assert page == anybody.get(Q3, base_url=ORIGIN).text
    found = tables(page)
    assert found["Reports that came in"] == [
        ["2nd quarter 2026", "a few"],
        ["3rd quarter 2026", "225"],
    ]
    # Sweden is a small one, so the smallest of the others goes with it; neither has a name.
    assert found["From which countries"] == [
        ["Kenya", "140"],
        ["Thailand", "45"],
        ["Not known", "10"],
        ["Malta", "10"],
        ["United States", "10"],
        ["All others, together", "withheld"],
    ]
    assert "Sweden" not in page
    assert "Singapore" not in page
    assert found["First answers in time"][:2] == [
        ["Immediate", "30", "100 %"],
        ["High", "80", "95 %"],
    ]
    assert found["Leads to investigators"] == [
        ["Let out", "60"],
        ["Withheld by our rules", "45"],
        ["Taken back", "1 to 4"],
    ]
    assert found["Why leads were withheld"][0] == ["No yes of the person for it", "30"]
    assert found["Legal demands"] == [
        ["Received", "5"],
        ["Objected to", "0"],
        ["Complied with", "0"],
        ["Withdrawn by who asked", "0"],
    ]
    assert found["Erased reports, and complaints about us"] == [
        ["Reports erased", "120"],
        ["Complaints about us", "1 to 4"],
    ]
    for sentence in (
        "About 225 reports came in this quarter.",
        "Most came from this country: Kenya, about 140.",
        "Immediate: about 100 in 100 were answered by a person in time.",
        "About 60 leads were let out.",
        "About 40 times something sealed was opened for a purpose.",
        "says nothing about whose land it is",
        "or where two of us decided it for a child.",
    ):
        assert sentence in page, sentence
    # Without a drawing nothing is missing: each stands beside a table and names itself.
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(figures) == len(found) == 8
    for figure in figures:
        assert re.search(r"<title id=\"[a-z]+-title\">[^<]+</title>", figure)
        assert re.search(r"<desc id=\"[a-z]+-desc\">[^<]+</desc>", figure)


def test_the_map_shades_what_is_told_and_marks_what_is_small(
    anybody: FlaskClient, told: Telling
) -> None:
    told("2026-Q3")
    page = anybody.get(Q3, base_url=ORIGIN).text
    drawn = page[page.index('<svg class="world"') : page.index("</svg>", page.index('"world"'))]
    assert drawn.count("world__land--3") == 1
    assert drawn.count("world__land--2") == 1
    assert drawn.count('<circle class="world__mark world__land--1"') == 1
    assert len(drawn) < 120_000


def test_where_nobody_wrote_down_complaints_the_page_says_that(
    anybody: FlaskClient, told: Telling
) -> None:
    told("2026-Q3", Counts(received=40))
    page = anybody.get(Q3, base_url=ORIGIN).text
    assert faults_in(page) == []
    assert "Nobody wrote down how many complained." in page
    assert "Complaints about us" not in page
    assert "No lead was let out." in page
    assert "No demand came." in page


def test_two_looks_at_a_quarter_are_the_same_whatever_happened_between(
    house: House, anybody: FlaskClient, told: Telling
) -> None:
    told("2026-Q3")
    first = [anybody.get(path, base_url=ORIGIN) for path in (Q3, f"{Q3}.csv")]
    house.hotline.store.write(lambda session: session.execute(delete(reports)))
    house.clock.passes(days=200)
    told("2026-Q4")
    asked: list[str] = []
    event.listen(
        house.hotline.store._reader, "before_cursor_execute", lambda *its: asked.append(its[2])
    )
    again = [anybody.get(path, base_url=ORIGIN) for path in (Q3, f"{Q3}.csv")]
    assert again[1].data == first[1].data
    # The page names the new quarter in its list, and nothing else is new.
    gone, came = ([*one.text.splitlines()] for one in (first[0], again[0]))
    assert [line for line in gone if line not in came] == []
    assert all("2026-Q4" in line for line in came if line not in gone and line.strip())
    # A visit reads what is told, and no report, no log and no count.
    tables_read = {name for words in asked for name in re.findall(r"FROM (\w+)", words)}
    assert tables_read == {"quarters"}


def test_the_file_says_what_the_page_says(anybody: FlaskClient, told: Telling) -> None:
    told("2026-Q2", Counts(received=3))
    told("2026-Q3")
    file = anybody.get(f"{Q3}.csv", base_url=ORIGIN)
    assert file.mimetype == "text/csv"
    assert "transparency-2026-Q3.csv" in file.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(file.text)))
    note = [line[0] for line in lines if len(line) == 1]
    assert "One to four are not told" in note[0]
    assert len(note) == 4
    head, *rows = [line for line in lines if len(line) > 1]
    assert head == ["quarter", "table", "code", "count", "in_time_percent"]
    assert rows[0] == ["2026-Q3", "received", "", "225", ""]
    shown = tables(anybody.get(Q3, base_url=ORIGIN).text)
    shown["Reports that came in"].pop(0)
    names = list(dict.fromkeys(row[1] for row in rows))
    for name, its in zip(names, shown.values(), strict=True):
        cells = [row[3] for row in rows if row[1] == name]
        said = [row[1].replace("1 to 4", "1-4").replace("a few", "withheld") for row in its]
        assert cells == said, name
    assert [row[2] for row in rows if row[1] == "country"] == [
        *("KE", "TH", "unknown", "MT", "US", "others")
    ]
    assert ["2026-Q3", "lead", "recalled", "1-4", ""] in rows
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)


def test_it_leaves_as_strictly_as_a_page_for_reporters_and_may_be_kept_an_hour(
    anybody: FlaskClient, told: Telling
) -> None:
    told("2026-Q3")
    for path in (PAGE, Q3, f"{Q3}.csv"):
        answer = anybody.get(path, base_url=ORIGIN)
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert answer.headers["Vary"] == "Accept-Language"
        assert "Set-Cookie" not in answer.headers
        etag = {"If-None-Match": answer.headers["ETag"]}
        same = anybody.get(path, base_url=ORIGIN, headers=etag)
        assert (same.status_code, same.data) == (304, b"")
        assert same.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    page = anybody.get(f"{PAGE}?lang=es", base_url=ORIGIN)
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text
    # Nothing comes from elsewhere.
    brought = re.findall(r"(?:src|href|action|data)=\"([^\"]*)\"", page.text)
    assert {one for one in brought if not one.startswith(("/", "#"))} == set()
    # What cannot be shown is not kept by anybody.
    missing = anybody.get(f"{PAGE}/2031-Q1", base_url=ORIGIN)
    assert missing.headers["Cache-Control"] == "no-store"


def test_it_speaks_the_language_that_is_asked_for_and_remembers_none(
    house: House, anybody: FlaskClient, told: Telling
) -> None:
    told("2026-Q3")
    speaks = house.hotline.languages.complete(CONSOLE)
    for code in speaks:
        by_browser = anybody.get(Q3, base_url=ORIGIN, headers={"Accept-Language": code}).text
        by_address = anybody.get(f"{Q3}?lang={code}", base_url=ORIGIN).text
        for page in (by_browser, by_address):
            assert f'<html lang="{code}"' in page
        # A language that was chosen goes along, one that the browser asks for does not stand in addresses.
        assert f'href="{Q3}.csv?lang={code}"' in by_address
        assert f'href="{Q3}.csv"' in by_browser
    assert '<html lang="en"' in anybody.get(Q3, base_url=ORIGIN).text
    assert '<html lang="en"' in anybody.get(f"{Q3}?lang=zz", base_url=ORIGIN).text


def test_no_page_of_reporters_leads_to_it(anybody: FlaskClient, told: Telling) -> None:
    told("2026-Q3")
    for path in ("/", "/en/", "/en/new", "/en/again", "/en/how", "/robots.txt"):
        assert "transparency" not in anybody.get(path, base_url=ORIGIN, follow_redirects=True).text
    for path in (PAGE, Q3):
        assert anybody.post(path, base_url=ORIGIN).status_code == 405
