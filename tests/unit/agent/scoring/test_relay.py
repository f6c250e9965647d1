"""A server of the user's own behind a replica's socket: routes, ports, pieces, websockets, its end."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sys
from pathlib import Path

import pytest

from zaffre.agent.scoring.relay import Program, Route, Routes
from zaffre.testing.serving import Rig, until

SERVER = """
import http.server, os, sys, time
class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if self.path == "/ws":
            self.connection.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: echo\\r\\nConnection: Upgrade\\r\\n\\r\\n")
            while True:
                data = self.connection.recv(100)
                if not data: return
                self.connection.sendall(data.upper())
        if self.path == "/pieces":
            self.send_response(200); self.send_header("transfer-encoding", "chunked"); self.end_headers()
            for n in range(3):
                self.wfile.write(b"2\\r\\n%d;\\r\\n" % n); self.wfile.flush(); time.sleep(0.1)
            self.wfile.write(b"0\\r\\n\\r\\n"); return
        self.answer(self.path.encode())
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if body == b"die": os._exit(5)
        self.answer(self.path.encode() + b" " + body)
    def answer(self, body):
        self.send_response(200); self.send_header("content-length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
time.sleep(float(sys.argv[2]))
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
"""
ROUTES = {
    name: {"path": path, "port": 8000}
    for name, path in (("scoring", "/v1/go"), ("liveness", "/live"), ("readiness", "/ready"))
}


class _Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("host", timeout=20)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(self._path)


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path)
    try:
        yield made
    finally:
        made.close()


def _started(rig, tmp_path, wait="0", **told):
    (tmp_path / "server.py").write_text(SERVER)
    server = {"argv": [sys.executable, str(tmp_path / "server.py"), "8000", wait], "routes": ROUTES, **told}
    return rig.start_host({"kind": "custom", "server": server}, ready=False)


def _ask(host, path="/score", body=None):
    connection = _Unix(host.socket)
    try:
        connection.request("POST" if body is not None else "GET", path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _ready(host):
    until(lambda: b"ready:" in host.log.read_bytes() or host.process.poll() is not None, "the server")
    assert host.process.poll() is None, host.log.read_text()


def test_score_is_the_scoring_route_and_every_other_path_itself(rig, tmp_path):
    host = _started(rig, tmp_path)
    _ready(host)
    assert _ask(host, "/score?a=1", b"body") == (200, b"/v1/go?a=1 body")
    assert _ask(host, "/live") == (200, b"/live")
    assert _ask(host, "/other") == (200, b"/other")
    connection = _Unix(host.socket)
    for n in range(3):
        connection.request("POST", "/score", b"%d" % n)
        assert connection.getresponse().read() == b"/v1/go %d" % n
    connection.close()


def test_two_replicas_do_not_fight_for_the_port(rig, tmp_path):
    hosts = [_started(rig, tmp_path) for _ in range(2)]
    for host in hosts:
        _ready(host)
        assert _ask(host, body=b"x")[0] == 200


def test_until_it_listens_the_answer_is_503_that_may_be_asked_again(rig, tmp_path):
    host = _started(rig, tmp_path, wait="1.5")
    until(lambda: Path(host.socket).exists(), "the socket")
    connection = _Unix(host.socket)
    connection.request("POST", "/score", b"x")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["x-zaffre-not-run"]) == (503, "1")
    assert "does not listen" in json.loads(answer.read())["message"]
    connection.close()
    _ready(host)
    assert _ask(host, body=b"x")[0] == 200


def test_pieces_and_upgrades_pass(rig, tmp_path):
    host = _started(rig, tmp_path)
    _ready(host)
    assert _ask(host, "/pieces") == (200, b"0;1;2;")
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(10)
        raw.connect(host.socket)
        raw.sendall(b"GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n")
        assert b"101" in raw.recv(1000)
        for word in (b"one", b"two"):
            raw.sendall(word)
            assert raw.recv(100) == word.upper()


def test_when_it_ends_the_replica_ends_with_its_code(rig, tmp_path):
    host = _started(rig, tmp_path)
    _ready(host)
    with pytest.raises((http.client.HTTPException, OSError)):
        _ask(host, body=b"die")
    assert host.process.wait(20) == 5
    assert "ended by itself, with code 5" in host.log.read_text()


def test_sigterm_ends_both(rig, tmp_path):
    host = _started(rig, tmp_path)
    _ready(host)
    host.kill(signal.SIGTERM)
    assert host.process.wait(20) == 0
    assert not Path(host.socket).exists()


def test_a_command_that_is_not_there_is_told(rig, tmp_path):
    host = _started(rig, tmp_path, argv=["no-such-program"])
    assert host.process.wait(20) == 1
    assert "cannot be started: no-such-program" in host.log.read_text()


def test_a_port_that_nothing_names_and_is_taken_is_told(rig, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        routes = {name: {**one, "port": port} for name, one in ROUTES.items()}
        host = _started(rig, tmp_path, routes=routes, argv=["sleep", "60"])
        assert host.process.wait(20) == 1
    assert f"port {port} of the server is in use" in host.log.read_text()


def test_ports_are_exchanged_where_words_and_variables_name_them():
    routes = Routes(Route("/score", 8000), Route("/live", 8000), Route("/ready", 9000))
    program = Program(["run", "--bind=0.0.0.0:8000", "x18000"], {"PORT": "8000", "OTHER": "9000"}, "", routes).moved()
    score, health = program.routes.scoring.port, program.routes.readiness.port
    assert program.argv == ["run", f"--bind=0.0.0.0:{score}", "x18000"]
    assert program.environ == {"PORT": str(score), "OTHER": str(health)}
    assert len({score, health, 8000, 9000}) == 4
