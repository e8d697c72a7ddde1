"""Every page closes what it opens, and names nothing twice: a browser would guess, a screen reader cannot."""

from html.parser import HTMLParser

from tests.cast import Member
from tests.console.test_languages import PAGES
from tests.house import ORIGIN

VOID = frozenset({"meta", "link", "input", "hr", "br", "img", "source", "!doctype"})


class Reader(HTMLParser):
    """Reads a page strictly: each end must meet its own beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> says something twice")
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if any(name == "style" or name.startswith("on") for name in names):
            self.faults.append(f"<{tag}> carries a style or a script")
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")


def faults_in(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    twice = {name for name in reader.ids if reader.ids.count(name) > 1}
    return [*reader.faults, *reader.opened, *(f"id {name} twice" for name in sorted(twice))]


def test_pages_are_well_formed(at_desk: Member, supervisor: Member, report: str) -> None:
    supervisor.sends(f"/console/report/{report}/note", note="seen")
    at_desk.sends(f"/console/report/{report}/reply", words="Can you talk?")
    for path in PAGES:
        page = at_desk.client.get(path.format(report), base_url=ORIGIN).text
        assert faults_in(page) == [], path


def test_pages_that_ask_again_are_well_formed(at_desk: Member, report: str, agency: str) -> None:
    path = f"/console/report/{report}"
    asked = (
        at_desk.sends(f"{path}/close", expect=422, why=""),
        at_desk.sends(f"{path}/urgency", expect=422, urgency="high", why=""),
        at_desk.sends(f"{path}/reply", expect=200, words="Call +1 500 555 0100"),
        at_desk.sends(f"{path}/reveal", expect=422, what="1 words", purpose="life", why=""),
        at_desk.sends(f"{path}/reveal", expect=200, what="1 words", purpose="life", why="now"),
        at_desk.sends(f"{path}/lead", expect=200, summary="", country="US"),
        at_desk.sends(f"{path}/lead/publish", expect=422, summary="A house", country="US"),
        at_desk.sends(
            f"{path}/lead",
            expect=200,
            summary="A house",
            country="US",
            exploitation="Servitude",
            could_know="5+",
        ),
        at_desk.sends("/console/new", expect=422),
        at_desk.sends("/console/new", expect=200, account="He keeps my passport."),
        at_desk.sends("/console/signin", expect=403, name="noor"),
    )
    for response in asked:
        assert faults_in(response.text) == [], response.request.path
