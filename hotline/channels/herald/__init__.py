"""What leaves by itself: checkpoints to whoever holds the house to its log, calls to its supervisors, pages to staff.

Nothing of it says anything about a report. Each address has a job of its own in the outbox, so that one that
does not answer is tried again, more and more seldom, and nobody else is told twice.
"""

from hotline.channels.herald.messenger import Messenger
from hotline.channels.herald.paging import page_on, page_staff
from hotline.channels.herald.rounds import call, call_one, hand_out, keep_log

__all__ = ["Messenger", "call", "call_one", "hand_out", "keep_log", "page_on", "page_staff"]
