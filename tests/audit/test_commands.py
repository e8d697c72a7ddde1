"""What the operator's commands say about the log, in sentences, and what a stranger does with their output."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from hotline import audit
from hotline.audit import check_proof
from hotline.audit.tables import audit_tiles
from hotline.channels.herald import keep_log
from hotline.cli import main
from tests.audit.conftest import REPORT
from tests.house import ORIGIN, House
from tests.referral.packages import organization, write_package

_BEHIND_THE_LAST = """
    INSERT INTO audit (n, id, at, who, did, desk, report_id, about, what, purpose, digest, sealed, epoch_id, wrap, salt)
    SELECT 7, 'x', at, who, did, desk, report_id, about, what, purpose, digest, sealed, epoch_id, wrap, salt
    FROM audit WHERE n = 4
"""


@dataclass
class Operator:
    house: House
    capsys: pytest.CaptureFixture[str]

    def runs(self, *words: object) -> tuple[int, str]:
        """Run ``hotline audit …`` and return its status with all that it said."""
        status = main(["audit", *map(str, words)])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    def acts(self, count: int, report_id: str = REPORT) -> None:
        at = self.house.clock()

        def write(session: object) -> None:
            for number in range(count):
                audit.record(  # type: ignore[arg-type]
                    session,
                    at=at,
                    who="noor",
                    did="note",
                    report_id=report_id,
                    what=f"message {number}",
                )

        self.house.hotline.store.write(write)

    def signs(self, **later: float) -> None:
        keep_log(self.house.hotline, at=self.house.clock.passes(**later))


@pytest.fixture
def operator(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Operator:
    # The commands read their settings from the environment, as they do on a server; LINES is also a terminal's.
    monkeypatch.delenv("LINES", raising=False)
    monkeypatch.setenv("PUBLIC_URL", ORIGIN)
    monkeypatch.setenv("DATABASE_URL", house.hotline.store.url)
    monkeypatch.setenv("KEYS_DIR", str(house.hotline.config.keys))
    return Operator(house, capsys)


@pytest.fixture
def kept(operator: Operator, tmp_path: Path) -> Path:
    """A checkpoint that somebody keeps elsewhere, of a log with five acts on a report."""
    operator.acts(5)
    operator.signs(hours=2)
    path = tmp_path / "kept.txt"
    path.write_text(operator.runs("checkpoint")[1])
    return path


def harm(operator: Operator, sentence: str) -> None:
    operator.house.hotline.store.write(lambda session: session.execute(text(sentence)))


def test_a_whole_log_is_said_to_be_whole(operator: Operator, kept: Path) -> None:
    operator.acts(3)
    status, said = operator.runs("verify", "--checkpoint", kept)
    assert status == 0
    assert "The log is whole: 6 entries are as they were written." in said
    assert "It continues the checkpoint of 6 entries." in said
    assert "3 more wait for their number" in said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("UPDATE audit SET who = 'omar' WHERE n = 4", "Entry 4 was changed"),
        ("DELETE FROM audit WHERE n = 4", "Entry 4 was removed"),
        (
            _BEHIND_THE_LAST,
            "Entry 7 was put in",
        ),
        ("UPDATE audit_tiles SET hashes = zeroblob(192)", "damaged at entry 1"),
        ("UPDATE audit_checkpoints SET note = 'x'", "was not signed by this log's key"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    operator: Operator, kept: Path, sentence: str, said: str
) -> None:
    harm(operator, sentence)
    status, told = operator.runs("verify", "--checkpoint", kept)
    assert status == 1
    assert "The log is not whole." in told
    assert said in told


def test_a_file_that_is_no_checkpoint_or_another_house_s_is_refused(
    operator: Operator, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_bytes(kept.read_bytes()[:-20])
    status, said = operator.runs("verify", "--checkpoint", broken)
    assert (status, "not a checkpoint" in said) == (1, True)
    status, said = operator.runs("verify", "--checkpoint", tmp_path / "nowhere")
    assert (status, "cannot be read" in said) == (1, True)
    # The same log under another name is another log.
    monkeypatch.setenv("PUBLIC_URL", "https://other.example")
    status, said = operator.runs("verify", "--checkpoint", kept)
    assert (status, "another key signed it" in said) == (1, True)


def test_nothing_is_signed_over_a_log_that_was_rewritten(operator: Operator, kept: Path) -> None:
    operator.house.hotline.store.write(lambda session: session.execute(delete(audit_tiles)))
    status, said = operator.runs("checkpoint")
    assert (status, "nothing is signed" in said) == (1, True)


def test_a_stranger_checks_a_proof_against_the_checkpoint_they_kept(
    operator: Operator, kept: Path, tmp_path: Path
) -> None:
    operator.acts(4)
    operator.signs(hours=2)
    status, said = operator.runs("prove", REPORT, "--checkpoint", kept)
    assert status == 0
    proof = tmp_path / "proof.json"
    proof.write_text(said)
    assert len(json.loads(said)["lines"]) == 5
    assert check_proof.main(str(proof), str(kept)) == 0
    assert "noor" in operator.capsys.readouterr().out


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_a_stranger_checks_the_signature_with_openssl(
    operator: Operator, kept: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key.txt"
    key.write_text(operator.house.app.test_client().get("/log/key").text)
    assert is_signed(kept, key)
    kept.write_text(kept.read_text().replace("\n6\n", "\n7\n"))
    assert not is_signed(kept, key)


def is_signed(note: Path, key: Path) -> bool:
    program = Path(check_proof.__file__).with_name("check_signature.sh")
    ran = subprocess.run([program, note, key], capture_output=True, text=True, check=False)
    return ran.returncode == 0 and "Verified Successfully" in ran.stdout


def test_an_export_is_one_json_a_line(operator: Operator, kept: Path) -> None:
    status, said = operator.runs("export", "--since", 3)
    rows = [json.loads(line) for line in said.splitlines()]
    assert status == 0
    assert [row.get("n") for row in rows] == [3, 4, 5, 6, None]
    assert all(len(bytes.fromhex(row["leaf"])) == 32 for row in rows[:-1])


def test_a_purge_is_told(operator: Operator, kept: Path) -> None:
    store, at = operator.house.hotline.store, operator.house.clock()
    store.write(lambda session: audit.purge(session, before=at - timedelta(hours=1), at=at))
    status, said = operator.runs("verify", "--checkpoint", kept)
    assert status == 0
    assert "were deleted at the end of their time" in said


def test_an_empty_log_is_whole_and_has_nothing_to_prove(operator: Operator) -> None:
    assert operator.runs("verify")[0] == 0
    status, said = operator.runs("prove", REPORT)
    assert (status, "no checkpoint" in said) == (1, True)


def test_a_report_that_no_line_is_about_is_said_to_be_unknown(operator: Operator) -> None:
    operator.acts(1)
    operator.signs(hours=2)
    status, said = operator.runs("prove", "5P-SHF")
    assert (status, "none is known" in said) == (0, True)


def test_loading_the_directory_is_written_down(operator: Operator, tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    write_package(package, organization=[organization()])
    assert main(["directory", "load", str(package), "--preview"]) == 0
    assert main(["directory", "load", str(package)]) == 0
    with operator.house.hotline.store.read() as session:
        line = audit.page(session, limit=1)[0]
    assert (line.did, line.what, line.desk) == (
        "directory_loaded",
        "1 kept 0 removed 0 refused",
        "",
    )
