"""What ends, told and done at the command line; counts and days only, never a report's id."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from hotline.config import Config
from hotline.factory import build
from hotline.parts import Hotline
from hotline.retention.endings import count_soon
from hotline.retention.rules import rules


def preview(env: Mapping[str, str], *, days: int) -> Iterator[str]:
    """Yield a line for each desk and part: its rule, and how many end within *days*.

    Raises:
        Misconfigured: a setting or a key file is missing.
    """
    hotline = build(Config.from_env(env))
    try:
        yield from lines(hotline, at=datetime.now(UTC), within=timedelta(days=days))
    finally:
        hotline.store.close()


def lines(hotline: Hotline, *, at: datetime, within: timedelta) -> Iterator[str]:
    with hotline.store.read() as session:
        for desk in hotline.keyring.desks:
            soon = count_soon(session, desk.name, at=at, within=within)
            for kind, days in rules(session, desk.name).items():
                yield f"{desk.name}\t{kind}\t{days} days\t{soon.get(kind, 0)} end"


def sweep(env: Mapping[str, str]) -> int:
    """End now what is due, as the job does every ten minutes, and return how many reports or parts ended.

    Raises:
        Misconfigured: a setting or a key file is missing.
        StillThere: what was erased was found in a table.
    """
    hotline = build(Config.from_env(env))
    try:
        return hotline.sweeper.sweep(at=datetime.now(UTC))
    finally:
        hotline.store.close()
