"""The proxies in front, as `hotline/operate/deploy` has them: run for real, they write down nobody, and tell us of nobody."""

import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import free_port, wait_for

DEPLOY = Path(__file__).parents[3] / "hotline" / "operate" / "deploy"
NAME = "line.example"
ASKS_FROM = "127.0.0.77"
TELLING = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
}


class Behind(http.server.BaseHTTPRequestHandler):
    """Stands where the hotline stands, and keeps the head of what it was asked."""

    heads: list[str]

    def do_GET(self) -> None:
        self.heads.append(f"{self.path} {self.headers}")
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def behind() -> Iterator[tuple[int, list[str]]]:
    heads: list[str] = []
    handler = type("Kept", (Behind,), {"heads": heads})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port, heads
    server.shutdown()
    server.server_close()


def program(name: str) -> str:
    """Return where the program is; on CI it must be there."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        assert not os.environ.get("CI"), f"{name} must be there on CI"
        pytest.skip(f"no {name} on this machine")
    return found


def certificate(folder: Path) -> None:
    words = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={NAME}"
    words += f" -addext subjectAltName=DNS:{NAME} -keyout {folder}/privkey.pem -out {folder}/fullchain.pem"
    subprocess.run(words.split(), check=True, capture_output=True)


def nginx(folder: Path, port: int, inner: int) -> list[str]:
    """Write the example with other places in it, as nginx takes it, and return how it is started."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{inner}")
    text = text.replace(f"/etc/letsencrypt/live/{NAME}", str(folder))
    text = text.replace("/var/log/nginx", str(folder))
    (folder / "hotline.conf").write_text(text)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    around = f"daemon off; pid {folder}/pid; worker_processes 1; events {{}}\nhttp {{\n{places}include hotline.conf;\n}}\n"
    (folder / "nginx.conf").write_text(around)
    command = [
        program("nginx"),
        "-p",
        str(folder),
        "-e",
        str(folder / "error.log"),
        "-c",
        "nginx.conf",
    ]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    return command


def caddy(folder: Path, port: int, inner: int) -> list[str]:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    text = text.replace(
        f"\n{NAME} {{", f"\n{NAME}:{port} {{\n\ttls {folder}/fullchain.pem {folder}/privkey.pem", 1
    )
    text = text.replace("\tadmin off\n", "\tadmin off\n\tauto_https disable_redirects\n", 1)
    (folder / "Caddyfile").write_text(text.replace("127.0.0.1:8000", f"127.0.0.1:{inner}"))
    words = ["--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return [program("caddy"), "run", *words]


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_who_asks_is_written_down_nowhere_and_not_passed_on(tmp_path, behind, proxy):
    inner, heads = behind
    port = free_port()
    certificate(tmp_path)
    command = proxy(tmp_path, port, inner)
    with (tmp_path / "said").open("wb") as said:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        process = subprocess.Popen(command, stdout=said, stderr=said, env=env)
    try:
        assert wait_for(lambda: asks(tmp_path, port, "/en/new").startswith("HTTP/"))
        answer = asks(tmp_path, port, "/en/new?a=b")
        assert "strict-transport-security: max-age=63072000" in answer.lower()
        assert asks(tmp_path, port, "/metrics").split()[1] == "404"
    finally:
        process.terminate()
        process.wait(20)

    assert heads[-1].startswith("/en/new?a=b ")
    told = "".join(heads)
    assert not [word for word in ("203.0.113.9", "evil.example", ASKS_FROM) if word in told]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert ASKS_FROM.encode() not in path.read_bytes(), path


def asks(folder: Path, port: int, path: str) -> str:
    """Ask from an address of our own, and return the answer with its head."""
    words = [
        "curl",
        "-sik",
        "--http1.1",
        "--interface",
        ASKS_FROM,
        "--resolve",
        f"{NAME}:{port}:127.0.0.1",
    ]
    for name, value in TELLING.items():
        words += ["-H", f"{name}: {value}"]
    return subprocess.run(
        [*words, f"https://{NAME}:{port}{path}"], capture_output=True, text=True, check=False
    ).stdout
