"""The demo: the hotline as it is, with a provider on loopback, a phone in the page, and a cast of made-up people.

It runs only where it is asked for, and says on every page that it is a demo.
"""

from hotline.demo.attaching import attach
from hotline.demo.setup import Demo, prepare, settings_of

__all__ = ["Demo", "attach", "prepare", "settings_of"]
