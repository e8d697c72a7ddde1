"""Stand-ins for the languages that no voice speaks: rendered here, by a developer, and checked by everyone.

Nothing renders while the hotline runs. What espeak-ng makes of our own words stays until an operator's recording
takes its place.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hotline.i18n import VOICE, Languages
from hotline.operate import rendering
from hotline.prompts import Prompts, Said, limits, menu, mp3, standins
from hotline.prompts.standins import StandIn, digest_of_bytes

LARGEST = 24 << 20
"""Bytes of all stand-ins together: they come along with every copy of the hotline."""

_MEASURED = 0.05
"""Seconds by which a listed length may differ from the file's own."""

_HEAD = """\
# Each prompt as a machine speaks it: seconds, the words (SHA-256 of the sentence), the file (SHA-256).
# Written by `hotline prompts render`. All of it is synthetic: replace it by recordings."""


def render(
    translations: Path, locales: Sequence[str] = (), *, folder: Path = standins.FOLDER
) -> Iterator[str]:
    """Render what is missing or speaks other words than today's, for *locales* or for all; yield what was done.

    Raises:
        ToolMissing: a program that renders is not on this machine.
    """
    rendering.need_tools()
    languages = Languages(translations, only=locales)
    prompts, spoken = Prompts(languages, folder=folder), rendering.speaks()
    complete = languages.complete(VOICE)
    for locale in locales or complete:
        if locale not in complete:
            yield f"{locale}: its sentences are not complete; nothing was rendered"
        elif prompts.voice(locale):
            yield f"{locale}: a voice speaks it; nothing was rendered"
        elif rendering.voice_of(locale) not in spoken:
            yield f"{locale}: espeak-ng does not speak it; record it, or it is not offered in calls"
        else:
            yield f"{locale}: {_render(prompts, locale, folder)} prompts rendered"


def check(translations: Path, *, folder: Path = standins.FOLDER) -> list[str]:
    """Return what is wrong, a line each: prompts that are too long, stand-ins that are stale, missing or damaged."""
    languages = Languages(translations)
    prompts, kept = Prompts(languages, folder=folder), standins.stand_ins(folder)
    return [
        *(fault for locale in languages.complete(VOICE) for fault in _too_long(prompts, locale)),
        *(
            fault
            for locale in sorted({locale for locale, _ in kept})
            for fault in _unheard(prompts, locale)
        ),
        *(fault for place, stand_in in kept.items() for fault in _damaged(place, stand_in)),
        *_late(prompts),
        *_astray(folder, [stand_in.path for stand_in in kept.values()]),
    ]


def _too_long(prompts: Prompts, locale: str) -> Iterator[str]:
    """Yield each prompt that takes longer than it may, where anything says it."""
    for name in prompts.names:
        takes, most = prompts.seconds(Said(locale, name)), limits.longest(name)
        if takes > most and (prompts.voice(locale) or prompts.sound(name, locale)):
            yield f"{locale}: the prompt {name} takes {takes:.1f} seconds, more than {most:.1f}"


def _late(prompts: Prompts) -> Iterator[str]:
    """Yield each language that a page of the menu offers later than is promised."""
    for one in menu.pages(prompts.offered, seconds=prompts.seconds):
        for locale, wait in zip(one, menu.waits(one, seconds=prompts.seconds), strict=True):
            if wait > menu.PROMISED:
                yield f"{locale}: its callers hear it offered after {wait:.1f} seconds"


def _unheard(prompts: Prompts, locale: str) -> Iterator[str]:
    """Yield each prompt without a sound in a language that has some: it claims to be offered."""
    for name in prompts.names:
        if prompts.stand_in(name, locale) is None:
            yield f"{locale}: the prompt {name} is new or changed: run `hotline prompts render {locale}`"


def _damaged(place: tuple[str, str], stand_in: StandIn) -> Iterator[str]:
    """Yield a file that is not there, is not the one that was rendered, or is no whole MP3 of that length."""
    name = "/".join(place)
    if not stand_in.path.is_file():
        yield f"sounds/{name}: the file is missing"
        return
    content = stand_in.path.read_bytes()
    found = mp3.frames(content)
    if digest_of_bytes(content) != stand_in.digest:
        yield f"sounds/{name}: the file is not the one that was rendered"
    elif found is None or abs(found[1] - stand_in.seconds) > _MEASURED:
        yield f"sounds/{name}: the file does not last as long as it says"


def _astray(folder: Path, listed: Sequence[Path]) -> Iterator[str]:
    """Yield files that nothing names, and say when all are too large together."""
    found = sorted(folder.glob("*/*"))
    for path in found:
        if path not in listed:
            yield f"sounds/{path.parent.name}/{path.name}: nothing names this file"
    size = sum(path.stat().st_size for path in found)
    if size > LARGEST:
        yield f"the sounds take {size} bytes, more than {LARGEST}"


def _render(prompts: Prompts, locale: str, folder: Path) -> int:
    """Render what *locale* lacks, and let go of what no sentence asks for any more; return how many were rendered."""
    (folder / locale).mkdir(parents=True, exist_ok=True)
    kept = {
        place: stand_in
        for place, stand_in in standins.stand_ins(folder).items()
        if place[0] != locale or _stands(prompts, place, stand_in)
    }
    missing = [name for name in prompts.names if (locale, name) not in kept]
    for name in missing:
        content, seconds = rendering.render(
            prompts.words(name, locale), locale, longest=limits.longest(name)
        )
        path = folder / locale / f"{name}.mp3"
        path.write_bytes(content)
        kept[locale, name] = StandIn(
            path, round(seconds, 2), prompts.words_digest(name, locale), digest_of_bytes(content)
        )
    for path in (folder / locale).iterdir():
        if (locale, path.stem) not in kept:
            path.unlink()
    (folder / "sounds.toml").write_text(_listing(kept), encoding="utf-8")
    standins.stand_ins.cache_clear()
    return len(missing)


def _stands(prompts: Prompts, place: tuple[str, str], stand_in: StandIn) -> bool:
    """Tell whether *stand_in* speaks today's words and its file is whole."""
    locale, name = place
    is_current = name in prompts.names and prompts.stand_in(name, locale) == stand_in
    return is_current and not list(_damaged(place, stand_in))


def _listing(kept: Mapping[tuple[str, str], StandIn]) -> str:
    lines = [_HEAD]
    for (locale, name), one in sorted(kept.items()):
        if f"\n[{locale}]" not in lines:
            lines.append(f"\n[{locale}]")
        lines.append(
            f'{name} = {{ seconds = {one.seconds}, words = "{one.words}", file = "{one.digest}", synthetic = true }}'
        )
    return "\n".join(lines) + "\n"
