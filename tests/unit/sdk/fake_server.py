"""A small server that speaks the native REST from memory, for tests of the client.

Also a program: ``python fake_server.py`` serves ``$ZAFFRE_HOME`` as the real one does (server.json, token, /readyz).
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import struct
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "secret-token"
FINAL = {"Completed", "Failed", "Canceled"}


class Fake:
    """State of one fake server; tests read and set it."""

    def __init__(self) -> None:
        self.resources: dict[str, dict[str, Any]] = {}
        self.bodies: list[tuple[str, str, Any]] = []
        self.blobs: dict[str, bytes] = {}
        self.uploads: dict[str, dict[str, Any]] = {}
        self.failures: list[dict[str, Any]] = []
        """Answers given instead of the next ones: ``{"status", "body"?, "retry_after"?, "drop"?}``."""
        self.log = b""
        self.log_name = "user_logs/std_log.txt"
        self.log_break_at: int | None = None
        self.job_end: dict[str, Any] = {"status": "Completed"}
        self.files: dict[str, bytes] = {}
        self.provisioning = ["Succeeded"]
        self.keys = {"primary_key": "p1", "secondary_key": "s1"}
        self.scored: list[dict[str, Any]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=lambda: self.server.serve_forever(0.02), daemon=True)

    def start(self) -> Fake:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def calls(self, method: str) -> list[str]:
        return [path for found, path, _ in self.bodies if found == method]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(_Handler):
            state = fake

        return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    state: Fake

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _serve(self) -> None:
        target = urlsplit(self.path)
        path = unquote(target.path)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_json = raw and "json" in self.headers.get("Content-Type", "")
        body = json.loads(raw) if is_json and not path.endswith("/score") else raw
        self.state.bodies.append((self.command, path, body if is_json else raw))
        if path == "/readyz":
            return self._reply({"status": "ready"})
        if self.state.failures:
            failure = self.state.failures.pop(0)
            if failure.get("drop"):
                self.close_connection = True
                self.connection.close()
                return None
            return self._reply(failure.get("body", {}), failure["status"], failure.get("retry_after"))
        if path.endswith("/score"):
            return self._score(raw)
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._error(401, "AuthenticationFailed", "The token is missing or wrong.")
        return self._route(path, query, body)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - the names http.server calls

    def _route(self, path: str, query: dict[str, str], body: Any) -> None:  # noqa: C901, PLR0911 - a router
        parts = path.removeprefix("/api/v1/workspaces/").split("/")
        if len(parts) > 1 and parts[1] == "uploads":
            return self._upload(parts[2:], body)
        if path.endswith("jobs:validate"):
            wrong = [{"message": "unknown field", "field": "oops", "hint": ""}] if "oops" in body else []
            return self._reply({"valid": not wrong, "problems": wrong})
        if path.endswith("/logs") and "/jobs/" in path:
            return self._reply({"value": [{"path": self.state.log_name, "size": len(self.state.log)}]})
        if path.endswith("/logs"):
            return self._reply({"content": "\n".join(["l1", "l2", "l3"][-int(query["tail"]) :])})
        if "/logs/" in path:
            return self._log(path, int(query.get("after", 0)))
        if "/files" in path:
            return self._files(path, query)
        if self.command == "POST":
            return self._act(path, body)
        if self.command == "DELETE":
            if self.state.resources.pop(path, None) is None:
                return self._error(404, "ResourceNotFound", f"nothing at {path}")
            return self._reply(None, 204)
        if self.command == "PUT":
            return self._put(path, body)
        return self._get(path, query)

    def _put(self, path: str, body: dict[str, Any]) -> None:
        if "datta" in (body.get("inputs") or {}):
            details = [
                {"code": "V", "message": "unknown input", "target": "inputs.datta", "hint": 'did you mean "data"?'}
            ]
            return self._error(400, "ValidationError", "wrong", details)
        parts = path.split("/")
        resource = {
            "id": path, "kind": "x", "workspace": parts[4], "name": body["name"], "spec": body,
            "state": {"status": "Running"} if parts[-2] == "jobs" else {},
            "system": {"created_at": "2026-01-02T03:04:05.678Z", "created_by": "me", "archived": False},
        }  # fmt: skip
        if parts[-2] == "versions":
            resource["version"] = parts[-1]
        if "online-endpoints" in parts:
            resource["state"] = {"provisioning_state": self.state.provisioning[0]}
            if "deployments" in parts:
                resource["parent"] = parts[parts.index("online-endpoints") + 1]
            else:
                resource["state"]["scoring_uri"] = f"{self.state.url}/endpoints/{parts[4]}/{body['name']}/score"
        new = path not in self.state.resources
        self.state.resources[path] = resource
        self._reply(resource, 201 if new else 200)

    def _get(self, path: str, query: dict[str, str]) -> None:
        path = path.replace("/labels/latest", "/versions/1")
        found = self.state.resources.get(path)
        if found is not None:
            if query.get("wait_for") == "final":
                if "/jobs/" in path:
                    found["state"] = self.state.job_end
                elif len(self.state.provisioning) > 1:
                    self.state.provisioning.pop(0)
                    found["state"] = {
                        **found["state"],
                        "provisioning_state": self.state.provisioning[0],
                        "reason": "no",
                    }
            return self._reply(found)
        if path.rpartition("/")[2] in ("jobs", "data", "models", "versions", "deployments", "computes"):
            below = [item for where, item in self.state.resources.items() if where.startswith(path + "/")]
            skip, top = int(query.get("skip", 0)), int(query.get("top", 100))
            more = {"next": "yes"} if len(below) > skip + top else {}
            return self._reply({"value": below[skip : skip + top], **more})
        return self._error(404, "ResourceNotFound", f"There is no {path}")

    def _act(self, path: str, body: Any) -> None:
        if path.endswith("/keys"):
            return self._reply(self.state.keys)
        if path.endswith("/keys/regenerate"):
            self.state.keys[f"{body['key_type']}_key"] = "new"
            return self._reply(self.state.keys)
        if path.endswith("/versions"):
            return self._put(f"{path}/{1 + sum(where.startswith(path + '/') for where in self.state.resources)}", body)
        return self._reply({}, 202)

    def _upload(self, parts: list[str], body: Any) -> None:
        state = self.state
        if not parts:
            identity = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
            state.uploads[identity] = body
            missing = [file["sha256"] for file in body["files"] if file["sha256"] not in state.blobs]
            return self._reply({"id": identity, "missing": sorted(set(missing)), "path": None})
        upload = state.uploads[parts[0]]
        if parts[1] == "pack":
            at = 0
            while at < len(body):
                digest, size = body[at : at + 32].hex(), struct.unpack(">Q", body[at + 32 : at + 40])[0]
                content = bytes(body[at + 40 : at + 40 + size])
                assert hashlib.sha256(content).hexdigest() == digest
                state.blobs[digest] = content
                at += 40 + size
            return self._reply({})
        assert all(file["sha256"] in state.blobs for file in upload["files"]), "committed before all was sent"
        if upload["target"] == "code":
            return self._reply({"code": f"azureml:code-{parts[0]}:1"})
        return self._reply(
            {"path": f"azureml://datastores/workspaceblobstore/paths/LocalUpload/{parts[0]}/{upload['name']}"}
        )

    def _log(self, path: str, after: int) -> None:
        state = self.state
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        end = len(state.log) if path.endswith(f"/logs/{state.log_name}") else 0
        if state.log_break_at is not None and after < state.log_break_at:
            end, state.log_break_at = state.log_break_at, None
            broken = True
        else:
            broken = False
        for start in range(after, end, 7):
            piece = state.log[start : min(start + 7, end)]
            data = json.dumps({"offset": start, "data": piece.decode(errors="replace")})
            self.wfile.write(f": ping\nid: {start + len(piece)}\nevent: log\ndata: {data}\n\n".encode())
        if not broken:
            self.wfile.write(f"event: end\ndata: {json.dumps(state.job_end)}\n\n".encode())
        self.wfile.flush()
        self.close_connection = True

    def _files(self, path: str, query: dict[str, str]) -> None:
        if path.endswith("/files"):
            prefix = query.get("prefix", "")
            named = [{"path": p, "size": len(c)} for p, c in self.state.files.items() if p.startswith(prefix)]
            return self._reply({"value": named})
        content = self.state.files[path.partition("/files/")[2]]
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def _score(self, raw: bytes) -> None:
        seen = {name.lower(): value for name, value in self.headers.items()}
        self.state.scored.append(
            {"key": seen["authorization"], "deployment": seen.get("azureml-model-deployment"), "body": raw}
        )
        self._reply([1, 2])

    def _error(self, status: int, code: str, message: str, details: list[Any] | None = None) -> None:
        self._reply({"error": {"code": code, "message": message, "target": None, "details": details or []}}, status)

    def _reply(self, body: Any, status: int = 200, retry_after: str | None = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if retry_after is not None:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


def main() -> None:
    """Serve ``$ZAFFRE_HOME`` until SIGTERM."""
    home = Path(os.environ["ZAFFRE_HOME"])
    with (home / "starts").open("a") as starts:
        starts.write(f"{os.getpid()} {os.environ.get('ZAFFRE_SERVER_PORT', '')}\n")
    if (home / "refuse").exists():
        sys.exit("the database is from a later version")
    fake = Fake().start()
    (home / "token").write_text(TOKEN)
    partial = home / f"server.{uuid.uuid4().hex}"
    partial.write_text(json.dumps({"server_url": fake.url, "router_url": "", "pid": os.getpid(), "version": "0"}))
    partial.rename(home / "server.json")
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    ended.wait()


if __name__ == "__main__":
    main()
