"""Packages of HSDS from anywhere: zip, CSV and JSON in any state are loaded or told about, and nothing else happens."""

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
from tests.attack.fuzz.hostile import CANARY, fuzz, json_values, mutated, texts
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
    """Load what lies at *path* and take it back; what is told of it repeats nothing."""
    with directory.engine.connect() as connection, connection.begin() as transaction:
        with suppress(PackageUnreadable):
            report = load_package(connection, path)
            told = [
                (bad.file, bad.field, bad.label if hasattr(bad, "label") else "")
                for bad in report.bad
            ]
            assert CANARY not in str([one for one in told if not one[0].startswith(CANARY)])
        transaction.rollback()


def test_no_zip_is_a_fault_of_ours(directory: Any, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "p.zip"
    members = st.dictionaries(
        st.sampled_from(NAMES),
        st.one_of(mutated(CSV, JSON), texts().map(lambda t: t.encode("utf-8", "replace"))),
        max_size=3,
    )
    made = st.builds(packed, st.sampled_from(KINDS), members)

    @fuzz(25, 20_000, st.one_of(mutated(*ZIPS), made))
    @example(torn(ZIPS[3]))
    @example(torn(ZIPS[2]))
    def meet(raw: bytes) -> None:
        path.write_bytes(raw)
        met(directory, path)

    meet()


def test_no_table_is_a_fault_of_ours(directory: Any, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "p"
    path.mkdir()

    @fuzz(20, 20_000, st.data())
    def meet(data: st.DataObject) -> None:
        for old in path.iterdir():
            old.unlink()
        for table in data.draw(
            st.lists(st.sampled_from(sorted(FILES)), min_size=1, max_size=2, unique=True)
        ):
            names = COLUMNS.get(table, ["id", "name"])
            known = st.sampled_from(
                [
                    organization()["id"],
                    service()["id"],
                    "1",
                    "2026-03-02",
                    "12:00",
                    "true",
                    "WEEKLY",
                    "MO,TU",
                    "1e999",
                    "NaN",
                    "9" * 400,
                ]
            )
            rows = data.draw(
                st.lists(
                    st.lists(st.one_of(known, texts(40)), min_size=len(names), max_size=len(names)),
                    max_size=3,
                )
            )
            text = "\n".join(
                [
                    ",".join(names),
                    *(
                        ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
                        for row in rows
                    ),
                ]
            )
            (path / FILES[table]).write_bytes(text.encode("utf-8", "surrogatepass"))
        met(directory, path)

    meet()


def test_no_document_is_a_fault_of_ours(directory: Any, tmp_path: Path) -> None:  # noqa: F811
    fields = sorted(
        {name for names in COLUMNS.values() for name in names}
        | {
            "services",
            "locations",
            "organization",
            "schedules",
            "contents",
            "total_items",
            "phones",
            "attributes",
        }
    )
    values = st.one_of(
        json_values(),
        st.sampled_from(
            [
                organization()["id"],
                "2026-03-02",
                float("nan"),
                float("inf"),
                -(10**30),
                "\ud800",
                "\0",
            ]
        ),
    )
    record = st.recursive(
        st.dictionaries(st.sampled_from(fields), values, max_size=6).map(
            lambda its: organization() | its
        ),
        lambda inner: st.dictionaries(
            st.sampled_from(fields), st.one_of(inner, st.lists(inner, max_size=2)), max_size=4
        ).map(lambda its: service() | its),
        max_leaves=4,
    )
    text = st.one_of(
        record.map(json.dumps),
        st.lists(record, max_size=2).map(json.dumps),
        mutated(JSON).map(lambda raw: raw.decode("latin-1")),
    )

    @fuzz(
        25,
        20_000,
        st.sampled_from(["organizations.json", "services.ndjson", "x.jsonl", "service_full.json"]),
        text,
    )
    @example("organizations.json", "[" * 100_000)
    @example("organizations.json", '{"a":' * 20_000)
    def meet(name: str, text: str) -> None:
        path = tmp_path / name
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        met(directory, path)

    meet()
