"""A package index in the test's own process: wheels made on the spot, and a network that can be cut.

Builders are tested against it, so that what they do when an index answers nonsense, slowly or not at all can be seen.
"""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Wheel:
    """One small pure package: ``import <name>; <name>.VERSION``."""

    name: str
    version: str
    requires: tuple[str, ...] = ()
    script: str = ""
    """Name of a console program that prints the package's version and the prefix it runs in."""
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    """More files: path → text."""

    @property
    def filename(self) -> str:
        """As indexes list it."""
        return f"{self.name}-{self.version}-py3-none-any.whl"

    def content(self) -> bytes:
        """The archive."""
        info = f"{self.name}-{self.version}.dist-info"
        files = {
            f"{self.name}/__init__.py": self._module(),
            **self.extra,
            f"{info}/METADATA": self._metadata(),
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: zaffre\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        if self.script:
            files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{self.script} = {self.name}:main\n"
        record = "".join(f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in files.items())
        files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as target:
            for path, text in files.items():
                target.writestr(zipfile.ZipInfo(path), text)
        return archive.getvalue()

    def _module(self) -> str:
        return f"import sys\nVERSION = {self.version!r}\ndef main():\n    print(VERSION, sys.prefix)\n"

    def _metadata(self) -> str:
        requires = "".join(f"Requires-Dist: {line}\n" for line in self.requires)
        return f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}\n{requires}"


class Index:
    """Serves wheels on a free port of the loopback address; a context manager."""

    def __init__(self, *wheels: Wheel) -> None:
        self._wheels = {wheel.filename: wheel for wheel in wheels}
        self.open = threading.Event()
        """Clear it to let requests wait: a slow index."""
        self.open.set()
        self.asked = threading.Event()
        """Set by every request."""
        self.broken = False
        """True: every request is answered 503."""
        self.login: tuple[str, str] | None = None
        """User and password that every request must bring; None: anyone may ask."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answerer())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """What an installer is given."""
        return f"http://127.0.0.1:{self._server.server_port}/simple"

    def __enter__(self) -> Index:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, bytes]:
        """Status and body of a request."""
        if self.broken:
            return 503, b"broken"
        parts = path.strip("/").split("/")
        if parts[0] == "files" and parts[-1] in self._wheels:
            return 200, self._wheels[parts[-1]].content()
        found = [wheel for wheel in self._wheels.values() if parts == ["simple", wheel.name.replace("_", "-")]]
        links = "".join(
            f'<a href="/files/{wheel.filename}#sha256={hashlib.sha256(wheel.content()).hexdigest()}">'
            f"{wheel.filename}</a>"
            for wheel in found
        )
        return (
            (200, f"<!DOCTYPE html><html><body>{links}</body></html>".encode()) if found else (404, b"no such package")
        )

    def admits(self, authorization: str) -> bool:
        """Whether a request with this header is let in."""
        if self.login is None:
            return True
        wanted = base64.b64encode(":".join(self.login).encode()).decode()
        return authorization == f"Basic {wanted}"

    def _answerer(self) -> type[BaseHTTPRequestHandler]:
        index = self

        class Answerer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.set()
                index.open.wait(60)
                admitted = index.admits(self.headers.get("Authorization", ""))
                status, body = index.answer(self.path) if admitted else (401, b"who are you?")
                self.send_response(status)
                if not admitted:
                    self.send_header("WWW-Authenticate", 'Basic realm="packages"')
                self.send_header("Content-Type", "text/html" if self.path.startswith("/simple") else "application/zip")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815 - the name the standard library calls

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: tests read what they need from the index itself."""

        return Answerer


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
