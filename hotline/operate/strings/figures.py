"""Numbers say the same in every language: the keys of a menu in their order, a telephone number digit by digit."""

import re
from collections import Counter
from collections.abc import Iterator

from hotline.operate.strings.entries import ADDRESS, Entry, Fault, digits, wording

_NUMBER = re.compile(r"\d+")
_KEY = re.compile(r"(?<!\S)\d(?=[\s,.])")
_TELEPHONE = re.compile(r"\+?\d(?:[ ().-]{0,2}\d){6,}")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def numbers(entry: Entry) -> Iterator[Fault]:
    """A number may stand in digits for one of our words, and for nothing else."""
    for source, said in _pairs(entry):
        wanted, found = _numbers(source), _numbers(said)
        more = {
            str(_WORDS.index(word)) for word in re.findall(r"\w+", source.lower()) if word in _WORDS
        }
        if wanted - found or set(found - wanted) - more:
            yield Fault("other numbers")


def menu(entry: Entry) -> Iterator[Fault]:
    for source, said in _pairs(entry):
        wanted, found = _NUMBER.findall(source), [digits(run) for run in _NUMBER.findall(said)]
        is_menu = len(_KEY.findall(source)) > 1
        if is_menu and sorted(wanted) == sorted(found) and wanted != found:
            yield Fault("the keys of a menu in another order")


def telephones(entry: Entry) -> Iterator[Fault]:
    for source, said in _pairs(entry):
        if _telephones(source) != _telephones(said):
            yield Fault("another telephone number")


def addresses(entry: Entry) -> Iterator[Fault]:
    """A web or e-mail address stays as it is."""
    for source, said in _pairs(entry):
        if _addresses(source) != _addresses(said):
            yield Fault("another web or e-mail address")


def _pairs(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what is to be compared: each form with the plural, or with the one sentence."""
    for said in entry.said:
        yield wording(entry.sources[-1]), wording(said)


def _numbers(text: str) -> Counter[str]:
    return Counter(digits(run) for run in _NUMBER.findall(_TELEPHONE.sub(" ", text)))


def _telephones(text: str) -> list[str]:
    return sorted(digits(number) for number in _TELEPHONE.findall(text))


def _addresses(text: str) -> list[str]:
    return sorted(address.rstrip(".,;:!?)") for address in ADDRESS.findall(text))
