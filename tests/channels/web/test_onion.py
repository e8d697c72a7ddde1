"""The same pages inside Tor: offered where Tor Browser may go there, and reached over plain http."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.pages import is_from_elsewhere
from hotline.parts import Hotline
from tests.channels.web.reading import STORY, slip
from tests.house import House

HOST = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
ONION = f"http://{HOST}"
STEP = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1"}
INSIDE = {"Host": HOST, **STEP}


@pytest.fixture(autouse=True)
def onion(house: House, hotline: Hotline) -> None:
    """An operator who has an onion service."""
    config = replace(hotline.config, onion_url=ONION)
    house.app.extensions.update(hotline=replace(hotline, config=config))


@pytest.mark.parametrize("path", ["/", "/en/new", "/en/languages", "/en/again"])
def test_a_page_names_its_own_address_inside_tor_once(sam: FlaskClient, path: str) -> None:
    page = sam.get(path, query_string={"from": "elsewhere"})
    assert page.headers.getlist("Onion-Location") == [ONION + path]
    assert "onion" not in page.text


def test_the_answer_to_a_form_names_none_so_that_no_code_is_lost(sam: FlaskClient) -> None:
    blank = sam.get("/en/new").text
    told = sam.post("/en/new", data={"account": STORY, "slip": slip(blank)})
    assert "code__digits" in told.text
    assert "Onion-Location" not in told.headers


@pytest.mark.parametrize("path", ["/page.css", "/favicon.ico", "/leave", "/nothing", "/healthz"])
def test_what_is_no_page_names_none(sam: FlaskClient, path: str) -> None:
    assert "Onion-Location" not in sam.get(path).headers


def test_inside_tor_nothing_asks_for_https(sam: FlaskClient) -> None:
    page = sam.get("/en/new", headers=INSIDE)
    assert page.status_code == 200
    assert "Onion-Location" not in page.headers
    assert "Strict-Transport-Security" not in page.headers
    left = sam.get("/leave", headers=INSIDE)
    cookies = page.headers.getlist("Set-Cookie") + left.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    assert not [cookie for cookie in cookies if "Secure" in cookie]


def test_outside_everything_stays_bound_to_https(sam: FlaskClient) -> None:
    page = sam.get("/en/new", headers=STEP)
    assert "Strict-Transport-Security" in page.headers
    assert "Secure" in page.headers["Set-Cookie"]


@pytest.mark.parametrize("host", [f"{HOST}.example", f"x{HOST}", "line.example", ""])
def test_no_other_host_is_taken_for_it(sam: FlaskClient, host: str) -> None:
    assert "Secure" in sam.get("/leave", headers={"Host": host}).headers["Set-Cookie"]


def test_the_host_that_a_request_names_comes_into_no_address(sam: FlaskClient) -> None:
    page = sam.get("/en/new", headers={"Host": "evil.example"})
    assert "evil" not in page.text + str(page.headers)
    assert page.headers["Onion-Location"] == f"{ONION}/en/new"


@pytest.mark.parametrize("origin", [ONION, "https://line.example"])
def test_forms_from_both_addresses_are_ours(house: House, origin: str) -> None:
    with house.app.test_request_context("/en/new", headers={"Origin": origin}):
        assert not is_from_elsewhere()
    with house.app.test_request_context("/en/new", headers={"Origin": "http://evil.onion"}):
        assert is_from_elsewhere()


def test_a_slip_in_the_setting_is_noticed(house: House) -> None:
    config = house.hotline.config
    env = {"PUBLIC_URL": "https://line.example", "DATABASE_URL": "sqlite:///x"}
    env["KEYS_DIR"] = str(config.keys)
    assert Config.from_env({**env, "ONION_URL": f"{ONION}/"}).onion_url == ONION
    with pytest.raises(Misconfigured, match="ONION_URL"):
        Config.from_env({**env, "ONION_URL": ONION.replace("pg6", "pg7")})
