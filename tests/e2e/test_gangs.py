"""Distributed jobs and the ways into jobs, through a real server: processes that meet, one that fails, and a page of a job."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from zaffre.testing.ports import free_port
from zaffre.testing.server import Installation, until

MEET = """
import os, socket, sys, time
rank, world = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
place = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
if rank == 0:
    server = socket.create_server(place)
    server.settimeout(30)
    print("met", sorted(int(server.accept()[0].recv(8)) for _ in range(world - 1)))
else:
    for _ in range(300):
        try:
            socket.create_connection(place).sendall(str(rank).encode())
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    print("node", os.environ["NODE_RANK"], "local", os.environ["LOCAL_RANK"])
"""
FAIL = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.environ["RANK"] == "1":
    sys.exit(7)
print("hanging")
time.sleep(600)
"""
SERVICE = """
import base64, hashlib, http.server, os, sys
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if self.headers.get("Upgrade", "").lower() == "websocket":
            accept = base64.b64encode(hashlib.sha1(self.headers["Sec-WebSocket-Key"].encode() + GUID).digest())
            self.wfile.write(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                             b"Sec-WebSocket-Accept: " + accept + b"\\r\\n\\r\\n")
            self.wfile.write(b"echo:" + self.rfile.read(5))
            self.close_connection = True
            return
        if self.path == "/away":
            self.send_response(302); self.send_header("Location", "http://evil.example/x")
            self.send_header("Content-Length", "0"); self.end_headers(); return
        if self.path == "/login":
            self.send_response(302); self.send_header("Location", "/home"); self.send_header("Set-Cookie", "mine=1; Path=/")
            self.send_header("Set-Cookie", "zaffre_session=stolen; Path=/"); self.send_header("Content-Length", "0")
            self.end_headers(); return
        seen = "\\n".join(f"{k.lower()}: {v}" for k, v in self.headers.items())
        body = f"{self.command} {self.path}\\n{seen}\\n".encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body[::-1])
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""


def submitted(rig: Installation, name: str, program: str, *words: str, **more: Any) -> None:
    rig.submit(
        name, f'{sys.executable} -c "$PROGRAM" {" ".join(words)}', environment_variables={"PROGRAM": program}, **more
    )


def test_ranks_meet_and_their_logs_stand_together(zaffre: Installation) -> None:
    more = {"distribution": {"type": "pytorch", "process_count_per_instance": 2}, "resources": {"instance_count": 2}}
    submitted(zaffre, "meet", MEET, **more)
    assert zaffre.ended("meet")["status"] == "Completed"
    assert zaffre.text("meet", "user_logs/std_log_process_0.txt") == "met [1, 2, 3]\n"
    merged = sorted(zaffre.text("meet", "user_logs/all_ranks.txt").splitlines())
    assert merged == ["[0] met [1, 2, 3]", "[1] node 0 local 1", "[2] node 1 local 0", "[3] node 1 local 1"]
    done = subprocess.run(
        [Path(sys.executable).with_name("zaffre"), "job", "stream", "-n", "meet"],
        env=zaffre.variables(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "[2] node 1 local 0" in done.stdout + done.stderr


def test_the_rank_that_failed_is_the_reason(zaffre: Installation) -> None:
    submitted(zaffre, "fail", FAIL, distribution={"type": "pytorch", "process_count_per_instance": 3})
    state = zaffre.ended("fail", 60)
    assert (state["status"], state["reason"]["code"]) == ("Failed", "ExitCode")
    assert state["reason"]["message"].startswith("Rank 1 of 3 exited with code 7.")
    assert (state["reason"]["facts"]["who"], state["reason"]["facts"]["code"]) == ("Rank 1 of 3", 7)
    assert zaffre.commands() == {}


def test_a_cluster_without_its_program_says_what_to_add(zaffre: Installation) -> None:
    for kind, package in (("ray", "ray[default]"), ("dask", "dask[distributed]")):
        zaffre.submit(kind, "echo", distribution={"type": kind})
        reason = zaffre.ended(kind)["reason"]
        assert (reason["code"], package in reason["message"]) == ("LaunchFailed", True), reason


def test_a_custom_service_is_reached_behind_the_gate(zaffre: Installation) -> None:
    port = free_port()
    services = {
        "page": {"type": "custom", "port": port},
        "board": {"type": "tensor_board"},
        "own": {"type": "custom", "port": zaffre.port},
    }
    submitted(zaffre, "served", SERVICE, str(port), services=services)
    root = f"http://127.0.0.1:{zaffre.port}/api/v1/workspaces/default/jobs/served/services"
    found = until(lambda: (seen := _services(zaffre))["page"]["status"] == "Running" and seen, "the page")
    assert found["page"]["endpoint"] == f"{root}/page/"
    assert (found["page"]["type"], found["page"]["port"]) == ("Custom", port)
    assert (found["board"]["status"], "tensorboard" in found["board"]["error"]["error"]["message"]) == ("Failed", True)
    assert found["own"]["status"] == "Starting"  # somebody listens there, and it is not the job

    page = zaffre.http.get(f"{root}/page/a%20b/c?x=1&y=%2F", headers={"cookie": "zaffre_session=s; k=v"})
    lines = page.text.splitlines()
    assert lines[0] == "GET /a%20b/c?x=1&y=%2F"
    assert "cookie: k=v" in lines
    assert not [line for line in lines if line.startswith("authorization")]
    assert f"x-forwarded-prefix: {root.partition(str(zaffre.port))[2]}/page" in lines
    assert zaffre.http.post(f"{root}/page/", content=b"abc").text == "cba"

    login = zaffre.http.get(f"{root}/page/login", follow_redirects=False)
    assert login.headers["location"].endswith("/services/page/home")
    assert login.headers.get_list("set-cookie") == [f"mine=1; Path={root.partition(str(zaffre.port))[2]}/page/"]
    assert "location" not in zaffre.http.get(f"{root}/page/away", follow_redirects=False).headers

    assert httpx.get(f"{root}/page/").status_code == 401
    assert zaffre.http.get(f"{root}/own/", follow_redirects=False).status_code == 409
    assert zaffre.http.get(f"{root}/none/").status_code == 404
    _websocket(zaffre, "/api/v1/workspaces/default/jobs/served/services/page/live")
    zaffre.call("POST", "jobs/served/cancel")
    zaffre.ended("served")
    assert _services(zaffre)["page"]["status"] == "Stopped"
    assert zaffre.http.get(f"{root}/page/").status_code == 409


def _services(rig: Installation) -> dict[str, Any]:
    return {each["name"]: each for each in rig.call("GET", "jobs/served/services").raise_for_status().json()["value"]}


def _websocket(rig: Installation, path: str) -> None:
    """A handshake with the known answer of RFC 6455, then bytes both ways; without a token no handshake."""
    for token, wanted in (("", b" 401 "), (rig.http.headers["authorization"], b" 101 ")):
        head = [
            f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{rig.port}", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            *([f"Authorization: {token}"] if token else []),
        ]  # fmt: skip
        with socket.create_connection(("127.0.0.1", rig.port), timeout=20) as line:
            line.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
            stream = line.makefile("rb")
            answer = b"".join(iter(stream.readline, b"\r\n"))
            assert wanted in answer[:20], answer
            if b"101" in wanted:
                assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in answer
                line.sendall(b"hello")
                assert stream.read(10) == b"echo:hello"


def test_an_mpi_job_runs_its_ranks_with_mpirun_or_without(zaffre: Installation) -> None:
    program = "import os; print(os.environ['OMPI_COMM_WORLD_RANK'], os.environ['OMPI_COMM_WORLD_SIZE'])"
    submitted(zaffre, "mpi", program, distribution={"type": "mpi", "process_count_per_instance": 2})
    assert zaffre.ended("mpi")["status"] == "Completed"
    assert [zaffre.text("mpi", f"user_logs/std_log_process_{n}.txt") for n in range(2)] == ["0 2\n", "1 2\n"]
