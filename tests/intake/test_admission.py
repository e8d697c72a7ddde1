"""New reports of the web: who goes into the queue at once, who waits beside it, and that nobody is refused."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from hotline.domain.report import Assessment, Channel, IncomingMessage, Reason, Status
from hotline.domain.urgency import Urgency
from hotline.errors import Unavailable
from hotline.intake.admission import (
    BACK,
    BURST,
    MOST_ALIKE,
    MOST_URGENT,
    UNCLEAR,
    Admission,
    signature_of,
)
from hotline.reports.tables import quarantined, reports
from hotline.triage.tables import alerts
from hotline.vault.codes import mint
from hotline.vault.tables import return_codes
from tests.house import NOON

ACCOUNT = (
    "My employer {name} keeps our papers in a box. We clean hotels from five until midnight and "
    "nobody has paid us since {month}. Please call {number}, we are afraid of him."
)
PLEA = "Help me please, I cannot get out"


def told(**of):
    return ACCOUNT.format(**({"name": "Kovac", "month": "March", "number": "0171 555"} | of))


def word_salad(seed):
    letters = random.Random(seed)
    return " ".join("".join(letters.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(30))


def an_account(text):
    return IncomingMessage(Channel.WEB, text, "en")


def found(urgency, rule="distress"):
    return Assessment(urgency, reasons=(Reason(rule, 0, 0),))


def waits(admission, *texts, urgency=Urgency.NORMAL, at=NOON):
    return [admission.judge(text, found(urgency), at=at).waits for text in texts]


def test_almost_the_same_waits_from_the_sixth_on():
    admission = Admission()
    names = ("Marek", "Tomasz Nowak", "the landlord", "Ana", "B.", "Petrescu", "Li", "Ozturk")
    alike = [told(name=name, number=f"07{count}1 9{count}") for count, name in enumerate(names)]
    verdicts = [admission.judge(text, found(Urgency.NORMAL), at=NOON) for text in alike]
    assert [one.waits for one in verdicts] == [False] * MOST_ALIKE + [True] * 3
    assert len({one.alike for one in verdicts[1:]}) == 1
    assert waits(admission, word_salad(1)) == [False]


def test_a_few_copies_bury_no_cry_for_help():
    admission = Admission()
    assert not any(waits(admission, *[told()] * MOST_URGENT, urgency=Urgency.IMMEDIATE))
    assert waits(admission, told(), urgency=Urgency.IMMEDIATE) == [True]


def test_what_could_not_be_kept_does_not_count():
    admission = Admission()
    for _ in range(40):
        admission.take_back(admission.judge(told(), found(Urgency.NORMAL), at=NOON))
    assert waits(admission, told()) == [False]


def test_who_waits_is_let_in_by_coming_back_but_not_in_masses():
    admission = Admission()
    plain, cry = found(Urgency.HIGH), found(Urgency.IMMEDIATE)
    most = BACK[0]
    assert [admission.lets_back(plain, at=NOON) for _ in range(most + 1)] == [True] * most + [False]
    assert admission.lets_back(cry, at=NOON)
    assert admission.lets_back(plain, at=NOON + timedelta(minutes=1))


def test_a_group_is_forgotten_after_a_day():
    admission = Admission()
    assert waits(admission, *[told()] * 6)[-1]
    assert waits(admission, told(), at=NOON + timedelta(hours=25)) == [False]
    assert admission.judge(told(), found(Urgency.NORMAL), at=NOON + timedelta(hours=25)).alike


def test_a_group_that_staff_let_in_waits_no_more():
    admission = Admission()
    waiting = [admission.judge(told(), found(Urgency.NORMAL), at=NOON) for _ in range(7)][-1]
    admission.let_in(waiting.alike)
    admission.let_in("f" * 32)
    after = admission.judge(told(), found(Urgency.NORMAL), at=NOON)
    assert (after.alike, after.waits) == (waiting.alike, False)


def test_few_words_are_never_called_alike():
    assert not signature_of(PLEA)
    admission = Admission()
    assert not any(waits(admission, *[PLEA] * 20, urgency=Urgency.IMMEDIATE))


def test_a_flood_of_unlike_ones_empties_only_the_bucket_of_its_urgency():
    admission, unclear = Admission(), found(Urgency.HIGH, rule="urgency_unclear")
    flood = [admission.judge(word_salad(seed), unclear, at=NOON) for seed in range(200)]
    assert [one.waits for one in flood].index(True) == UNCLEAR[0]
    assert all(one.waits and one.alike is None for one in flood[UNCLEAR[0] :])
    assert waits(admission, told(), urgency=Urgency.HIGH) == [False]
    later = NOON + timedelta(minutes=2)
    assert waits(admission, *map(word_salad, range(300, 330)), urgency=Urgency.NONE, at=later) == (
        [False] * 20 + [True] * 10
    )


def test_a_clock_that_goes_back_harms_nothing():
    admission = Admission()
    waits(admission, told())
    assert waits(admission, word_salad(2), at=NOON - timedelta(hours=1)) == [False]


def test_memory_has_an_end():
    admission = Admission()
    for seed in range(3_200):
        admission.judge(word_salad(seed), found(Urgency.NONE), at=NOON)
    assert len(admission._groups) <= 3_000
    assert len(admission._with) <= 3_000 * 16


@given(st.text())
def test_any_text_can_be_judged(text):
    verdict = Admission().judge(text, found(Urgency.NORMAL), at=NOON)
    assert not verdict.waits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told(), "My sister works in a bar near the port and may not leave it. She owes for the trip, and they watch her."),
        ("我在一家餐馆工作已经八个月了，老板拿走了我的护照，也没有给我发过工资，我们十二个人住在一间房里，晚上门是锁着的。",
         "我的妹妹被一个男人骗到这里，他说给她找了一份照顾老人的工作，现在她不能打电话，也不能出门，我们很担心她的安全。"),
    ],
)  # fmt: skip
def test_what_two_people_tell_is_not_alike(one, other):
    assert len(signature_of(one) & signature_of(other)) < 3
    assert signature_of(one.upper()) == signature_of(f"  {one}  17 ")


@pytest.fixture
def plain(house):
    """A reception that finds every account of the same weight, so that what is tried is the number."""
    reception = house.hotline.reception
    return replace(reception, assess=lambda *_, **__: found(Urgency.NORMAL))


def test_what_waits_is_kept_whole_and_the_supervisors_are_told_once(house, plain):
    receipts = [plain.receive(an_account(told(name=name)), at=NOON) for name in "ABCDEFGH"]
    with house.hotline.store.read() as session:
        rows = session.execute(select(reports.c.status, reports.c.alike)).all()
        raised = session.execute(select(alerts.c.kind)).scalars().all()
    assert len({one.report_id for one in receipts}) == len(rows) == 8
    assert sorted(row.status for row in rows) == [Status.OPEN] * 5 + [Status.QUARANTINED] * 3
    assert len({row.alike for row in rows if row.status == Status.QUARANTINED}) == 1
    assert [one.is_aside for one in receipts] == [False] * 5 + [True] * 3
    assert raised == ["quarantine"]


def test_a_flood_of_unlike_ones_waits_too(plain):
    many = [plain.receive(an_account(word_salad(seed)), at=NOON) for seed in range(BURST + 3)]
    assert [one.is_aside for one in many] == [False] * BURST + [True] * 3


def test_tries_that_failed_put_nobody_into_quarantine(plain, monkeypatch):
    def full(_act):
        raise Unavailable

    with monkeypatch.context() as failing:
        failing.setattr(type(plain.store), "write", lambda _store, act: full(act))
        for _ in range(9):
            with pytest.raises(Unavailable):
                plain.receive(an_account(told()), at=NOON)
    assert not plain.receive(an_account(told()), at=NOON).is_aside


@pytest.mark.parametrize(
    ("is_crowded", "status"), [(False, Status.OPEN), (True, Status.QUARANTINED)]
)
def test_whoever_comes_back_and_writes_is_let_in_unless_masses_do(house, plain, is_crowded, status):
    for name in "ABCDE":
        plain.receive(an_account(told(name=name)), at=NOON)
    key = house.hotline.codes.derive(mint())
    plain.receive(an_account(told()), at=NOON, reporter=key)
    assert statuses(house) == {1: Status.QUARANTINED}
    while is_crowded and plain.admission.lets_back(found(Urgency.HIGH), at=NOON):
        pass
    plain.again(an_account("I am still here."), key, at=NOON)
    assert statuses(house) == {2: status}
    with house.hotline.store.read() as session:
        counted = session.execute(select(func.sum(quarantined.c.count))).scalar() or 0
        returned = return_codes.c.report_id == reports.c.id
        alike = session.execute(select(reports.c.alike).join(return_codes, returned)).scalar_one()
    assert counted == is_crowded
    # What left the quarantine is in no group any more.
    assert bool(alike) == is_crowded


def statuses(house):
    """Return how the report stands that is not the first of its kind, by the number of its messages."""
    with house.hotline.store.read() as session:
        rows = session.execute(
            select(reports.c.messages, reports.c.status).join(
                return_codes, return_codes.c.report_id == reports.c.id
            )
        ).all()
    return {row.messages: row.status for row in rows}


def test_texts_never_wait(house):
    reception = house.hotline.reception
    for count in range(8):
        text = replace(
            an_account(told()),
            channel=Channel.SMS,
            sender=f"+4670000000{count}",
            provider_id=f"SM{count:032}",
        )
        reception.receive(text, at=NOON)
    with house.hotline.store.read() as session:
        assert set(session.execute(select(reports.c.status)).scalars()) == {Status.OPEN}
