"""What the law of a country asks of the house: whom it must tell, from which age a child decides, whom to dial.

Rules are files that a lawyer reads, one for each jurisdiction. What a file says of a duty counts only once the name
of local counsel and the day they read it stand in it. The shipped files are worked examples and nobody's advice.
"""

from hotline.law.emergency import Dial, dial, emergency_numbers
from hotline.law.jurisdiction import (
    ADULT,
    ConsentAge,
    Counsel,
    Duty,
    Feedback,
    Jurisdiction,
    Source,
)
from hotline.law.law import NO_LAW, Law

__all__ = [
    "ADULT",
    "NO_LAW",
    "ConsentAge",
    "Counsel",
    "Dial",
    "Duty",
    "Feedback",
    "Jurisdiction",
    "Law",
    "Source",
    "dial",
    "emergency_numbers",
]
