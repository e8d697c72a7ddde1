"""To providers: a referral is offered to the person, and nothing of them goes out before they agree."""

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

__all__ = [
    "Offer",
    "forget",
    "hand_over",
    "offer",
    "offers",
    "responsiveness",
    "review",
    "whom",
    "withdraw",
]
