"""A stranger can check, with nothing of ours, that what was done stands in the log, and that the log only grew."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hotline import audit
from hotline.audit import SignedNote, check_proof
from hotline.audit.merkle import continues, includes
from hotline.audit.notes import Checkpoint
from hotline.store import Store
from hotline.vault.logkey import LogSigner
from tests.audit.conftest import NOW, REPORT, fill, note
from tests.audit.test_verifying import sign_now


@pytest.fixture
def proven(log: Store, signer: LogSigner) -> audit.Proven:
    """Three acts on a report among three hundred others, one of them after the checkpoint."""
    fill(log, 300)
    fill(log, 2, first=300, report_id=REPORT)
    fill(log, 10, first=302)
    sign_now(log, signer)
    fill(log, 1, first=312, report_id=REPORT)
    log.write(lambda session: note(session, 400, report_id=REPORT))
    with log.read() as session:
        return audit.prove(session, REPORT)


def test_each_line_of_a_report_leads_to_the_root_that_was_signed(proven: audit.Proven) -> None:
    said = proven.checkpoint.checkpoint
    assert [proof.line.n for proof in proven.proofs] == [301, 302]
    assert proven.later == 2
    for proof in proven.proofs:
        leaf = proof.line.leaf()
        assert includes(proof.line.n - 1, said.size, leaf, proof.path, said.root)


def test_a_proof_may_lead_to_the_checkpoint_that_a_stranger_kept(
    log: Store, signer: LogSigner
) -> None:
    fill(log, 5, report_id=REPORT)
    kept = sign_now(log, signer)
    fill(log, 5, first=5, report_id=REPORT)
    sign_now(log, signer, hours=1)
    with log.read() as session:
        proven = audit.prove(session, REPORT, against=kept)
    assert (len(proven.proofs), proven.later, proven.checkpoint) == (5, 5, kept)


def test_nothing_is_proven_before_the_first_checkpoint_or_against_a_larger_log(
    log: Store, signer: LogSigner, tmp_path: Path
) -> None:
    fill(log, 2, report_id=REPORT)
    with log.read() as session, pytest.raises(audit.NothingToProve):
        audit.prove(session, REPORT)
    sign_now(log, signer)
    larger = SignedNote("line.example/log\n3\n" + "A" * 43 + "=\n", ())
    with log.read() as session, pytest.raises(audit.ProofRefused):
        audit.prove(session, REPORT, against=larger)
    with log.read() as session:
        assert audit.prove(session, "b" * 32).proofs == ()


def test_the_stranger_s_program_accepts_it_and_refuses_every_change(
    proven: audit.Proven, tmp_path: Path
) -> None:
    facts = proven.facts()
    assert check(facts, tmp_path) == 0
    kept = tmp_path / "kept.txt"
    kept.write_text(str(proven.checkpoint))
    assert check(facts, tmp_path, str(kept)) == 0

    line = facts["lines"][0]
    changes = {
        "entry": line["entry"].replace("noor", "omar"),
        "salt": "00" * 16,
        "n": line["n"] + 1,
        "path": line["path"][:-1],
    }
    for name, value in changes.items():
        assert check({**facts, "lines": [{**line, name: value}]}, tmp_path) == 1
    said = proven.checkpoint.checkpoint
    other = Checkpoint(said.origin, said.size, bytes(32)).text()
    assert check({**facts, "checkpoint": other}, tmp_path) == 1
    assert check({**facts, "report": "b" * 32}, tmp_path) == 1


def check(facts: object, folder: Path, *more: str) -> int:
    path = folder / "proof.json"
    path.write_text(json.dumps(facts))
    return check_proof.main(str(path), *more)


def test_the_stranger_s_program_does_not_call_nothing_proven(
    log: Store, signer: LogSigner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(log, 3)
    sign_now(log, signer)
    with log.read() as session:
        facts = audit.prove(session, REPORT).facts()
    assert check(facts, tmp_path) == 1
    assert "no line stands under this checkpoint yet" in capsys.readouterr().out


def test_the_stranger_s_program_needs_nothing_but_python(
    proven: audit.Proven, tmp_path: Path
) -> None:
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proven.facts()))
    program = tmp_path / "check_proof.py"
    program.write_text(Path(check_proof.__file__).read_text())
    ran = subprocess.run(
        [sys.executable, "-I", "-S", program, path], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.count("stands in the log:")) == (0, 2)


def test_between_any_two_states_the_log_only_grew(log: Store, signer: LogSigner) -> None:
    fill(log, 5)
    old = sign_now(log, signer).checkpoint
    fill(log, 600, first=5)
    new = sign_now(log, signer, hours=1).checkpoint
    with log.read() as session:
        path = audit.consistency(session, old.size, new.size)
    assert continues(old.size, new.size, path, old_root=old.root, new_root=new.root)


def test_an_export_holds_every_entry_and_of_a_purged_one_its_leaf(
    log: Store, signer: LogSigner
) -> None:
    fill(log, 300)
    sign_now(log, signer)
    horizon = NOW.replace(microsecond=250 + 5)
    log.write(lambda session: audit.purge(session, before=horizon, at=NOW))
    with log.read() as session:
        whole = list(audit.export(session))
        part = list(audit.export(session, since=299))
    assert [row.get("n") for row in whole] == [*range(1, 302), None]
    assert [("entry" in row) for row in whole[:7]] == [False] * 5 + [True] * 2
    assert [row.get("n") for row in part] == [299, 300, 301, None]
    assert whole[-1]["checkpoint"].startswith("line.example/log\n300\n")
    assert all(len(row["leaf"]) == 64 for row in whole[:-1])
