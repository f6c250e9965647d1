"""Jobs inside images that buildah built: the agent's contract holds as it does outside."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from zaffre.testing.server import Installation, deployed, installation, processes, until

MADE = "RUN echo 'made by the image' > /made\n"


def context(rig: Installation, dockerfile: str, **files: str) -> dict[str, Any]:
    """A build environment from an uploaded context."""
    content = {
        "Dockerfile": dockerfile.encode(),
        **{name.replace("__", "."): text.encode() for name, text in files.items()},
    }
    return {"build": {"path": rig.upload("data", content, "context")["path"]}}


def test_a_context_is_built_and_a_job_runs_in_it(
    rig: Installation, image: str, containers: Callable[[], list[str]]
) -> None:
    environment = context(
        rig, f"FROM {image}\n{MADE}COPY note.txt /opt/note.txt\nENV MODE=inside\n", note__txt="noted\n"
    )
    data = rig.upload("data", {"in.txt": b"from outside\n"}, "in")["path"]
    rig.submit(
        "contained",
        "cat /made /opt/note.txt ${{inputs.given}}/in.txt; echo $MODE $GREETING $OWN; echo kept > ${{outputs.result}}/kept; "
        "echo art > outputs/art.txt; python -c 'import os; print(os.getcwd() == os.environ[\"HERE\"])'; echo $MLFLOW_RUN_ID",
        environment=environment,
        inputs={"given": {"type": "uri_folder", "path": data}},
        outputs={"result": {"type": "uri_folder"}},
        environment_variables={"OWN": 'it\'s "mine"', "HERE": str(rig.attempt("contained") / "work")},
    )
    state = rig.ended("contained", 200)
    assert state["status"] == "Completed", (state, rig.text("contained"))
    assert rig.text("contained") == (
        'made by the image\nnoted\nfrom outside\ninside hello it\'s "mine"\nTrue\ncontained\n'
    )
    listed = {item["path"] for item in rig.call("GET", "jobs/contained/files").json()["value"]}
    assert {"artifacts/outputs/art.txt", "named-outputs/result/kept"} <= listed
    assert rig.commands() == {}
    assert containers() == []
    assert not list(rig.attempt("contained").glob("inside-*")), "the variables of the job lie in its folder"


def test_the_second_job_builds_nothing(rig: Installation, image: str) -> None:
    environment = context(rig, f"FROM {image}\nRUN touch /twice\n")
    rig.submit("first", "ls /twice", environment=environment)
    assert rig.ended("first", 200)["status"] == "Completed"
    before = {path.name for path in (rig.home / "runs").glob("build-*")}
    started = time.monotonic()
    rig.submit("second", "ls /twice", environment=environment)
    assert rig.ended("second")["status"] == "Completed"
    assert {path.name for path in (rig.home / "runs").glob("build-*")} == before
    assert time.monotonic() - started < 10


@pytest.fixture(scope="module")
def plain(rig: Installation, image: str) -> dict[str, Any]:
    found = context(rig, f"FROM {image}\n{MADE}")
    rig.submit("prepared", "true", environment=found)
    assert rig.ended("prepared", 200)["status"] == "Completed", rig.state("prepared")
    return found


@pytest.mark.parametrize("code", [0, 1, 7, 130])
def test_exit_codes_are_the_commands_own(rig: Installation, plain: dict[str, Any], code: int) -> None:
    rig.submit(f"code-{code}", f"echo before; exit {code}", environment=plain)
    state = rig.ended(f"code-{code}")
    assert state["status"] == ("Failed" if code else "Completed")
    assert rig.text(f"code-{code}") == "before\n", "nothing of the engine's stands in the log"
    if code:
        assert str(code) in state["reason"]["message"]


def test_logs_are_byte_exact_and_in_order(rig: Installation, plain: dict[str, Any]) -> None:
    script = (
        "import os\n"
        "for number in range(3000): os.write(1 + number % 2, b'%d \\x00\\xff\\xc3\\n' % number)\n"
        "os.write(1, bytes(range(256)) * 4000)\n"
        "os.write(2, b'last')"
    )
    rig.submit("bytes", f'python -c "{script}"', environment=plain)
    assert rig.ended("bytes")["status"] == "Completed", rig.text("bytes")
    answer = rig.call("GET", "jobs/bytes/logs/user_logs/std_log.txt").content
    wanted = b"".join(b"%d \x00\xff\xc3\n" % number for number in range(3000)) + bytes(range(256)) * 4000 + b"last"
    assert answer == wanted


def test_a_cancel_reaches_the_command_which_may_clean_up(
    rig: Installation, plain: dict[str, Any], containers: Callable[[], list[str]]
) -> None:
    command = "trap 'echo saved > outputs/saved.txt; exit 3' TERM; echo up; while :; do sleep 0.1; done"
    rig.submit("canceled", command, environment=plain)
    until(lambda: rig.running("canceled") and "up" in rig.text("canceled"), "the command")
    assert rig.call("POST", "jobs/canceled/cancel").status_code == 202
    assert rig.ended("canceled", 20)["status"] == "Canceled"
    listed = [item["path"] for item in rig.call("GET", "jobs/canceled/files").json()["value"]]
    assert "artifacts/outputs/saved.txt" in listed
    assert rig.commands() == {}
    until(lambda: containers() == [], "the container's removal")


def test_what_will_not_end_is_killed_and_nothing_lives_on(rig: Installation, plain: dict[str, Any]) -> None:
    command = "trap '' TERM; (trap '' TERM; sleep 1000) & echo up; while :; do sleep 0.1; done"
    rig.submit("stubborn", command, environment=plain)
    until(lambda: rig.running("stubborn") and "up" in rig.text("stubborn"), "the command")
    rig.call("POST", "jobs/stubborn/cancel")
    assert rig.ended("stubborn", 30)["status"] == "Canceled"
    until(lambda: rig.commands() == {}, "the end of all its processes", 10)


def test_what_a_command_left_running_ends_with_it(rig: Installation, plain: dict[str, Any]) -> None:
    rig.submit("left", "sleep 1000 & echo done", environment=plain)
    assert rig.ended("left", 20)["status"] == "Completed"
    assert rig.text("left") == "done\n"
    until(lambda: rig.commands() == {}, "the end of all its processes", 10)


def test_a_job_goes_on_while_the_server_is_gone(rig: Installation, plain: dict[str, Any], tmp_path: Path) -> None:
    gate = rig.attempt("outlives") / "work" / "gate"
    rig.submit("outlives", "echo up; until [ -e gate ]; do sleep 0.1; done; echo down", environment=plain)
    until(lambda: rig.running("outlives") and "up" in rig.text("outlives"), "the command")
    rig.kill()
    gate.touch()
    rig.start()
    assert rig.ended("outlives", 30)["status"] == "Completed"
    assert rig.text("outlives") == "up\ndown\n"


def test_a_killed_agent_leaves_nothing(
    rig: Installation, plain: dict[str, Any], containers: Callable[[], list[str]]
) -> None:
    rig.submit("agentless", "echo up; sleep 1000", environment=plain)
    until(lambda: rig.running("agentless") and "up" in rig.text("agentless"), "the command")
    os.kill(rig.agent("agentless")["agent_pid"], signal.SIGKILL)
    rig.call("POST", "jobs/agentless/cancel")
    rig.ended("agentless", 60)
    until(lambda: rig.commands() == {}, "the end of all its processes", 15)
    rig.submit("sweeper", "true", environment=plain)
    assert rig.ended("sweeper", 60)["status"] == "Completed"
    until(lambda: containers() == [], "the removal of the container that was left")


def test_a_build_that_fails_shows_the_engines_words_and_is_not_remembered(rig: Installation, image: str) -> None:
    environment = context(rig, f"FROM {image}\nRUN echo speaking; ls /nowhere\n")
    for name in ("broken", "broken-again"):
        rig.submit(name, "true", environment=environment)
        state = rig.ended(name, 100)
        assert (state["status"], state["reason"]["code"]) == ("Failed", "EnvironmentFailed")
        log = rig.text(state["build"])
        assert "speaking" in log
        assert "/nowhere" in log


def test_a_build_that_is_canceled_stops(rig: Installation, image: str) -> None:
    environment = context(rig, f"FROM {image}\nRUN echo working; sleep 500\n")
    rig.submit("impatient", "true", environment=environment)
    build = until(lambda: rig.state("impatient").get("build"), "its build")
    until(
        lambda: "working" in rig.text(build) if rig.state(build)["status"] == "Running" else False, "the build to work"
    )
    rig.call("POST", f"jobs/{build}/cancel")
    assert rig.ended(build, 30)["status"] == "Canceled"
    assert rig.ended("impatient", 30)["status"] == "Failed"
    until(lambda: rig.commands() == {}, "the end of the build", 15)


def test_an_image_by_name(rig: Installation, image: str) -> None:
    rig.submit("named", "echo $GREETING; python -c 'print(6 * 7)'", environment={"image": image})
    state = rig.ended("named", 100)
    assert state["status"] == "Completed", state
    assert rig.text("named") == "hello\n42\n"


def test_a_context_that_changed_is_another_image(rig: Installation, image: str) -> None:
    for number in (1, 2):
        environment = context(rig, f"FROM {image}\nRUN touch /x\nCOPY note.txt /note.txt\n", note__txt=f"{number}\n")
        rig.submit(f"changed-{number}", "cat /note.txt", environment=environment)
        assert rig.ended(f"changed-{number}", 100)["status"] == "Completed"
        assert rig.text(f"changed-{number}") == f"{number}\n"


def test_a_deployment_answers_from_inside(rig: Installation, plain: dict[str, Any]) -> None:
    score = "def init():\n    global made\n    made = open('/made').read().strip()\ndef run(data):\n    return [made, data]\n"
    deployed(rig, "inside", score, environment=plain)
    url = rig.call("GET", "online-endpoints/inside").json()["state"]["scoring_uri"]
    key = rig.call("POST", "online-endpoints/inside/keys").json()["primary_key"]
    answer = httpx.post(url, json={"x": 1}, headers={"Authorization": f"Bearer {key}"}, timeout=30)
    assert (answer.status_code, answer.json()) == (200, ["made by the image", '{"x":1}'])
    rig.call("DELETE", "online-endpoints/inside").raise_for_status()
    until(
        lambda: not [words for words in processes(rig.home).values() if "score" in words and "host.json" in words],
        "its end",
    )


SERVER = """
import http.server, json, os
MADE = open("/made").read().strip()
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.answer("alive")
    def do_POST(self):
        asked = self.rfile.read(int(self.headers["content-length"])).decode()
        self.answer([MADE, os.getcwd(), self.path, json.loads(asked)])
    def answer(self, said):
        body = json.dumps(said).encode()
        self.send_response(200); self.send_header("content-length", str(len(body))); self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answers).serve_forever()
"""


def test_the_images_own_server_answers_from_inside(rig: Installation, image: str) -> None:
    route = {"port": 8000, "path": "/live"}
    routes = {"liveness_route": route, "readiness_route": route, "scoring_route": {"port": 8000, "path": "/go"}}
    lines = (
        f'FROM {image}\n{MADE}WORKDIR /opt\nCOPY server.py server.py\nENV PORT=8000\nCMD ["python", "/opt/server.py"]\n'
    )
    environment = {**context(rig, lines, server__py=SERVER), "inference_config": routes}
    rig.call("PUT", "online-endpoints/own", {"name": "own"}).raise_for_status()
    document = {
        "name": "blue", "endpoint_name": "own", "environment": environment, "instance_type": "x", "instance_count": 1,
    }  # fmt: skip
    path = "online-endpoints/own/deployments/blue"
    answer = rig.call("PUT", path, document)
    assert answer.status_code in (200, 201), answer.text
    until(lambda: rig.call("GET", path).json()["state"]["provisioning_state"] == "Succeeded", "the deployment", 200)
    rig.call("PUT", "online-endpoints/own", {"name": "own", "traffic": {"blue": 100}}).raise_for_status()
    url = rig.call("GET", "online-endpoints/own").json()["state"]["scoring_uri"]
    key = rig.call("POST", "online-endpoints/own/keys").json()["primary_key"]
    told = httpx.post(url, json={"x": 1}, headers={"Authorization": f"Bearer {key}"}, timeout=30)
    assert told.json() == ["made by the image", "/opt", "/go", {"x": 1}]
    rig.call("DELETE", "online-endpoints/own")
    until(lambda: rig.call("GET", "online-endpoints/own").status_code == 404, "its end")


def test_without_an_engine_the_line_is_named(image: str) -> None:
    with installation(environments_engine="none") as rig:
        environment = context(rig, f"FROM {image}\nRUN true\n")
        answer = rig.call("PUT", "jobs/refused", {"type": "command", "command": "true", "environment": environment})
        assert answer.status_code == 400
        assert f"Dockerfile:1: FROM {image}" in answer.text
        assert "docker, podman or buildah" in answer.text


def test_an_image_that_was_removed_is_told(rig: Installation, image: str, engine: Any) -> None:
    environment = context(rig, f"FROM {image}\nRUN touch /removed\n")
    rig.submit("before", "true", environment=environment)
    assert rig.ended("before", 100)["status"] == "Completed"
    prefix = next(path for path in (rig.home / "environments").glob("*/engine.json") if _newest(path, rig))
    name = f"localhost/zaffre-{prefix.parent.name}:1"
    subprocess.run(
        [engine.program, "rmi", "-f", name], env={**os.environ, **dict(engine.environ)}, check=True, capture_output=True
    )
    rig.submit("after", "true", environment=environment)
    assert rig.ended("after", 60)["status"] == "Failed"
    assert "zaffre environment forget" in rig.text("after")


def _newest(path: Path, rig: Installation) -> bool:
    every = (rig.home / "environments").glob("*/engine.json")
    return path == max(every, key=lambda one: one.stat().st_mtime_ns)
