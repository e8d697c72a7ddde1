"""The queue says who is next and why, in words, and nothing that anybody typed becomes markup."""

from datetime import timedelta

from sqlalchemy import event

from tests.cast import Member, Texter, new_sid
from tests.console.conftest import HELD
from tests.house import House
from tests.triage.conftest import file_report

CANARY = "<script>alert('x')</script><b onmouseover=alert(1)> he beats me & says \"pay\""


def fill(house: House, count: int) -> None:
    """Keep reports without words, many at once."""
    house.hotline.store.write(
        lambda session: [file_report(session, desk="main", urgency=2) for _ in range(count)]
    )


def test_a_row_says_why_how_urgent_and_how_long(at_desk: Member, maria: Texter) -> None:
    maria.texts(HELD)
    at_desk.house.clock.passes(minutes=2)
    page = at_desk.opens("/console/")
    assert 'class="urgency urgency--' in page
    assert "2 min" in page
    assert "Papers held" in page or "Someone under 18" in page
    assert "[Person 1]" in page
    assert "Maria" not in page


def test_what_a_reporter_typed_is_never_markup(at_desk: Member, maria: Texter) -> None:
    maria.texts(CANARY)
    response = at_desk.client.get("/console/", base_url="https://line.example")
    assert "<script>alert" not in response.text
    assert "<b onmouseover" not in response.text
    report = at_desk.first_report()
    text = at_desk.client.get(f"/console/report/{report}", base_url="https://line.example").text
    assert "<script>alert" not in text
    assert "<b onmouseover" not in text
    assert "&lt;" in text


def test_previews_and_contacts_of_a_page_take_one_query_each(house: House, at_desk: Member) -> None:
    for number in range(8):
        Texter(house, f"+150055502{number:02}").texts("He keeps my passport, please help me.")
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        if "envelopes" in statement:
            asked.append(statement)

    engine = house.hotline.store._reader
    event.listen(engine, "before_cursor_execute", note)
    page = at_desk.opens("/console/")
    event.remove(engine, "before_cursor_execute", note)
    assert page.count("my passport") == 8
    assert len(asked) == 2


def test_fifty_stand_on_a_page_and_the_rest_behind_a_link(house: House, at_desk: Member) -> None:
    fill(house, 53)
    first = at_desk.opens("/console/")
    assert first.count('name="claim"') == 50
    link = first.split("after=")[1].split('"')[0]
    second = at_desk.opens(f"/console/?view=open&after={link}")
    assert second.count('name="claim"') == 3
    assert "From the beginning" in second


def test_an_address_of_the_queue_holds_no_time(house: House, at_desk: Member) -> None:
    fill(house, 51)
    link = at_desk.opens("/console/").split("after=")[1].split('"')[0]
    assert len(link) == len("3-") + 32


def test_two_who_claim_the_same_report_do_not_both_get_it(
    at_desk: Member, supervisor: Member, report: str
) -> None:
    at_desk.sends("/console/claim", claim=report)
    late = supervisor.sends("/console/claim", expect=409, claim=report)
    assert "Someone else holds this report" in late.text
    assert "Noor" in supervisor.opens("/console/")
    assert "Noor" not in at_desk.opens("/console/?view=mine").split("<main")[1]


def test_letting_go_and_the_end_of_a_lease_free_it(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    at_desk.sends("/console/claim", claim=report)
    at_desk.sends(f"/console/report/{report}/let-go")
    supervisor.sends("/console/claim", claim=report)
    house.clock.passes(minutes=29)
    at_desk.sends("/console/claim", expect=409, claim=report)
    house.clock.passes(minutes=1)
    at_desk.signs_in()
    at_desk.sends("/console/claim", claim=report)


def test_views_show_what_they_say(house: House, at_desk: Member, report: str) -> None:
    mine, free = "/console/?view=mine", "/console/?view=unclaimed"
    assert "You hold no report" in at_desk.opens(mine)
    assert report in at_desk.opens(free)
    at_desk.sends("/console/claim", claim=report)
    assert report in at_desk.opens(mine)
    assert "Every report has someone" in at_desk.opens(free)
    house.clock.passes(seconds=timedelta(hours=5).total_seconds())
    at_desk.signs_in()
    assert report in at_desk.opens("/console/?view=overdue")
    at_desk.sends(f"/console/report/{report}/close", outcome="safe_now")
    assert "Nobody is waiting" in at_desk.opens("/console/")
    assert report in at_desk.opens("/console/?view=closed")


def test_a_report_whose_seal_is_broken_does_not_hide_the_others(
    house: House, at_desk: Member, report: str, amina: Texter
) -> None:
    from hotline.vault.tables import envelopes

    house.hotline.store.write(
        lambda session: session.execute(
            envelopes.update()
            .where(envelopes.c.report_id == report, envelopes.c.preview.is_not(None))
            .values(preview=b"x" * 512, body=b"y" * 64)
        )
    )
    amina.texts("He keeps my passport.")
    page = at_desk.opens("/console/")
    assert "Opens on the page of the report only." in page
    assert "keeps my passport" in page
    assert "The seal of this message is broken" in at_desk.opens(f"/console/report/{report}")


def test_an_id_that_is_nobodys_is_not_found(at_desk: Member) -> None:
    assert (
        "There is nothing here" in at_desk.sends("/console/claim", expect=404, claim=new_sid()).text
    )


def test_a_report_whose_locks_are_gone_says_so_and_hides_nothing_else(
    house: House, at_desk: Member, report: str
) -> None:
    at_desk.sends(f"/console/report/{report}/claim")
    for lock in (house.var / "keys" / "locks").iterdir():
        lock.unlink()
    for path in ("/console/", "/console/?view=mine", "/console/tasks", "/console/quarantine"):
        at_desk.opens(path)
    page = at_desk.opens(f"/console/report/{report}")
    assert "The seal of this message is broken" in page
    assert "Its seal does not open" in page
    assert "No way back" not in page
    answer = at_desk.sends(f"/console/report/{report}/reply", expect=500, words="Hello.", read=1)
    assert "Its seal does not open" in answer.text
