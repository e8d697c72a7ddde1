"""Sam has Tor Browser at "Safest": no scripts, no drawings, no fonts of ours, over the plain http of an onion service.

Firefox with the same settings stands in for it; it finds the address of the onion service on this machine.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.reports.tables import reports
from hotline.vault.opening_files import open_files
from tests.browsers.firefox import SAFEST, Firefox, firefox
from tests.browsers.site import Site, served
from tests.channels.web.reading import STORY

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("inside tor")]

HOST = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
ONION = f"http://{HOST}"
TOR = {
    **SAFEST,
    "dom.securecontext.allowlist_onions": True,
    "network.dns.blockDotOnion": False,
    "network.dns.localDomains": HOST,
}
ANSWER = "You may go to the clinic. Nobody asks for papers there."
PICTURE = b"\xff\xd8\xff\xe0" + bytes(40_000)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    both = {"public_url": "https://line.example", "onion_url": ONION}
    with served(tmp_path / "house", adjust=lambda config: replace(config, **both)) as site:
        yield site


@pytest.fixture
def sam(tmp_path: Path) -> Iterator[Firefox]:
    with firefox(tmp_path, TOR) as browser:
        yield browser


def test_a_report_with_a_picture_is_filed_and_its_answer_read(
    sam: Firefox, site: Site, tmp_path: Path
) -> None:
    picture = tmp_path / "papers.jpg"
    picture.write_bytes(PICTURE)

    # Sam writes, adds a picture, and gets a code.
    sam.opens(site.url.replace("127.0.0.1", HOST))
    sam.clicks("a.door")
    sam.types("#account", STORY)
    sam.clicks("details:has(#files) > summary")
    sam.attaches("#files", str(picture))
    sam.clicks("main form .button")
    code = " ".join(sam.reads(".code__digits").split())
    assert len(code.replace(" ", "")) == 21
    assert sam.cookies(HOST) == {"page": True}
    assert files_of(site) == [("papers.jpg", PICTURE)]

    # Noor answers; Sam comes back with the code and reads.
    site.answers(code, ANSWER)
    sam.clicks("footer a:nth-of-type(2)")
    sam.types("#code", code)
    sam.clicks("main form .button")
    assert ANSWER in sam.reads(".talk")

    # Sam leaves, and nothing stays but that they left.
    sam.clicks(".leave__go")
    assert sam.reads("p") == "Rain"
    assert site.elsewhere.referrers == [""]
    assert sam.cookies(HOST) == {"away": False}


def files_of(site: Site) -> list[tuple[str, bytes]]:
    """Return the files of the only report, as Noor opens them."""
    store = site.house.hotline.store
    with store.read() as session:
        report_id = session.execute(select(reports.c.id)).scalar_one()
        found = open_files(session, site.noor, report_id, 1)
    return [(file.head.name, b"".join(file.pieces(store))) for file in found]


def test_that_browser_runs_no_scripts_and_draws_nothing(sam: Firefox) -> None:
    sam.opens("data:text/html,<p>plain</p><script>document.body.append('ran')</script>")
    assert sam.reads("body") == "plain"
    assert sam.runs("return Services.prefs.getBoolPref('svg.disabled')") is True
