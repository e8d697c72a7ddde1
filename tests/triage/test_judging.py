"""Outcomes, lessons, reasons that somebody disputes, codes, tags and links: what people make of a report."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hotline import audit, triage
from hotline.domain.outcome import Outcome
from hotline.errors import Conflict, NotFound
from hotline.leads.codes import CODES, CodeList
from hotline.reports import reports
from hotline.store import Store, new_id
from hotline.triage import disagreeing, linking, outcomes, proposals, tags
from hotline.triage.tables import disputed_rules, restrictions
from hotline.vault.tables import desk_words
from tests.triage.conftest import AT, Filing, OneEpoch

DESK = OneEpoch()


class Reader:
    """Somebody of the desk who reads, as far as these rooms ask."""

    desk = "north"
    epochs = DESK

    def require(self, _right: object) -> None:
        pass


def acts(store: Store, what: Callable[..., object], report: str, **facts: Any) -> object:
    facts = {"desk": "north", "by": "noor", "at": AT, **facts}
    return store.write(lambda session: what(session, report, **facts))


def log_of(store: Store, report: str) -> list[tuple[str, str]]:
    with store.read() as session:
        return [(line.did, line.what) for line in reversed(audit.of_report(session, report))]


def close(store: Store, report: str, **facts: Any) -> None:
    acts(store, triage.close, report, **{"keyring": DESK, "outcome": Outcome.SAFE_NOW, **facts})


def restrict(store: Store, report: str, *staff_ids: str) -> None:
    def work(session: Any) -> None:
        session.execute(update(reports).where(reports.c.id == report).values(restricted=True))
        for staff_id in staff_ids:
            session.execute(insert(restrictions).values(report_id=report, staff_id=staff_id))

    store.write(work)


def test_closing_says_what_came_of_it_and_words_lie_sealed(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file()
    close(store, report, outcome=Outcome.NO_CONTACT, why="Zarifa changed her number")
    assert row_of(report).outcome == "no_contact"
    assert ("outcome", "no_contact") in log_of(store, report)
    with store.read() as session:
        assert "Zarifa" not in repr(session.execute(select(desk_words)).all())
    acts(store, triage.reopen, report, keyring=DESK, why="she wrote")
    assert row_of(report).outcome == ""
    with store.read() as session:
        assert session.execute(select(desk_words)).all() == []
    # What came of it then still stands in the log.
    assert ("outcome", "no_contact") in log_of(store, report)


@pytest.mark.parametrize("more", [{"outcome": Outcome.OTHER}, {"years": 3}])
def test_something_else_and_a_longer_time_need_words(
    store: Store, file: Filing, row_of: Callable[[str], Any], more: dict[str, Any]
) -> None:
    report = file()
    with pytest.raises(triage.ReasonMissing):
        close(store, report, why=" ", **more)
    assert row_of(report).status == "open"
    close(store, report, why="a court asks", **more)


def test_no_code_is_no_outcome() -> None:
    assert outcomes.outcome_of("referred") is Outcome.REFERRED
    for wrong in ("", "fine"):
        with pytest.raises(outcomes.OutcomeMissing):
            outcomes.outcome_of(wrong)


def test_what_was_learned_is_asked_after_what_was_urgent(store: Store, file: Filing) -> None:
    calm, urgent = file(urgency=1), file(urgency=3)
    said = {"answers": {"well": "Zarifa's aunt came", "cost": " "}, "keyring": DESK}
    with pytest.raises(outcomes.StillOpen):
        acts(store, outcomes.learn, urgent, **said)
    for report in (calm, urgent):
        close(store, report)

    def asks(report: str) -> bool:
        with store.read() as session:
            facts = triage.report_facts(session, report, desk="north")
            return outcomes.is_worth_a_look(session, facts)

    assert not asks(calm)
    assert asks(urgent)
    with pytest.raises(outcomes.NothingSaid):
        acts(store, outcomes.learn, urgent, keyring=DESK, answers={"well": " "})
    acts(store, outcomes.learn, urgent, **said)
    acts(store, outcomes.learn, urgent, by="omar", keyring=DESK, answers={"cost": "two nights"})
    acts(store, outcomes.learn, urgent, keyring=DESK, answers={"otherwise": "call sooner"})
    with store.read() as session:
        found = outcomes.lessons_of(session, Reader(), urgent)  # type: ignore[arg-type]
        assert "Zarifa" not in repr(session.execute(select(desk_words)).all())
    told = {one.by: {k: v for k, v in one.answers.items() if v} for one in found}
    assert told == {"noor": {"otherwise": "call sooner"}, "omar": {"cost": "two nights"}}


def disagree(store: Store, report: str, **facts: Any) -> None:
    facts = {"rule": "captive", "choice": "past", "words": "", "keyring": DESK, **facts}
    acts(store, disagreeing.disagree, report, **facts)


def counted(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as session:
        return [(r.rule, r.language, r.counts) for r in disagreeing.disputed(session, "north")]


def test_a_reason_that_is_wrong_is_counted_and_lowers_nothing(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file(urgency=3, rules=["urgency_captive", "injury"])
    disagree(store, report)
    disagree(store, report, by="omar", choice="other", words="Zarifa's cat is locked in")
    disagree(store, report, choice="meaning")
    assert row_of(report).urgency == 3
    assert counted(store) == [("captive", "en", {"past": 0, "other": 1, "meaning": 1})]
    with store.read() as session:
        against = disagreeing.said_against(session, Reader(), report)  # type: ignore[arg-type]
        assert "Zarifa" not in repr(session.execute(select(desk_words)).all())
    assert {(one.by, one.choice, one.words) for one in against["captive"]} == {
        ("noor", "meaning", ""),
        ("omar", "other", "Zarifa's cat is locked in"),
    }
    acts(store, disagreeing.agree_again, report, rule="captive")
    with pytest.raises(NotFound):
        acts(store, disagreeing.agree_again, report, rule="captive")
    # The report ends; how often the rule was wrong stays, without it.
    store.write(lambda session: disagreeing.forget(session, report))
    assert [row[2]["other"] for row in counted(store)] == [1]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"choice": ""}, disagreeing.ChoiceMissing),
        ({"choice": "no"}, disagreeing.ChoiceMissing),
        ({"choice": "other", "words": " "}, disagreeing.SayHow),
        ({"rule": "weapon_drawn"}, NotFound),
        ({"desk": "south"}, NotFound),
    ],
)
def test_a_disagreement_says_with_what_and_how(
    store: Store, file: Filing, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    report = file(rules=["captive"])
    with pytest.raises(refusal):
        disagree(store, report, **facts)
    assert counted(store) == []


def test_what_few_may_see_is_counted_nowhere(store: Store, file: Filing) -> None:
    report = file(rules=["captive"])
    restrict(store, report, "noor")
    disagree(store, report)
    assert counted(store) == []


def test_disputed_rules_are_paged(store: Store) -> None:
    rows = [
        {"desk": "north", "rule": rule, "language": language, "choice": "past", "count": 2}
        for rule in ("captive", "injury")
        for language in ("ar", "en", "es")
    ]
    store.write(lambda session: session.execute(insert(disputed_rules), rows))
    seen: list[tuple[str, str]] = []
    after = ""
    for _ in range(4):
        with store.read() as session:
            page = disagreeing.disputed(session, "north", after=after, limit=2)
        seen += [(row.rule, row.language) for row in page]
        after = page[-1].place if page else after
    assert seen == sorted((row["rule"], row["language"]) for row in rows)


def test_facts_propose_codes_and_a_person_decides(store: Store, file: Filing) -> None:
    report = file(
        rules=["urgency_captive", "made_to_work"],
        indicators=["retention_of_identity_documents"],
        needs=["legal"],
        minor=True,
    )

    def proposed(**chosen: tuple[str, ...]) -> dict[str, proposals.Proposed]:
        with store.read() as session:
            facts = triage.report_facts(session, report, desk="north")
            return {one.code.code: one for one in proposals.proposed(session, facts, chosen)}

    assert set(proposed()) == {
        "ilo-restriction-of-movement",
        "ilo-retention-of-identity-documents",
        "WithholdsDocuments",
        "ForcedLabour",
        "ChildLabour",
        "Legal",
    }
    assert proposed()["ChildLabour"].because == ("rule:minor+made_to_work",)
    assert proposed(held=("held.debt",))["DebtBondage"].because == ("answer:held.debt",)
    pair = ("control", "WithholdsDocuments")
    acts(store, proposals.decide, report, pair=pair, is_accepted=True)
    acts(store, proposals.decide, report, pair=pair, is_accepted=False)
    decided = proposed()["WithholdsDocuments"].decided
    assert decided is not None
    assert (decided.is_accepted, decided.by) == (False, "noor")
    acts(store, proposals.decide, report, pair=pair, is_accepted=None)
    assert proposed()["WithholdsDocuments"].decided is None
    did = [line[0] for line in log_of(store, report)]
    assert did == ["code_accepted", "code_rejected", "code_undecided"]
    with pytest.raises(NotFound):
        acts(store, proposals.decide, report, pair=("control", "Magic"), is_accepted=True)
    acts(store, proposals.decide, report, pair=pair, is_accepted=True)
    store.write(lambda session: proposals.forget(session, report))
    with store.read() as session:
        assert proposals.decided_on(session, report) == {}


def test_a_code_that_a_lead_may_carry_is_the_same_in_either_list() -> None:
    lists = {one.value for one in CodeList}
    for (name, code), its in proposals.known().items():
        assert name in proposals.STANDARDS
        if name in lists:
            assert CODES[CodeList(name)][code].label == its.label
    assert len([1 for name, _ in proposals.known() if name == "indicator"]) == 11


def add(store: Store, name: str, masked: Callable[[str], list[str]] = lambda _: []) -> str:
    its = {"masked": masked, "desk": "north", "by": "ines", "at": AT}
    return store.write(lambda session: tags.add(session, name, **its))  # type: ignore[arg-type]


def test_a_tag_names_nobody_and_is_there_once(store: Store) -> None:
    add(store, " Fishing   boat ")
    with pytest.raises(Conflict):
        add(store, "FISHING BOAT")
    for wrong, refusal in (
        ("", tags.TagMissing),
        ("x" * 41, tags.TagMissing),
        ("Route 7", tags.TagNames),
    ):
        with pytest.raises(refusal):
            add(store, wrong)
    with pytest.raises(tags.TagNames):
        add(store, "Zarifa", masked=lambda text: [text])
    with store.read() as session:
        assert [tag.name for tag in tags.everything(session, "north")] == ["Fishing boat"]
        assert tags.everything(session, "south") == ()
        assert "Zarifa" not in repr(audit.page(session))


def test_a_list_of_tags_ends_somewhere(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "MOST", 2)
    for name in ("farm", "boat"):
        add(store, name)
    with pytest.raises(tags.TooManyTags):
        add(store, "kitchen")


def test_reports_have_tags(store: Store, file: Filing) -> None:
    first, second = file(), file()
    boat, farm = add(store, "boat"), add(store, "farm")
    acts(store, tags.put_on, first, chosen=[boat, farm])
    acts(store, tags.put_on, second, chosen=[farm])

    def names(report_id: str) -> list[str]:
        with store.read() as session:
            return [tag.name for tag in tags.tags_of(session, report_id)]

    assert (names(first), names(second)) == (["boat", "farm"], ["farm"])
    its = {"desk": "north", "by": "ines", "at": AT}
    store.write(lambda session: tags.retire(session, farm, **its))
    # Who has it may keep it; nobody else gets it.
    acts(store, tags.put_on, first, chosen=[farm])
    third = file()
    with pytest.raises(NotFound):
        acts(store, tags.put_on, third, chosen=[farm])
    assert (names(first), names(second)) == (["farm"], ["farm"])
    assert add(store, "Farm") == farm
    store.write(lambda session: tags.forget(session, first))
    assert (names(first), names(second)) == ([], ["Farm"])


def linked(store: Store, report: str, staff_id: str = "noor") -> list[tuple[str, str]]:
    with store.read() as session:
        found = linking.linked(session, report, staff_id=staff_id)
    return [(one.report_id, one.reason) for one in found]


def test_a_link_shows_on_either_side_and_goes_with_either(store: Store, file: Filing) -> None:
    one, other = file(), file()
    reason = linking.Link.SAME_PLACE
    acts(store, linking.link, one, other_id=other, reason=reason)
    assert linked(store, one) == [(other, "same_place")]
    assert linked(store, other) == [(one, "same_place")]
    assert [did for did, _ in log_of(store, other)] == ["linked"]
    with pytest.raises(Conflict):
        acts(store, linking.link, other, other_id=one, reason=reason)
    acts(store, linking.unlink, other, other_id=one)
    with pytest.raises(NotFound):
        acts(store, linking.unlink, other, other_id=one)
    assert linked(store, one) == []
    acts(store, linking.link, one, other_id=other, reason=reason)
    store.write(lambda session: linking.forget(session, other))
    assert linked(store, one) == []


def test_no_link_leaves_the_desk_or_leads_to_what_one_may_not_see(
    store: Store, file: Filing
) -> None:
    one, elsewhere, secret = file(), file(desk="south"), file()
    reason = linking.Link.SAME_ACCUSED
    with pytest.raises(linking.LinkedToItself):
        acts(store, linking.link, one, other_id=one, reason=reason)
    for wrong in (elsewhere, new_id()):
        with pytest.raises(NotFound):
            acts(store, linking.link, one, other_id=wrong, reason=reason)
    acts(store, linking.link, one, other_id=secret, reason=reason)
    restrict(store, secret, "ines")
    assert linked(store, one) == []
    assert linked(store, one, "ines") == [(secret, "same_accused")]
    with pytest.raises(NotFound):
        acts(store, linking.unlink, one, other_id=secret)


def test_a_report_is_found_by_the_name_that_staff_say(store: Store, file: Filing) -> None:
    from hotline.domain.report import reference

    one, secret, elsewhere = file(), file(), file(desk="south")
    restrict(store, secret, "ines")

    def find(typed: str) -> str:
        with store.read() as session:
            return linking.find(session, typed, desk="north", staff_id="noor")

    assert find(f" {reference(one).lower()} ") == one
    for wrong in (reference(secret), reference(elsewhere), "", "%"):
        with pytest.raises(linking.NoSuchName):
            find(wrong)


def test_almost_the_same_texts_are_shown_as_far_as_one_may_see_them(
    store: Store, file: Filing
) -> None:
    group = new_id()
    one, other, secret = (file(status="quarantined", alike=group) for _ in range(3))
    file(status="quarantined", alike=new_id())
    restrict(store, secret, "ines")
    with store.read() as session:
        assert linking.alike(session, one, desk="north", staff_id="noor") == (other,)
        assert linking.alike(session, file(), desk="north", staff_id="noor") == ()
