"""How soon a person must look: rules over the facts, each with the fact it rests on.

Tried from the most urgent to the least; in doubt the higher one. A text in which nothing is
understood is high, never none: only words that plainly belong to no report make it none.
"""

from hotline.assess.evidence import Evidence
from hotline.assess.rules import DANGERS
from hotline.domain.urgency import Indicator, Urgency

_CONTROL = (
    "restriction_of_movement",
    "isolation",
    "intimidation_and_threats",
    "retention_of_identity_documents",
    "debt_bondage",
    "physical_and_sexual_violence",
)
_HURTING = (
    "physical_and_sexual_violence",
    "captive",
    "restriction_of_movement",
    "isolation",
    "intimidation_and_threats",
    "retention_of_identity_documents",
    "moved_soon",
    "help_refused",
    "made_to_work",
)
_STILL_CONTROL = (
    "retention_of_identity_documents",
    "intimidation_and_threats",
    "debt_bondage",
    "still_held",
)
# Cues that count only where nothing else is said, and those that outweigh a single weak claim:
# whoever names locks, blows, papers or debts is heard, also beside a wrong number.
_POLITE = ("thanks", "stop", "price_question", "job_seeker", "homely", "laughs", "figure_of_speech")
# A job that turned out otherwise is no wrong number.
_A_JOB = ("promise", "abusive_working_and_living_conditions", "excessive_overtime")
_LIGHT_WORDS = ("homely", "laughs", "figure_of_speech", "thanks", "price_question", "student")
_FOREIGN = ("wrong_number", "prank", "spam")
_WEAK_CLAIMS = frozenset(
    {
        Indicator.THREATS,
        Indicator.DECEPTION,
        Indicator.WAGES_WITHHELD,
        Indicator.ABUSIVE_CONDITIONS,
        Indicator.EXCESSIVE_OVERTIME,
    }
)
# What films and books are about; whoever tells of them adds nothing of their own life.
_PLOT = frozenset(
    {
        "story",
        "captive",
        "injury",
        "weapon_drawn",
        "violence_now",
        "moved_soon",
        "breaking_in",
        "dying",
        "fire_or_water",
        "restriction_of_movement",
        "physical_and_sexual_violence",
        "intimidation_and_threats",
        "family",
        "laughs",
        "homely",
        "figure_of_speech",
        "thanks",
        "spam",
    }
)
# Whoever laughs, or writes of dinner, and says no more than that somebody will kill them.
_JEST = frozenset(
    {
        "violence_now",
        "physical_and_sexual_violence",
        "intimidation_and_threats",
        "family",
        *_LIGHT_WORDS,
    }
)
_NO_JOKE = (
    "child",
    "physical_and_sexual_violence",
    "retention_of_identity_documents",
    "debt_bondage",
    "asks_police",
)
# Whoever laughs about a match or a game names none of these, whatever was beaten, shot or locked in there.
_NO_GAME = (
    "self_harm",
    "cry_for_help",
    "child",
    "minor",
    "retention_of_identity_documents",
    "debt_bondage",
    "asks_police",
)


def urgency_of(evidence: Evidence) -> tuple[Urgency, str]:
    """Return the urgency and the name of the fact that decided it."""
    if not evidence.spans:
        return Urgency.HIGH, "unclear"
    for urgency, decide in (
        (Urgency.NONE, _no_report),
        (Urgency.IMMEDIATE, _danger_now),
        (Urgency.HIGH, _control_goes_on),
        (Urgency.NORMAL, _no_hurry),
    ):
        if fact := decide(evidence):
            return urgency, fact
    return Urgency.HIGH, "unclear"


def _no_report(evidence: Evidence) -> str:
    if evidence.has("story") and evidence.spans.keys() <= _PLOT:
        return "story"
    if evidence.has("story", "laughs") and not evidence.any(*_NO_GAME):
        return "story"
    if evidence.any("injury", "self_harm"):
        return ""
    jokes = ["automated", "fantasy"] + ["laughs"] * evidence.has("homely")
    if evidence.any(*jokes):
        return "" if evidence.any(*_NO_JOKE) else evidence.first(*jokes)
    in_danger = evidence.any("cry_for_help", *DANGERS)
    if evidence.has("student") and not (in_danger or evidence.has("made_to_work")):
        return "student"
    if in_danger or evidence.any("child", "distress", "made_to_work"):
        return ""
    claims = evidence.indicators
    asked = any(rule.startswith("asks_") for rule in evidence.spans)
    concerned = evidence.has("free") and (claims or asked)
    is_weak = claims <= _WEAK_CLAIMS and len(claims) <= 1 and not evidence.any(*_A_JOB)
    if evidence.any(*_FOREIGN) and is_weak and not concerned:
        return evidence.first(*_FOREIGN)
    if evidence.any(*_POLITE) and not (claims or asked):
        return evidence.first(*_POLITE)
    return ""


def _danger_now(evidence: Evidence) -> str:
    for fact in ("self_harm", "fire_or_water"):
        if evidence.has(fact):
            return fact
    if evidence.has("long_ago"):
        return ""
    if fact := _deadly(evidence):
        return fact
    if (
        evidence.has("caller_watched")
        and evidence.any(*_CONTROL)
        and not evidence.any("family", "free")
    ):
        return "caller_watched"
    if _is_quiet_witness(evidence):
        return ""
    for fact in ("moved_soon", "answer_in_danger"):
        if evidence.has(fact):
            return fact
    is_out = evidence.has("free") or (evidence.has("nowhere") and not evidence.has("captive"))
    return "" if is_out else _danger_inside(evidence)


def _deadly(evidence: Evidence) -> str:
    """Return what threatens life or limb now, unless the person jests, or is free and not pursued."""
    jests = evidence.any("laughs", "homely", "figure_of_speech") and evidence.spans.keys() <= _JEST
    if jests or (evidence.has("free") and not evidence.has("hurry")):
        return ""
    deadly = ("dying", "violence_now", "breaking_in", "weapon_drawn")
    return evidence.first(*deadly) if evidence.any(*deadly) else ""


def _is_quiet_witness(evidence: Evidence) -> bool:
    """Tell whether a bystander describes what goes on, such as the van of each morning, without alarm."""
    return evidence.has("bystander") and not evidence.any(
        "cry_for_help", "hurry", "asks_police", "debt_bondage"
    )


def _danger_inside(evidence: Evidence) -> str:
    if evidence.has("caller_watched") and not evidence.has("family"):
        return "caller_watched"
    if evidence.has("asks_police") and evidence.any(*_CONTROL):
        return "asks_police"
    serious = evidence.any("help_refused", "cry_for_help", "captive", *_CONTROL)
    if evidence.has("injury") and (serious or not evidence.any(*_LIGHT_WORDS)):
        return "injury"
    if evidence.has("help_refused", "physical_and_sexual_violence"):
        return "help_refused"
    if evidence.has("captive") and evidence.any("cry_for_help", "coming_back", "asks_food"):
        return "captive"
    if evidence.has("coming_back") and evidence.any("hurry", "cry_for_help"):
        return "coming_back"
    if evidence.has("hurry") and evidence.any(*_HURTING):
        return "hurry"
    return ""


def _control_goes_on(evidence: Evidence) -> str:
    if evidence.has("minor"):
        return "minor"
    if evidence.has("long_ago"):
        return ""
    for fact in ("nowhere", "asks_shelter", "injury", "asks_police"):
        if evidence.has(fact):
            return fact
    if evidence.has("free"):
        unsettled = (*_STILL_CONTROL, "captive", "asks_medical")
        return evidence.first(*unsettled) if evidence.any(*unsettled) else ""
    if evidence.any(*_CONTROL):
        return evidence.first(*_CONTROL)
    told_of_others = evidence.any("bystander", "family") and evidence.indicators
    return evidence.first("bystander", "family") if told_of_others else ""


def _no_hurry(evidence: Evidence) -> str:
    for fact in ("free", "long_ago", *sorted(evidence.indicators)):
        if evidence.has(fact):
            return str(fact)
    return next((rule for rule in evidence.spans if rule.startswith("asks_")), "")
