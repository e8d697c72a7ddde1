"""The folder of key files that a house keeps outside its database: what each is called, and what it is for."""

from dataclasses import dataclass
from pathlib import Path

from hotline.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """*path* holds no private key but the relay's and the one that signs; all files are readable by the service only."""

    path: Path

    @property
    def root_public_path(self) -> Path:
        return self.path / "root.pub"

    @property
    def pin(self) -> Path:
        """The highest roster number seen."""
        return self.path / "roster.pin"

    @property
    def locks(self) -> Path:
        """The epoch locks. They must not be in the same backup as the database."""
        return self.path / "locks"

    @property
    def relay_private(self) -> Path:
        """For the worker alone."""
        return self.path / "relay.key"

    @property
    def relay_public(self) -> Path:
        return self.path / "relay.pub"

    @property
    def log_private(self) -> Path:
        """What the house signs checkpoints and return codes with; not in the same backup as the database."""
        return self.path / "log.key"

    @property
    def log_public(self) -> Path:
        """For outsiders who hold checkpoints: it may be told to everybody."""
        return self.path / "log.pub"

    @property
    def log_pin(self) -> Path:
        """The last checkpoint that was signed: a log that was rebuilt without a trace in the database does not fit it."""
        return self.path / "log.pin"

    @property
    def code_salt(self) -> Path:
        """Without it no return code is found again: it belongs in the backup."""
        return self.path / "codes.salt"

    @property
    def link_salt(self) -> Path:
        """Without it no link to a provider opens again; it is made anew at the next start."""
        return self.path / "links.salt"

    @property
    def thread_keys(self) -> Path:
        """Where thread keys lie when no tmpfs is named for them."""
        return self.path / "threads.key"

    @property
    def erased_list(self) -> Path:
        """Which reports were erased of late: a restored backup must not bring them back."""
        return self.path / "erased.list"

    @property
    def cover_story(self) -> Path:
        """What whoever took a reporter's phone gets to read. A story that is known is no cover."""
        return self.path / "cover.toml"

    def root_public(self) -> bytes:
        """Return the key that the offline root signs with.

        Raises:
            Misconfigured: the house was never founded here.
        """
        try:
            return self.root_public_path.read_bytes()
        except OSError:
            raise Misconfigured("KEYS_DIR holds no keys of a house") from None
