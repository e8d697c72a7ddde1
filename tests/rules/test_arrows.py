"""The arrows of the house hold, and the map in `hotline/__init__.py` is the one that is enforced."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import hotline

ROOT = Path(__file__).parents[2]


def test_no_room_imports_what_lies_above_it():
    result = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout


def contracts():
    """Return what is enforced, by its name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["name"]: contract for contract in settings["contracts"]}


def layers():
    found = contracts()["The arrows of the house"]["layers"]
    return [re.findall(r"hotline\.(\w+)", layer) for layer in found]


def rooms():
    """Return what is in the house: folders of modules, and modules beside them."""
    inside = (ROOT / "hotline").iterdir()
    return {each.stem for each in inside if each.suffix == ".py" or list(each.glob("*.py"))} - {
        "__init__"
    }


def test_every_room_has_its_place_and_but_one_holds_no_keys():
    # Migrations are no room: they are run beside all of them.
    assert {room for layer in layers() for room in layer} | {"migrations"} == rooms()
    without = contracts()["Only the vault holds keys"]["source_modules"]
    assert {name.removeprefix("hotline.") for name in without} - {"referral"} == rooms() - {"vault"}


def test_what_says_that_it_is_pure_is_held_to_it():
    held = contracts()["What is pure stays pure"]["source_modules"]
    for path in [*(ROOT / "hotline").rglob("*.py"), *(ROOT / "referral").rglob("*.py")]:
        said = ast.get_docstring(ast.parse(path.read_text())) or ""
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if re.search(r"\bPure\b|\(pure\)", said):
            assert any(name == one or name.startswith(f"{one}.") for one in held), name


def test_the_map_names_every_layer_in_order():
    listed = []
    for line in hotline.__doc__.splitlines():
        if line.startswith("    ") and line.strip():
            rooms = re.split(r"\s{2,}", line.strip())[0]
            listed.append([room.strip() for room in rooms.split("|") if room.strip() != "referral"])
    assert listed == layers()
