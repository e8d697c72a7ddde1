"""Noor reviews what is masked: what she masks is masked everywhere, and nothing leaves before she has reviewed it all."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hotline import audit
from hotline.leads.disclose import FIELDS, fields_of
from hotline.leads.tables import leads
from hotline.reports.tables import messages, reports
from hotline.triage.reviews import unreviewed
from hotline.vault.tables import envelopes
from tests.cast import MARIA, Member, Texter
from tests.console.agreeing import agrees
from tests.console.test_leading import LEAD, left
from tests.console.test_markup import faults_in
from tests.console.test_referring import directory, offer_of, offers_in
from tests.console.test_reviewing import LOOK, everything_in, four_eyes, lines
from tests.console.test_reviewing import reviews as looks_closer
from tests.house import ORIGIN, House, found_house

__all__ = ["directory", "four_eyes"]

SAID = "My boss Ramon Quispe keeps us above the bakery. Bakery opens at five. Call +1 500 555 0188"
MORE = "Tonight he locks the bakery, says Ramon Quispe"
WORD = "bakery"


@pytest.fixture
def told(at_desk: Member, maria: Texter) -> str:
    """The id of a report in which the machine left a word that leads to somebody."""
    maria.texts(SAID)
    return at_desk.first_report()


def path(report: str, act: str = "") -> str:
    return f"/console/report/{report}/spans/{act}"


def account_in(page: str) -> str:
    return page.partition('id="account"')[2].partition("</section>")[0]


def account(member: Member, report: str) -> str:
    return account_in(member.opens(f"/console/report/{report}"))


def seen(page: str, seq: int = 1) -> str:
    """Return what the forms of a message carry of its text."""
    message = page.partition(f'id="message-{seq}"')[2]
    found = re.search(r'name="text" value="(\w+)"', message)
    assert found
    return found[1]


def does(member: Member, report: str, do: str, expect: int = 303, seq: int = 1, **form: Any) -> str:
    """Press one button of the review, as the page shows it now; return where that leads, or the page that refuses."""
    text = form.pop("text", "") or seen(account(member, report), seq)
    answer = member.sends(path(report, str(seq)), expect, do=do, text=text, **form)
    return answer.headers.get("Location", "") or answer.text


def masks(member: Member, report: str, words: str = WORD, label: str = "VENUE", **form: Any) -> str:
    return does(member, report, "mark", words=words, label=label, **form)


def states(member: Member, report: str) -> list[tuple[str, str]]:
    """Return each placeholder of a report as it stands there, with how far its review is."""
    found = re.findall(
        r'<summary class="span span--(\w+)"[^>]*><bdi>([^<]+)</bdi>', account(member, report)
    )
    return [(name, state) for state, name in found]


def reveals(member: Member, report: str, what: str, expect: int = 200) -> list[str]:
    page = member.sends(f"/console/report/{report}/reveal", expect, **{**LOOK, "what": what}).text
    return re.findall(r'<bdi dir="auto">([^<]*)</bdi>', page.partition('id="opened"')[2][:3000])


def at_desk_depth(house: House, member: Member, report: str) -> str:
    """Return all that the desk's own keys open of a report, the records of reviews and previews too."""
    keyholder = member.keyholder()
    with house.hotline.store.read() as session:
        its = select(envelopes).where(envelopes.c.report_id == report)
        rows = session.execute(its).all()
        opened = [
            keyholder.open_row(session, row).decode()
            for row in rows
            if row.audience in ("desk", "marks")
        ]
        previews = keyholder.open_previews(session, [(report, row.seq) for row in rows])
    assert opened
    return "\n".join([*opened, *previews])


def test_what_is_masked_by_hand_is_masked_wherever_the_account_is_read(
    house: House, at_desk: Member, supervisor: Member, told: str
) -> None:
    assert WORD in at_desk.opens("/console/")
    masks(at_desk, told)
    page = at_desk.opens(f"/console/report/{told}")
    assert WORD not in account_in(page).lower()
    assert faults_in(page) == []
    for where in ("/console/", f"/console/report/{told}/lead", f"/console/report/{told}/custody"):
        assert WORD not in supervisor.opens(where).lower(), where
    assert WORD not in supervisor.opens("/console/audit").lower()
    found = at_desk.sends("/console/search", expect=200, words=WORD).text
    assert "<mark" not in found
    keyholder = at_desk.keyholder()
    with house.hotline.store.read() as session:
        opened = keyholder.open_accounts(session, told, [1])[1]
        (preview,) = keyholder.open_previews(session, [(told, 1)])
        assert keyholder.open_accounts(session, told, [1])[1].text == opened.text
    assert opened.text.count("[VENUE 1]") + opened.text.count("[VENUE 2]") == 2
    assert WORD not in preview.lower()
    # Two spellings of it are the same one in the whole report, and taken back it is read again.
    assert [name for name, state in states(at_desk, told) if state == "added"] == ["Venue 1"] * 2
    at_desk.sends(path(told, "undo"))
    assert WORD in account(at_desk, told)
    assert WORD in at_desk.opens("/console/")
    at_desk.sends(path(told, "undo"), expect=404)


def test_a_range_of_a_script_is_masked_and_all_that_reads_the_same(
    house: House, at_desk: Member, told: str, maria: Texter
) -> None:
    maria.texts(MORE)
    text = at_desk_text(house, at_desk, told)
    where = text.index(WORD)
    does(at_desk, told, "mark", start=where, end=where + len(WORD), label="PLACE")
    assert account(at_desk, told).lower().count(WORD) == 2
    does(at_desk, told, "equal", start=where, end=where + len(WORD))
    assert WORD not in account(at_desk, told).lower()
    added = [name for name, state in states(at_desk, told) if state == "added"]
    assert added == ["Place 1"] * 3
    # One act did it, and one takes it back; a mark is taken off by itself, too.
    at_desk.sends(path(told, "undo"))
    assert account(at_desk, told).lower().count(WORD) == 2
    does(at_desk, told, "label", start=where, end=where + len(WORD), label="VENUE")
    assert ("Venue 1", "added") in states(at_desk, told)
    does(at_desk, told, "off", start=where, end=where + len(WORD))
    assert account(at_desk, told).lower().count(WORD) == 3


def at_desk_text(house: House, member: Member, report: str) -> str:
    keyholder = member.keyholder()
    with house.hotline.store.read() as session:
        return keyholder.open_accounts(session, report, [1])[1].text


UNMASKED: list[dict[str, Any]] = [
    {"words": "nobody said this"},
    {"words": "PERSON"},
    {"words": ""},
    {"start": 3, "end": 3},
    {"start": 0, "end": 9999},
    {"start": 9, "end": 11},
]


def test_what_cannot_be_masked_is_said_and_what_was_typed_is_kept(
    at_desk: Member, told: str
) -> None:
    for form in UNMASKED:
        page = does(at_desk, told, "mark", expect=422, label="VENUE", **form)
        assert "Nothing was changed." in page
        if form.get("words"):
            assert f'name="words" value="{form["words"]}"' in page
        assert faults_in(page) == []
        assert "added" not in dict(states(at_desk, told)).values()


def test_no_undo_lays_open_what_was_masked_before_very_many_acts(
    at_desk: Member, maria: Texter
) -> None:
    maria.texts("The thin teacher beats us. " + "help me now " * 399)
    report = at_desk.first_report()
    masks(at_desk, report, "thin teacher")
    masks(at_desk, report, "help")
    at_desk.sends(path(report, "undo"), message="1")
    page = account(at_desk, report)
    assert "thin teacher" not in page
    assert "help" in page


def test_too_many_marks_of_one_message_are_refused_with_a_reason(
    at_desk: Member, maria: Texter
) -> None:
    maria.texts("My boss beats us. " + "help me now " * 401)
    report = at_desk.first_report()
    page = does(at_desk, report, "mark", 422, words="help", label="VENUE")
    assert "stands in too many places of this message" in page
    assert faults_in(page) == []
    assert "[VENUE" not in account(at_desk, report)


@pytest.mark.parametrize(
    ("do", "form"),
    [
        ("sing", {}),
        ("accept", {"name": "PERSON 99"}),
        ("label", {"name": "PERSON 1", "label": "SAINT"}),
        ("mark", {"words": WORD, "label": "SAINT"}),
        ("equal", {"name": "VENUE 9"}),
        ("off", {"start": 1, "end": 2}),
    ],
)
def test_what_no_form_sends_changes_nothing(
    house: House, at_desk: Member, told: str, do: str, form: dict[str, Any]
) -> None:
    does(at_desk, told, do, expect=400, **form)
    assert {state for _, state in states(at_desk, told)} == {"proposed"}


def test_each_placeholder_is_decided_about_and_the_next_one_waits(
    at_desk: Member, told: str
) -> None:
    (first, _), *_, (last, _) = states(at_desk, told)
    assert (first, last) == ("Person 1", "Phone 1")
    where = does(at_desk, told, "accept", name="PERSON 1", at=8)
    assert f'id="{where.partition("#")[2]}"' in account(at_desk, told)
    assert f"spans=1#span-1-{place_of_phone(at_desk, told)}" in where
    assert does(at_desk, told, "reject", name="PHONE 1").endswith("#reviewed-1")
    assert states(at_desk, told) == [("Person 1", "accepted"), ("Phone 1", "through")]
    # Coming back after each step counts as no further account that was opened.
    assert "desk-opened" not in str(at_desk.client.get(where, base_url=ORIGIN).headers)
    at_desk.sends(path(told, "undo"))
    assert states(at_desk, told) == [("Person 1", "accepted"), ("Phone 1", "proposed")]


def place_of_phone(member: Member, report: str) -> str:
    found = re.search(r'id="span-1-(\d+)"[^>]*><bdi>Phone 1', account(member, report))
    assert found
    return found[1]


def test_all_equal_ones_are_decided_about_at_once(
    at_desk: Member, told: str, maria: Texter
) -> None:
    maria.texts(MORE)
    does(at_desk, told, "reject", name="PERSON 1")
    does(at_desk, told, "equal", name="PERSON 1")
    assert [state for name, state in states(at_desk, told) if name == "Person 1"] == ["through"] * 2
    at_desk.sends(path(told, "undo"))
    assert [state for name, state in states(at_desk, told) if name == "Person 1"] == [
        "through",
        "proposed",
    ]


def test_finished_it_lies_at_no_depth_of_the_desk_and_a_reveal_shows_it(
    house: House, at_desk: Member, supervisor: Member, told: str
) -> None:
    masks(at_desk, told)
    assert WORD in at_desk_depth(house, at_desk, told).lower()
    at_desk.reviews(told)
    assert WORD not in at_desk_depth(house, at_desk, told).lower()
    house.hotline.store.truncate_log()
    assert WORD.encode() not in everything_in(house).lower()
    assert ("spans_reviewed", "1 accepted 2 rejected 0 added 2") in lines(house)
    page = at_desk.opens(f"/console/report/{told}")
    assert "Reviewed by" in page
    assert [state for _, state in states(at_desk, told)] == [
        "accepted",
        "added",
        "added",
        "accepted",
    ]
    # Each spelling has its name in the message, and both are one in the report.
    assert reveals(at_desk, told, "1 VENUE 1") == ["bakery"]
    assert reveals(at_desk, told, "1 VENUE 2") == ["Bakery"]
    assert reveals(at_desk, told, "1 PERSON 1") == ["Ramon Quispe"]
    assert "Venue 1" in page
    assert "Venue 2" not in account_in(page)
    # For a court the account is still what the log says, and the log says that it was sealed anew.
    custody = supervisor.opens(f"/console/report/{told}/custody")
    assert "Everything that is kept is what came in" in custody
    said = supervisor.opens("/console/audit")
    assert "message 1: 2 accepted, 0 taken for ordinary, 2 added" in said
    assert "sealed an account anew" in said
    # Opened again, a second review adds to the first.
    masks(at_desk, told, "five", "DATE")
    assert "Reviewed by" not in account(at_desk, told)
    at_desk.reviews(told)
    assert reveals(at_desk, told, "1 DATE 1") == ["five"]
    assert reveals(at_desk, told, "1 VENUE 1") == ["bakery"]


def test_another_label_keeps_what_stands_behind_it(
    house: House, at_desk: Member, told: str
) -> None:
    does(at_desk, told, "label", name="PERSON 1", label="VENUE")
    assert "→ Venue" in account(at_desk, told)
    at_desk.reviews(told)
    assert states(at_desk, told)[0] == ("Venue 1", "accepted")
    assert reveals(at_desk, told, "1 VENUE 1") == ["Ramon Quispe"]
    reveals(at_desk, told, "1 PERSON 1", expect=404)
    page = looks_closer(at_desk, told)
    assert "The word lists have changed" not in page
    assert faults_in(page) == []


def test_the_review_of_the_words_knows_what_people_did(
    house: House, at_desk: Member, told: str
) -> None:
    masks(at_desk, told)
    does(at_desk, told, "reject", name="PERSON 1")
    at_desk.reviews(told)
    page = looks_closer(at_desk, told)
    assert "The word lists have changed" not in page
    assert "Somebody of the desk masked it by hand." in page
    assert 'name="show" value="PERSON 1"' in page
    assert 'name="show" value="PHONE 1"' not in page
    looks_closer(at_desk, told, "/show", expect=400, show="PHONE 1")
    shown = looks_closer(at_desk, told, "/show", show="PERSON 1")
    assert "It is read in this report again." in shown
    assert 'name="show"' not in shown
    assert "The word lists have changed" not in shown
    assert faults_in(shown) == []
    assert "Ramon Quispe" in account(at_desk, told)
    assert ("word_shown", "1 PERSON 1") in lines(house)
    # The rest is as it was.
    assert ("Venue 1", "added") in states(at_desk, told)
    assert reveals(at_desk, told, "1 PHONE 1") == ["+1 500 555 0188"]


def test_a_word_that_was_taken_for_ordinary_is_marked_for_giving_back(
    at_desk: Member, maria: Texter
) -> None:
    maria.texts("they keep the quillofeather in a locked room")
    report = at_desk.first_report()
    name = re.search(r'name="name" value="([A-Z_]+ \d+)"', account(at_desk, report))
    assert name
    assert " checked>" not in looks_closer(at_desk, report)
    does(at_desk, report, "reject", name=name[1])
    assert f'name="word" value="{name[1]}" checked>' in looks_closer(at_desk, report)


def test_a_word_is_put_back_beside_marks_that_are_not_finished(
    house: House, at_desk: Member, told: str
) -> None:
    does(at_desk, told, "reject", name="PERSON 1")
    masks(at_desk, told)
    looks_closer(at_desk, told, "/show", show="PERSON 1")
    text = at_desk_text(house, at_desk, told)
    assert text.startswith("My boss Ramon Quispe keeps us above the [VENUE 1]. [VENUE 2] opens")


def test_two_at_once_lose_nothing(house: House, at_desk: Member, told: str) -> None:
    omar = Member(house, "omar")
    omar.signs_in()
    page = account(omar, told)
    masks(at_desk, told)
    # What Omar decides about the same text stands beside it,
    does(omar, told, "accept", name="PHONE 1", text=seen(page))
    assert ("Phone 1", "accepted") in states(at_desk, told)
    assert ("Venue 1", "added") in states(at_desk, told)
    # but he cannot end a review of something that he has not seen,
    finish = dict(re.findall(r'name="(seen-\d+)" value="(\w*)"', page))
    again = omar.sends(path(told, "done"), expect=409, **finish).text
    assert "It has changed; look again" in again
    assert faults_in(again) == []
    assert "spans_reviewed" not in {did for did, _ in lines(house)}
    # and after it was ended, what he still has open is another text.
    at_desk.reviews(told)
    refused = does(omar, told, "mark", expect=409, text=seen(page), words="five", label="DATE")
    assert "It has changed; look again" in refused
    assert 'name="words" value="five"' in refused
    assert ("spans_reviewed", "1 accepted 2 rejected 0 added 2") in lines(house)


def test_no_lead_leaves_before_everything_is_reviewed(
    house: House, at_desk: Member, told: str, maria: Texter, agency: str
) -> None:
    agrees(at_desk, told)
    lead = f"/console/report/{told}/lead"
    shown = at_desk.sends(lead, expect=200, **LEAD).text
    assert "1 message not reviewed" in shown
    refused = at_desk.sends(f"{lead}/publish", expect=422, to=agency, **LEAD)
    assert "Not every message of the report is reviewed" in refused.text
    assert f'href="/console/report/{told}?spans=1#message-1"' in refused.text
    assert faults_in(refused.text) == []
    at_desk.reviews(told)
    # What comes in between is reviewed, too, before anything leaves.
    maria.texts("He has a knife")
    at_desk.sends(f"{lead}/publish", expect=422, to=agency, **LEAD)
    assert left(house) == []
    assert "1 message not reviewed" in account(at_desk, told)
    at_desk.reviews(told)
    at_desk.sends(f"{lead}/publish", to=agency, **LEAD)
    assert len(left(house)) == 1


def test_what_was_merged_into_a_report_is_reviewed_before_it_leaves(
    house: House, at_desk: Member, told: str, amina: Texter, agency: str
) -> None:
    agrees(at_desk, told)
    at_desk.reviews(told)
    amina.texts("He has a knife")
    with house.hotline.store.read() as session:
        other = session.execute(select(reports.c.id).where(reports.c.id != told)).scalar_one()
    merge = update(reports).where(reports.c.id == other).values(joined_to=told)
    house.hotline.store.write(lambda session: session.execute(merge))
    lead = f"/console/report/{told}/lead"
    refused = at_desk.sends(f"{lead}/publish", expect=422, to=agency, **LEAD).text
    assert f'href="/console/report/{other}?spans=1#message-1"' in refused
    at_desk.reviews(other)
    at_desk.sends(f"{lead}/publish", to=agency, **LEAD)


def test_all_messages_are_reviewed_with_one_press(
    house: House, at_desk: Member, told: str, maria: Texter
) -> None:
    assert "All messages reviewed" not in account(at_desk, told)
    maria.texts(MORE)
    page = account(at_desk, told)
    form = page.partition("All messages reviewed")[0].rpartition("<form")[2]
    names = dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', form))
    assert set(names) == {"seen-1", "seen-2"}
    at_desk.sends(path(told, "done"), **names)
    assert "all reviewed" in account(at_desk, told)
    assert [did for did, _ in lines(house)].count("spans_reviewed") == 2
    # Whoever presses it twice writes nothing twice, and no other message can be named.
    at_desk.sends(path(told, "done"), expect=400)
    at_desk.sends(path(told, "done"), expect=404, **{"seen-7": "x"})


def test_however_many_messages_came_each_has_its_turn_and_is_reviewed(
    house: House, at_desk: Member, told: str
) -> None:
    store = house.hotline.store
    with store.read() as session:
        one = session.execute(select(messages).where(messages.c.report_id == told)).first()
    assert one is not None
    flood = [{**one._mapping, "seq": seq} for seq in range(2, 1002)]
    store.write(lambda session: session.execute(insert(messages), flood))
    # The first that came is shown beside the newest: nobody pushes it out of reach.
    masks(at_desk, told, WORD)
    assert "message-801" in account(at_desk, told)
    for _ in range(3):
        at_desk.reviews(told)
    with store.read() as session:
        assert unreviewed(session, told) == ()
    assert "all reviewed" in account(at_desk, told)


def test_of_the_account_no_provider_is_told_before_it_is_reviewed(
    house: House, directory: None, at_desk: Member, maria: Texter
) -> None:
    maria.texts("My boss took my passport and locks the door at night. My name is Maria Lopez")
    report = at_desk.first_report()
    to = f"/console/report/{report}/referral"
    page = at_desk.sends(to, expect=200, need="shelter").text
    at_desk.sends(f"{to}/offer", offer=offers_in(page)[0], need="shelter")
    offer = offer_of(house, report)
    agrees(
        at_desk,
        report,
        to=f"handoff {offer.organization_id}",
        fields=["handoff need", "handoff account"],
    )
    pane = account(at_desk, report).partition('id="provider-sees"')[2]
    assert fact(pane, "need") == "may be told"
    assert fact(pane, "account") == "not before every message is reviewed"
    refused = at_desk.sends(f"{to}/{offer.id}/told", expect=422, fields=["need", "account"]).text
    assert "Of the account nothing is told before." in refused
    assert offer_of(house, report).fields == ()
    at_desk.sends(f"{to}/{offer.id}/told", fields=["need"])
    at_desk.reviews(report)
    at_desk.sends(f"{to}/{offer.id}/told", fields=["account"])
    pane = account(at_desk, report).partition('id="provider-sees"')[2]
    assert fact(pane, "account") == "may be told"
    assert "They know:" in pane


def fact(pane: str, name: str) -> str:
    """Return what a pane says of a fact, without what surrounds it."""
    its = pane.partition(f'data-fact="{name}">')[2].partition("</dd>")[0]
    return re.sub(r"<[^>]+>", "", its).strip()


def test_what_the_investigator_will_see_is_what_leaves(
    house: House, at_desk: Member, told: str, agency: str
) -> None:
    before = account(at_desk, told).partition('id="investigator-sees"')[2]
    assert "The person has not agreed." in before
    assert "Only 1 report like this at this desk" in before
    agrees(at_desk, told)
    at_desk.reviews(told)
    first = at_desk.opens(f"/console/report/{told}/lead")
    suggested = {"control": re.findall(r'name="control" value="([^"]+)" checked', first)}
    before = account(at_desk, told).partition('id="investigator-sees"')[2]
    form = {**LEAD, "seen": f"{house.clock():%Y-%m}", **suggested, "people": 7}
    at_desk.sends(f"/console/report/{told}/lead/publish", to=agency, **form)
    after = account(at_desk, told).partition('id="investigator-sees"')[2]
    assert "which left" in after
    with house.hotline.store.read() as session:
        lead = session.execute(select(leads.c.told, leads.c.item)).one()
    for name in ("country", "month", "minor", "control", "person_language"):
        # What the pane showed before is what left, for all that the lead did not change.
        if name != "country":
            assert fact(before, name) == fact(after, name), name
    item = json.loads(lead.item)
    assert fact(after, "summary") == lead.told["summary"]
    assert lead.told["summary"] in item["content_text"]
    assert fact(after, "month") == lead.told["month"]
    assert f'<span class="coarse"><bdi dir="ltr">{lead.told["month"]}' in after
    assert fact(after, "people") == lead.told["people"] == "6-10"
    assert item["_lead"]["country"] == lead.told["country"] == "US"
    assert fact(after, "country") == "United States"
    untold = set(FIELDS) - set(fields_of(lead.told))
    assert untold
    for name in untold:
        assert fact(after, name) == "not said yet"


def test_where_a_review_does_not_open_the_account_stays_shut(
    house: House, at_desk: Member, told: str
) -> None:
    masks(at_desk, told)
    its = envelopes.c.audience == "marks"
    house.hotline.store.write(
        lambda session: session.execute(update(envelopes).where(its).values(body=b"x" * 577))
    )
    assert "The seal of this message is broken." in account(at_desk, told)
    assert WORD not in at_desk.opens("/console/").lower()


def test_at_a_desk_with_four_eyes_it_takes_two_to_see_what_was_masked(
    four_eyes: House,
) -> None:
    noor, ines = Member(four_eyes, "noor"), Member(four_eyes, "ines")
    noor.signs_in()
    ines.signs_in()
    Texter(four_eyes, MARIA).texts(SAID)
    report = noor.first_report()
    masks(noor, report)
    noor.reviews(report)
    assert WORD not in at_desk_depth(four_eyes, noor, report).lower()
    what = {**LOOK, "what": "1 VENUE 1"}
    noor.sends(f"/console/report/{report}/reveal", expect=303, **what)
    waits = re.search(r"/approvals/([0-9a-f]{32})/approve", ines.opens("/console/approvals"))
    assert waits
    ines.approves(waits[1])
    shown = noor.sends(f"/console/report/{report}/reveal/granted", 200, request=waits[1]).text
    assert '<bdi dir="auto">bakery</bdi>' in shown
    assert "Ramon" not in shown
    # A place that somebody masked is still a place to send help to.
    urgent = noor.sends(f"/console/report/{report}/emergency", expect=200, why="").text
    assert "bakery" in urgent


def test_what_ends_with_the_identity_ends_with_it(house: House, at_desk: Member, told: str) -> None:
    from hotline.triage.forgetting import forget_everything, forget_identity
    from hotline.triage.reviews import reviewed

    masks(at_desk, told)
    at_desk.reviews(told)
    house.hotline.store.write(lambda session: forget_identity(session, told))
    with house.hotline.store.read() as session:
        kept = session.execute(select(envelopes.c.audience)).scalars().all()
        assert reviewed(session, told)
    assert not [one for one in kept if one.startswith(("added", "identity"))]
    house.hotline.store.write(lambda session: forget_everything(session, told))
    with house.hotline.store.read() as session:
        assert not reviewed(session, told)
        assert not audit.of_report(session, told)


@pytest.mark.parametrize("locale", ["ar", "es"])
def test_the_page_is_whole_in_other_languages(at_desk: Member, told: str, locale: str) -> None:
    masks(at_desk, told)
    page = at_desk.client.get(f"/console/report/{told}?spans=1&lang={locale}", base_url=ORIGIN).text
    assert faults_in(page) == []


def test_on_postgresql_who_ends_a_review_twice_at_once_ends_it_once(
    tmp_path: Path, postgres_url: str
) -> None:
    house = found_house(tmp_path / "postgresql", database_url=postgres_url)
    noor = Member(house, "noor")
    noor.signs_in()
    Texter(house, MARIA).texts(SAID)
    report = noor.first_report()
    masks(noor, report)
    finish = dict(re.findall(r'name="(seen-\d+)" value="(\w*)"', account(noor, report)))
    cookie = noor.client.get_cookie("__Host-key", domain="line.example")
    assert cookie

    def ends() -> int:
        client = house.app.test_client()
        client.set_cookie("__Host-key", cookie.value, domain="line.example", secure=True)
        return client.post(path(report, "done"), data=finish, base_url=ORIGIN).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = [made.result() for made in [pool.submit(ends) for _ in range(4)]]
    # Who comes second sees another account than the one that they had open.
    assert sorted(answers) == [303, 409, 409, 409]
    assert [did for did, _ in lines(house)].count("spans_reviewed") == 1
    assert reveals(noor, report, "1 VENUE 1") == ["bakery"]
    assert WORD not in at_desk_depth(house, noor, report).lower()
    house.close()
