"""Who someone is opens for a purpose that is written down first, and closes again."""

from base64 import b64encode

import pytest

from hotline import audit
from hotline.domain.report import Channel, IncomingMessage
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import Keyholder
from tests.cast import Member, Texter
from tests.house import House

REVEAL = {"seq": "1", "purpose": "life", "why": "movement tonight"}


def lines(house: House) -> list[tuple[str, str, str]]:
    with house.hotline.store.read() as session:
        return [(line.did, line.what, line.purpose) for line in audit.page(session)]


def test_a_purpose_opens_sender_and_original_words(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    page = at_desk.sends(f"/console/report/{report}/reveal", expect=200, **REVEAL)
    assert maria.number in page.text
    assert "Maria Lopez" in page.text
    assert ("reveal", "identity 1", "life: movement tonight") in lines(house)
    assert "life: movement tonight" in at_desk.opens("/console/audit")


def test_it_closes_by_itself_and_stands_in_no_address(at_desk: Member, report: str) -> None:
    page = at_desk.sends(f"/console/report/{report}/reveal", expect=200, **REVEAL)
    assert page.headers["Refresh"] == f"60; url=/console/report/{report}"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Maria" not in at_desk.opens(f"/console/report/{report}")


@pytest.mark.parametrize("why", ["", "  "])
def test_without_a_purpose_nothing_opens_and_nothing_is_written(
    house: House, at_desk: Member, report: str, why: str
) -> None:
    form = {**REVEAL, "why": why}
    page = at_desk.sends(f"/console/report/{report}/reveal", expect=422, **form)
    assert "Say why first" in page.text
    assert "Maria" not in page.text
    assert not [did for did, _, _ in lines(house) if did == "reveal"]


def test_a_purpose_that_is_none_of_ours_opens_nothing(at_desk: Member, report: str) -> None:
    at_desk.sends(f"/console/report/{report}/reveal", expect=400, **{**REVEAL, "purpose": "fun"})


def test_the_line_is_there_before_it_opens(
    house: House, at_desk: Member, report: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_first: list[bool] = []

    def looks(_self: Keyholder, *_args: object) -> None:
        seen_first.append("reveal" in [did for did, _, _ in lines(house)])
        raise SealBroken

    # Only the moment of opening itself can tell what was kept before it.
    monkeypatch.setattr(Keyholder, "_open", looks)
    at_desk.sends(f"/console/report/{report}/reveal", expect=500, **REVEAL)
    assert seen_first == [True]
    assert "reveal" in [did for did, _, _ in lines(house)]


def test_a_message_that_is_not_there_is_not_found(at_desk: Member, report: str) -> None:
    at_desk.sends(f"/console/report/{report}/reveal", expect=404, **{**REVEAL, "seq": "9"})
    at_desk.sends(f"/console/report/{'0' * 32}/reveal", expect=404, **REVEAL)


@pytest.mark.parametrize("seq", ["9" * 30, "-1", "x", str(2**31)])
def test_a_number_that_no_message_can_have_is_not_looked_for_and_not_written_down(
    house: House, at_desk: Member, report: str, seq: str
) -> None:
    for what in ("reveal", "attachment"):
        at_desk.sends(f"/console/report/{report}/{what}", expect=400, **{**REVEAL, "seq": seq})
    assert "reveal" not in [did for did, _, _ in lines(house)]


def test_what_was_revealed_is_never_markup(house: House, at_desk: Member, maria: Texter) -> None:
    maria.texts("<img src=x onerror=alert(1)> he keeps my passport")
    report = at_desk.first_report()
    page = at_desk.sends(f"/console/report/{report}/reveal", expect=200, **REVEAL)
    assert "<img" not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text


def test_an_attachment_is_handed_out_as_a_file_and_each_look_is_written_down(
    house: House, at_desk: Member
) -> None:
    page = b"<html><script>alert(1)</script></html>"
    files = ({"name": "<b>.html", "type": "text/html", "base64": b64encode(page).decode()},)
    message = IncomingMessage(Channel.WEB, "See the photo", "en", media=1, files=files)
    report = house.hotline.reception.receive(message, at=house.clock()).report_id
    shown = at_desk.sends(f"/console/report/{report}/reveal", expect=200, **REVEAL)
    assert 'name="file" value="0"' in shown.text
    path = f"/console/report/{report}/attachment"
    file = at_desk.sends(path, expect=200, **REVEAL, file="0")
    assert file.data == page
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    at_desk.sends(path, expect=404, **REVEAL, file="1")
    assert [did for did, _, _ in lines(house)].count("reveal") == 3
    at_desk.sends(path, expect=422, **{**REVEAL, "why": ""}, file="0")
