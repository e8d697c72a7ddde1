"""What the law of a country asks of the house: whom it must tell, from which age a child decides, whom to dial.

Rules are files that a lawyer reads, one for each jurisdiction. What a file says of a duty counts only once the name
of local counsel and the day they read it stand in it.
"""

from hotline.law.emergency import emergency_numbers

__all__ = ["emergency_numbers"]
