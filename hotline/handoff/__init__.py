"""To providers: a referral is offered to the person, and nothing of them goes out before they agree.

* **A packet** (`packet`) holds what was ticked and no more, each as `consent` allows it, until a day that it allows.
* **A link** (`links`, `opening`) carries it. Its token stands in an address, its PIN is told by another way; neither is
  kept, and only both open it, once, for one browser. Looking changes nothing; five wrong PINs close it for good.
  Consent is asked again in the transaction that opens it, and whenever it is looked at.
* **What is closed is gone** (`closing`): the packet, the copies of what was said, the text that was to follow. To those
  outside every reason looks the same.
* **Of two who accept one takes the person in** (`answering`); the other is thanked.
* **Minutes** stand here only while an answer is awaited (`clocks`), and afterwards without whom it was about.
* This room makes no task and calls nobody: what happened is told by `events.Happened`, and `triage.providers` goes on.
"""

from hotline.handoff.answering import responsiveness
from hotline.handoff.offering import (
    Offer,
    forget,
    hand_over,
    offer,
    offers,
    review,
    withdraw,
)
from hotline.handoff.packet import whom
from hotline.handoff.room import said_no_room

__all__ = [
    "Offer",
    "forget",
    "hand_over",
    "offer",
    "offers",
    "responsiveness",
    "review",
    "said_no_room",
    "whom",
    "withdraw",
]
