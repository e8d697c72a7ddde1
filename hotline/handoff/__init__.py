"""To providers: a referral is offered to the person, and nothing of them goes out before they agree."""

from hotline.handoff.offering import Offer, forget, offer, offers, withdraw

__all__ = ["Offer", "forget", "offer", "offers", "withdraw"]
