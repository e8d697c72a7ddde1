"""What people and staff type stays text: no template works it out, no page runs it, no table calculates it."""

import re
from html import unescape
from pathlib import Path

from tests.attack.web.asking import ENDS_A_SESSION, ways
from tests.cast import MARIA, Member, Texter
from tests.channels.web.reading import slip
from tests.console.everywhere import pages
from tests.house import ORIGIN, House

ROOT = Path(__file__).parents[3]

WORKED_OUT = "57592921"
HOSTILE = (
    "{{7589*7589}} ${7589*7589} <%= 7589*7589 %> #{7589*7589} @(7589*7589)",
    "{% print(7589*7589) %}{# x #}{{ config }}{{ ''.__class__.__mro__ }}",
    "</bdi></textarea></title><svg onload=alert(1)>'\"`><img src=x onerror=alert(1)>",
    "%(name)s %s {0} {name} $name ${name} \\u003csvg onload=alert(1)\\u003e",
    "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
    "a\r\nSet-Cookie: a=b\r\n\r\n<svg onload=alert(1)>",
)
_RUNS = re.compile(
    r"<svg\s+onload|<img src=x|(?:href|src|action)=[\"']?javascript:|&lt;Config|&lt;class &#39;object"
)


def assert_text(page: str, where: object) -> None:
    assert WORKED_OUT not in page, where
    assert not _RUNS.search(page), (where, _RUNS.search(page))


def test_what_a_person_sends_is_shown_to_the_desk_as_they_typed_it(
    house: House, noor: Member, ines: Member
) -> None:
    noor.signs_in()
    ines.signs_in()
    said, browser = " ".join(HOSTILE), house.app.test_client()
    Texter(house, MARIA).texts(said)
    page = browser.get("/en/new", base_url=ORIGIN).text
    sent = {"account": said, "word": said[:60], "slip": slip(page), **dict.fromkeys("abc", said)}
    for act in ("look", "send"):
        answer = browser.post(f"/en/new?act={act}", data=sent, base_url=ORIGIN)
        assert_text(answer.text, act)
        assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
    for report in set(re.findall(r"/report/([0-9a-f]{32})", noor.opens("/console/"))):
        shown = noor.client.get(f"/console/report/{report}", base_url=ORIGIN).text
        assert_text(shown, report)
        assert "{%" in unescape(shown)
        for path in pages(house, {"report_id": report}):
            if report in path:
                assert_text(ines.client.get(path, base_url=ORIGIN).text, path)


def test_whatever_a_form_is_given_comes_back_as_text(house: House, ines: Member) -> None:
    """Every form of the desk, with each of its own fields filled; then every page, where some of it may stand."""
    ines.signs_in()
    Texter(house, MARIA).texts("They keep my passport")
    report = ines.first_report()
    fields = dict.fromkeys(_fields_of_all_templates(), "")
    assert len(fields) > 150
    for number, way in enumerate(ways(house.app, "POST")):
        if way.is_of_the_desk and way.endpoint not in ENDS_A_SESSION:
            form = dict.fromkeys(fields, HOSTILE[number % len(HOSTILE)])
            path = way.path.replace("0" * 32, report)
            answer = ines.client.post(path, data=form, base_url=ORIGIN)
            assert answer.status_code < 500, (way, answer.status_code)
            assert_text(answer.text, way)
            assert not re.search(r"[\r\n]", answer.headers.get("Location", "")), way
            assert "a=b" not in f"{answer.headers.getlist('Set-Cookie')}", way
    for path in pages(house, {"report_id": report}):
        assert_text(ines.client.get(path, base_url=ORIGIN).text, path)


def test_no_template_is_made_from_text_and_no_text_passes_for_a_page() -> None:
    """What would let the two tests above pass today and fail with a page of tomorrow."""
    for path in (ROOT / "hotline" / "templates").rglob("*.*"):
        words = path.read_text(encoding="utf-8")
        is_drawn_here = path.name == "paper.html"
        assert is_drawn_here or not re.search(r"\|\s*safe\s*[|}]|autoescape\s+false", words), path
    for path in [*(ROOT / "hotline").rglob("*.py"), *(ROOT / "referral").rglob("*.py")]:
        words = path.read_text(encoding="utf-8")
        assert "render_template_string" not in words, path


def _fields_of_all_templates() -> set[str]:
    """Return the names of all fields that the desk's forms have, as their templates write them."""
    found: set[str] = set()
    for path in (ROOT / "hotline" / "templates" / "console").rglob("*.html"):
        found |= set(re.findall(r'\bname="([\w-]+)"', path.read_text(encoding="utf-8")))
    return found
