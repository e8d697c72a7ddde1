"""Calls: each step is answered by what is said next, and a fault of ours never ends one.

Three blueprints, for what comes there must be answered in three ways: steps of a call by a document whatever
happens (`steps`), news of it by a status code after which the provider repeats itself (`news`), and audio that is
fetched by whoever knows its digest (`sounds`). The first two are signed.
"""

from hotline.channels.voice.news import news
from hotline.channels.voice.sounds import sounds
from hotline.channels.voice.steps import steps

blueprints = (steps, news, sounds)

__all__ = ["blueprints"]
