"""To providers: a referral is offered to the person, and nothing of them goes out before they agree."""

from hotline.handoff.offering import (
    Offer,
    forget,
    hand_over,
    offer,
    offers,
    review,
    whom,
    withdraw,
)

__all__ = ["Offer", "forget", "hand_over", "offer", "offers", "review", "whom", "withdraw"]
