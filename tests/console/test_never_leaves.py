"""A lead that tells what never leaves is refused with the reason, when it is shown and when it is published."""

from typing import Any

import pytest

from tests.cast import Member, Texter
from tests.console.agreeing import GROWN, agrees
from tests.console.test_leading import LEAD, left
from tests.house import House


@pytest.fixture
def report(maria: Texter, at_desk: Member) -> str:
    maria.texts(GROWN)
    return at_desk.first_report()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"summary": "A worker without a residence permit is kept."}, "immigration status"),
        ({"summary": "She sold drugs in the house."}, "offence of the person’s own"),
        ({"headline": "She stays in a safe house now"}, "who helps the person"),
        ({"summary": "It was Noor who heard of it."}, "works here"),
        ({"links": "https://ads.example/undocumented-workers"}, "immigration status"),
    ],
)
def test_what_never_leaves_is_refused_with_the_reason(
    house: House, at_desk: Member, report: str, agency: str, change: dict[str, Any], said: str
) -> None:
    agrees(at_desk, report)
    form = {**LEAD, **change}
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **form).text
    assert said in page
    assert "Publish the lead" not in page
    refused = at_desk.sends(f"/console/report/{report}/lead/publish", expect=422, to=agency, **form)
    assert said in refused.text
    assert left(house) == []


def test_the_words_are_shown(at_desk: Member, report: str) -> None:
    form = {**LEAD, "summary": "The women are Undocumented and kept in a house."}
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **form).text
    assert '<bdi class="said" dir="auto">Undocumented</bdi>' in page
