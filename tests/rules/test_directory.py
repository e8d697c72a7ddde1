"""The directory answers within the house as it does alone: by token where one is set, and with problems."""

from dataclasses import replace

from hotline.errors import Unavailable
from hotline.factory import create_app
from tests.house import found_house

TOKEN = "t" * 32


def test_the_house_lets_in_who_shows_its_token(tmp_path):
    house = found_house(tmp_path, adjust=lambda config: replace(config, directory_tokens=(TOKEN,)))
    reader = create_app(house.hotline).test_client()

    assert reader.get("/directory/services").status_code == 401
    shown = {"Authorization": f"Bearer {TOKEN}"}
    assert reader.get("/directory/services", headers=shown).get_json()["empty"]
    where = reader.get("/directory/").get_json()["openapi_url"]
    assert where == f"{house.hotline.config.public_url}/directory/openapi.json"
    house.close()


def test_what_goes_wrong_in_the_house_is_a_problem_too(tmp_path, monkeypatch):
    house = found_house(tmp_path)
    reader = create_app(house.hotline).test_client()

    def read():
        raise Unavailable

    monkeypatch.setattr(house.hotline.store, "read", read)
    for path, status in (("services", 503), ("nothing", 404)):
        answer = reader.get(f"/directory/{path}")
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    house.close()
