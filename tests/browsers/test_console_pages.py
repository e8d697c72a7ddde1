"""Every page of the desk, looked over in a real browser: for each role, in English and Arabic, by day and by night,
from 320 to 2560 pixels, with scripts and without.

`make bench` looks at all of them; a quick run at those that between them have every part.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hotline.worker import work_off
from tests.browsers.auditing import audit, linked_modules, listening
from tests.cast import AMINA, MARIA, Member, Texter
from tests.console.conftest import reads_for
from tests.console.everywhere import PLACEHOLDER, desk_rules, ids_in
from tests.house import ORIGIN, House, found_house
from tests.leads.desk import Desk
from tests.servers import free_port

HEAVIEST = "250"
WIDTHS = "480,768,1280,2560"
OF_REPORTERS = "disguise,grade,remembered,leaving,pictures,small"
"""What is looked at where nobody may know what a page is for, and where fingers do what pointers do here."""

QUICK = {
    "en": (("/console/", "/console/search", "/console/settings"), "2560"),
    "ar": (("/console/report/<report_id>",), ""),
}
"""In each language some pages, and at which other widths."""
WHO = ("noor", "ines", "ivo", "abel", "ada", "isa")
LOCKED_IN = "My boss took my passport and locks the door at night. My name is Maria Lopez"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(1800),
    pytest.mark.xdist_group("console pages"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A desk at work: two reports, one of them answered, noted, restricted to nobody, and asked about."""
    url = f"http://127.0.0.1:{free_port()}"
    house = found_house(
        tmp_path_factory.mktemp("house") / "var",
        adjust=lambda config: replace(config, public_url=url, locales=("en", "ar")),
    )
    Texter(house, AMINA).texts(LOCKED_IN)
    Texter(house, MARIA).texts(LOCKED_IN)
    noor = Member(house, "noor")
    noor.signs_in()
    path = f"/console/report/{noor.first_report()}"
    noor.sends(f"{path}/claim")
    noor.sends(f"{path}/note", text="Ask again tomorrow.")
    noor.sends(f"{path}/reply", words="We hear you. Is it safe to write now?")
    work_off(house.hotline)
    an_agency_reads(house)
    with listening(house.app, url):
        yield house
    house.close()


def an_agency_reads(house: House) -> None:
    """Let Isa read for an agency: two leads, one of them recalled, and what hangs on them."""
    desk = Desk(house.hotline.store, at=house.clock())
    reads_for(house, desk.admits("National unit", "RO"))
    isa = Member(house, "isa")
    isa.signs_in()
    desk.recalls(desk.publishes(headline="A farm"))
    path = f"/console/released/{desk.publishes(headline='A car wash')}"
    isa.sends(f"{path}/outcome", outcome="looking")
    isa.sends(f"{path}/ask", question="still_there")
    isa.sends("/console/tokens", expect=200, token="MISP")
    isa.sends("/console/subscriptions", expect=200, url="https://93.184.215.14/leads")


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return linked_modules(tmp_path_factory.mktemp("modules"))


@pytest.mark.parametrize("lang", QUICK)
def test_the_pages_of_every_day_can_be_used_by_everybody(
    desk: House, modules: Path, tmp_path: Path, lang: str
) -> None:
    only, widths = QUICK[lang]
    look_over(desk, modules, tmp_path, "noor", lang, only=only, widths=widths)


@pytest.mark.exhaustive
@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("who", WHO)
def test_every_page_of_the_desk_can_be_used_by_everybody(
    desk: House, modules: Path, tmp_path: Path, who: str, lang: str
) -> None:
    look_over(desk, modules, tmp_path, who, lang, widths=WIDTHS)


def look_over(
    desk: House,
    modules: Path,
    folder: Path,
    who: str,
    lang: str,
    *,
    only: tuple[str, ...] = (),
    widths: str,
) -> None:
    member = Member(desk, who)
    member.signs_in()
    plan = [*pages(desk, member, lang, only)]
    assert plan
    cookie = member.client.get_cookie("key", domain="line.example")
    assert cookie is not None
    audit(
        desk.hotline.config.public_url,
        modules,
        folder,
        plan,
        cookie=f"key={cookie.value}",
        skip=OF_REPORTERS,
        budget=HEAVIEST,
        widths=widths,
    )


def pages(
    desk: House, member: Member, lang: str, only: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Yield each page that opens for *member*, or *only* those of some addresses."""
    ids = ids_in(desk)
    for rule in desk_rules(desk):
        if "GET" not in (rule.methods or set()) or (only and rule.rule not in only):
            continue
        path = PLACEHOLDER.sub(lambda found: ids.get(found[1], "0" * 32), rule.rule)
        path += f"?lang={lang}"
        answer = member.client.get(path, base_url=ORIGIN)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield {"name": f"{lang} {member.username} {rule.endpoint}", "path": path}
