"""Calls at the loopback provider: documents are read and carried out as the real one does, in simulated time.

Every call is a `Leg`: a script that waits for a moment or for something to happen. The `Exchange` has the
clock, which stands still until somebody moves it, and wakes the legs in the order of their moments. A `Handset`
is the phone at the other end: what it hears, and what is pressed and said there.
"""

from hotline.demo.calling.exchange import Exchange
from hotline.demo.calling.handset import Handset
from hotline.demo.calling.heard import Heard

__all__ = ["Exchange", "Handset", "Heard"]
