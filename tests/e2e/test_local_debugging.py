"""``--local --vscode-debug`` with the real debugpy: an editor attaches, stops at a breakpoint in run(), looks, goes on."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from zaffre.testing.server import Installation, until

ZAFFRE = str(Path(sys.executable).parent / "zaffre")
SCORE = """\
import json
def init():
    pass
def run(data):
    number = json.loads(data)["x"]
    return number + {more}
"""
STOPS_AT = 6
DOCUMENT = {
    "name": "blue",
    "endpoint_name": "mine",
    "code_configuration": {"code": "code", "scoring_script": "score.py"},
    "environment": {"image": "python:3.11", "conda_file": "conda.yml"},
    "instance_type": "any",
    "request_settings": {"request_timeout_ms": 1000},
}
CONDA = "dependencies: [python=3.11, pip, {pip: [debugpy]}]\n"


class Editor:
    """As much of the Debug Adapter Protocol as an editor needs to stop somewhere."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), 60)
        self._file = self._line.makefile("rb")
        self._number = 0

    def attach(self, script: Path, line: int) -> bool:
        """Whether the breakpoint was taken."""
        self.ask("initialize", adapterID="test", pathFormat="path", linesStartAt1=True)
        self._send("attach", justMyCode=True)
        self.event("initialized")
        taken = self.ask("setBreakpoints", source={"path": str(script)}, breakpoints=[{"line": line}])
        self.ask("configurationDone")
        return taken["breakpoints"][0]["verified"]

    def _send(self, command: str, **arguments: Any) -> int:
        self._number += 1
        body = json.dumps({"seq": self._number, "type": "request", "command": command, "arguments": arguments}).encode()
        self._line.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return self._number

    def ask(self, command: str, **arguments: Any) -> Any:
        number = self._send(command, **arguments)
        told = self._until(lambda one: one["type"] == "response" and one["request_seq"] == number)
        assert told["success"], told
        return told.get("body")

    def event(self, name: str) -> Any:
        return self._until(lambda one: one["type"] == "event" and one["event"] == name).get("body")

    def _until(self, wanted: Any) -> Any:
        while True:
            length = 0
            while (line := self._file.readline().strip()) != b"" or not length:
                assert line or length, "the debugger hung up"
                length = int(line.partition(b":")[2]) if line.lower().startswith(b"content-length") else length
            message = json.loads(self._file.read(length))
            if wanted(message):
                return message

    def close(self) -> None:
        """Detach; the program goes on."""
        self.ask("disconnect", terminateDebuggee=False)
        self._file.close()
        self._line.close()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/score.py").write_text(SCORE.format(more=1))
    (tmp_path / "blue.yml").write_text(json.dumps(DOCUMENT))
    (tmp_path / "conda.yml").write_text(CONDA)
    return tmp_path


def run(zaffre: Installation, work: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "ZAFFRE_HOME": str(zaffre.home)}
    return subprocess.run(
        [ZAFFRE, *words], cwd=work, env=environ, capture_output=True, text=True, check=False, timeout=180
    )


def stopped(editor: Editor, uri: str, number: int) -> tuple[str, int]:
    """A request that stops at the breakpoint: what the editor sees there, and what the caller gets after it went on."""
    answers: list[int] = []
    caller = threading.Thread(target=lambda: answers.append(httpx.post(uri, json={"x": number}, timeout=60).json()))
    caller.start()
    thread = editor.event("stopped")["threadId"]
    frame = editor.ask("stackTrace", threadId=thread)["stackFrames"][0]
    assert (Path(frame["source"]["path"]).name, frame["line"]) == ("score.py", STOPS_AT)
    seen = editor.ask("evaluate", expression="number * 2", frameId=frame["id"])["result"]
    threading.Event().wait(1.5)  # longer than the deployment gives a request: whoever debugs has time
    editor.ask("continue", threadId=thread)
    caller.join(60)
    return seen, answers[0]


@pytest.mark.timeout(300)
def test_an_editor_stops_in_run_and_again_after_the_code_has_changed(zaffre: Installation, work: Path) -> None:
    made = run(zaffre, work, "online-deployment", "create", "--local", "--vscode-debug", "-f", "blue.yml", "-o", "json")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert f'"port": {told["debug_port"]}' in made.stderr
    script, log = work / "code/score.py", zaffre.home / "local/mine/blue/log.txt"
    editor = Editor(told["debug_port"])
    assert editor.attach(script, STOPS_AT)
    assert stopped(editor, told["scoring_uri"], 20) == ("40", 21)
    script.write_text(SCORE.format(more=2))

    def changed() -> bool:
        try:
            return httpx.post(told["scoring_uri"], json={"x": 1}, timeout=10).json() == 3
        except httpx.TransportError:
            return False

    until(lambda: "the code has changed" in log.read_text(), "the change noticed")
    editor.close()
    until(changed, "the changed code")
    editor = Editor(told["debug_port"])
    assert editor.attach(script, STOPS_AT)
    assert stopped(editor, told["scoring_uri"], 20) == ("40", 22)
    editor.close()
    assert run(zaffre, work, "online-endpoint", "delete", "--local", "-n", "mine", "--yes").returncode == 0


def test_without_debugpy_it_is_said_what_is_missing(zaffre: Installation, work: Path) -> None:
    (work / "conda.yml").write_text(CONDA.replace("debugpy", "six"))
    made = run(zaffre, work, "online-deployment", "create", "--local", "--vscode-debug", "-f", "blue.yml")
    assert made.returncode == 1
    assert "environment: debugpy is not in the environment, and --vscode-debug needs it; add debugpy" in made.stderr
