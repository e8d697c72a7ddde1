"""Which indicators follow from other facts, by the definitions of the ILO (2012) and of our corpus."""

from hotline.assess.evidence import Evidence

_BROKEN_PROMISE = (
    "otherwise",
    "withholding_of_wages",
    "retention_of_identity_documents",
    "debt_bondage",
    "abusive_working_and_living_conditions",
    "excessive_overtime",
    "physical_and_sexual_violence",
    "scam_compound",
)

_IMPLIED = (
    ("dying", "injury"),
    ("caught_again", "restriction_of_movement"),
    ("violence_now", "physical_and_sexual_violence"),
    ("breaking_in", "intimidation_and_threats"),
    ("moved_soon", "intimidation_and_threats"),
)
# Beside these, an injury is no accident of the work.
_NO_ACCIDENT = (
    "story",
    "laughs",
    "homely",
    "physical_and_sexual_violence",
    "weapon_drawn",
    "self_harm",
    "fire_or_water",
    "moved_soon",
)


def conclude_indicators(evidence: Evidence) -> None:
    """Add what the stated facts amount to together."""
    if evidence.has("years_ago", "free"):
        evidence.conclude("long_ago", because="years_ago")
    if evidence.has("promise") and evidence.any(*_BROKEN_PROMISE):
        evidence.conclude("deception", because="promise")
    for fact, implied in _IMPLIED:
        if evidence.has(fact):
            evidence.conclude(implied, because=fact)
    if evidence.has("injury", "help_refused"):
        evidence.conclude("abusive_working_and_living_conditions", because="help_refused")
    if evidence.has("injury") and not (evidence.any(*_NO_ACCIDENT) or evidence.is_over):
        evidence.conclude("abusive_working_and_living_conditions", because="injury")
    if evidence.any("captive") and not evidence.is_over:
        evidence.conclude("restriction_of_movement", because="captive")
    # An adult who recalls childhood is no minor; any other child that is spoken of may be one.
    if evidence.has("child") and not evidence.has("long_ago"):
        evidence.conclude("minor", because="child")
        evidence.conclude("abuse_of_vulnerability", because="child")
