"""Ines shows a court that what is kept is what came in, and who it is only where the law commands it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from hotline import audit, consent
from hotline.audit import check_proof
from hotline.vault.logkey import LogSigner
from hotline.vault.tables import envelopes
from tests.cast import MARIA, Member
from tests.console.test_legal_page import ASKED
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House, found_house


def log_of(house: House, report: str) -> list[tuple[str, str, str]]:
    with house.hotline.store.read() as session:
        lines = audit.of_report(session, report)
    return [(line.did, line.what, line.purpose) for line in lines]


def checkpoints(house: House) -> None:
    """Sign a log that has a number for each line so far, those that tell the day only among them."""
    at = house.clock.passes(minutes=20)
    later = at + timedelta(days=1)
    signer = LogSigner(house.hotline.config.log_name, house.hotline.log_key)

    def sign(session):
        audit.sequence(session, at=later)
        audit.checkpoint(session, signer, at)

    house.hotline.store.write(sign)


def test_the_page_says_that_everything_is_the_same(supervisor: Member, report: str) -> None:
    page = supervisor.opens(f"/console/report/{report}/custody")
    assert "Everything that is kept is what came in" in page
    assert "There is no checkpoint yet" in page
    assert "Maria" not in page
    assert MARIA not in page


def test_the_report_leads_to_it(supervisor: Member, report: str) -> None:
    page = supervisor.opens(f"/console/report/{report}")
    assert f"/console/report/{report}/custody" in page


def test_page_and_document_are_well_formed(supervisor: Member, report: str) -> None:
    address = f"/console/report/{report}/custody"
    assert faults_in(supervisor.client.get(address, base_url=ORIGIN).text) == []
    refused = supervisor.sends(address, expect=422, format="json", reveal="1 words")
    assert faults_in(refused.text) == []
    made = supervisor.sends(address, expect=200, format="html", reveal="1 words", why="order 17")
    assert faults_in(made.text) == []


def test_the_page_says_what_differs(house: House, supervisor: Member, report: str) -> None:
    house.hotline.store.write(
        lambda session: session.execute(
            update(envelopes).where(envelopes.c.audience == "identity").values(body=b"other")
        )
    )
    page = supervisor.opens(f"/console/report/{report}/custody")
    assert "Not everything is as it was" in page
    assert "CHANGED" in page


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html"), ("json", "application/json")])
def test_making_it_is_a_line_and_a_file(
    house: House, supervisor: Member, report: str, form: str, kind: str
) -> None:
    made = supervisor.sends(f"/console/report/{report}/custody", expect=200, format=form)
    assert made.mimetype == kind
    assert made.headers["Content-Disposition"].startswith('attachment; filename="custody-')
    assert made.headers["Cache-Control"] == "no-store"
    assert "Maria" not in made.text
    assert log_of(house, report)[0] == ("custody", form, "")
    assert "Alba" in made.text
    assert "Ines" not in made.text


def test_looking_at_the_page_is_no_line(house: House, supervisor: Member, report: str) -> None:
    before = log_of(house, report)
    supervisor.opens(f"/console/report/{report}/custody")
    assert log_of(house, report) == before


def test_a_stranger_checks_what_was_handed_out(
    house: House, supervisor: Member, report: str, tmp_path, capsys
) -> None:
    checkpoints(house)
    supervisor.signs_in()
    assert "stand under the newest checkpoint" in supervisor.opens(
        f"/console/report/{report}/custody"
    )
    made = supervisor.sends(f"/console/report/{report}/custody", expect=200, format="json")
    path = tmp_path / "custody.json"
    path.write_text(made.text)
    assert json.loads(made.text)["lines"]
    assert check_proof.main(str(path)) == 0
    capsys.readouterr()


def test_for_the_law_the_sender_stands_in_it_and_the_log_says_so(
    house: House, supervisor: Member, report: str
) -> None:
    form = {"format": "json", "reveal": "1 sender", "why": "order 17 of the county court"}
    made = json.loads(supervisor.sends(f"/console/report/{report}/custody", 200, **form).text)
    assert made["identity"] == [{"message": 1, "field": "sender", "value": MARIA}]
    assert "Maria Lopez" not in json.dumps(made)
    made_of, told_of, opened = log_of(house, report)[:3]
    assert (made_of, opened) == (("custody", "json", "law"), ("reveal", "1 sender", "law"))
    assert (told_of[0], told_of[2]) == ("told", "law")
    assert [line["did"] for line in made["later"]][-3:] == ["reveal", "told", "custody"]


def test_without_an_order_in_words_nothing_opens_and_nothing_is_made(
    house: House, supervisor: Member, report: str
) -> None:
    before = log_of(house, report)
    page = supervisor.sends(
        f"/console/report/{report}/custody", expect=422, format="json", reveal="1 words"
    ).text
    assert "Say why first" in page
    assert 'value="1 words" checked' in page
    assert log_of(house, report) == before


@pytest.mark.parametrize(
    "form",
    [
        {"format": "pdf"},
        {"format": ""},
        {"format": "json", "reveal": "1 contact", "why": "x"},
        {"format": "json", "reveal": "words", "why": "x"},
        {"format": "json", "reveal": "999999999999 words", "why": "x"},
        {"format": "json", "reveal": "² words", "why": "x"},
    ],
)
def test_what_nobody_asks_for_by_hand_is_refused(
    supervisor: Member, report: str, form: dict[str, str]
) -> None:
    supervisor.sends(f"/console/report/{report}/custody", expect=400, **form)


def test_a_message_that_is_not_there_opens_nothing(supervisor: Member, report: str) -> None:
    form = {"format": "json", "reveal": "7 words", "why": "an order"}
    supervisor.sends(f"/console/report/{report}/custody", expect=404, **form)


def test_a_caseworker_and_an_auditor_make_none(
    at_desk: Member, auditor: Member, report: str
) -> None:
    for member in (at_desk, auditor):
        address = f"/console/report/{report}/custody"
        assert member.client.get(address, base_url=ORIGIN).status_code == 403
        member.sends(address, expect=403, format="json")


def test_of_a_report_that_is_not_theirs_nothing_is_written_down(
    house: House, supervisor: Member, report: str
) -> None:
    supervisor.sends(f"/console/report/{'0' * 32}/custody", expect=404, format="json")
    assert log_of(house, "0" * 32) == []


class TestWithFourEyes:
    """At a desk where nobody opens alone who a person is."""

    @pytest.fixture
    def house(self, tmp_path: Path) -> Iterator[House]:
        house = found_house(tmp_path, four_eyes=True)
        yield house
        house.close()

    def test_a_colleague_approves_first_and_then_it_stands_in_the_document(
        self, house: House, supervisor: Member, at_desk: Member, report: str
    ) -> None:
        address = f"/console/report/{report}/custody"
        form = {"format": "json", "reveal": "1 sender", "why": "order 17"}
        page = supervisor.sends(address, expect=409, **form).text
        assert "a colleague approves first" in page
        assert log_of(house, report)[0][0] != "custody"

        # Ines asks on the report's page, and Noor, who holds the other half, approves.
        ask = {"what": "1 sender", "purpose": "law", "why": "order 17"}
        supervisor.sends(f"/console/report/{report}/reveal", **ask)
        (asked,) = re.findall(r'id="request-([0-9a-f]{32})"', at_desk.opens("/console/approvals"))
        at_desk.approves(asked)
        made = json.loads(supervisor.sends(address, expect=200, **form).text)
        assert made["identity"] == [{"message": 1, "field": "sender", "value": MARIA}]


def told(house: House, report: str) -> list[consent.Disclosure]:
    with house.hotline.store.read() as session:
        return consent.telling.of_report(session, report)


def doubts(member: Member, report: str, duress: str = "on") -> None:
    member.sends(f"/console/report/{report}/duress", duress=duress, why="another voice")


def test_each_document_is_kept_as_told_and_shown_to_the_person_once_that_is_safe(
    house: House, supervisor: Member, report: str
) -> None:
    address = f"/console/report/{report}/custody"
    supervisor.sends(address, expect=200, format="json")
    form = {"format": "json", "reveal": "1 sender", "why": "order 17"}
    supervisor.sends(address, expect=200, **form)
    found = {frozenset(one.fields): one for one in told(house, report)}
    whole = frozenset({"account", "contact"})
    assert set(found) == {frozenset({"account"}), whole}
    assert {(one.ground, one.to, one.shown_day) for one in found.values()} == {("law", "other", "")}
    its = f"{address}/told/{found[whole].id}"
    doubts(supervisor, report)
    refused = supervisor.sends(its, expect=409).text
    assert "it may not be the person who reads" in refused
    assert faults_in(refused) == []
    doubts(supervisor, report, "off")
    supervisor.sends(its)
    assert sorted(bool(one.shown_day) for one in told(house, report)) == [False, True]
    assert "The person can see it since" in supervisor.opens(address)
    supervisor.sends(f"{address}/told/{'0' * 32}", expect=404)


def test_no_document_leaves_under_duress_unless_the_law_asks(
    house: House, supervisor: Member, report: str
) -> None:
    doubts(supervisor, report)
    address = f"/console/report/{report}/custody"
    page = supervisor.sends(address, expect=409, format="json").text
    assert "no document is made until the mark is lifted" in page
    assert faults_in(page) == []
    assert told(house, report) == []
    supervisor.sends(f"/console/report/{report}/legal", **ASKED)
    supervisor.sends(address, expect=200, format="json")
    assert len(told(house, report)) == 1
