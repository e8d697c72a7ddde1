"""What this house knows of its own calls: the words of its sounds, and the rules of its documents."""

from collections.abc import Callable

from hotline.channels.twilio import twiml_rules
from hotline.demo.calling import documents
from hotline.demo.webhooks import Answer
from hotline.parts import Hotline
from hotline.prompts import pace, voices
from hotline.prompts.recordings import APPROVED, recordings
from hotline.prompts.standins import stand_ins


def strict_fault_of(answer: Answer) -> int:
    """Return what is wrong with a document of ours; our own rules are stricter than the provider's."""
    fault = documents.fault_of(answer)
    if fault:
        return fault
    found = twiml_rules.faults(answer.body)
    return found[0].code if found else 0


def seconds_of(words: str, language: str) -> float:
    """Return how long a voice of the provider takes for *words*: as cautiously as the house plans with it."""
    letters = {one.voice.language: one.letters for one in voices.tongues().values() if one.voice}
    return pace.seconds_of(words, letters.get(language, 0))


def known_sounds(hotline: Hotline) -> Callable[[str], tuple[str, str]]:
    """Return what tells words and language of the sound with a digest, for captions."""

    def knows(digest: str) -> tuple[str, str]:
        made = {one.digest: key for key, one in stand_ins().items()}
        if digest not in made:
            with hotline.store.read() as session:
                approved = recordings(session, state=APPROVED)
            made |= {one.digest: (one.locale, one.prompt) for one in approved}
        locale, name = made.get(digest, ("", ""))
        return (hotline.prompts.words(name, locale), locale) if name else ("", "")

    return knows
