"""Seize everything that a hotline has, and see what it gives: more than the threat model says is a fault.

The drill founds a house in a folder of its own and serves it as operators do. It lets canaries in by every door
(`doors`), works with them as staff do (`desk`), and then robs the house (`tries`, `tries_afterwards`): each
adversary gets what they would have, and tries what they could. `threats.toml` says what each may obtain.
"""

from hotline.operate.seizure.drill import run
from hotline.operate.seizure.threats import markdown

__all__ = ["markdown", "run"]
