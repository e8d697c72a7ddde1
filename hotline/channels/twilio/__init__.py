"""The provider of texts and calls. No other room imports its library.

Its webhooks are checked by `signature`, our answers written by `twiml`. `carrier` is the port of
`hotline.contact` for it; `reconcile` keeps what its webhooks lost.
"""

from hotline.channels.twilio import twiml
from hotline.channels.twilio.signature import refuse_unsigned

__all__ = ["refuse_unsigned", "twiml"]
