"""What came of a report, in codes: one is said whenever the work on it ends."""

from enum import StrEnum


class Outcome(StrEnum):
    """*OTHER* needs words; with the rest these may be left out."""

    HELPED_BY_SERVICE = "helped_by_service"
    SAFE_NOW = "safe_now"
    REFERRED = "referred"
    LEAD_SENT = "lead_sent"
    NO_CONTACT = "no_contact"
    NOT_TRAFFICKING = "not_trafficking"
    NOT_A_REPORT = "not_a_report"
    WITHDREW = "withdrew"
    DUPLICATE = "duplicate"
    OTHER = "other"
