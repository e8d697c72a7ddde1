"""The choices of the web form, as facts. An unknown code says nothing; a skip says nothing."""

from collections.abc import Mapping

from hotline.assess.evidence import Evidence

Answers = Mapping[str, str | list[str]]

_FACTS = {
    ("safe", "no"): ("answer_not_safe",),
    ("safe", "unsure"): ("answer_not_safe",),
    ("go", "no"): ("restriction_of_movement",),
    ("go", "sometimes"): ("answer_goes_sometimes",),
    ("call", "no_voice"): ("answer_no_voice",),
    ("record", "yes"): ("answer_recorded",),
    ("who", "known"): ("family",),
    ("who", "saw"): ("bystander",),
    ("young", "yes"): ("minor", "abuse_of_vulnerability"),
    ("held", "papers"): ("retention_of_identity_documents",),
    ("held", "debt"): ("debt_bondage",),
    ("held", "threats"): ("intimidation_and_threats",),
    ("held", "watched"): ("restriction_of_movement",),
    ("held", "locked"): ("restriction_of_movement",),
    ("held", "pay"): ("withholding_of_wages",),
    ("need", "place"): ("asks_shelter",),
    ("need", "doctor"): ("asks_medical",),
    ("need", "papers"): ("asks_documents",),
    ("need", "food"): ("asks_food",),
    ("need", "pay"): ("asks_legal",),
    ("need", "home"): ("asks_repatriation",),
    ("need", "talk"): ("asks_psychological",),
}

# What makes "not safe now" a danger that cannot wait.
_WORSE = ("minor", "restriction_of_movement", "asks_medical")


def facts_of(answers: Answers) -> Evidence:
    """Return what the *answers* state; their facts rest on no words of the account."""
    evidence = Evidence()
    for question, answer in answers.items():
        for code in [answer] if isinstance(answer, str) else answer:
            for rule in _FACTS.get((question, code), ()):
                evidence.spans.setdefault(rule, (0, 0))
    if answers.get("safe") == "no" and evidence.any(*_WORSE):
        evidence.spans["answer_in_danger"] = (0, 0)
    return evidence
