"""An agency with a receiver, and what brings leads to it."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.store import Store
from hotline.vault.keys import PrivateKey
from hotline.vault.relay import RelayKey
from tests.leads.desk import Desk
from tests.leads.webhooks.post import Post
from tests.leads.webhooks.receiver import (
    NAME,
    Receiver,
    authority_of,
    caller,
    certificate_of,
    listening,
)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_of(NAME, tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def authority(certificate: Path) -> ssl.SSLContext:
    return authority_of(certificate)


@pytest.fixture
def receiver(certificate: Path) -> Iterator[Receiver]:
    with listening(certificate) as receiver:
        yield receiver


@pytest.fixture
def post(store: Store, authority: ssl.SSLContext) -> Post:
    return Post(Desk(store), RelayKey(PrivateKey.fresh()), caller(authority))
