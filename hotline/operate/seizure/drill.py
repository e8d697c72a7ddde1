"""The whole drill, in order: found a house, tell it things, work with them, then rob it in every way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from hotline.operate.seizure import (
    desk,
    doors,
    oversight,
    referrals,
    tries,
    tries_afterwards,
)
from hotline.operate.seizure.burglar import Burglar
from hotline.operate.seizure.house import House, cut_the_power, opened
from hotline.operate.seizure.searching import Search
from hotline.operate.seizure.threats import adversary
from hotline.operate.seizure.tries import Drill, Loot
from hotline.reports.tables import reports
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.keyfolder import KeyFolder


@contextmanager
def told(
    folder: Path,
    *,
    database: str,
    redis: str = "",
    with_memory: bool = False,
    profile: Profile = PRODUCTION,
) -> Iterator[Drill]:
    """Yield a house that is open, was told everything, and worked with it."""
    with opened(folder, database=database, redis=redis, profile=profile) as house:
        doors.knock_everywhere(house)
        worked = desk.work(house)
        referrals.refer(house, worked)
        oversight.oversee(house, worked)
        gather_keys(house, worked)
        with house.store() as store, store.read() as session:
            ids = session.execute(select(reports.c.id)).scalars().all()
        paths = [f"/console/report/{report_id}" for report_id in ids]
        yield Drill(house, worked, Search(house.canaries), paths, with_memory=with_memory)


def rob(drill: Drill, *, first: Sequence[tries.Try] = tries.TRIES) -> Iterator[Loot]:
    """Make every try: *first* those for which the house is open, then, its power cut, all others."""
    for each in (*first, *((tries.memory,) if drill.with_memory else ())):
        yield each(drill)
    backup = tries_afterwards.backed_up(drill.house, backup_folder(drill.house))
    cookie = drill.desk.browsers["ines"].cookie("key", "__Host-key")
    tries_afterwards.let_a_month_pass(drill.house, cookie)
    cut_the_power(drill.house)
    at_rest = tries_afterwards.disk(drill)
    yield at_rest
    yield tries_afterwards.keys(drill, at_rest)
    yield tries_afterwards.old_backup(drill, backup)


def backup_folder(house: House) -> Path:
    """Return where backups of the house lie: with whoever keeps them, and not in the house."""
    return house.folder.parent / f"{house.folder.name} backup"


def gather_keys(house: House, worked: desk.Desk) -> None:
    """Keep every private key of the house as a canary: of its members, its key periods, and its own."""
    folder = KeyFolder(house.keys)
    with house.store() as store, store.read() as session:
        burglar = Burglar(session, folder.locks)
        for browser in worked.browsers.values():
            burglar.finds_cookie(browser.cookie("key", "__Host-key"))
    for seed in burglar.seeds:
        house.canaries.keep("key.private", seed)
    for path in folder.locks.iterdir():
        house.canaries.keep("key.lock", path.read_bytes())
    house.canaries.keep("key.relay", folder.relay_private.read_bytes())
    house.canaries.keep("key.log", folder.log_private.read_bytes())
    house.canaries.keep("key.provider", (house.keys / "provider.token").read_text())
    turned = folder.thread_keys.read_bytes()
    for start in (12, 44):
        house.canaries.keep("key.threads", turned[start : start + 32])


def run(database: str, *, redis: str = "", with_memory: bool = False) -> int:
    """Do the drill, print what each part gave, and return 1 when that is more than the threat model says."""
    faults: list[str] = []
    with TemporaryDirectory(prefix="seizure-") as parent:
        folder = Path(parent) / "house"
        folder.mkdir(mode=0o700)
        with told(folder, database=database, redis=redis, with_memory=with_memory) as drill:
            print(f"{len(drill.house.canaries.labels())} kinds of canaries were told to the house.")
            for loot in rob(drill):
                faults += list(show(loot))
    for fault in faults:
        print(f"FAULT {fault}")
    print("More was obtained than the threat model says." if faults else "No more than it says.")
    return 1 if faults else 0


def show(loot: Loot) -> Iterator[str]:
    """Print what one adversary tried and got, and yield what of it is a fault."""
    model = adversary(loot.adversary)
    print(f"\n{model.who}")
    print(f"  tried       {'; '.join(loot.tried)}")
    print(f"  obtained    {', '.join(sorted(loot.got)) or 'nothing'}")
    print(f"  admitted    {'; '.join(line.what for line in model.obtainable) or 'nothing'}")
    found = list(model.faults(loot.got))
    print(f"  verdict     {'MORE THAN THE MODEL SAYS' if found else 'as the model says'}")
    yield from found
