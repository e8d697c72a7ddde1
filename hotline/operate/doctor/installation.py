"""This installation: files that others could read, the cover story, the theme, and settings that do not fit."""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from hotline.channels.twilio.round_trip import is_this_machine
from hotline.channels.web.theme import read_theme
from hotline.dialogue.covering import read_story
from hotline.errors import Misconfigured
from hotline.operate.doctor.findings import Finding, warning, well, wrong
from hotline.operate.doctor.visit import House
from hotline.operate.machine import mode_of
from hotline.vault.keyfolder import KeyFolder

SECRETS = (
    "TWILIO_AUTH_TOKEN",
    "TWILIO_SECONDARY_TOKEN",
    "SMTP_URL",
    "DIRECTORY_TOKENS",
    "METRICS_TOKEN",
)
"""The settings that come as files."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def check_files(house: House) -> Iterator[Finding]:
    """Key files and the files of secrets are for the service alone; public halves may be read, not changed."""
    secrets = [Path(house.env[f"{name}_FILE"]) for name in SECRETS if house.env.get(f"{name}_FILE")]
    keys = [path for path in house.config.keys.rglob("*") if path.is_file()]
    if mode_of(house.config.keys) & _OTHERS_MAY_WRITE:
        yield wrong(
            "keys-folder-open",
            "Others than the service may put files into KEYS_DIR.",
            "chmod 700 the folder, and let it belong to the user that the service runs as.",
        )
    # A secret may lie in the key folder, and is one of its files then.
    apart = [path for path in secrets if path not in keys]
    found = [
        *_open_files("key-file-open", keys, "KEYS_DIR"),
        *_open_files("secret-file-open", apart, "the settings"),
    ]
    yield from found or [well("files", "Keys and secrets are for the service alone.")]


def check_keys(house: House) -> Iterator[Finding]:
    """Without one of these the server does not start, or what was told does not open."""
    its = KeyFolder(house.config.keys)
    files = (its.root_public_path, its.pin, its.log_private, its.relay_private, its.code_salt)
    missing = [path.name for path in files if not path.exists()]
    if not (its.locks.is_dir() and any(its.locks.iterdir())):
        missing.append("locks/")
    if missing:
        yield wrong(
            "keys-missing",
            f"KEYS_DIR lacks {', '.join(missing)}.",
            'Stop the server and put them back from their own copy: see README, "A key is lost".',
        )
    else:
        yield well("keys", "The files of keys are there.")


def _open_files(code: str, files: Iterable[Path], where: str) -> Iterator[Finding]:
    for path in files:
        forbidden = _OTHERS_MAY_WRITE if path.suffix == ".pub" else _OTHERS
        if mode_of(path) & forbidden:
            yield wrong(
                code,
                f"Others than the service may read or change this file of {where}.",
                "chmod 600 it, and let it belong to the user that the service runs as.",
                path.name,
            )


def check_cover(house: House) -> Iterator[Finding]:
    """The cover story is the operator's own; one that is published would be recognized."""
    if house.config.demo is not None:
        return
    path = KeyFolder(house.config.keys).cover_story
    try:
        story = read_story(path)
    except Misconfigured:
        yield wrong(
            "cover-unreadable",
            f"{path.name} is no cover story, and the server does not start with it.",
            'Write it as TOML: story = ["Hello.", "…"], and others by language, such as story_es.',
        )
        return
    if not (story.get("") or story.get(house.config.default_locale)):
        yield wrong(
            "cover-missing",
            "There is no cover story: after a wrong code word the line has nothing harmless to say.",
            f"Write {path.name} into KEYS_DIR, in words of your own; `hotline init` asks for it.",
        )
    else:
        yield well("cover", "There is a cover story.")


def check_theme(house: House) -> Iterator[Finding]:
    """What stands in titles and addresses stands in the history of a browser that others may look at."""
    if house.config.theme is None:
        return
    try:
        theme = read_theme(house.config.theme)
    except Misconfigured as error:
        yield wrong("theme-unusable", f"{error}.", "Mend it: the server does not start with it.")
        return
    if telling := theme.telling():
        yield warning(
            "theme-tells",
            f"The pages of reporters say what they are for: {', '.join(telling)}.",
            "Choose words that could stand on any page, unless everybody may know.",
        )
    else:
        yield well("theme", "The pages of reporters are dressed, in words that say nothing.")


def check_settings(house: House) -> Iterator[Finding]:
    config, twilio = house.config, house.config.twilio
    if config.demo is not None and not is_this_machine(config.public_url):
        yield wrong(
            "demo-in-public",
            "This is the demo, at a public address: everybody is told how to sign in.",
            "Found a house of your own with `hotline init`, and take HOTLINE_DEMO out.",
        )
    if twilio is not None and twilio.api_origin and not is_this_machine(twilio.api_origin):
        yield wrong(
            "provider-elsewhere",
            "TWILIO_API_ORIGIN sends our token and people's numbers to somebody who is not the provider.",
            "Take TWILIO_API_ORIGIN out: it is for a loopback provider on this machine.",
        )
    if twilio is None:
        yield warning(
            "provider-none",
            "No provider is set up: people can report on the web only.",
            "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN_FILE.",
        )
