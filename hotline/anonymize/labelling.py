"""Say what kind of identifier a run of hidden words is. Only a label depends on it, never whether something is hidden."""

from hotline.anonymize.calendar_days import months
from hotline.anonymize.reading import Word
from hotline.domain.identity import Label
from hotline.lexicon import open_names


def label_of_run(run: list[Word], languages: tuple[str, ...]) -> Label:
    """Return the label of hidden words that stand together."""
    given = [word.label for word in run if word.label is not None]
    if given:
        kinds = set(given)
        return given[0] if len(kinds) == 1 else max(kinds, key=lambda it: (given.count(it), it))
    folded = [word.folded for word in run]
    if not months(languages).isdisjoint(folded):
        return Label.DATE
    persons, places = open_names("persons"), open_names("places")
    as_person = sum([word in persons for word in folded])
    as_place = sum([word in places for word in folded])
    if as_place > as_person:
        return Label.PLACE
    if as_person or any(word.is_capital for word in run):
        return Label.PERSON
    return Label.OTHER_ID
