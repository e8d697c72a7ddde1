"""What stands on the page of a report around what was said: its tasks, tags, links, codes, reasons that somebody
disputes, and what came of it."""

from datetime import datetime, timedelta
from typing import Any

from hotline.assess import without
from hotline.console.reading import Reading
from hotline.console.reasons import telling
from hotline.console.together import together
from hotline.domain.outcome import Outcome
from hotline.domain.report import minute
from hotline.domain.selector import Kind
from hotline.domain.urgency import Urgency
from hotline.leads.publish import count_of
from hotline.reports.joined import messages_joined
from hotline.store import Session
from hotline.triage import disagreeing, linking, outcomes, proposals, selectors, tags, tasks
from hotline.vault.desk_words import open_words_of
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder


def around(
    session: Session, keyholder: Keyholder, keyring: Keyring, reading: Reading, *, at: datetime
) -> dict[str, Any]:
    """Return what the page of a report shows around the account, for its reader."""
    its = reading.facts
    todo = tasks.of_report(session, its.id)
    me, desk = keyholder.staff_id, keyholder.desk
    return {
        "tasks": todo,
        "task_words": tasks.words_of(session, keyholder, todo),
        "who_may": tasks.colleagues(keyring, desk),
        "tomorrow": f"{minute(at + timedelta(days=1)):%Y-%m-%dT%H:%M}",
        "tags": tags.tags_of(session, its.id),
        "desk_tags": tags.in_use(session, desk),
        "linked": linking.linked(session, its.id, staff_id=me),
        "alike": linking.alike(session, its.id, desk=desk, staff_id=me),
        "together": together(reading),
        "read_joined": messages_joined(session, its.id),
        "link_reasons": list(linking.Link),
        **_shared(session, keyholder, its.id),
        "proposed": proposals.proposed(session, its, reading.chosen),
        "against": disagreeing.said_against(session, keyholder, its.id),
        "choices": list(disagreeing.Choice),
        "without": _without(reading),
        "outcome_list": list(Outcome),
        "outcome_words": open_words_of(session, keyholder, [its.id]).get(its.id, ""),
        "lessons": outcomes.lessons_of(session, keyholder, its.id),
        "asks_lesson": outcomes.is_worth_a_look(session, its),
    }


def _shared(session: Session, keyholder: Keyholder, report_id: str) -> dict[str, Any]:
    """Return what points to the alleged, and each other report that has it with how many leads came of that."""
    its = selectors.of_report(session, keyholder, report_id)
    found = selectors.sharing(session, keyholder, report_id, its)
    counts = count_of(session, [one.report_id for one in found])
    return {
        "selectors": its,
        "selector_kinds": list(Kind),
        "sharing": [(one, counts.get(one.report_id, 0)) for one in found],
    }


def _without(reading: Reading) -> dict[str, Urgency]:
    """Return the urgency that the machine would see without each of the reasons that are named, where it is less."""
    said = [one.account.reasons for one in reading.told if one.account]
    now = without.urgency(said)
    found = {rule: without.urgency(said, leave_out=rule) for rule in telling(reading.facts.rules)}
    return {rule: urgency for rule, urgency in found.items() if urgency.rank < now.rank}
