"""Amina wrote to us on the web, and texts that he is there with a knife, and where she is. Noor opens number and place
in one act, calls an ambulance, and writes down who was told what. Ines is paged, and looks at it within the day. A week
later Noor says that it is safe: Amina reads on her own page whom we told, and why. Nobody else got in: not a colleague,
an interpreter, an administrator, another desk, nor the same request once more when another held the report."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from hotline import audit
from hotline.channels.web.desk import Brake, Desk, WordBrake
from hotline.jobs import jobs
from hotline.worker import WORK
from tests.cast import AMINA, Member, Texter
from tests.house import ORIGIN, House

WORD = "Mustardseed"
TOLD = "He keeps my passport and locks the door."
TONIGHT = "he is here with a knife, I am in danger, I am at 12 Quay Street"


@pytest.fixture
def quick(house: House) -> House:
    brake, words = Brake(sleep=lambda _seconds: None), WordBrake(sleep=lambda _seconds: None)
    house.app.extensions["web"] = Desk(brake=brake, words=words)
    return house


def web(house: House, path: str, **form: str) -> str:
    answer = house.app.test_client().post(path, data=form, base_url=ORIGIN)
    assert answer.status_code == 200, answer.status
    return unescape(answer.text)


def pages(house: House) -> int:
    with house.hotline.store.read() as session:
        return len(session.execute(select(jobs.c.id).where(jobs.c.name == "page")).all())


def trail(house: House, report: str) -> list[tuple[str, str]]:
    kinds = ("claim", "emergency", "told", "tell", "alert")
    with house.hotline.store.read() as session:
        lines = audit.of_report(session, report)
    return [
        (line.did, line.what.rpartition(" ")[2] if line.did == "told" else "")
        for line in reversed(lines)
        if line.did.startswith(kinds)
    ]


def test_from_her_text_to_the_address_in_one_act_and_back_to_her(quick: House) -> None:
    house = quick
    page = web(house, "/en/new", account=TOLD, word=WORD, who="me")
    code = " ".join(re.findall(r"<li>(\d{3})</li>", page))
    amina = Texter(house, AMINA)
    for text in (f"{code} {WORD}", TONIGHT):
        amina.texts(text)

    # It stands on top of the queue, and leads straight to the one act.
    noor = Member(house, "noor")
    noor.signs_in()
    report = noor.first_report()
    path = f"/console/report/{report}"
    assert 'class="act act--immediate" href="#emergency"' in noor.opens(path)
    assert AMINA not in noor.opens(path)

    # Nobody but who may hold a report of this desk gets in.
    for stranger, status in (("ivo", 403), ("ada", 403), ("isa", 403), ("tala", 404)):
        member = Member(house, stranger)
        member.signs_in()
        page = member.sends(f"{path}/emergency", expect=status).text
        assert AMINA not in page + page
        assert "Quay" not in page

    # One act: it is hers, number and place are open, and whom to call stands beside.
    before = pages(house)
    page = noor.sends(f"{path}/emergency", expect=200, why="he has a knife").text
    assert AMINA in page
    assert "12 Quay Street" in page
    assert ">911<" in page
    assert pages(house) == before + 1
    omar = Member(house, "omar")
    omar.signs_in()
    assert AMINA not in omar.sends(f"{path}/emergency", expect=409).text

    # She calls, and writes down who was told what, and when.
    noor.sends(
        f"{path}/emergency/told",
        to="ambulance",
        fields=["number", "place", "account"],
        words="the dispatcher of the district; they go now",
        time=f"{house.clock():%H:%M}",
    )
    assert AMINA not in noor.opens(path)
    assert "Ambulance" in noor.opens(path)

    # Half an hour later Omar holds the report: the same request once more opens nothing.
    house.clock.passes(minutes=40)
    for member in (omar, noor):
        member.signs_in()
    omar.sends(f"{path}/claim")
    assert AMINA not in noor.sends(f"{path}/emergency", expect=409).text
    omar.sends(f"{path}/let-go")

    # Ines looks at it within the day, so it is not raised again.
    house.clock.passes(hours=9)
    ines = Member(house, "ines")
    ines.signs_in()
    page = ines.opens("/console/alerts")
    assert "the dispatcher of the district; they go now" in page
    (alert,) = re.findall(r'id="alert-([0-9a-f]{32})"', page)
    ines.sends(f"/console/alerts/{alert}/settle", remark="They came in time.")
    house.clock.passes(hours=20)
    WORK["sweep"](house.hotline, "")
    ines.signs_in()
    assert "supervisor's eyes" not in ines.opens("/console/")

    # Amina's page says nothing of it while that is not safe.
    secret = "We told the ambulance"
    assert secret not in web(house, "/en/again", code=code, word=WORD)
    house.clock.passes(days=6)
    WORK["sweep"](house.hotline, "")
    for member in (noor, ines):
        member.signs_in()
    assert "The person was not told who was called for help" in ines.opens("/console/alerts")

    # Noor says that it is safe: her page shows it, and an answer stands ready.
    answer = noor.sends(f"{path}/emergency/safe").headers["Location"]
    assert "Your life was in danger. So we called people who can come." in noor.opens(answer)
    shown = web(house, "/en/again", code=code, word=WORD)
    assert "A life was in danger." in shown
    assert secret in shown
    assert secret not in web(house, "/en/again", code=code)
    ines.signs_in()
    said = ines.opens("/console/alerts")
    assert "The person was not told who was called for help" not in said
    # What is left is of another kind: for a week nobody wrote to her by themselves.
    assert said.count('id="alert-') == 1
    assert "must hear from us by law" in said

    assert trail(house, report) == [
        ("claim", ""),
        ("emergency", ""),
        ("told", "ambulance"),
        ("claim", ""),
        ("alert_settled", ""),
        ("claim", ""),
        ("told_shown", ""),
    ]
