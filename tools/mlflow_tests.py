"""Runs MLflow's own tests of its REST protocol against Zaffre, and prints how many pass and what is left out.

    python tools/mlflow_tests.py FOLDER [--control] [--native] [-- PYTEST ARGUMENTS]

FOLDER holds ``tests/`` of an MLflow release (never committed). ``--control`` runs the same selection against MLflow's own
server, to tell a difference in Zaffre from one between releases. ``--native`` leaves out what Zaffre forwards.

The tests start their servers through a few helpers; as a pytest plugin this file puts Zaffre in their place.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
FILES = ("test_rest_tracking", "test_model_registry", "test_mlflow_artifacts", "test_client")
SERVED = {"mlflow_client", "workspace_mlflow_client", "client", "artifacts_server", "tracking_uri"}
"""Fixtures that mean: this test talks to a server."""

_FILE_ROOT = "its server keeps artifacts under file:///; here they lie under mlflow-artifacts:/ only (attack A11)"
_TIGHTENED = "written before MLflow tied a version's source to its run: MLflow 3.17's own server fails it (--control)"
_CLIENT = "asserts on what the client of its own release adds or names; the 3.17 client does otherwise"
_ASYNC = "reads traces before the 3.17 client has sent them, which its own server fails too; tests/guests has traces"
LEFT_OUT: tuple[tuple[str, str], ...] = (
    (r"\[file|file-|-file\]", "the file store, which MLflow has deprecated"),
    (r"workspace", "MLflow's workspaces by header; Zaffre's workspace is in the URL"),
    (r"_cli\b", "runs `mlflow` against the database file, not the server"),
    (
        r"test_create_get_search_experiment\b",
        "asks for artifact_location='my_location'; only mlflow-artifacts:/ is taken (A11)",
    ),
    (r"test_artifacts\b|model_version_with_(path_source|file_uri)", _FILE_ROOT),
    (r"with_non_local_source|query_model_version_flow|test_get_model_version\b|update_model_version_flow", _TIGHTENED),
    (r"delete_model_version_(flow|tag_flow)|set_model_version_tag_with_empty|alias_and_get_model_version", _TIGHTENED),
    (r"copy_model_version_flow", _TIGHTENED),
    (
        r"bulk_interval_respects_max_results",
        "MLflow 3.17 samples differently than the release of the test (--control fails it)",
    ),
    (r"test_log_artifact\[?$", "looks on disk where MLflow puts a run's files; they lie at ExperimentRun/dcid.<run>/"),
    (r"get_model_version_artifact_api_proxied", "writes into the database file behind the server's back"),
    (r"test_load_prompt_error|test_get_run_and_experiment_graphql", _TIGHTENED),
    (r"gateway_proxy", "Zaffre has no AI gateway of MLflow's"),
    (r"test_scorer_CRUD", "MLflow 3.17 refuses custom scorers on every server"),
    (r"api_log_image|start_and_end_trace|test_log_trace|prompt_with_tags_and_metadata", _CLIENT),
    (
        r"test_(start|get|search|delete|link)_traces?(_match|_handler|_artifact|_to_run|\[)|trace_filter_correlation",
        _ASYNC,
    ),
)
"""What is left out, each with its reason; it is printed. ``--control`` leaves out nothing but the first three."""
FORWARDED = re.compile(
    r"trace|graphql|evaluation_dataset|dataset_experiment|add_.*experiments|remove_.*experiments|scorer"
    r"|assessment|promptlab|gateway|webhook|prompt|span|session"
)
_CONTROL, _NATIVE = "ZAFFRE_MLFLOW_CONTROL", "ZAFFRE_MLFLOW_NATIVE"


class _Server:
    """A Zaffre of its own for one test."""

    def __init__(self, port: int, artifacts: str = "", home: str = "") -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._home = home or tempfile.mkdtemp(prefix="zaffre-mlflow-")
        command = [sys.executable, str(HERE / "mlflow_server.py"), self._home, str(port)]
        if not os.environ.get(_NATIVE):
            command.append("--upstream")
        self.process = subprocess.Popen(command, env={**os.environ, "ZAFFRE_TEST_ARTIFACTS": artifacts})
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=2):  # noqa: S310 - our own
                return
            time.sleep(0.05)
        raise RuntimeError("Zaffre did not start")

    def stop(self) -> None:
        """End it, and MLflow's server behind it."""
        self.process.terminate()
        self.process.wait(20)


class ZaffreThread:
    """Stands in for the tests' ``ServerThread``."""

    def __init__(self, app: Any, port: int) -> None:
        self._port = port

    def __enter__(self) -> str:
        self._server = _Server(self._port)
        return self._server.url

    def __exit__(self, *_: object) -> None:
        self._server.stop()


@contextlib.contextmanager
def _init_server(*_: object, **__: object) -> Iterator[str]:
    with ZaffreThread(None, _free_port()) as url:
        yield url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _launch_server(host: str, port: int, backend: str, root: str, destination: str) -> subprocess.Popen[bytes]:
    return _Server(port, artifacts=destination).process


def pytest_configure(config: pytest.Config) -> None:
    """Before the test modules import their helpers."""
    _supply_moved_names()
    if os.environ.get(_CONTROL):
        return
    import tests.tracking.integration_test_utils as helpers  # noqa: PLC0415 - exists in FOLDER only

    helpers.ServerThread = ZaffreThread
    helpers._init_server = _init_server


def _supply_moved_names() -> None:
    """Constants that tests of a slightly older release import, and that have moved since."""
    for module, name, value in (("mlflow.prompt.constants", "LINKED_PROMPTS_TAG_KEY", "mlflow.linkedPrompts"),):
        found = importlib.import_module(module)
        if not hasattr(found, name):
            setattr(found, name, value)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not reach a server, or what Zaffre is not, each with its reason."""
    kept: list[pytest.Item] = []
    reasons: dict[str, list[str]] = {}
    for item in items:
        module: ModuleType = item.module  # pyright: ignore[reportAttributeAccessIssue]
        if not os.environ.get(_CONTROL) and hasattr(module, "_launch_server"):
            module._launch_server = _launch_server  # pyright: ignore[reportAttributeAccessIssue]
        reason = _reason(item)
        if reason:
            reasons.setdefault(reason, []).append(item.nodeid.rpartition("::")[2])
        else:
            kept.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
    config.stash[_REASONS] = reasons


_REASONS = pytest.StashKey[dict[str, list[str]]]()


def _reason(item: pytest.Item) -> str:
    name = item.nodeid.rpartition("::")[2]
    fixtures = set(getattr(item, "fixturenames", ()))
    if not fixtures & SERVED:
        return "no server is involved: mocks, or the client alone"
    for pattern, reason in LEFT_OUT[:3] if os.environ.get(_CONTROL) else LEFT_OUT:
        if re.search(pattern, name):
            return reason
    if os.environ.get(_NATIVE) and FORWARDED.search(name):
        return "forwarded to MLflow's own server (--native)"
    return ""


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> object:
    """``tracking_uri`` of test_client.py is a database file; here it is Zaffre's address."""
    if fixturedef.argname == "disable_workspace_mode_by_default":  # in tests from before MLflow 3.10, of private names
        fixturedef.cached_result = (None, fixturedef.cache_key(request), None)
        return True
    if fixturedef.argname != "tracking_uri" or os.environ.get(_CONTROL) or "test_client" not in str(request.fspath):
        return None
    import mlflow  # noqa: PLC0415

    server = _Server(_free_port())
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(server.url)

    def undo() -> None:
        mlflow.set_tracking_uri(before)
        server.stop()

    request.addfinalizer(undo)
    fixturedef.cached_result = (server.url, fixturedef.cache_key(request), None)
    return server.url


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """passed/total, and the list of what is left out."""
    stats = terminalreporter.stats
    count = {kind: len(stats.get(kind, ())) for kind in ("passed", "failed", "error", "skipped", "xfailed", "xpassed")}
    ran = sum(count.values())
    line = terminalreporter.write_line
    line("")
    for reason, names in sorted(config.stash.get(_REASONS, {}).items()):
        line(f"left out ({len(names)}): {reason}")
        plain = sorted({name.partition("[")[0] for name in names})
        line("    " + ", ".join(plain[:12]) + (f" … and {len(plain) - 12} more" if len(plain) > 12 else ""))
    # What MLflow itself expects to fail has not passed: it is counted apart.
    line(f"MLflow's own tests: {count['passed'] + count['xpassed']}/{ran - count['xfailed']} passed {count}")


def main() -> int:
    """Run pytest in FOLDER with this file as a plugin."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0].startswith("-"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder, rest = Path(arguments[0]).resolve(), arguments[1:]
    flags, extra = (rest[: rest.index("--")], rest[rest.index("--") + 1 :]) if "--" in rest else (rest, [])
    if not (folder / "tests" / "tracking").is_dir():
        sys.stderr.write(f"{folder} has no tests/tracking: put the tests/ folder of an MLflow release there.\n")
        return 2
    environ = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{HERE}", "MLFLOW_DISABLE_TELEMETRY": "true"}
    environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', '')}"  # --control starts `mlflow`
    environ |= {_CONTROL: "1"} if "--control" in flags else {}
    environ |= {_NATIVE: "1"} if "--native" in flags else {}
    files = [f"tests/tracking/{name}.py" for name in FILES if (folder / f"tests/tracking/{name}.py").exists()]
    chosen = [argument for argument in extra if argument.startswith("tests/")]
    command = [sys.executable, "-m", "pytest", "-p", "mlflow_tests", "-p", "no:cacheprovider", "-q", "--no-header"]
    command += ["--tb=short", "-W", "ignore", "-o", "addopts=", "-o", "filterwarnings=", "--timeout=300"]
    return subprocess.run(
        [*command, *extra, *([] if chosen else files)], cwd=folder, env=environ, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
