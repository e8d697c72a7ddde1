"""Calls: each step is answered by what is said next, and a fault of ours never ends one.

Four blueprints, for what comes there must be answered in its own way: steps of a call by a document whatever
happens (`steps`), news of it by a status code after which the provider repeats itself (`news`), audio that is
fetched by whoever knows its digest (`sounds`), and the phone of somebody on call, which falls silent (`ringing`).
All but the audio are signed.
"""

from hotline.channels.voice.news import news
from hotline.channels.voice.ringing import ringing
from hotline.channels.voice.sounds import sounds
from hotline.channels.voice.steps import steps

blueprints = (steps, news, sounds, ringing)

__all__ = ["blueprints"]
