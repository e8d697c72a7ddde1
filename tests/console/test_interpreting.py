"""An interpreter reads what was handed to them of one report, once they said that they have no part in it: by key."""

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hotline.console.interpreted import texts_of
from hotline.console.reading import read_report
from hotline.errors import NotFound, Refused
from hotline.triage import interpreting, translating
from hotline.triage.access import restrict
from hotline.triage.forgetting import forget_everything
from hotline.triage.languages import speak
from hotline.triage.tables import interpretings, translations
from hotline.triage.translating import QUESTIONS
from hotline.vault.envelope import SealBroken
from hotline.vault.handed import Handed, Kind, keep_handed, open_handed, seal_handed
from hotline.vault.keyring import DESK
from hotline.vault.opening import find_row
from hotline.vault.tables import desk_words, epoch_wraps, handed_texts
from hotline.worker import WORK
from tests.cast import Member, Texter
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House

PAGE = "/console/assigned"
NO_PART = {"knows": "no", "near": "no", "paid": "no", "language": "yes"}
CANARY = "The-boss-beats-whoever-speaks"


@pytest.fixture
def ivo(house: House) -> Member:
    ivo = Member(house, "ivo")
    ivo.signs_in()
    return ivo


def staff_id(house: House, username: str) -> str:
    return next(m.id for m in house.hotline.keyring.members if m.username == username)


def asks(house: House, by: Member, report: str, *seqs: int, expect: int = 303) -> str:
    """Let a caseworker ask Ivo for some messages; return what the page says."""
    form = {"interpreter": staff_id(house, "ivo"), "text": [str(seq) for seq in seqs or (1,)]}
    return by.sends(f"/console/report/{report}/interpreter", expect=expect, **form).text


def work_in(page: str) -> str:
    found = re.search(r"/console/assigned/([0-9a-f]{32})/", page)
    assert found, "nothing is given"
    return found.group(1)


def declares(ivo: Member, expect: int = 303, **answers: str) -> str:
    """Let Ivo declare; return the id of the work."""
    work = work_in(ivo.opens(PAGE))
    ivo.sends(f"{PAGE}/{work}/declare", expect=expect, **{**NO_PART, **answers})
    return work


def at_work(house: House, by: Member, ivo: Member, report: str) -> str:
    asks(house, by, report)
    return declares(ivo)


def rows(house: House) -> int:
    with house.hotline.store.read() as session:
        return len(session.execute(select(handed_texts)).all())


def masks(member: Member, path: str, words: str, do: str = "mark", **form: str) -> None:
    """Press one button of the review of the first message."""
    seen = re.search(r'name="text" value="(\w+)"', member.opens(path))
    assert seen
    form = {"do": do, "words": words, "label": "PLACE", "text": seen[1], **form}
    member.sends(f"{path}/spans/1", **form)


def range_in(member: Member, path: str) -> dict[str, str]:
    """Return where in the first message somebody masked by hand."""
    found = re.search(
        r'name="start" value="(\d+)"><input type="hidden" name="end" value="(\d+)"',
        member.opens(path),
    )
    assert found
    return {"start": found[1], "end": found[2]}


def panel(page: str) -> str:
    return page.partition('id="interpreter"')[2].partition("</section>")[0]


def test_an_interpreter_holds_no_key_of_the_desk(
    house: House, at_desk: Member, report: str
) -> None:
    me = Member(house, "ivo").keyholder()
    with house.hotline.store.read() as session:
        held = select(epoch_wraps).where(epoch_wraps.c.member_id == me.staff_id)
        assert session.execute(held).all() == []
        for audience in ("desk", "identity", "contact"):
            seq = 0 if audience == "contact" else 1
            with pytest.raises(SealBroken):
                me.open_row(session, find_row(session, report, seq, audience))
        with pytest.raises(Refused):
            me.open_accounts(session, report, [1])
        with pytest.raises(Refused):
            me.open_previews(session, [(report, 1)])


def test_what_is_handed_over_opens_for_that_interpreter_and_in_its_place_only(
    house: House, at_desk: Member, report: str
) -> None:
    me, noor = Member(house, "ivo").keyholder(), Member(house, "noor").keyholder()
    ivo, text = house.hotline.keyring.member(me.staff_id), Handed("He locks the door", "en")
    assert ivo is not None
    hotline = house.hotline
    its = {
        "to": ivo,
        "desk": "main",
        "report_id": report,
        "epoch_id": hotline.keyring.current("main", DESK).id,
        "locks": hotline.door.locks,
    }
    row, other = (
        seal_handed({(Kind.MESSAGE, 1): text}, **its, work_id=work)[0]
        for work in ("1" * 32, "2" * 32)
    )
    assert b"locks" not in row["sealed"]
    house.hotline.store.write(lambda session: keep_handed(session, [row]))
    with house.hotline.store.read() as session:
        assert open_handed(session, me, "1" * 32) == {(Kind.MESSAGE, 1): text}
        assert open_handed(session, me, "2" * 32) == {}
        with pytest.raises(Refused):
            open_handed(session, noor, "1" * 32)
    # Put into the row of another work, it stays closed.
    moved = {**other, "sealed": row["sealed"]}
    house.hotline.store.write(lambda session: keep_handed(session, [moved]))
    with house.hotline.store.read() as session:
        assert open_handed(session, me, "2" * 32) == {}


def test_nothing_opens_before_the_interpreter_declared_to_have_no_part_in_it(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    assert "Nothing is given to you" in ivo.opens(PAGE)
    asks(house, at_desk, report)
    assert "Nothing opens before they declare" in panel(at_desk.opens(f"/console/report/{report}"))
    page = ivo.opens(PAGE)
    assert "Before anything opens" in page
    assert "locks the door" not in page
    assert faults_in(page) == []
    work = work_in(page)
    ivo.sends(f"{PAGE}/{work}/message/1", expect=404, text="x")
    # Each question is asked anew until it has an answer.
    for question in QUESTIONS:
        again = ivo.sends(f"{PAGE}/{work}/declare", expect=422, **{**NO_PART, question: ""}).text
        assert "Nothing was opened" in again
        assert "locks the door" not in again
        assert faults_in(again) == []
    declares(ivo)
    page = ivo.opens(PAGE)
    assert "locks the door" in page
    assert "Maria" not in page
    assert report not in page
    assert "<details" in page
    assert faults_in(page) == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_whoever_has_a_part_in_it_opens_nothing_and_the_caseworker_reads_why(
    house: House, at_desk: Member, report: str, ivo: Member, question: str
) -> None:
    asks(house, at_desk, report)
    work = work_in(ivo.opens(PAGE))
    against = {question: "no" if question == "language" else "yes", "words": CANARY}
    page = ivo.sends(f"{PAGE}/{work}/declare", expect=200, **{**NO_PART, **against}).text
    assert "Nothing was opened" in page
    assert "locks the door" not in page
    assert rows(house) == 0
    assert "Nothing is given to you" in ivo.opens(PAGE)
    ivo.sends(f"{PAGE}/{work}/declare", expect=404, **NO_PART)
    told = panel(at_desk.opens(f"/console/report/{report}"))
    assert "Nothing was opened." in told
    assert CANARY in told
    trail = at_desk.opens(f"/console/report/{report}").split('id="trail"')[1]
    assert "may not interpret it" in trail
    # What they said is sealed to the desk.
    everything = b"".join(path.read_bytes() for path in Path(house.var).glob("hotline.db*"))
    assert CANARY.encode() not in everything


def test_a_translation_stands_beside_the_original_under_its_makers_name_and_sealed(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    work = at_work(house, at_desk, ivo, report)
    ivo.sends(f"{PAGE}/{work}/message/1", text=f"{CANARY} [PERSON 1]")
    assert f"{CANARY} [PERSON 1]</textarea>" in ivo.opens(PAGE)
    page = at_desk.opens(f"/console/report/{report}")
    account = page.partition('id="message-1"')[2].partition("span-legend")[0]
    # In reading order: what was said, who translated it and when, what they wrote.
    places = [account.index(it) for it in ("locks the door", "Translated by", "Ivo", CANARY)]
    assert places == sorted(places)
    assert "2 Mar 2026" in account
    assert "earlier version" not in account
    assert faults_in(page) == []

    ivo.sends(f"{PAGE}/{work}/message/1", text="Better so")
    page = at_desk.opens(f"/console/report/{report}").partition('id="message-1"')[2]
    assert page.index("Better so") < page.index("1 earlier version") < page.index(CANARY)
    everything = b"".join(path.read_bytes() for path in Path(house.var).glob("hotline.db*"))
    assert CANARY.encode() not in everything
    assert "translated a text" in page.split('id="trail"')[1]


def test_only_what_a_caseworker_hands_over_is_with_the_interpreter(
    house: House, at_desk: Member, report: str, ivo: Member, maria: Texter
) -> None:
    work = at_work(house, at_desk, ivo, report)
    maria.texts("He comes back at five")
    at_desk.sends(f"/console/report/{report}/note", note="a note for the desk")
    page = at_desk.opens(f"/console/report/{report}")
    assert "1 message is not with the interpreter yet" in panel(page)
    assert "With them: message 1<" in panel(page)
    assert "at five" not in ivo.opens(PAGE)
    ivo.sends(f"{PAGE}/{work}/message/2", expect=404, text="x")
    empty = at_desk.sends(f"/console/report/{report}/interpreter/hand", expect=422).text
    assert "Pick what they are to get" in empty
    # A note is nothing that could be handed over.
    at_desk.sends(f"/console/report/{report}/interpreter/hand", text=["2", "3"])
    page = ivo.opens(PAGE)
    assert "at five" in page
    assert "a note for the desk" not in page
    assert "not with the interpreter yet" not in at_desk.opens(f"/console/report/{report}")


def test_one_interpreter_has_one_report_and_one_report_one_interpreter(
    house: House, at_desk: Member, report: str, ivo: Member, amina: Texter
) -> None:
    amina.texts("They keep my papers at the farm")
    listed = re.findall(r"/console/report/([0-9a-f]{32})", at_desk.opens("/console/"))
    second = next(one for one in listed if one != report)
    asks(house, at_desk, report)
    assert "has another report" in panel(at_desk.opens(f"/console/report/{second}"))
    assert "They have another report" in asks(house, at_desk, second, expect=409)
    assert "They have another report" in asks(house, at_desk, report, expect=409)
    work = declares(ivo)
    for path in (f"/console/report/{report}", f"/console/report/{second}", "/console/search"):
        assert ivo.client.get(path, base_url=ORIGIN).status_code in (403, 404), path
    assert ivo.client.get("/console/", base_url=ORIGIN).headers["Location"] == PAGE
    for act in ("declare", "stop", "message/1", "draft/1"):
        ivo.sends(f"{PAGE}/{'0' * 32}/{act}", expect=404, **NO_PART, text="x")
    # Taken back, the other may be given.
    at_desk.sends(f"/console/report/{report}/interpreter/withdraw")
    ivo.sends(f"{PAGE}/{work}/message/1", expect=404, text="x")
    asks(house, at_desk, second)
    assert work_in(ivo.opens(PAGE)) != work


def test_another_desk_asks_nobody_and_gets_nothing(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    tala = Member(house, "tala")
    tala.signs_in()
    asks(house, tala, report, expect=404)
    for act in ("/hand", "/draft", "/withdraw"):
        tala.sends(f"/console/report/{report}/interpreter{act}", expect=404, words="x", text="1")
    for name in ("noor", "tala", "isa"):
        form = {"interpreter": staff_id(house, name), "text": "1"}
        page = at_desk.sends(f"/console/report/{report}/interpreter", expect=422, **form).text
        assert "Choose somebody who interprets" in page
    asks(house, at_desk, report, 9, expect=422)
    assert rows(house) == 0


@pytest.mark.parametrize("end", ["withdrawn", "stopped", "closed", "lapsed", "left", "hidden"])
def test_when_it_ends_what_was_handed_over_is_gone(
    house: House, at_desk: Member, supervisor: Member, report: str, ivo: Member, end: str
) -> None:
    work = at_work(house, at_desk, ivo, report)
    ivo.sends(f"{PAGE}/{work}/message/1", text="My boss took it")
    me = Member(house, "ivo").keyholder()
    assert rows(house) == 2
    if end == "withdrawn":
        supervisor.sends(f"/console/report/{report}/interpreter/withdraw")
    elif end == "stopped":
        assert "You stopped" in ivo.sends(f"{PAGE}/{work}/stop", expect=200, words="my cousin").text
        assert "my cousin" in panel(at_desk.opens(f"/console/report/{report}"))
    elif end == "closed":
        at_desk.sends(f"/console/report/{report}/close", outcome="safe_now", why="safe", read="1")
    elif end == "lapsed":
        house.clock.passes(days=8)
    elif end == "left":
        supervisor.sends(f"/console/staff/{me.staff_id}/dismiss")
        assert rows(house) == 0
    else:
        ids = [staff_id(house, name) for name in ("ines", "noor")]
        house.hotline.store.write(
            lambda session: restrict(
                session,
                report,
                keyring=house.hotline.keyring,
                desk="main",
                by=ids[0],
                to=ids,
                at=house.clock(),
            )
        )
    if end != "left":  # Who left has no session, and nothing that was kept for them.
        with house.hotline.store.read() as session:
            assert translating.work_of(session, me, at=house.clock()) is None
    house.hotline.store.write(
        lambda session: interpreting.sweep(session, house.hotline.keyring, at=house.clock())
    )
    assert rows(house) == 0
    with house.hotline.store.read() as session:
        (ended,) = interpreting.works_of_report(session, report, at=house.clock())
        assert ended.why == end
        assert open_handed(session, me, work) == {}
    with pytest.raises(NotFound):
        house.hotline.store.write(
            lambda session: translating.translate(
                session,
                me,
                work,
                keyring=house.hotline.keyring,
                kind=Kind.MESSAGE,
                seq=1,
                text="late",
                at=house.clock(),
            )
        )
    # What was translated stays with the report, for whoever works on it.
    at_desk.signs_in()
    assert "My boss took it" in at_desk.opens(f"/console/report/{report}")


def test_a_restricted_report_is_interpreted_only_by_who_is_named_for_it(
    house: House, at_desk: Member, supervisor: Member, report: str, ivo: Member
) -> None:
    hotline, ids = house.hotline, {name: staff_id(house, name) for name in ("ines", "noor", "ivo")}

    def restricts(*names: str) -> None:
        to = [ids[name] for name in names]
        facts = {"keyring": hotline.keyring, "desk": "main", "by": ids["ines"], "to": to}
        hotline.store.write(lambda session: restrict(session, report, at=house.clock(), **facts))

    restricts("ines")
    asks(house, at_desk, report, expect=404)
    page = supervisor.opens(f"/console/report/{report}")
    assert "no interpreter is among them" in panel(page)
    asks(house, supervisor, report, expect=422)
    restricts("ines", "ivo")
    asks(house, supervisor, report)
    declares(ivo)
    assert "locks the door" in ivo.opens(PAGE)


def test_an_answer_is_put_into_their_language_and_a_person_sends_it(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    path = f"/console/report/{report}"
    assert "Have the interpreter translate it" not in at_desk.opens(path)
    at_desk.sends(f"{path}/interpreter/draft", expect=404, words="Can you go out?")
    work = at_work(house, at_desk, ivo, report)
    # A number in it is pointed out before anybody gets it.
    held = at_desk.sends(f"{path}/interpreter/draft", expect=200, words="Call +1 500 555 0177").text
    assert "Not sent yet" in held
    assert "0177" not in ivo.opens(PAGE)
    at_desk.sends(f"{path}/interpreter/draft", words="Can you go out?")
    assert "Can you go out?" in ivo.opens(PAGE)
    assert "not translated yet" in at_desk.opens(path)
    ivo.sends(f"{PAGE}/{work}/draft/1", text="هل يمكنك الخروج؟")
    page = at_desk.opens(path)
    assert "Put the translation into the answer" in page
    assert faults_in(page) == []
    ready = at_desk.sends(f"{path}/reply", expect=200, take="1", words="Can you go out?").text
    assert "هل يمكنك الخروج؟</textarea>" in ready
    assert house.carrier.sent == []


def test_an_erased_report_leaves_nothing_of_it(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    work = at_work(house, at_desk, ivo, report)
    ivo.sends(f"{PAGE}/{work}/message/1", text="x")
    house.hotline.store.write(lambda session: forget_everything(session, report))
    with house.hotline.store.read() as session:
        for table in (
            handed_texts,
            desk_words,
            interpretings,
            translations,
        ):
            assert session.execute(select(table)).all() == [], table.name


def test_the_sweep_ends_what_is_over(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    at_work(house, at_desk, ivo, report)
    house.clock.passes(days=8)
    WORK["sweep"](house.hotline, "")
    assert rows(house) == 0


def test_what_stands_behind_a_place_or_an_age_stays_with_the_desk(
    house: House, at_desk: Member, report: str
) -> None:
    noor = Member(house, "noor").keyholder()
    with house.app.test_request_context(), house.hotline.store.read() as session:
        reading = read_report(session, noor, report)
    ((_, text),) = texts_of(reading, {1}).items()
    assert "[AGE 1]" in text.text or "16" in text.text
    assert "Maria" not in text.text


def test_staff_say_which_languages_they_read(house: House, at_desk: Member, ivo: Member) -> None:
    for member in (at_desk, ivo):
        page = member.opens("/console/account")
        assert "Languages that you read and write" in page
        assert faults_in(page) == []
        member.sends("/console/account/languages", language=["ti", "ar", "<x>"])
    page = at_desk.opens("/console/account")
    assert 'value="ti" checked' in page
    assert 'value="am" checked' not in page
    at_desk.sends("/console/account/languages")
    assert " checked> " not in at_desk.opens("/console/account")


def test_who_reads_their_language_is_said_and_else_what_to_do(
    house: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts("صاحب العمل أخذ جواز سفري ويقفل الباب في الليل")
    path = f"/console/report/{at_desk.first_report()}"
    assert "Nobody here has said that they read Arabic" in at_desk.opens(path)
    own = at_desk.sends(f"{path}/reply", expect=200, words="My own words", weigh="1").text
    assert "These are words of your own" in own
    # An interpreter who reads it has no part in reports that nobody gave them.
    for name in ("ivo", "omar"):
        its = staff_id(house, name)
        house.hotline.store.write(lambda session, its=its: speak(session, its, "main", ["ar"]))
        page = at_desk.opens(path)
        assert ("Nobody here has said" in page) == (name == "ivo")
    assert "They write Arabic." in page
    assert "Omar" in page


def test_what_is_masked_later_is_masked_for_the_interpreter_and_in_what_they_made(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    work = at_work(house, at_desk, ivo, report)
    ivo.sends(f"{PAGE}/{work}/message/1", text=f"{CANARY} the door")
    path = f"/console/report/{report}"
    seen = re.search(r'name="text" value="(\w+)"', at_desk.opens(path))
    assert seen
    form = {"do": "mark", "words": "the door", "label": "PLACE", "text": seen[1]}
    at_desk.sends(f"{path}/spans/1", **form)
    # At once it lies with the interpreter no more, and what they made of it is hidden while it may be undone.
    assert "locks the door" not in ivo.opens(PAGE)
    assert CANARY not in ivo.opens(PAGE)
    page = at_desk.opens(path)
    assert CANARY not in page
    assert "1 message is not with the interpreter yet" in panel(page)
    at_desk.sends(f"{path}/spans/undo", message="1")
    assert CANARY in at_desk.opens(path)
    # Once that is final, the translation is gone; what is handed over anew is masked.
    at_desk.sends(f"{path}/spans/1", **form)
    at_desk.reviews(report)
    with house.hotline.store.read() as session:
        assert session.execute(select(translations)).all() == []
        assert rows(house) == 0
    at_desk.sends(f"{path}/interpreter/hand", text=["1"])
    page = ivo.opens(PAGE)
    assert "passport and locks" in page
    assert "the door" not in page


def test_what_is_masked_while_it_is_handed_over_is_masked_for_the_interpreter(
    house: House,
    at_desk: Member,
    report: str,
    ivo: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_work(house, at_desk, ivo, report)
    view, path = import_module("hotline.console.interpreting"), f"/console/report/{report}"
    act_on = view.act_on
    omar = Member(house, "omar")
    omar.signs_in()

    def meanwhile(*args: Any, **facts: Any) -> Any:
        """Do what the form asks for after a colleague was quicker."""
        with ThreadPoolExecutor(1) as pool:
            pool.submit(masks, omar, path, "the door").result()
            pool.submit(omar.reviews, report).result()
        return act_on(*args, **facts)

    monkeypatch.setattr(view, "act_on", meanwhile)
    at_desk.sends(f"{path}/interpreter/hand", text=["1"])
    page = ivo.opens(PAGE)
    assert "passport and locks" in page
    assert "the door" not in page


def test_only_what_masks_more_takes_from_the_interpreter_what_they_have(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    work = at_work(house, at_desk, ivo, report)
    path = f"/console/report/{report}"
    masks(at_desk, path, "the door")
    assert rows(house) == 0
    at_desk.sends(f"{path}/interpreter/hand", text=["1"])
    ivo.sends(f"{PAGE}/{work}/message/1", text=f"{CANARY} the door")
    # Their copy is masked already: what is decided about something else leaves it, and their own words, where they are.
    masks(at_desk, path, "", do="equal", **range_in(at_desk, path))
    assert CANARY in ivo.opens(PAGE)
    masks(at_desk, path, "", do="off", **range_in(at_desk, path))
    assert rows(house) == 2
    # Handed over while it was to be read, it goes when somebody masks it again by taking that back.
    at_desk.sends(f"{path}/interpreter/hand", text=["1"])
    assert "locks the door" in ivo.opens(PAGE)
    at_desk.sends(f"{path}/spans/undo", message="1")
    assert rows(house) == 0


def test_what_was_handed_over_ends_with_the_key_period_of_the_desk(
    house: House, at_desk: Member, report: str, ivo: Member
) -> None:
    work = at_work(house, at_desk, ivo, report)
    me = ivo.keyholder()
    with house.hotline.store.read() as session:
        assert open_handed(session, me, work)
        (epoch_id,) = session.execute(select(handed_texts.c.epoch_id).distinct()).scalars()
    assert epoch_id == house.hotline.keyring.current("main", DESK).id
    # Whoever has the database, the passphrase and every other file of the house opens nothing without that lock.
    house.hotline.door.locks.destroy(epoch_id)
    with house.hotline.store.read() as session:
        assert open_handed(session, me, work) == {}
