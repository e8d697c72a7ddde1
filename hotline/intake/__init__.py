"""It is received: once, answered, and kept without who said it.

Redacting, assessing and sealing happen in memory, before the transaction; one transaction then keeps
everything or nothing. If a detector fails, the text is sealed whole and nobody sees it unredacted:
fail closed, never lose. Two messages of one sender that race for the same place in a thread are told
apart by the number of messages that each has seen; the slower one starts again.
"""

from hotline.intake.receive import Reception

__all__ = ["Reception"]
