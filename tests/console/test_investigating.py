"""Isa works for her agency: she says what came of leads, asks, follows recalls, and gives its tools their tokens."""

import re
from typing import Any

from sqlalchemy import select, update

from hotline.leads import agencies, questions
from hotline.leads.tables import lead_outcomes, lead_questions, webhooks
from tests.cast import Member
from tests.console.conftest import reads_for
from tests.house import House
from tests.leads.desk import Desk, Reader


def asked(house: House) -> list[Any]:
    with house.hotline.store.read() as session:
        return list(session.execute(select(lead_questions)).all())


def test_what_came_of_a_lead_is_said_and_may_be_told_only_of_use(
    house: House, desk: Desk, isa: Member
) -> None:
    lead_id = desk.publishes()
    path = f"/console/released/{lead_id}"
    refused = isa.sends(f"{path}/outcome", expect=422, outcome="arrested").text
    assert "Choose one first. Nothing was kept." in refused
    said = isa.sends(f"{path}/outcome", outcome="used", may_tell="yes").headers["Location"]
    assert "The person hears nothing of it" not in isa.opens(said)
    page = isa.opens(path)
    assert re.search(r'value="used" checked', page)
    assert re.search(r'name="may_tell" value="yes" checked', page)
    said = isa.sends(f"{path}/outcome", outcome="false", may_tell="yes").headers["Location"]
    assert "The person hears nothing of it" in isa.opens(said)
    with house.hotline.store.read() as session:
        rows = session.execute(select(lead_outcomes.c.outcome, lead_outcomes.c.may_tell)).all()
    assert [tuple(row) for row in rows] == [("false", False)]


def panel(page: str) -> str:
    """Return what a page says of the questions."""
    return page.partition('id="questions"')[2].partition("</section>")[0]


def test_silence_and_refusal_look_alike_to_who_asked(house: House, desk: Desk, isa: Member) -> None:
    lead_id = desk.publishes()
    path = f"/console/released/{lead_id}"
    isa.sends(f"{path}/ask", expect=400, question="who told you")
    isa.sends(f"{path}/ask", question="still_there")
    silent = isa.opens(path)
    assert "no answer" in silent
    one = asked(house)[0]
    house.hotline.store.write(
        lambda session: questions.answer(session, one.id, None, by="n", k=5, at=house.clock())
    )
    house.clock.passes(days=2)
    isa.signs_in()
    assert panel(isa.opens(path)) == panel(silent)
    # Each can be asked once, and three of them may be without an answer.
    again = isa.sends(f"{path}/ask", expect=422, question="still_there").text
    assert "You asked that before" in again
    isa.sends(f"{path}/ask", question="vehicle")
    isa.sends(f"{path}/ask", question="when_last")
    more = isa.sends(f"{path}/ask", expect=422, question="more_people").text
    assert "3 questions about this lead have no answer yet. Nothing was asked." in more


def test_an_answer_stands_in_words_two_days_after(house: House, desk: Desk, isa: Member) -> None:
    path = f"/console/released/{desk.publishes()}"
    isa.sends(f"{path}/ask", question="can_talk")
    house.hotline.store.write(
        lambda session: session.execute(
            update(lead_questions).values(answer="no", answered_day="2026-03-02", state="answered")
        )
    )
    assert "no answer" in isa.opens(path)
    house.clock.passes(days=2)
    isa.signs_in()
    page = isa.opens(path)
    assert "no answer" not in page
    assert re.search(r"talk to us\?</th><td>No</td>", page)


def test_a_recall_is_counted_until_it_is_acknowledged(
    house: House, desk: Desk, unit: Reader, isa: Member
) -> None:
    lead_id = desk.publishes()
    isa.opens(f"/console/released/{lead_id}")
    assert "Nothing to acknowledge" in isa.opens("/console/recalls")
    desk.recalls(lead_id)
    page = isa.opens("/console/recalls")
    assert re.search(r'Recalls <span class="count">1</span>', page)
    assert f"/console/recalls/{lead_id}" in isa.opens(f"/console/released/{lead_id}")
    # Nobody of another agency can say so in its place.
    other = desk.admits("Border unit", "RO")
    reads_for(house, other)
    isa.sends(f"/console/recalls/{lead_id}", expect=404)
    reads_for(house, unit)
    page = isa.opens(isa.sends(f"/console/recalls/{lead_id}").headers["Location"])
    assert "Kept. The caseworkers see it." in page
    page = isa.opens("/console/recalls")
    assert "Kept." not in page
    assert "Nothing to acknowledge" in page
    assert re.search(r'Recalls <span class="count">0</span>', page)
    assert "/console/recalls/" not in isa.opens(f"/console/released/{lead_id}")


def test_a_token_is_shown_once_reads_and_ends(
    house: House, desk: Desk, unit: Reader, isa: Member
) -> None:
    made = isa.sends("/console/tokens", expect=200, token="MISP", ends_day="").text
    token = re.search(r">([0-9a-f]{64})<", made)[1]
    page = isa.opens("/console/tokens")
    assert "MISP" in page
    assert token not in page
    assert reads(house, token)
    for bad in ({"token": ""}, {"token": "x", "ends_day": "2020-01-01"}, {"token": "n" * 81}):
        assert "Nothing was made." in isa.sends("/console/tokens", expect=422, **bad).text
    newest = re.findall(r"/console/tokens/([0-9a-f]+)/end", page)
    for token_id in newest:
        isa.sends(f"/console/tokens/{token_id}/end")
    assert not reads(house, token)
    isa.sends(f"/console/tokens/{newest[0]}/end", expect=404)
    assert "No tool reads here yet." in isa.opens("/console/tokens")


def reads(house: House, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    answer = house.app.test_client().get("/feeds/leads.json", headers=headers)
    return answer.status_code == 200


def test_tokens_of_another_agency_are_not_there(house: House, desk: Desk, isa: Member) -> None:
    other = desk.admits("Border unit", "RO")
    with house.hotline.store.read() as session:
        its = agencies.tokens(session, other.id)[0]
    isa.sends(f"/console/tokens/{its.id}/end", expect=404)
    assert reads(house, other.token)


PUBLIC = "https://93.184.215.14/leads"


def test_a_webhook_is_added_paused_replayed_and_ended(
    house: House, desk: Desk, isa: Member
) -> None:
    assert "Nothing is brought anywhere" in isa.opens("/console/subscriptions")
    for url, why in (
        ("https://127.0.0.1/", "the whole internet can reach"),
        ("http://93.184.215.14/", "begin with https"),
        ("https://93.184.215.14:22/", "Only the ports"),
        ("https://u:p@93.184.215.14/", "not a web address"),
    ):
        assert why in isa.sends("/console/subscriptions", expect=422, url=url).text, url
    made = isa.sends("/console/subscriptions", expect=200, url=PUBLIC).text
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{40,}", made)[0]
    page = isa.opens("/console/subscriptions")
    assert PUBLIC in page
    assert secret not in page
    with house.hotline.store.read() as session:
        its = session.execute(select(webhooks.c.id)).scalar_one()
    path = f"/console/subscriptions/{its}"
    assert "Nothing was brought yet" in isa.opens(path)
    isa.sends(path, do="pause")
    assert "paused" in isa.opens("/console/subscriptions")
    isa.sends(path, do="resume")
    isa.sends(f"{path}/replay", since="2026-03-01")
    isa.sends(f"{path}/replay", expect=400, since="soon")
    isa.sends(path, expect=400, do="read")
    other = re.search(r"whsec_\S{40,}?<", isa.sends(f"{path}/secret", expect=200).text)
    assert other
    assert secret not in other[0]
    # Another agency finds none of it.
    reads_for(house, desk.admits("Border unit", "RO"))
    for method, where in ((isa.client.get, path), (isa.client.post, f"{path}/secret")):
        assert method(where, base_url="https://line.example").status_code == 404
    isa.sends(path, expect=404, do="end")
    with house.hotline.store.read() as session:
        assert session.execute(select(webhooks.c.id)).all()


def test_a_webhook_whose_token_ended_goes_on_when_somebody_says_so(
    house: House, unit: Reader, isa: Member
) -> None:
    with house.hotline.store.read() as session:
        (token,) = agencies.tokens(session, unit.id)
    its = house.app.test_client().post(
        "/feeds/webhooks",
        json={"url": PUBLIC},
        headers={"Authorization": f"Bearer {unit.token}"},
    )
    assert "its address is being looked up" in isa.opens("/console/subscriptions")
    isa.sends(f"/console/tokens/{token.id}/end")
    path = f"/console/subscriptions/{its.get_json()['id']}"
    for page in ("/console/subscriptions", path):
        assert "its token ended" in isa.opens(page)
    isa.sends(path, do="resume")
    assert "its token ended" not in isa.opens("/console/subscriptions")


def test_recipes_hold_the_addresses_of_this_house_and_no_token(
    house: House, unit: Reader, isa: Member
) -> None:
    page = isa.opens("/console/recipes")
    for told in ("https://line.example/taxii2/", "https://line.example/feeds/misp", "opencti.env"):
        assert told in page, told
    assert "{{" not in page
    assert unit.token not in page
