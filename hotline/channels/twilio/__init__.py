"""The provider of texts and calls. No other room imports its library.

Its webhooks are checked by `signature` and read by `reading` and `hearing`, our answers written by `twiml` and
`calling`; `twiml_rules` knows what it takes. `carrier` is the port of
`hotline.contact` for it; `reconcile` keeps what its webhooks lost, and proves that it forgot what we asked it to.
"""

from hotline.channels.twilio import twiml
from hotline.channels.twilio.carrier import TwilioCarrier, carrier_for
from hotline.channels.twilio.reconcile import concerns_people, prove_erased, reconcile
from hotline.channels.twilio.signature import refuse_unsigned

__all__ = [
    "TwilioCarrier",
    "carrier_for",
    "concerns_people",
    "prove_erased",
    "reconcile",
    "refuse_unsigned",
    "twiml",
]
