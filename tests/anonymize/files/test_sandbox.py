"""A process that was given to a stranger's file reaches nothing of ours; each wall is tried from within."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[3])


def within(script: str, *words: str) -> str:
    """Return what *script* prints in a process that gave up what `sandbox` says."""
    start = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import os, resource, socket, ctypes, threading\n"
        "from pathlib import Path\n"
        "from hotline.anonymize.files import sandbox\n"
    )
    command = [sys.executable, "-I", "-c", start + script, ROOT, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def tells(*attempts: str) -> str:
    """Return a script that says of each attempt whether it was let."""
    return "".join(
        f"try:\n    {attempt}\n    print('let')\nexcept (OSError, ValueError, MemoryError, RuntimeError): print('refused')\n"
        for attempt in attempts
    )


LIMIT = "sandbox.limit(memory=1 << 30, seconds=20)\n"
HAS_RULES = "print(sandbox._system().syscall(444, None, 0, 1))"


def needs_rules() -> None:
    if int(within(HAS_RULES)) < 1:
        pytest.skip("this kernel has no Landlock, and the docstring says what that means")


def test_limits_hold():
    script = LIMIT + tells(
        "bytearray(2 << 30)",
        "[os.open('/dev/null', os.O_RDONLY) for _ in range(100)]",
    )
    assert within(script).split() == ["refused", "refused"]


def test_limits_are_only_lowered():
    script = (
        LIMIT
        + "sandbox.limit(memory=4 << 30, seconds=500, processes=9)\n"
        + "print(*[resource.getrlimit(each) for each in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NPROC)])"
    )
    assert within(script) == f"({1 << 30}, {1 << 30}) (20, 21) (0, 0)"


def test_nothing_of_ours_can_be_read_written_deleted_or_run(tmp_path):
    needs_rules()
    ours = tmp_path / "key"
    ours.write_text("secret")
    script = "sandbox.close_off()\n" + tells(
        "open(sys.argv[2]).read()",
        "open(sys.argv[2], 'w')",
        "os.truncate(sys.argv[2], 0)",
        "os.unlink(sys.argv[2])",
        "os.mkdir(sys.argv[2] + '.d')",
        "os.listdir('/etc')",
        "open('/etc/passwd').read()",
        "open('/proc/1/environ').read()",
        "os.execv('/bin/true', ['true'])",
        "open(os.__file__).read()",
    )
    assert within(script, str(ours)).split() == ["refused"] * 9 + ["let"]
    assert ours.read_text() == "secret"


def test_no_network_can_be_reached():
    script = (
        "print(sandbox.leave_networks())\n"
        "try:\n"
        "    one = socket.socket(); one.settimeout(2); one.connect(('127.0.0.1', int(sys.argv[2])))\n"
        "    print('let')\n"
        "except OSError: print('refused')"
    )
    import socket

    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        here.listen()
        left, reached = within(script, str(here.getsockname()[1])).split()
    if left != "True":
        pytest.skip("this machine lets no process have a network of its own, as the docstring says")
    assert reached == "refused"


def test_other_processes_of_ours_are_out_of_reach():
    needs_rules()
    script = "sandbox.close_off()\n" + tells(
        "os.kill(os.getppid(), 0)", "open(f'/proc/{os.getppid()}/mem', 'rb')"
    )
    assert within(script).split() == ["refused", "refused"]


def test_a_child_ends_with_its_parent(tmp_path):
    told = tmp_path / "pid"
    child = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from hotline.anonymize.files import sandbox\n"
        "import os, time; sandbox.end_with_parent(); open(sys.argv[2], 'w').write(str(os.getpid()))\n"
        "time.sleep(100)"
    )
    parent = (
        "import subprocess, sys, os, time\n"
        f"subprocess.Popen([sys.executable, '-I', '-c', {child!r}, *sys.argv[1:]])\n"
        "while not (os.path.exists(sys.argv[2]) and open(sys.argv[2]).read()): time.sleep(0.01)\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", parent, ROOT, str(told)], timeout=60, check=True)
    for _ in range(200):
        try:
            state = Path(f"/proc/{told.read_text()}/stat").read_text().rpartition(") ")[2][0]
        except OSError:
            return
        if state == "Z":
            return
        import time

        time.sleep(0.05)
    raise AssertionError("it goes on")


def test_where_the_kernel_has_no_rules_the_rest_still_holds(monkeypatch):
    script = (
        "class Old:\n"
        "    def __getattr__(self, name): return lambda *_: -1\n"
        "sandbox._system = Old\n"
        "print(sandbox.keep_to([Path('/usr')]), sandbox.leave_networks())\n"
        "sandbox.close_off()"
    )
    assert within(script) == "False False"
