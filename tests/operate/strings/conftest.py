"""The made-up translations, laid out once and copied for whoever damages them."""

import shutil
from pathlib import Path

import pytest

from tests.operate.strings.made_up import lay_out


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made_up")
    lay_out(folder)
    return folder


@pytest.fixture
def made_up(laid_out: Path, tmp_path: Path) -> Path:
    """A folder with ``translations`` and ``templates`` in which everything is right."""
    shutil.copytree(laid_out, tmp_path, dirs_exist_ok=True)
    return tmp_path
