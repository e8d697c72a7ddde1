"""Whom to dial where a life is in danger, and when somebody reads, as far as the house and the person's words tell it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.config import Config
from hotline.domain.opening import Opening
from tests.channels.web.reading import STORY, digits
from tests.house import House, found_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house in Ireland that reads in the evening; its clock stands at noon."""
    house = found_house(tmp_path / "var", adjust=evenings_in_ireland)
    yield house
    house.close()


def evenings_in_ireland(config: Config) -> Config:
    assert config.twilio
    hours = Opening.parse("mon-fri 18:00-19:00", "Europe/Dublin")
    served = replace(config.twilio, countries=("IE", "GN"))
    return replace(config, jurisdiction="IE", opening=hours, twilio=served)


def dialled(page: str) -> list[tuple[str, str]]:
    """Return each country on *page* with what stands behind it."""
    found = re.findall(r'<div class="said"><dt><bdi>(.+?)</bdi></dt>(.+?)</div>', page, re.DOTALL)
    return [(name, " ".join(re.sub("<[^>]+>", " ", rest).split())) for name, rest in found]


def test_the_country_of_the_house_stands_with_its_name_in_the_language_of_the_page(
    house: House,
) -> None:
    sam = house.app.test_client()
    assert dialled(sam.get("/en/how").text) == [("Ireland", "999 · 112")]
    assert dialled(sam.get("/ar/how").text) == [("أيرلندا", "999 · 112")]
    assert '<a href="tel:112"><bdi lang="en" dir="ltr">112</bdi></a>' in sam.get("/ar/how").text


def test_what_was_typed_tells_where_they_may_be_and_comes_first(house: House) -> None:
    sam = house.app.test_client()
    typed = {"account": STORY, "safe": "no", "place": "Rio, Brazil", "number": "+33 6 12 34 56 78"}
    page = sam.post("/en/new", data=typed).text
    assert dialled(page) == [
        ("Brazil", "Police 190 Ambulance 192"),
        ("France", "112 Police 17 Ambulance 15"),
        ("Ireland", "999 · 112"),
    ]
    safe = sam.post("/en/new", data={**typed, "safe": "yes"}).text
    assert dialled(safe) == []


def test_nobody_is_told_that_it_is_read_within_hours_while_none_of_us_reads(house: House) -> None:
    sam = house.app.test_client()
    page = sam.post("/en/new", data={"account": STORY, "safe": "no"}).text
    its = "A person will read this from \u206818:00\u2069."
    assert page.count(its) == 2
    assert "within hours" not in page
    again = sam.post("/en/again", data={"code": digits(page), "more": "They moved us."}).text
    assert its in again
    assert "within hours" not in again
    house.clock.passes(hours=6)
    assert (
        "A person will read it within hours." in sam.post("/en/new", data={"account": STORY}).text
    )


def test_a_house_that_knows_no_country_s_numbers_names_none(house: House) -> None:
    sam, hotline = house.app.test_client(), house.hotline
    assert hotline.config.twilio
    elsewhere = replace(hotline.config.twilio, countries=("GN",))
    house.app.extensions["hotline"] = replace(
        hotline,
        law=replace(hotline.law, house=""),
        config=replace(hotline.config, twilio=elsewhere),
    )
    assert dialled(sam.get("/en/how").text) == []
    assert "Call the emergency number of the place where you are." in sam.get("/en/how").text
