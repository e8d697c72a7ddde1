"""A life is in danger: who holds the report opens number and place in one act, and writes down who was told what."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from hotline import audit, consent
from hotline.domain.report import Status
from hotline.reports import reports
from hotline.store import new_id
from hotline.triage.alerts import open_alerts
from hotline.worker import WORK
from tests.cast import Member, Texter
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House

TOLD = {"to": "ambulance", "fields": ["number", "place"], "words": "dispatcher 7, they go now"}
THERE = "he comes back soon, we are at 12 Quay Street. My name is Maria Lopez"


def path(report: str, act: str = "") -> str:
    return f"/console/report/{report}/emergency{act}"


def row(house: House, report: str) -> dict[str, object]:
    with house.hotline.store.read() as session:
        return dict(session.execute(select(reports).where(reports.c.id == report)).one()._mapping)


def did(house: House, report: str) -> list[str]:
    with house.hotline.store.read() as session:
        found = [line.did for line in reversed(audit.of_report(session, report))]
    # That somebody looked at the page is none of it.
    return [each for each in found if each != "opened"]


def change(house: House, report: str, **facts: object) -> None:
    its = update(reports).where(reports.c.id == report).values(**facts)
    house.hotline.store.write(lambda session: session.execute(its))


@pytest.fixture
def omar(house: House) -> Member:
    omar = Member(house, "omar")
    omar.signs_in()
    return omar


@pytest.fixture
def told(at_desk: Member, report: str) -> str:
    """The report, opened, with an ambulance called."""
    at_desk.sends(path(report), expect=200)
    at_desk.sends(path(report, "/told"), **TOLD)
    return report


def test_what_nobody_holds_is_claimed_by_the_act_itself(
    house: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts(THERE)
    report = at_desk.first_report()
    page = at_desk.sends(path(report), expect=200)
    assert maria.number in page.text
    assert "12 Quay Street" in page.text
    assert "Maria Lopez" not in page.text
    assert did(house, report)[-2:] == ["claim", "emergency"]
    its = row(house, report)
    assert its["claimed_until"] == house.clock() + timedelta(minutes=30)
    assert page.headers["Refresh"] == f"300; url=/console/report/{report}"
    assert faults_in(page.text) == []


def test_what_i_hold_opens_and_stays_mine(house: House, at_desk: Member, report: str) -> None:
    at_desk.sends(f"/console/report/{report}/claim")
    house.clock.passes(minutes=20)
    at_desk.sends(path(report), expect=200)
    assert did(house, report)[-2:] == ["claim", "emergency"]
    assert row(house, report)["claimed_until"] == house.clock() + timedelta(minutes=30)


def test_what_somebody_else_holds_stays_shut_and_the_page_says_who(
    house: House, at_desk: Member, omar: Member, report: str, maria: Texter
) -> None:
    omar.sends(f"/console/report/{report}/claim")
    before = did(house, report)
    shown = at_desk.opens(f"/console/report/{report}")
    assert "Only" in shown.partition('id="emergency"')[2]
    assert "<form" not in shown.partition('id="emergency"')[2].partition("</div>")[0]
    page = at_desk.sends(path(report), expect=409)
    assert "Nothing was opened" in page.text
    assert "Omar" in page.text.partition("Nothing was opened")[2].partition("</section>")[0]
    assert maria.number not in page.text
    assert did(house, report) == before
    with house.hotline.store.read() as session:
        assert open_alerts(session, "main") == ()
    assert faults_in(page.text) == []


def test_a_supervisor_is_no_exception(omar: Member, supervisor: Member, report: str) -> None:
    omar.sends(f"/console/report/{report}/claim")
    supervisor.sends(path(report), expect=409)


def test_once_a_lease_is_over_the_act_takes_the_report(
    house: House, at_desk: Member, omar: Member, report: str, maria: Texter
) -> None:
    omar.sends(f"/console/report/{report}/claim")
    house.clock.passes(minutes=31)
    at_desk.signs_in()
    assert maria.number in at_desk.sends(path(report), expect=200).text


def test_the_same_post_again_after_the_lease_ended_opens_nothing_that_another_took(
    house: House, at_desk: Member, omar: Member, report: str, maria: Texter
) -> None:
    at_desk.sends(path(report), expect=200)
    house.clock.passes(minutes=31)
    for member in (omar, at_desk):
        member.signs_in()
    omar.sends(f"/console/report/{report}/claim")
    page = at_desk.sends(path(report), expect=409)
    assert maria.number not in page.text
    for act, form in (("/told", TOLD), ("/safe", {}), ("/later", {"why": "not yet"})):
        at_desk.sends(path(report, act), expect=409, **form)


def test_of_two_at_once_one_opens_it(
    house: House, at_desk: Member, omar: Member, report: str
) -> None:
    def act(member: Member) -> int:
        return member.client.post(path(report), base_url=ORIGIN).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, [at_desk, omar])) == [200, 409]
    assert did(house, report).count("emergency") == 1


def test_a_closed_report_is_opened_again_by_the_act(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    messages = str(row(house, report)["messages"])
    at_desk.sends(
        f"/console/report/{report}/close", read=messages, keep="rules", outcome="safe_now"
    )
    assert "opened again" in at_desk.opens(f"/console/report/{report}")
    assert maria.number in at_desk.sends(path(report), expect=200).text
    assert did(house, report)[-3:] == ["reopen", "claim", "emergency"]
    assert row(house, report)["status"] == Status.OPEN


def test_one_in_quarantine_is_let_in_by_the_act(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    change(house, report, status=Status.QUARANTINED)
    assert maria.number in at_desk.sends(path(report), expect=200).text
    assert row(house, report)["status"] == Status.OPEN
    assert did(house, report)[-3:] == ["quarantine_left", "claim", "emergency"]


@pytest.mark.parametrize("who", ["tala", "mira"])
def test_another_desk_finds_nothing(house: House, report: str, who: str) -> None:
    stranger = Member(house, who)
    stranger.signs_in()
    before = did(house, report)
    stranger.sends(path(report), expect=404)
    stranger.sends(path(report, "/told"), expect=404, **TOLD)
    stranger.sends(path(report, "/safe"), expect=404)
    stranger.sends(path(report, "/later"), expect=404, why="because")
    assert did(house, report) == before


@pytest.mark.parametrize("who", ["ivo", "ada", "abel", "isa"])
def test_whoever_may_not_reveal_opens_nothing(house: House, report: str, who: str) -> None:
    member = Member(house, who)
    member.signs_in()
    for act in ("", "/told", "/safe", "/later"):
        member.sends(path(report, act), expect=403, **TOLD)
    assert "emergency" not in did(house, report)


def test_the_page_says_whom_to_call_and_that_the_number_beats_the_report(
    house: House, at_desk: Member, report: str
) -> None:
    both = at_desk.sends(path(report), expect=200).text
    assert "the number and the report say so" in both
    assert ">911<" in both
    change(house, report, country="FR")
    page = at_desk.sends(path(report), expect=200).text
    number, _, rest = page.partition("their number says so")
    assert "United States" in number
    report_says = rest.partition("the report says so")[0]
    assert "France" in report_says
    assert ">112<" in report_says
    assert "More than one country may be meant" in page


def test_an_unknown_country_is_said(
    house: House, at_desk: Member, report: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline.console import told

    # No sender of the tests has a number without a country.
    monkeypatch.setattr(told, "country_of", lambda _number: "")
    change(house, report, country="")
    assert "is not known" in at_desk.sends(path(report), expect=200).text


def test_several_calls_are_written_down_and_shown(house: House, at_desk: Member, told: str) -> None:
    house.clock.passes(minutes=10)
    more = {"to": "police", "fields": "account", "words": "desk of the fifth", "time": "12:05"}
    at_desk.sends(path(told, "/told"), **more)
    page = at_desk.opens(f"/console/report/{told}").partition('id="told"')[2]
    assert "Ambulance</b> – the number, the place – " in page
    assert "dispatcher 7, they go now" in page
    assert "12:05" in page
    assert "Police</b> – what happened" in page
    assert did(house, told)[-2:] == ["told", "told"]
    assert faults_in(at_desk.opens(f"/console/report/{told}")) == []


def test_an_interpreter_hears_nothing_of_whom_was_called(house: House, told: str) -> None:
    ivo = Member(house, "ivo")
    ivo.signs_in()
    answer = ivo.client.get(f"/console/report/{told}", base_url=ORIGIN)
    assert answer.status_code == 403
    assert "Ambulance" not in answer.text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"fields": []}, "Say what they were told"),
        ({"words": "  "}, "Say who exactly"),
        ({"time": "25:99"}, "no time of the day"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    house: House, at_desk: Member, report: str, form: dict[str, object], says: str
) -> None:
    at_desk.sends(path(report), expect=200)
    page = at_desk.sends(path(report, "/told"), expect=422, **{**TOLD, **form})
    assert says in page.text
    assert "told" not in did(house, report)
    assert re.search(r'value="ambulance" required checked', page.text)
    assert faults_in(page.text) == []
    at_desk.sends(path(report, "/told"), expect=400, **{**TOLD, "to": "his brother"})


def test_nobody_is_told_before_number_and_place_were_opened(
    house: House, at_desk: Member, report: str
) -> None:
    page = at_desk.sends(path(report, "/told"), expect=422, **TOLD)
    assert "told" not in did(house, report)
    assert faults_in(page.text) == []


def test_whom_it_must_not_reach_is_shown_and_overridden_only_with_a_reason(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    hotline = house.hotline
    hotline.store.write(
        lambda session: consent.exclude(
            session,
            hotline.keyring,
            report_id=report,
            kind="words",
            words="not the police of this town",
            at=house.clock(),
        )
    )
    page = at_desk.sends(path(report), expect=200).text
    assert "not the police of this town" in page
    assert "Only a life in danger may override this" in page
    assert faults_in(page) == []
    asked = at_desk.sends(path(report, "/told"), expect=422, **{**TOLD, "to": "police"})
    assert "Say why first" in asked.text
    assert "told" not in did(house, report)
    why = "nobody else is near enough"
    at_desk.sends(path(report, "/told"), **{**TOLD, "to": "police"}, although=why)
    assert did(house, report)[-2:] == ["told", "told_although"]
    assert why in supervisor.opens("/console/audit")


def test_the_review_sees_what_was_opened_and_who_was_told(
    house: House, supervisor: Member, told: str
) -> None:
    page = supervisor.opens("/console/alerts")
    assert "Look at it by 3 Mar 2026, 12:0" in page
    assert "opened number and place in an emergency" in page
    assert "dispatcher 7, they go now" in page
    assert faults_in(page) == []
    log = supervisor.opens("/console/audit?kind=out")
    assert "told somebody without a yes" in log
    assert "Ambulance" in log


def test_what_is_opened_again_within_the_hour_pages_nobody_twice(
    house: House, at_desk: Member, report: str
) -> None:
    def alerts() -> int:
        with house.hotline.store.read() as session:
            return len(open_alerts(session, "main"))

    at_desk.sends(path(report), expect=200)
    at_desk.sends(path(report), expect=200)
    assert (alerts(), did(house, report).count("emergency")) == (1, 2)
    house.clock.passes(minutes=61)
    at_desk.signs_in()
    at_desk.sends(path(report), expect=200)
    assert alerts() == 2


def since(page: str) -> str:
    return re.findall(r'name="since" value="(\d+)"', page)[0]


def test_number_and_place_stay_open_for_the_rest_of_their_time_while_it_is_written_down(
    house: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts(THERE)
    report = at_desk.first_report()
    opened = since(at_desk.sends(path(report), expect=200).text)
    house.clock.passes(minutes=2)
    # What was missing closes nothing, either.
    form = {**TOLD, "since": opened}
    page = at_desk.sends(path(report, "/told"), expect=422, **{**form, "words": " "})
    assert maria.number in page.text
    assert "Say who exactly" in page.text
    page = at_desk.sends(path(report, "/told"), expect=200, **form)
    assert maria.number in page.text
    assert "12 Quay Street" in page.text
    assert "Written down already:" in page.text
    assert since(page.text) == opened
    assert page.headers["Refresh"] == f"180; url=/console/report/{report}"
    assert 'data-closes="180"' in page.text
    assert faults_in(page.text) == []
    # Each opening is a line; a supervisor is paged a single time.
    assert did(house, report)[-3:] == ["emergency", "told", "emergency"]
    with house.hotline.store.read() as session:
        assert len(open_alerts(session, "main")) == 1
    house.clock.passes(minutes=3)
    at_desk.sends(path(report, "/told"), expect=303, **form)


def test_who_opened_nothing_just_now_opens_nothing_by_writing_down(
    house: House, at_desk: Member, told: str
) -> None:
    for typed in ("", "soon", "9" * 11, str(int(house.clock().timestamp()) + 60)):
        at_desk.sends(path(told, "/told"), expect=303, **TOLD, since=typed)
    house.clock.passes(hours=3)
    at_desk.signs_in()
    now = str(int(house.clock().timestamp()))
    at_desk.sends(path(told, "/told"), expect=303, **TOLD, since=now)
    assert did(house, told).count("emergency") == 1


def test_the_person_is_told_once_that_is_safe(house: House, at_desk: Member, told: str) -> None:
    page = at_desk.opens(f"/console/report/{told}")
    assert "The person is still to be told" in page
    where = at_desk.sends(path(told, "/safe")).headers["Location"]
    assert where.endswith("?ready=help_called#reply")
    page = at_desk.opens(where)
    assert "Your life was in danger. So we called people who can come." in page
    assert "The person is still to be told" not in page
    assert "The person can see it since" in page
    with house.hotline.store.read() as session:
        (one,) = consent.telling.of_report(session, told)
    assert one.shown_day == f"{house.clock():%Y-%m-%d}"
    at_desk.sends(path(told, "/safe"), expect=404)


def test_telling_first_stands_ready(at_desk: Member, report: str) -> None:
    page = at_desk.opens(f"/console/report/{report}?ready=help_first")
    assert "Your life is in danger. We call people who can come now." in page
    assert "We will call for help" not in at_desk.opens(f"/console/report/{report}?ready=offer")


def test_not_yet_needs_a_reason_and_leaves_the_task(
    house: House, at_desk: Member, supervisor: Member, told: str
) -> None:
    asked = at_desk.sends(path(told, "/later"), expect=422, why=" ")
    assert "Say why first" in asked.text
    assert faults_in(asked.text) == []
    at_desk.sends(path(told, "/later"), why="he still has her phone")
    page = at_desk.opens(f"/console/report/{told}")
    assert "The person is still to be told" in page
    assert "said on 2 Mar 2026 that it is not safe yet" in page
    assert "he still has her phone" in supervisor.opens("/console/audit")


def test_nobody_is_told_while_it_may_be_someone_else_who_reads(
    house: House, at_desk: Member, told: str
) -> None:
    change(house, told, duress=True)
    page = at_desk.sends(path(told, "/safe"), expect=422)
    assert "it may not be the person who reads" in page.text
    with house.hotline.store.read() as session:
        assert not consent.telling.of_report(session, told)[0].shown_day


def test_after_a_week_untold_a_supervisor_sees_it_until_it_is_done(
    house: House, at_desk: Member, supervisor: Member, told: str
) -> None:
    what = "The person was not told who was called for help"

    def after(days: int) -> str:
        house.clock.passes(days=days)
        WORK["sweep"](house.hotline, "")
        for member in (at_desk, supervisor):
            member.signs_in()
        return supervisor.opens("/console/alerts")

    assert what not in after(6)
    page = after(1)
    assert page.count(what) == 1
    (alert,) = re.findall(r'id="alert-([0-9a-f]{32})"', page.partition(what)[0])[-1:]
    supervisor.sends(f"/console/alerts/{alert}/settle", expect=403, remark="fine")
    assert after(7).count(what) == 1
    at_desk.sends(path(told, "/later"), why="she is still there")
    assert what not in supervisor.opens("/console/alerts")
    assert what not in after(6)
    assert what in after(1)
    at_desk.sends(path(told, "/safe"))
    assert what not in supervisor.opens("/console/alerts")
    assert what not in after(8)


def test_erasing_the_report_forgets_the_trail_but_for_the_log(
    house: House, supervisor: Member, told: str
) -> None:
    from hotline.triage.forgetting import forget_everything

    house.hotline.store.write(lambda session: forget_everything(session, told))
    with house.hotline.store.read() as session:
        assert consent.telling.of_report(session, told) == []
        assert open_alerts(session, "main") == ()
        kinds = [line.did for line in audit.page(session)]
        kept = session.execute(select(func.count()).select_from(reports)).scalar_one()
    assert kept == 0
    assert {"emergency", "told"} <= set(kinds)
    WORK["sweep"](house.hotline, "")


def test_a_report_that_is_not_there_is_not_found(at_desk: Member) -> None:
    for act in ("", "/told", "/safe", "/later"):
        at_desk.sends(path(new_id(), act), expect=404, **TOLD, why="because")


def test_who_did_not_open_it_writes_nothing_down(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    at_desk.sends(path(report), expect=200)
    at_desk.sends(f"/console/report/{report}/let-go")
    page = supervisor.sends(path(report, "/told"), expect=422, **TOLD).text
    assert "You opened nothing to save a life within a day" in page
    supervisor.sends(path(report), expect=200)
    supervisor.sends(path(report, "/told"), **TOLD)


def test_a_day_later_it_is_opened_anew_before_anything_is_written_down(
    house: House, at_desk: Member, report: str
) -> None:
    at_desk.sends(path(report), expect=200)
    house.clock.passes(hours=26)
    at_desk.signs_in()
    page = at_desk.sends(path(report, "/told"), expect=422, **TOLD).text
    assert "within a day" in page
    assert "told" not in did(house, report)


def test_nobody_was_told_before_it_was_opened(house: House, at_desk: Member, report: str) -> None:
    at_desk.sends(path(report), expect=200)
    before = (house.clock() - timedelta(hours=3)).strftime("%H:%M")
    page = at_desk.sends(path(report, "/told"), expect=422, **{**TOLD, "time": before}).text
    assert "before you opened number and place" in page
    assert faults_in(page) == []
    assert "told" not in did(house, report)
