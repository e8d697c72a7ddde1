"""How soon a person must look, and what the account states: ILO indicators and needs.

Codes are those of the hotline's labelled corpus; the indicators are the eleven of the ILO
("Indicators of forced labour", 2012).
"""

from enum import StrEnum


class Urgency(StrEnum):
    """Ordered by `rank`: 3 is looked at first. NONE means that the text reads like no report."""

    IMMEDIATE = "immediate"
    HIGH = "high"
    NORMAL = "normal"
    NONE = "none"

    @property
    def rank(self) -> int:
        return _RANK[self]

    @classmethod
    def highest(cls, *urgencies: "Urgency") -> "Urgency":
        return max(urgencies, key=lambda urgency: urgency.rank)

    @classmethod
    def of_rank(cls, rank: int) -> "Urgency":
        return next(urgency for urgency, its in _RANK.items() if its == rank)


_RANK = {Urgency.IMMEDIATE: 3, Urgency.HIGH: 2, Urgency.NORMAL: 1, Urgency.NONE: 0}


class Need(StrEnum):
    SHELTER = "shelter"
    LEGAL = "legal"
    MEDICAL = "medical"
    PSYCHOLOGICAL = "psychological"
    FOOD = "food"
    TRANSPORT = "transport"
    DOCUMENTS = "documents"
    INTERPRETATION = "interpretation"
    CHILD_PROTECTION = "child_protection"
    REPATRIATION = "repatriation"
    POLICE = "police"
    EMERGENCY = "emergency"


class Indicator(StrEnum):
    ABUSE_OF_VULNERABILITY = "abuse_of_vulnerability"
    DECEPTION = "deception"
    RESTRICTION_OF_MOVEMENT = "restriction_of_movement"
    ISOLATION = "isolation"
    VIOLENCE = "physical_and_sexual_violence"
    THREATS = "intimidation_and_threats"
    DOCUMENTS_HELD = "retention_of_identity_documents"
    WAGES_WITHHELD = "withholding_of_wages"
    DEBT_BONDAGE = "debt_bondage"
    ABUSIVE_CONDITIONS = "abusive_working_and_living_conditions"
    EXCESSIVE_OVERTIME = "excessive_overtime"
