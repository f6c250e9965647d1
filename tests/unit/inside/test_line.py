"""HTTP with the standard library: refusals as OSErrors, lost connections tried again, forks apart."""

import io
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from zaffre.inside.line import Line
from zaffre.inside.surroundings import Surroundings


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    plan: ClassVar[list] = []
    seen: ClassVar[list] = []

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append((self.command, self.path, self.headers["authorization"], body, self.client_address))
        status, content = self.plan.pop(0) if self.plan else (200, b"{}")
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_PUT = do_POST = do_GET  # noqa: N815 the names that http.server asks for

    def log_message(self, *words):
        pass


@pytest.fixture
def line():
    Answers.plan, Answers.seen = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Line(Surroundings(f"http://127.0.0.1:{server.server_port}", "secret", "w", "s", "g", ""))
    yield made
    made._drop()
    server.shutdown()
    server.server_close()


def test_one_connection_is_kept(line):
    line.json("POST", "/a", {"x": 1}, {"q": "a b"})
    line.ask("PUT", "/b", body=io.BytesIO(b"stream"))
    (one, two) = Answers.seen
    assert one[:4] == ("POST", "/a?q=a+b", "Bearer secret", b'{"x": 1}')
    assert two[:4] == ("PUT", "/b", "Bearer secret", b"stream")
    assert one[4] == two[4]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, FileNotFoundError), (403, PermissionError), (401, PermissionError), (409, FileExistsError), (400, OSError)],
)
def test_refusals(line, status, kind):
    Answers.plan[:] = [(status, b'{"error": {"message": "because"}}')]
    with pytest.raises(kind, match="because") as refused:
        line.ask("GET", "/x")
    assert refused.value.filename == "/x"


def test_what_is_safe_is_tried_again_and_what_is_not_is_not(line):
    Answers.plan[:] = [(0, b""), (503, b""), (200, b"[1]")]
    assert line.json("GET", "/x") == [1]
    Answers.plan[:] = [(0, b"")]
    with pytest.raises(ConnectionError, match="did not answer"):
        line.ask("POST", "/x")


def test_a_stream_is_sent_whole_again(line):
    Answers.plan[:] = [(0, b"")]
    line.ask("PUT", "/x", body=io.BytesIO(b"whole"))
    assert [seen[3] for seen in Answers.seen] == [b"whole", b"whole"]


def test_a_forked_process_has_a_connection_of_its_own(line):
    line.ask("GET", "/parent")
    pid = os.fork()
    if pid == 0:
        try:
            line.ask("GET", "/child")
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    line.ask("GET", "/parent")
    parent, child, again = Answers.seen
    assert parent[4] == again[4] != child[4]
