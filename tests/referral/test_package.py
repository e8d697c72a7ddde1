"""A package is a folder or a zip, described or not, and never more than what lies inside it."""

import zipfile

import pytest

from referral import tables
from referral.fields import Fault
from referral.load import Kept
from referral.package import LARGEST_FILE, PackageUnreadable
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_load import kept_in, told


def test_a_package_may_be_a_zip_with_or_without_a_folder_around_it(directory, tmp_path):
    package = write_package(tmp_path / "p", organization=[organization()], service=[service()])
    for number, folder in enumerate(("", "city/")):
        archive = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            for path in package.iterdir():
                zipped.write(path, folder + path.name)
        assert told(directory.load(archive)) == []

    assert len(kept_in(directory, tables.service)) == 1


def test_a_package_may_lie_deep_in_a_folder_beside_what_is_none(directory, tmp_path):
    deep = tmp_path / "city-main" / "lib" / "package"
    deep.parent.mkdir(parents=True)
    write_package(deep, organization=[organization()])
    (tmp_path / "city-main" / "README.md").write_text("A city")

    assert told(directory.load(tmp_path / "city-main")) == []
    assert len(kept_in(directory, tables.organization)) == 1


def test_without_a_description_files_are_known_by_their_names(directory, tmp_path):
    package = write_package(tmp_path / "p", described=False, organization=[organization()])

    assert directory.load(package).kept == {"organization": Kept(added=1)}


def test_a_file_that_is_none_of_hsds_or_not_there_is_told(directory, tmp_path):
    package = write_package(tmp_path / "p", organization=[organization()], service=[service()])
    (package / "services.csv").unlink()
    (package / "datapackage.json").write_text(
        '{"resources": [{"name": "organization", "path": "organizations.csv"},'
        ' {"name": "service", "path": "services.csv"}, {"name": "weather", "path": "we\\u202eather.csv"}]}'
    )

    assert told(directory.load(package)) == [
        ("services.csv", 0, "", Fault.FILE_UNREADABLE, False),
        ("we?ather.csv", 0, "", Fault.NOT_HSDS_FILE, False),
    ]


def test_a_package_cannot_name_files_outside_itself(directory, tmp_path):
    outside = write_package(tmp_path / "outside", organization=[organization()])
    package = tmp_path / "p"
    package.mkdir()
    (package / "link.csv").symlink_to(outside / "organizations.csv")
    (package / "datapackage.json").write_text(
        '{"resources": [{"name": "organization", "path": "../outside/organizations.csv"},'
        f' {{"name": "organization", "path": "{outside}/organizations.csv"}},'
        ' {"name": "organization", "path": "link.csv"}]}'
    )

    report = directory.load(package)

    assert [bad.fault for bad in report.bad] == [Fault.FILE_UNREADABLE] * 3
    assert kept_in(directory, tables.organization) == {}


def test_a_file_that_would_fill_the_memory_is_not_read(directory, tmp_path):
    package = write_package(tmp_path / "p", organization=[organization()])
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(package / "organizations.csv", "organizations.csv")
    # The directory at the end of the archive claims one byte too many.
    claims = bytearray(archive.read_bytes())
    size = claims.index(b"PK\x01\x02") + 24
    claims[size : size + 4] = (LARGEST_FILE + 1).to_bytes(4, "little")
    archive.write_bytes(claims)
    with (package / "organizations.csv").open("r+b") as file:
        file.truncate(LARGEST_FILE + 1)

    for path in (package, archive):
        assert told(directory.load(path)) == [
            ("organizations.csv", 0, "", Fault.FILE_UNREADABLE, False)
        ]


def test_a_row_may_be_nothing_but_its_id(directory, tmp_path):
    package = write_package(tmp_path / "p", funding=[{"id": key("f")}])

    assert directory.load(package).kept == {"funding": Kept(added=1)}
    assert directory.load(package).kept == {"funding": Kept(unchanged=1)}


def test_a_damaged_file_of_a_zip_is_told_and_the_others_are_kept(directory, tmp_path):
    package = write_package(tmp_path / "p", organization=[organization()], service=[service()])
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as zipped:
        for name in ("services.csv", "organizations.csv"):
            zipped.write(package / name, name)
    damaged = bytearray(archive.read_bytes())
    damaged[100] ^= 1
    archive.write_bytes(damaged)

    report = directory.load(archive)

    assert told(report) == [("services.csv", 0, "", Fault.FILE_UNREADABLE, False)]
    assert report.kept["organization"] == Kept(added=1)


def test_a_damaged_end_of_a_long_file_costs_only_the_end(directory, tmp_path):
    many = [organization(str(n), description="x" * 900) for n in range(200)]
    package = write_package(tmp_path / "p", organization=many)
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as zipped:
        zipped.write(package / "organizations.csv", "organizations.csv")
    damaged = bytearray(archive.read_bytes())
    damaged[150_000] ^= 1
    archive.write_bytes(damaged)

    report = directory.load(archive)

    assert [bad.fault for bad in report.bad] == [Fault.ROW_UNREADABLE]
    assert 0 < report.kept["organization"].added < 200


@pytest.mark.parametrize("kind", ["nothing", "text", "empty folder"])
def test_what_is_no_package_is_refused_whole(directory, tmp_path, kind):
    path = tmp_path / "p"
    if kind == "text":
        path.write_text("hello")
    if kind == "empty folder":
        path.mkdir()

    with pytest.raises(PackageUnreadable):
        directory.load(path)
