"""What a caller hears: every sentence of a call in every language, by a voice, a recording or a stand-in.

A prompt is one sentence that a call says. It is heard, in this order, as the operator's own recording once someone
else approved it, as the provider's voice, or as a stand-in that a machine made beforehand. A recording counts only
for the words it was made of: once they change it is silent, and what else there is takes its place.

All prompts are safety prompts, so a language is offered in calls only when all of them can be heard in it.
"""

from hotline.prompts.menu import page, pages, waits
from hotline.prompts.pace import Said, Spoken
from hotline.prompts.prompts import Prompts, Sound
from hotline.prompts.voices import Voice

__all__ = ["Prompts", "Said", "Sound", "Spoken", "Voice", "page", "pages", "waits"]
