"""To providers: a referral is offered to the person, and nothing of them goes out before they agree."""

from hotline.handoff.offering import Offer, offer, offers

__all__ = ["Offer", "offer", "offers"]
