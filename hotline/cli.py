"""`hotline …`: every command is a thin door to the room that does it."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hotline.errors import HotlineError, Misconfigured

Command = Callable[[argparse.Namespace], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]


_WHERE_TO_GO = """
The demo is ready. Everyone in it is made up.

  a phone to text with     {url}/demo/
  the reporter's pages     {url}/
  the caseworkers' desk    {url}/console/
  leads, over TAXII 2.1    {url}/taxii2/
  services, as HSDS 3.1    {url}/directory/services

Who to sign in as stands on the phone's page and in {var}/demo.json.
Ctrl-C ends it; what was said is kept for the next start.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors are one plain line on standard error."""
    arguments = _parser().parse_args(words)
    command: Command = arguments.command
    try:
        return command(arguments)
    except HotlineError as error:
        print(f"hotline: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, BrokenPipeError):
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hotline", description="An anonymous line.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    for some in (_of_a_house, _of_its_record, _of_its_copies, _of_the_project):
        some(add)
    return parser


def _of_a_house(add: Add) -> None:
    from hotline.operate import keys

    demo = add("demo", _demo, "Run the demo, on embedded defaults.")
    demo.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)
    demo.add_argument("--var", type=Path, default=os.environ.get("HOTLINE_VAR") or "var")
    init = add("init", _init, "Create keys, staff and tables for a hotline of your own.")
    init.add_argument(
        "members",
        type=Path,
        nargs="?",
        help="JSON file of the first members of staff; without it everything is asked for",
    )
    init.add_argument("--offline", type=Path, help="folder on a disk that you take away")
    init.add_argument(
        "--cover",
        type=Path,
        metavar="FILE",
        help="the cover story as TOML, instead of asking: story = [...], story_es = [...]",
    )
    keys.describe(add("keys", keys.run, "Ceremony, papers, desks, appointments, recovery."))
    upgrade = add("upgrade", _upgrade, "Back up, then bring the database to this program's shape.")
    upgrade.add_argument(
        "--backups", type=Path, default=Path(), metavar="FOLDER", help="where that backup goes"
    )
    upgrade.add_argument("--without-backup", action="store_true", help="there is one already")
    serve = add("serve", _serve, "Serve the hotline that the environment describes.")
    serve.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)
    serve.add_argument("--address", default="127.0.0.1", help="where it listens, in a container")
    add("worker", _worker, "Do jobs on a machine of their own.")
    doctor = add("doctor", _doctor, "Check this installation and its account with the provider.")
    doctor.add_argument("--json", action="store_true", help="for other programs")
    doctor.add_argument("--demo", type=Path, metavar="VAR", help="the demo that runs from VAR")
    status = add("status", _status, "Tell on one screen how the house is, and who is needed.")
    status.add_argument("--json", action="store_true", help="for other programs")
    status.add_argument("--demo", type=Path, metavar="VAR", help="the demo that runs from VAR")
    directory = add("directory", _directory, "Load the directory of services, or hand it out.")
    directory.add_argument("what", choices=["load", "export"])
    directory.add_argument("path", type=Path, help="a folder, zip or JSON file; export: a folder")
    directory.add_argument("--preview", action="store_true", help="load: show it, change nothing")
    directory.add_argument(
        "--source",
        default="",
        metavar="NAME",
        help="load: whose package it is; what it brought before and has no more is removed",
    )
    directory.add_argument("--format", choices=["csv", "json"], default="csv", help="export: as")


def _of_its_record(add: Add) -> None:
    audit = add("audit", _audit, "Check, prove and hand out the log of what was done.")
    audit.add_argument("what", choices=["verify", "prove", "export", "checkpoint"])
    audit.add_argument("report", nargs="?", default="", help="prove: the id of the report")
    audit.add_argument("--checkpoint", type=Path, metavar="FILE", help="one kept elsewhere")
    audit.add_argument("--since", type=int, default=1, metavar="N", help="export: from this entry")
    retention = add("retention", _retention, "Tell what ends, or end what is due.")
    retention.add_argument("what", choices=["preview", "sweep"])
    retention.add_argument("--days", type=int, default=14, help="how far ahead to look")


def _of_its_copies(add: Add) -> None:
    backup = add("backup", _backup, "Write an encrypted backup of one moment.")
    backup.add_argument("--to", action="append", default=[], metavar="age1…", help="whose key")
    backup.add_argument("--out", default="-", metavar="FILE", help="where to; - is standard output")
    backup.add_argument("--new-key", type=Path, metavar="FILE", help="make a key to back up to")
    restore = add("restore", _restore, "Bring a backup back into an empty database.")
    restore.add_argument("backup", type=Path)
    restore.add_argument("--identity", type=Path, required=True, metavar="KEYFILE")
    restore.add_argument("--into", default="", metavar="URL", help="instead of DATABASE_URL")
    restore.add_argument("--keys", type=Path, metavar="FOLDER", help="instead of KEYS_DIR")
    restore.add_argument("--drill", action="store_true", help="only try it; leave nothing behind")
    seizure = add("seizure", _seizure, "Plant canaries, seize each part, and see what it gives.")
    seizure.add_argument(
        "--database",
        default="sqlite",
        metavar="URL",
        help="sqlite, or an empty PostgreSQL database",
    )
    seizure.add_argument("--redis", default="", metavar="URL", help="work through this Redis")
    seizure.add_argument("--core", action="store_true", help="read the processes' memory too")
    seizure.add_argument("--table", action="store_true", help="only print the threat model")


def _of_the_project(add: Add) -> None:
    from hotline.operate import measuring

    redact = add("redact", _redact, "Take identifiers out of JSON lines.")
    redact.add_argument(
        "--explain", action="store_true", help="say why each word went or stayed, and propose roles"
    )
    add("assess", _assess, "Assess JSON lines.")
    strings = add("strings", _strings, "Gather or check what people read.")
    strings.add_argument("what", choices=["extract", "check", "compile", "pseudo", "screenshots"])
    strings.add_argument("locales", nargs="*", metavar="LOCALE", help="screenshots: only these")
    strings.add_argument(
        "--to", type=Path, metavar="DIR",
        help="pseudo, screenshots: where two made-up languages or the pictures go (var/…)",
    )  # fmt: skip
    prompts = add("prompts", _prompts, "Render or check what callers hear where no voice speaks.")
    prompts.add_argument("what", choices=["render", "check"])
    prompts.add_argument("locales", nargs="*", metavar="LOCALE", help="render: only these")
    measuring.describe(
        add("bench", measuring.run, "Measure, each figure beside a floor of the same minute.")
    )


def _demo(arguments: argparse.Namespace) -> int:
    from hotline import demo
    from hotline.operate import serving

    ready = demo.prepare(arguments.var, port=arguments.port)
    os.environ.update(ready.environment)
    print(_WHERE_TO_GO.format(url=ready.facts.url, var=arguments.var), flush=True)
    serving.serve(port=arguments.port)
    return 0


def _init(arguments: argparse.Namespace) -> int:
    from hotline.config import Config
    from hotline.operate import cover, founding, guiding, offering

    members, offline = arguments.members, arguments.offline
    if members and not offline:
        raise Misconfigured("name a folder on a disk that you take away: --offline")
    if not members and not sys.stdin.isatty():
        raise Misconfigured("name the file of members, or ask for init at a terminal")
    asked = None if members else guiding.asked()
    if asked:
        os.environ.update(asked.settings)
        offline = asked.offline
    config = Config.from_env(os.environ)
    keys, chosen = config.keys, config.offer_locales
    newcomers = asked.members if asked else founding.read_members(members, config.desk)
    story = b""
    if arguments.cover:
        story = cover.from_file(arguments.cover)
    elif sys.stdin.isatty():
        story = cover.from_answers()
    if not os.environ.get(offering.SETTING) and sys.stdin.isatty():
        chosen = offering.asked()
    founding.found(os.environ, members=newcomers, offline=offline)
    cover.keep(keys, story)
    print(f"The house is founded. {offline}/authenticators.json is for its members, once.")
    print(offering.told(os.environ, chosen))
    if not story:
        print(f"There is no cover story yet: write one to {keys}/cover.toml.")
    if asked:
        print(f"Its settings stand in {asked.file}. Take {offline} off this machine, and start it.")
    else:
        print(f"Take {offline} off this machine, delete {members}, and start `serve`.")
    return 0


def _upgrade(arguments: argparse.Namespace) -> int:
    from hotline.operate import upgrading

    lines = upgrading.upgrade(
        os.environ, backups=arguments.backups, without_backup=arguments.without_backup
    )
    print("\n".join(lines))
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    from hotline.config import Config
    from hotline.operate import serving
    from hotline.operate.hardening import harden
    from hotline.vault.keyfolder import KeyFolder

    harden()
    config = Config.from_env(os.environ)
    KeyFolder(config.keys).root_public()
    processes = 1 if config.database_url.startswith("sqlite") else 2
    serving.serve(port=arguments.port, processes=processes, address=arguments.address)
    return 0


def _worker(_: argparse.Namespace) -> int:
    from hotline import logs, worker
    from hotline.config import Config
    from hotline.factory import build
    from hotline.operate.awaiting import once_there
    from hotline.operate.hardening import harden

    harden()
    logs.start()
    config = Config.from_env(os.environ)
    worker.serve(once_there(lambda: build(config)))
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from hotline import demo
    from hotline.operate import doctor

    env = demo.settings_of(arguments.demo) if arguments.demo else os.environ
    return doctor.run(env, is_json=arguments.json)


def _status(arguments: argparse.Namespace) -> int:
    from hotline import demo
    from hotline.operate import status

    env = demo.settings_of(arguments.demo) if arguments.demo else os.environ
    return status.run(env, is_json=arguments.json)


def _directory(arguments: argparse.Namespace) -> int:
    from hotline.config import Config
    from hotline.operate import directory
    from hotline.store import Store
    from referral.package import PackageUnreadable

    store = Store(Config.from_env(os.environ).database_url)
    path, source = arguments.path, arguments.source
    try:
        if arguments.what == "export":
            for file, number in directory.hand_out(store, path, form=arguments.format).items():
                print(f"{file}: {number}")
            return 0
        if arguments.preview:
            report = directory.preview(store, path, source=source)
            print(report.preview())
        else:
            report = directory.load(store, path, source=source)
            print(report)
        return 1 if report.refused else 0
    except PackageUnreadable as error:
        print(f"hotline: {error}", file=sys.stderr)
        return 1
    finally:
        store.close()


def _redact(arguments: argparse.Namespace) -> int:
    from hotline.anonymize.lines import redact_lines

    for line in redact_lines(sys.stdin, explained=arguments.explain):
        print(line)
    return 0


def _assess(_: argparse.Namespace) -> int:
    from hotline.anonymize.language import detect
    from hotline.assess.lines import assess_lines

    for line in assess_lines(sys.stdin, detect=detect):
        print(line)
    return 0


def _audit(arguments: argparse.Namespace) -> int:
    from hotline.operate import auditing

    if arguments.what == "verify":
        return auditing.verify(os.environ, checkpoint=arguments.checkpoint)
    if arguments.what == "prove":
        return auditing.prove(os.environ, arguments.report, checkpoint=arguments.checkpoint)
    if arguments.what == "export":
        return auditing.export(os.environ, since=arguments.since)
    return auditing.sign(os.environ)


def _backup(arguments: argparse.Namespace) -> int:
    from hotline.operate import backup_commands

    if arguments.new_key:
        backup_commands.make_key(arguments.new_key)
    else:
        backup_commands.make_backup(os.environ, to=arguments.to, out=arguments.out)
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from hotline.operate import backup_commands

    if arguments.drill:
        return backup_commands.drill(os.environ, arguments.backup, identity=arguments.identity)
    backup_commands.bring_back(
        os.environ,
        arguments.backup,
        identity=arguments.identity,
        into=arguments.into,
        keys=arguments.keys,
    )
    return 0


def _seizure(arguments: argparse.Namespace) -> int:
    from hotline.operate import seizure

    if arguments.table:
        print(seizure.markdown())
        return 0
    return seizure.run(arguments.database, redis=arguments.redis, with_memory=arguments.core)


def _retention(arguments: argparse.Namespace) -> int:
    from hotline.operate import retaining

    if arguments.what == "sweep":
        print(f"ended: {retaining.sweep(os.environ)}")
        return 0
    for line in retaining.preview(os.environ, days=arguments.days):
        print(line)
    return 0


def _strings(arguments: argparse.Namespace) -> int:
    from hotline.catalogs import TRANSLATIONS
    from hotline.operate import strings

    if arguments.what == "extract":
        strings.extract(TRANSLATIONS)
        return 0
    folder = arguments.to or Path("var", arguments.what)
    if arguments.what == "pseudo":
        strings.pseudo.write(TRANSLATIONS, folder)
        return 0
    if arguments.what == "screenshots":
        from hotline.operate.strings import screenshots

        print(screenshots.take(folder, arguments.locales or sorted(strings.CORE)))
        return 0
    compiles = arguments.what == "compile"
    faults = strings.compile_catalogs(TRANSLATIONS) if compiles else strings.check(TRANSLATIONS)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _prompts(arguments: argparse.Namespace) -> int:
    from hotline.catalogs import TRANSLATIONS
    from hotline.operate import prompts

    if arguments.what == "render":
        for line in prompts.render(TRANSLATIONS, arguments.locales):
            print(line, flush=True)
        return 0
    faults = prompts.check(TRANSLATIONS)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
