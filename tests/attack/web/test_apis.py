"""Every interface for machines, asked for what its description allows and for what it does not: it answers, and never breaks.

The directory describes itself; what the others take is described in `apis.json`.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.generation.modes import GenerationMode

from tests.house import House
from tests.leads.desk import Desk, Reader

OURS = Path(__file__).with_name("apis.json")
RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
SOME, MANY = 1, 300
"""Questions to each operation of each kind."""


@pytest.fixture
def dele(house: House) -> Reader:
    """Dele, who reads for an agency that was told of nothing yet."""
    return Desk(house.hotline.store).admits("National unit", "RO")


def ask_all(app: Flask, described: dict[str, Any], token: str, many: int) -> int:
    """Ask each operation of *described* so many questions of each kind; return how many there are."""
    schema = schemathesis.openapi.from_dict(described)
    schema.app = app
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        # What is allowed is asked by the tests of each interface, too.
        for mode in (WRONG, RIGHT) if many == MANY else (WRONG,):

            @settings(
                max_examples=many,
                deadline=None,
                database=None,
                derandomize=many == SOME,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Case) -> None:
                shown = {"Authorization": f"Bearer {token}"} if token else {}
                answer = case.call(headers=shown)
                assert answer.status_code < 500, (case.method, case.path, answer.status_code)
                assert b"Traceback" not in answer.content
                assert answer.headers["X-Content-Type-Options".lower()] == ["nosniff"]

            # Of an operation that takes nothing, nothing can be wrong.
            with suppress(Unsatisfiable):
                ask()
    return len(operations)


@pytest.mark.parametrize("many", [SOME, pytest.param(MANY, marks=pytest.mark.exhaustive)])
def test_no_question_to_the_directory_breaks_it(house: House, many: int) -> None:
    described = house.app.test_client().get("/directory/openapi.json").get_json()
    described["servers"] = [{"url": "/directory"}]
    assert ask_all(house.app, described, "", many) >= 6


@pytest.mark.parametrize("many", [SOME, pytest.param(MANY, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("is_known", [True, pytest.param(False, marks=pytest.mark.exhaustive)])
def test_no_question_to_the_other_interfaces_breaks_them(
    house: House, dele: Reader, is_known: bool, many: int
) -> None:
    described = json.loads(OURS.read_text(encoding="utf-8"))
    assert ask_all(house.app, described, dele.token if is_known else "", many) >= 20


def test_the_description_names_every_address_for_machines(house: House) -> None:
    described = set(json.loads(OURS.read_text(encoding="utf-8"))["paths"])
    rooms = ("/taxii2", "/feeds", "/transparency", "/log", "/healthz")
    named = {
        rule.rule.replace("<", "{")
        .replace(">", "}")
        .replace("uuid:", "")
        .replace("int:", "")
        .replace("path:", "")
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith(rooms) and not rule.endpoint.endswith("anything_else")
    }
    assert named == described
