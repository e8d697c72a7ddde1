"""Let an office program of the operator's (LibreOffice) print a document as a PDF, shut into a place of its own.

That program wants to write, and documents want to load what they name. So it is used only where the kernel gives us
namespaces of our own: there it has a folder that is memory, which nobody else sees and which is gone with the last of
its processes, and no network. What is written never touches a disk (memory may be swapped, as all memory may; an
operator turns that off or encrypts it). Where that cannot be had, it is not used.
"""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

from hotline.anonymize.files import sandbox
from hotline.anonymize.files.copies import NoCopy, Why

MEMORY = 4 << 30
PROCESSES = 256
_FILES = 256
_FOLDER = Path("/dev/shm")  # noqa: S108  (a folder of ours alone is mounted over it)
_MOST_FOLDER = 512 << 20
_LARGEST_FILE = 256 << 20
_WHERE = "/usr/bin:/usr/local/bin:/opt/libreoffice/program:/bin"
_TEMPORARY = Path("/tmp")  # noqa: S108  (and over this one)
_RUN = [Path(each) for each in ("/usr", "/lib", "/lib64", "/bin")]
_READ = [
    Path(each)
    for each in ("/etc", "/var/cache/fontconfig", "/dev", "/proc", "/sys", "/var/lib/libreoffice")
]
_ENVIRONMENT = {"PATH": _WHERE, "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
_PRIVATE, _SEPARATE, _SAME = 1 << 18, 1 << 14, 1 << 12
_NO_DEVICES = 2 | 4
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def program() -> str | None:
    """Return the path of the operator's office program, where there is one."""
    return shutil.which("soffice", path=_WHERE)


def move_in(office: str) -> bool:
    """Move this process, and *office* with it, to namespaces of its own with a folder in memory; tell whether the kernel let us."""
    user, group = os.geteuid(), os.getegid()
    sandbox.end_with_parent()
    if not sandbox.leave_networks(with_mounts=True):
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        return False
    system = ctypes.CDLL(None, use_errno=True)
    if system.mount(None, b"/", None, _PRIVATE | _SEPARATE, None) != 0:
        return False
    options = f"size={_MOST_FOLDER},mode=0700".encode()
    if system.mount(b"tmpfs", bytes(_FOLDER), b"tmpfs", _NO_DEVICES, options) != 0:
        return False
    return _cover_temporary(system, [*sandbox.readable(), _home(office)])


def _cover_temporary(system: ctypes.CDLL, needed: list[Path]) -> bool:
    """Lay the folder over that for temporary files, whatever the program is told about where to write.

    What is *needed* and lies below that place stays where it is.
    """
    below = sorted({one for one in needed if _TEMPORARY in one.parents and one.is_dir()})
    held = [(one, os.open(one, os.O_PATH)) for one in below]
    if system.mount(bytes(_FOLDER), bytes(_TEMPORARY), None, _SAME, None) != 0:
        return False
    for one, there in held:
        source = f"/proc/self/fd/{there}".encode()
        one.mkdir(parents=True, exist_ok=True)
        if system.mount(source, bytes(one), None, _SAME | _SEPARATE, None) != 0:
            return False
        os.close(there)
    return True


def print_document(content: bytes, ending: str, office: str, seconds: float) -> bytes:
    """Return the document *content*, named with *ending*, as the PDF that *office* prints within *seconds*; only after `move_in`.

    Raises:
        NoCopy: it could not, or not in time.
    """
    into = _FOLDER / f"document{ending}"
    into.write_bytes(content)
    profile = _settled()
    _keep_to_what_it_needs(office)
    command = [
        office, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard",
        f"-env:UserInstallation=file://{profile}", "--convert-to", "pdf", "--outdir", str(_FOLDER), str(into),
    ]  # fmt: skip
    try:
        _run(command, seconds)
        printed = (_FOLDER / "document.pdf").read_bytes()
    except subprocess.TimeoutExpired:
        raise NoCopy(Why.TOOK_TOO_LONG) from None
    except (OSError, subprocess.CalledProcessError):
        raise NoCopy(Why.BROKEN) from None
    into.unlink()
    (_FOLDER / "document.pdf").unlink()
    return printed


def _settled() -> Path:
    """Write the settings of the program into its folder, and return where they are."""
    profile = _FOLDER / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
    return profile


def _keep_to_what_it_needs(office: str) -> None:
    sandbox.keep_to(
        [*sandbox.readable(), *_READ],
        run=[*_RUN, _home(office)],
        write=[_FOLDER, _TEMPORARY, Path("/dev/null")],
    )


def _home(office: str) -> Path:
    """Return the folder in which the program lies with all that belongs to it."""
    return Path(os.path.realpath(office)).parents[1]


def _run(command: list[str], seconds: float) -> None:
    """Run the operator's program, which hears and says nothing.

    Raises:
        TimeoutExpired, CalledProcessError, OSError: it did not do it.
    """
    subprocess.run(  # noqa: S603  (the operator's program and our own words)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**_ENVIRONMENT, "HOME": str(_FOLDER), "TMPDIR": str(_FOLDER)},
        cwd=_FOLDER,
        timeout=max(seconds, 0.1),
        check=True,
    )


def limit_for_office(seconds: int) -> None:
    """Take no more than an office program needs."""
    sandbox.limit(
        memory=MEMORY, seconds=seconds, file_size=_LARGEST_FILE, files=_FILES, processes=PROCESSES
    )
