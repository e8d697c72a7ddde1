"""Packages of HSDS from anywhere: zip, CSV and JSON in any state are loaded or told about, and nothing else happens."""

import csv
import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import example
from hypothesis import strategies as st

from referral.load import load_package
from referral.package import PackageUnreadable
from referral.tables import TABLES
from tests.attack.fuzz.hostile import CANARY, fuzz, json_values, mutated, sendable, texts
from tests.referral.conftest import directory, empty_file  # noqa: F401 - fixtures.
from tests.referral.packages import FILES, organization, service

KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
COLUMNS = {table.name: [column.name for column in table.columns] for table in TABLES.values()}
CSV = b"id,organization_id,name,status\n" + ",".join(service().values()).encode() + b"\n"
JSON = json.dumps([organization(services=[service()])]).encode()
NAMES = ("services.csv", "organizations.json", "services.ndjson", "datapackage.json", "schedules.tsv", "../services.csv", "/etc/services.csv", "a\\..\\..\\services.csv", "__MACOSX/services.csv", "services.csv/", "x" * 300 + ".csv", f"{CANARY}.csv")  # fmt: skip


def packed(kind: int, files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def torn(whole: bytes) -> bytes:
    """Return a zip whose first member is damaged inside."""
    start = whole.index(b"services.csv") + 30
    return whole[:start] + bytes(20) + whole[start + 20 :]


ZIPS = [packed(kind, {"services.csv": CSV, "organizations.json": JSON}) for kind in KINDS]


def met(directory: Any, path: Path) -> None:  # noqa: F811
    """Load what lies at *path*; but for the names of its files, what is told of it repeats nothing."""
    with directory.engine.connect() as connection, connection.begin() as transaction:
        with suppress(PackageUnreadable):
            report = load_package(connection, path)
            assert CANARY not in str([bad.field for bad in report.bad])
        transaction.rollback()


def test_no_zip_is_a_fault_of_ours(directory: Any, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "p.zip"
    contents = st.one_of(mutated(CSV, JSON), sendable().map(str.encode))
    members = st.dictionaries(st.sampled_from(NAMES), contents, max_size=3)
    made = st.builds(packed, st.sampled_from(KINDS), members)

    @fuzz(25, 3_000, st.one_of(mutated(*ZIPS), made))
    @example(torn(ZIPS[3]))
    @example(torn(ZIPS[2]))
    def meet(raw: bytes) -> None:
        path.write_bytes(raw)
        met(directory, path)

    meet()


KNOWN = (organization()["id"], service()["id"], "1", "2026-03-02", "12:00", "true", "WEEKLY", "MO,TU", "1e999", "NaN", "9" * 400)  # fmt: skip
cells = st.one_of(st.sampled_from(KNOWN), texts(40))


def rows_of(table: str) -> st.SearchStrategy[tuple[str, bytes]]:
    """Return the name of a table's file, with any rows of that width."""
    names = COLUMNS.get(table, ["id", "name"])
    row = st.lists(cells, min_size=len(names), max_size=len(names))
    return st.tuples(
        st.just(FILES[table]), st.lists(row, max_size=3).map(lambda rows: written([names, *rows]))
    )


def written(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def test_no_table_is_a_fault_of_ours(directory: Any, tmp_path: Path) -> None:  # noqa: F811
    tables = st.sampled_from(sorted(FILES)).flatmap(rows_of)

    @fuzz(20, 3_000, st.lists(tables, min_size=1, max_size=2))
    def meet(files: list[tuple[str, bytes]]) -> None:
        for old in tmp_path.glob("*.csv"):
            old.unlink()
        for name, content in files:
            (tmp_path / name).write_bytes(content)
        met(directory, tmp_path)

    meet()


FIELDS = {name for names in COLUMNS.values() for name in names} | {"services", "locations", "organization", "schedules", "contents", "total_items", "phones", "attributes"}  # fmt: skip
ODD = (*KNOWN, float("nan"), float("inf"), -(10**30), "\ud800", "\0")
fields, values = st.sampled_from(sorted(FIELDS)), st.one_of(json_values(), st.sampled_from(ODD))
record = st.recursive(
    st.dictionaries(fields, values, max_size=6).map(lambda its: organization() | its),
    lambda inner: st.dictionaries(
        fields, st.one_of(inner, st.lists(inner, max_size=2)), max_size=4
    ).map(lambda its: service() | its),
    max_leaves=4,
)
documents = st.one_of(
    st.one_of(record, st.lists(record, max_size=2)).map(json.dumps).map(str.encode), mutated(JSON)
)


def test_no_document_is_a_fault_of_ours(directory: Any, tmp_path: Path) -> None:  # noqa: F811
    names = ("organizations.json", "services.ndjson", "x.jsonl", "service_full.json")

    @fuzz(25, 3_000, st.sampled_from(names), documents)
    @example("organizations.json", b"[" * 100_000)
    @example("organizations.json", b'{"a":' * 20_000)
    def meet(name: str, raw: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(raw)
        met(directory, path)

    meet()
