"""Files that operators, translators and strangers hand to a command: read, or refused as `HotlineError`; nothing else."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example
from hypothesis import strategies as st

from hotline.audit import NoteRefused, SignedNote
from hotline.channels.web.theme import FILE, read_theme
from hotline.dialogue.covering import read_story
from hotline.errors import HotlineError
from hotline.law.reading import read_file
from hotline.operate.backup_age import decrypted, encrypt, new_key, recipients
from hotline.operate.backup_format import BackupUnreadable, Counted, parsed
from hotline.operate.founding import read_members
from hotline.operate.keys_ceremony import House, read_root
from hotline.operate.strings import allowed, catalogs, glossaries
from hotline.prompts.audio import read_audio
from hotline.reviews import BACK, REVIEW, read_back, read_reviews
from tests.attack.fuzz.hostile import CANARY, fuzz, json_values, mutated, refusing, texts

ROOT = Path(catalogs.__file__).parents[2]
LAW = (ROOT / "law" / "files" / "ie.toml").read_bytes()
WORDS = (b"story", b"title", b"icon", b"accent", b"words", b"addresses", b"terms", b"never", b"state", b"doubts", b"readers", b"en", b"code", b"duty", b"sources")  # fmt: skip
row = st.tuples(st.sampled_from(WORDS), json_values()).map(lambda two: two[0] + b" = " + json.dumps(two[1]).replace("null", '""').encode() + b"\n")  # fmt: skip
tomls = st.one_of(
    mutated(
        LAW[:4000],
        b'story = ["Hello."]\nstory_es = ["Hola."]\n',
        b'title = "Notes"\nicon = "i.png"\n[words.en]\nheading = "Hi"\n',
        b'[en]\nstate = "reviewed"\nreaders = [{name="A", on=2026-01-01, version="x"}]\n',
    ),
    st.lists(row, max_size=4).map(b"".join),
    st.lists(row, max_size=3).map(lambda rows: b"[en]\n" + b"".join(rows)),
    st.sampled_from(
        [
            b"a = " + b"[" * 5000,
            b"a." * 5000 + b"a = 1",
            b"\xff\xfe",
            b"a = 1e999",
            b"icon = '../../x'",
            b"icon = '\\u0000'",
        ]
    ),
)


READS: dict[str, Callable[[Path], object]] = {
    "cover.toml": lambda folder: read_story(folder / "cover.toml"),
    FILE: read_theme,
    "XX.toml": lambda folder: read_file(folder / "XX.toml"),
    REVIEW: read_reviews,
    f"en/{BACK}": lambda folder: read_back(folder, "en"),
}
"""What reads a file of TOML in a folder, by the name of the file."""


def test_no_toml_is_a_fault_of_ours(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()

    @fuzz(40, 5_000, tomls)
    @example(b"a = " + b"[" * 5000)
    @example(b"not TOML")
    def meet(raw: bytes) -> None:
        for name, read in READS.items():
            (tmp_path / name).write_bytes(raw)
            with suppress(HotlineError):
                read(tmp_path)

    meet()


PO = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n#. safety.1\n#, fuzzy, python-format\n#: a.html\nmsgctxt "x"\nmsgid "one %(n)s"\nmsgid_plural "many"\nmsgstr[0] "uno"\nmsgstr[1] "muchos"\n#~ msgid "old"\n'  # fmt: skip


def test_no_catalog_is_a_fault_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "es" / "LC_MESSAGES" / "reporter.po"
    path.parent.mkdir(parents=True)

    @fuzz(
        80,
        5_000,
        st.one_of(
            mutated(PO),
            texts().map(
                lambda text: f'msgid "{text}"\nmsgstr "{text}"\n'.encode("utf-8", "surrogatepass")
            ),
        ),
    )
    def meet(raw: bytes) -> None:
        path.write_bytes(raw)
        with suppress(catalogs.Unreadable):
            for entry in catalogs.read(path):
                assert catalogs.sources(entry)
                assert catalogs.said(entry)

    meet()


lists = st.sampled_from(["terms", "never", "never_in_texts", "except", "in", "allow", "why"])
rows = st.recursive(
    json_values(),
    lambda inner: st.dictionaries(lists, st.one_of(inner, st.lists(inner))),
    max_leaves=4,
)


@fuzz(60, 5_000, rows, st.sampled_from(sorted(allowed.RULES)))
@example({"terms": 5, "except": 5}, "figures")
@example({"allow": ["a"], "in": [], "why": 7}, "figures")
def test_a_list_of_the_translators_is_read_or_named(said: Any, rule: str) -> None:
    allowed.read({rule: said, "x": said})
    if isinstance(said, dict) and not list(glossaries.misshapen("es", said)):
        glossaries.read(said)


def test_a_note_or_key_or_member_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    note = "line.example/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— line.example/log Az3grlgtPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8U=\n".encode()  # fmt: skip
    member = (
        b'{"username": "a", "name": "A", "pseudonym": "B", "role": "caseworker", "passphrase": "x"}'
    )
    samples = (note, member, b'{"root": "00", "recovery": "00"}', b"00" * 32, b"[" * 20_000)

    @fuzz(
        60,
        5_000,
        st.one_of(mutated(*samples), json_values().map(lambda its: json.dumps(its).encode())),
    )
    @example(b"[" * 20_000)
    def meet(raw: bytes) -> None:
        path.write_bytes(raw)
        with suppress(NoteRefused):
            SignedNote.parse(raw).checkpoint.text()
        for read in (House.read, read_root, lambda path: read_members(path, "main")):
            with suppress(HotlineError):
                read(path)
        with suppress(HotlineError):
            list(parsed(iter(raw.splitlines(keepends=True)), Counted()))
        with suppress(HotlineError):
            read_audio(raw, longest=60)

    meet()


def test_a_backup_is_whole_or_refused(tmp_path: Path) -> None:
    identity, path = tmp_path / "identity", tmp_path / "backup"
    to = recipients([new_key(identity)])
    whole = f"{CANARY}\n".encode() * 9_000
    with path.open("wb") as out:
        encrypt(iter([whole]), out, to)
    sealed = path.read_bytes()

    @fuzz(25, 5_000, mutated(sealed))
    def meet(raw: bytes) -> None:
        path.write_bytes(raw)
        with refusing(BackupUnreadable):
            with decrypted(path, identity) as file:
                assert whole.startswith(file.read())
            assert raw == sealed
        with pytest.raises(HotlineError), decrypted(identity, path):
            pass

    meet()
