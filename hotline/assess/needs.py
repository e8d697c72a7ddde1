"""What the person needs: what they ask for, and what always follows from the facts."""

from hotline.assess.evidence import Evidence
from hotline.domain.urgency import Need, Urgency

_ASKED = {
    "asks_shelter": Need.SHELTER,
    "nowhere": Need.SHELTER,
    "asks_legal": Need.LEGAL,
    "asks_medical": Need.MEDICAL,
    "injury": Need.MEDICAL,
    "asks_psychological": Need.PSYCHOLOGICAL,
    "self_harm": Need.PSYCHOLOGICAL,
    "asks_food": Need.FOOD,
    "asks_transport": Need.TRANSPORT,
    "asks_documents": Need.DOCUMENTS,
    "asks_interpretation": Need.INTERPRETATION,
    "asks_repatriation": Need.REPATRIATION,
    "asks_police": Need.POLICE,
}


# What is asked for between the lines of an emergency, and can be talked about when it is over.
_AFTER_THE_DANGER = frozenset(
    {Need.LEGAL, Need.REPATRIATION, Need.TRANSPORT, Need.PSYCHOLOGICAL, Need.INTERPRETATION}
)
_CALLS_FOR_POLICE = (
    "captive",
    "physical_and_sexual_violence",
    "moved_soon",
    "breaking_in",
    "weapon_drawn",
)


def needs_of(evidence: Evidence, urgency: Urgency) -> frozenset[Need]:
    """Return the needs of an account that was found *urgency*."""
    if urgency is Urgency.NONE:
        return frozenset()
    needs = {need for rule, need in _ASKED.items() if evidence.has(rule)}
    if evidence.has("minor"):
        # A child goes home through those who protect children.
        needs = (needs - {Need.REPATRIATION}) | {Need.CHILD_PROTECTION}
    if urgency is Urgency.IMMEDIATE:
        needs = (needs - _AFTER_THE_DANGER) | _of_danger(evidence)
    elif evidence.has("scam_compound") and evidence.indicators:
        needs.add(Need.REPATRIATION)
    if not evidence.has("long_ago"):
        needs |= _of_what_was_taken(evidence)
    return frozenset(needs)


def _of_what_was_taken(evidence: Evidence) -> set[Need]:
    """Papers held call for papers, wages held for a lawyer.

    A family that writes for a grown-up whose papers are held wants a lawyer, and, where the job
    was a lie from the start, wants them home.
    """
    needs = set()
    if evidence.has("withholding_of_wages"):
        needs.add(Need.LEGAL)
    if evidence.has("retention_of_identity_documents"):
        needs.add(Need.DOCUMENTS)
        if evidence.has("family") and not evidence.has("minor"):
            needs.add(Need.LEGAL)
            if evidence.has("deception"):
                needs.add(Need.REPATRIATION)
    return needs


def _of_danger(evidence: Evidence) -> set[Need]:
    """An accident needs a doctor, a person at the door the police; all of them someone at once."""
    needs = {Need.EMERGENCY}
    if evidence.has("self_harm"):
        needs.add(Need.PSYCHOLOGICAL)
    is_accident = evidence.has("injury") and not evidence.any(
        "physical_and_sexual_violence", "moved_soon", "weapon_drawn", "breaking_in"
    )
    if not is_accident and not evidence.has("self_harm") and evidence.any(*_CALLS_FOR_POLICE):
        needs.add(Need.POLICE)
    return needs
