"""Ada admits agencies, says what each may be told and who reads for it, and lets it go; she reads no lead."""

import re

from sqlalchemy import select

from hotline import audit
from hotline.leads import agencies
from hotline.leads.agency import Agency
from hotline.leads.codes import COUNTRIES, Tlp
from hotline.leads.tables import lead_releases
from tests.cast import Member
from tests.console.test_investigating import reads
from tests.house import ORIGIN, House
from tests.leads.desk import Desk, Reader

SCOPE = {"name": "Border unit", "country": ["RO", "MD"], "rate": "600", "tlp": "amber+strict"}


def ada(house: House) -> Member:
    ada = Member(house, "ada")
    ada.signs_in()
    return ada


def admitted(house: House) -> dict[str, Agency]:
    with house.hotline.store.read() as session:
        return {one.name: one for one in agencies.everyone(session)}


def done(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return [line.did for line in audit.page(session)]


def member_id(house: House, username: str) -> str:
    return next(one.id for one in house.hotline.keyring.members if one.username == username)


def test_an_agency_is_admitted_and_its_token_shown_once(house: House) -> None:
    her = ada(house)
    assert "No agency is admitted" in her.opens("/console/agencies")
    shown = her.sends(
        "/console/agencies", expect=200, **{**SCOPE, "theme": ["labour"], "tlp": "green"}
    ).text
    token = re.search(r">([0-9a-f]{64})<", shown)[1]
    its = admitted(house)["Border unit"]
    assert (its.countries, its.themes, its.tlp, its.rate) == (
        ("MD", "RO"),
        ("labour",),
        Tlp.GREEN,
        600,
    )
    assert reads(house, token)
    listed, page = her.opens("/console/agencies"), her.opens(f"/console/agencies/{its.id}")
    assert "Border unit" in listed
    assert "Moldova · Romania" in listed
    assert "TLP:GREEN" in listed
    assert token not in listed + page
    assert "agency_admitted" in done(house)


def test_what_cannot_be_kept_is_said_and_nothing_is(house: House) -> None:
    her = ada(house)
    for wrong, why in (
        ({"name": " "}, "Nobody was admitted."),
        ({"name": "n" * 201}, "Nobody was admitted."),
        ({"country": ["XX"]}, "Choose at least one country."),
        ({"rate": "0"}, "A number from 1 to 60,000."),
        ({"rate": "many"}, "A number from 1 to 60,000."),
    ):
        answer = her.sends("/console/agencies", expect=422, **{**SCOPE, **wrong})
        assert why in answer.text, wrong
    assert admitted(house) == {}
    her.sends("/console/agencies", expect=200, **{**SCOPE, "every": "yes", "country": []})
    assert len(admitted(house)["Border unit"].countries) == len(COUNTRIES)
    assert "every country" in her.opens("/console/agencies")


def test_leads_are_taken_from_it_only_after_asking(house: House, desk: Desk, unit: Reader) -> None:
    desk.publishes()
    desk.publishes(country="MD")
    her, path = ada(house), f"/console/agencies/{unit.id}/scope"
    # Wider takes nothing; a fault changes nothing.
    her.sends(path, **{**SCOPE, "country": ["RO", "MD", "BG"]})
    assert her.sends(path, expect=422, **{**SCOPE, "country": []})
    narrower = {**SCOPE, "country": ["RO"], "rate": "60"}
    asked = her.sends(path, expect=200, **narrower).text
    assert "1 lead would be taken from it" in asked
    assert admitted(house)["National unit"].countries == ("BG", "MD", "RO")
    her.sends(path, **narrower, sure="yes")
    its = admitted(house)["National unit"]
    assert (its.countries, its.rate) == (("RO",), 60)
    with house.hotline.store.read() as session:
        gone = session.execute(select(lead_releases.c.recalled_day != "")).scalars().all()
        assert sorted(gone) == [False, True]
    # A stricter kind, and a marking, are asked about in the same way.
    assert "1 lead would be" in her.sends(path, expect=200, **{**narrower, "theme": "child"}).text
    assert "1 lead would be" in her.sends(path, expect=200, **{**narrower, "tlp": "green"}).text


def test_investigators_of_the_house_are_let_in_and_taken_out(
    house: House, desk: Desk, unit: Reader
) -> None:
    her, isa = ada(house), Member(house, "isa")
    isa.signs_in()
    path, its = f"/console/agencies/{unit.id}", member_id(house, "isa")
    assert "Nobody yet." in her.opens(path)
    her.sends(f"{path}/join", member=its)
    assert "National unit" in isa.opens("/console/released")
    assert "Nobody yet." not in her.opens(path)
    # Nobody but an investigator reads for an agency, and nobody is taken out of another's.
    her.sends(f"{path}/join", expect=404, member=member_id(house, "noor"))
    other = desk.admits("Border unit", "RO")
    her.sends(f"/console/agencies/{other.id}/leave", expect=404, member=its)
    assert "Isa, now at National unit" in her.opens(f"/console/agencies/{other.id}")
    her.sends(f"{path}/leave", member=its)
    assert "You belong to no agency yet" in isa.opens("/console/released")
    assert {"agency_joined", "agency_left"} <= set(done(house))
    enzo = Member(house, "enzo")
    enzo.signs_in()
    log = enzo.opens("/console/audit")
    assert "let an investigator read for an agency" in log


def test_tokens_of_an_agency_are_made_and_ended(house: House, unit: Reader) -> None:
    her, path = ada(house), f"/console/agencies/{unit.id}"
    made = her.sends(f"{path}/tokens", expect=200, token="MISP", ends_day="2026-12-31").text
    token = re.search(r">([0-9a-f]{64})<", made)[1]
    page = her.opens(path)
    assert "MISP" in page
    assert "31 Dec 2026" in page
    assert token not in page
    refused = her.sends(f"{path}/tokens", expect=422, token="", ends_day="").text
    assert "Nothing was made." in refused
    for token_id in re.findall(r"/tokens/([0-9a-f]+)/end", page):
        her.sends(f"{path}/tokens/{token_id}/end")
    assert not reads(house, token)
    assert not reads(house, unit.token)
    for _ in range(20):
        her.sends(f"{path}/tokens", expect=200, token="one more")
    full = her.sends(f"{path}/tokens", expect=422, token="too many").text
    assert "as many tokens as an agency may have" in full


def test_an_agency_that_is_let_go_reads_nothing(
    house: House, desk: Desk, unit: Reader, isa: Member
) -> None:
    lead_id = desk.publishes()
    her = ada(house)
    assert "recall first" in her.opens(f"/console/agencies/{unit.id}")
    her.sends(f"/console/agencies/{unit.id}/dismiss")
    assert "National unit" not in her.opens("/console/agencies")
    assert not reads(house, unit.token)
    assert "You belong to no agency yet" in isa.opens("/console/released")
    gone = isa.client.get(f"/console/released/{lead_id}", base_url=ORIGIN)
    assert gone.status_code == 404
    her.sends(f"/console/agencies/{unit.id}/dismiss", expect=404)


def test_agencies_are_paged_by_name(house: House, desk: Desk) -> None:
    for number in range(52):
        desk.admits(f"Unit {number:02}", "RO")
    her = ada(house)
    first = her.opens("/console/agencies")
    after = re.search(r'href="(/console/agencies\?after=[^"]+)">Next', first)
    assert after
    found = re.findall(r">Unit (\d\d)<", first + her.opens(after[1]))
    assert found == [f"{number:02}" for number in range(52)]
