"""`hotline keys`: the ceremony, the papers, and what only the offline root may do."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

Step = Callable[[argparse.Namespace], int]


def describe(keys: argparse.ArgumentParser) -> None:
    """Give *keys*, the parser of ``hotline keys``, its own commands."""
    commands = keys.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, step: Step, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(step=step)
        return sub

    ceremony = add(
        "ceremony", _ceremony, "Make root key and recovery papers, on an offline machine."
    )
    ceremony.add_argument("out", type=Path, help="empty folder on a disk that you take away")
    _describe_papers(ceremony)
    drill = add(
        "drill", _drill, "See whether papers still give the recovery key; nothing is opened."
    )
    drill.add_argument("papers", type=Path, nargs="*", help="a file each; none: standard input")
    drill.add_argument("--house", type=Path, metavar="house.pub", help="instead of the database")
    desk = add("desk", _desk, "Open a new desk, with its first members and keys.")
    desk.add_argument("name")
    desk.add_argument("--four-eyes", action="store_true", help="nobody opens identities alone")
    desk.add_argument("--members", type=Path, required=True, metavar="FILE")
    appoint = add("appoint", _appoint, "Make a member a supervisor of their desk.")
    appoint.add_argument("username")
    papers = add("papers", _papers, "Make new recovery papers; the old ones open nothing new.")
    papers.add_argument("out", type=Path, help="empty folder on a disk that you take away")
    _describe_papers(papers)
    papers.add_argument("--from-papers", action="store_true", help="old ones: on standard input")
    recover = add("recover", _recover, "Let a new supervisor in by the papers (standard input).")
    recover.add_argument("desk")
    recover.add_argument("--member", type=Path, required=True, metavar="FILE")
    for signed in (desk, appoint, papers, recover):
        signed.add_argument("--root", type=Path, required=True, metavar="root.key")
    add("status", _status, "Show desks, key periods, members, and what is due.")


def _describe_papers(maker: argparse.ArgumentParser) -> None:
    maker.add_argument("--shares", type=int, default=5, help="how many papers there are")
    maker.add_argument("--threshold", type=int, default=3, help="how many of them are needed")
    maker.add_argument("--house", default="hotline", help="name that stands on the papers")


def run(arguments: argparse.Namespace) -> int:
    """Run the step that was asked for."""
    step: Step = arguments.step
    return step(arguments)


def _ceremony(arguments: argparse.Namespace) -> int:
    from hotline.operate.keys_ceremony import hold

    hold(
        arguments.out,
        papers=arguments.shares,
        threshold=arguments.threshold,
        house=arguments.house,
    )
    print(_AFTER_CEREMONY.format(out=arguments.out, needed=arguments.threshold))
    return 0


def _drill(arguments: argparse.Namespace) -> int:
    from hotline.operate.keys_ceremony import House
    from hotline.operate.keys_house import drilled
    from hotline.vault.papers import read_papers, recovery_key

    house = House.read(arguments.house) if arguments.house else None
    typed = _typed(arguments.papers)
    papers = read_papers(typed)
    key = recovery_key(papers, public=house.recovery) if house else drilled(os.environ, typed)
    print(f"These {len(papers)} papers give the recovery key {key.public.id.hex()} of this house.")
    return 0


def _desk(arguments: argparse.Namespace) -> int:
    from hotline.operate import keys_house

    with keys_house.opened(os.environ, arguments.root) as root:
        staff = root.open_desk(arguments.name, arguments.members, four_eyes=arguments.four_eyes)
    print(f"The desk {arguments.name} is open.")
    _tell_secrets(staff)
    return 0


def _appoint(arguments: argparse.Namespace) -> int:
    from hotline.operate import keys_house

    with keys_house.opened(os.environ, arguments.root) as root:
        signers = root.appoint(arguments.username)
    print("Who may sign now:")
    for member in signers:
        print(f"  {member.username}  {member.role}  {member.desk or 'the house'}")
    return 0


def _papers(arguments: argparse.Namespace) -> int:
    from hotline.operate import keys_house

    with keys_house.opened(os.environ, arguments.root) as root:
        renewed = root.renew_papers(
            arguments.out,
            papers=arguments.shares,
            threshold=arguments.threshold,
            house=arguments.house,
            old=_typed([]) if arguments.from_papers else None,
        )
    print(_AFTER_PAPERS.format(out=arguments.out, needed=arguments.threshold))
    if arguments.from_papers:
        print(f"The old papers handed on {renewed.handed_on} key periods.")
    if renewed.waiting:
        print(_WAITING.format(count=renewed.waiting))
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    from hotline.operate import keys_house

    with keys_house.opened(os.environ, arguments.root) as root:
        found = root.recover(arguments.desk, arguments.member, papers=_typed([]))
    print(f"{found.opened} key periods of {arguments.desk} are open to who came in.")
    if found.closed:
        print(f"{found.closed} stay closed: what was sealed to them was erased for good.")
    if found.waiting:
        print(f"{found.waiting} do not open by these papers: nobody handed them on.")
    _tell_secrets(found.staff)
    return 0


def _status(_: argparse.Namespace) -> int:
    from hotline.operate.keys_status import status

    for line in status(os.environ):
        print(line)
    return 0


def _typed(files: list[Path]) -> str:
    """Return what stands in *files*, one paper each; without files, what comes in on standard input."""
    from hotline.errors import Malformed

    try:
        if files:
            return "\n\n".join(path.read_text(encoding="utf-8") for path in files)
        if sys.stdin.isatty():
            print("Type or scan the papers, an empty line between two; end with Ctrl-D.")
        return sys.stdin.read()
    except (OSError, UnicodeDecodeError):
        raise Malformed("a paper cannot be read: it must be a text file with its words") from None


def _tell_secrets(staff: dict[str, str]) -> None:
    print("Tell each of them the secret for their authenticator app; it is shown this once:")
    for username, secret in staff.items():
        print(f"  {username}  {secret}")


_AFTER_CEREMONY = """\
In {out} lie root.key, house.pub, and a page for each paper.

1. Print the papers, here and now, on a printer without memory or network.
2. Hold a drill:  hotline keys drill --house {out}/house.pub   (type {needed} of the papers)
3. Delete the pages. The recovery key is on the papers then, and nowhere else.
4. Take root.key and house.pub to the server for `hotline init`, and away again afterwards."""

_AFTER_PAPERS = """\
The papers in {out} are those of this house now; what is told from now on opens by no others.

1. Print the pages in {out}/papers, here and now, on a printer without memory or network.
2. Hold a drill:  hotline keys drill   (type {needed} of the new papers)
3. Delete the pages. The recovery key is on the papers then, and nowhere else."""

_WAITING = """\
{count} key periods from before do not open by them yet: `hotline keys status` says which, and at whose
sign-in they are handed on. Keep old papers that you still have until none is left."""
