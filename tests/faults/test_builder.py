"""Builds that are killed, cut off, raced or poisoned: half an environment is never used (FT28)."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import uv

from zaffre.builder import BUILT, CONFLICT, UNREACHABLE, Builder, BuilderSettings
from zaffre.core.ports import BuildPhase, EnvironmentDefinition
from zaffre.testing.index import Index, Wheel

MINOR = sys.version_info.minor
DEFINITION = EnvironmentDefinition(conda={"dependencies": [f"python=3.{MINOR}", {"pip": ["alpha"]}]})


@pytest.fixture
def index():
    with Index(Wheel("alpha", "1.0"), Wheel("beta", "1.0"), Wheel("mlflow_skinny", "3.0")) as index:
        yield index


@pytest.fixture
def builder(tmp_path, index):
    """A builder whose runs need no pip: nothing here installs into a layer."""
    (tmp_path / f"home/environments/tools-3.{MINOR}").mkdir(parents=True)
    settings = BuilderSettings(
        uv=uv.find_uv_bin(),
        interpreters=(str(Path(sys.base_prefix) / "bin"),),
        index_url=index.url,
        environ={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "UV_CACHE_DIR": str(tmp_path / "cache"),
            "UV_HTTP_RETRIES": "0",
        },
    )
    return Builder(tmp_path / "home", settings)


def start(builder, attempt, definition=DEFINITION):
    task = builder.task(definition, builder.fingerprint(definition), attempt)
    Path(task.directory).mkdir(parents=True)
    return subprocess.Popen(
        task.argv,
        env=task.environ,
        cwd=task.cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(process):
    words, _ = process.communicate(timeout=60)
    return process.returncode, words


def phase(builder, definition=DEFINITION):
    return builder.look(builder.fingerprint(definition)).phase


def until(fact, timeout=30.0):
    deadline = time.monotonic() + timeout
    while not fact():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)


def imports_alpha(builder):
    python = builder.look(builder.fingerprint(DEFINITION)).interpreter.python
    return subprocess.run([python, "-c", "import alpha"], check=False, timeout=60).returncode == 0


def test_a_killed_build_frees_its_lock_and_is_never_used(builder, index, tmp_path):
    index.open.clear()
    killed = start(builder, 1)
    assert index.asked.wait(30), "the build never reached the index"
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(30)
    assert phase(builder) is BuildPhase.MISSING
    left = list((tmp_path / "home/environments").glob("*.building.*"))
    assert len(left) == 1
    index.open.set()
    code, words = finish(start(builder, 2))
    assert code == BUILT, words
    assert phase(builder) is BuildPhase.READY
    assert imports_alpha(builder)
    assert not list((tmp_path / "home/environments").glob("*.building.*"))


def test_builds_killed_at_many_moments_never_show_half_an_environment(builder, tmp_path):
    environments = tmp_path / "home/environments"
    for attempt, wait in enumerate((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), start=1):
        process = start(builder, attempt)
        with suppress(subprocess.TimeoutExpired):
            process.wait(wait)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
        if phase(builder) is BuildPhase.READY:
            assert imports_alpha(builder)
            subprocess.run(["rm", "-rf", str(environments / builder.fingerprint(DEFINITION))], check=True)
    code, words = finish(start(builder, 99))
    assert code == BUILT, words
    assert imports_alpha(builder)
    assert not list(environments.glob("*.building.*"))


def test_a_poisoned_half_environment_is_replaced(builder, tmp_path):
    prefix = tmp_path / "home/environments" / builder.fingerprint(DEFINITION)
    site = prefix / f"lib/python3.{MINOR}/site-packages/alpha"
    site.mkdir(parents=True)
    (site / "__init__.py").write_text("raise SystemExit('poisoned')\n")
    assert phase(builder) is BuildPhase.MISSING
    code, words = finish(start(builder, 1))
    assert code == BUILT, words
    assert imports_alpha(builder)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"prefix": "/x"}', "null"])
def test_a_torn_marker_is_no_marker(builder, tmp_path, content):
    prefix = tmp_path / "home/environments" / builder.fingerprint(DEFINITION)
    prefix.mkdir(parents=True)
    (prefix / "ready.json").write_text(content)
    assert phase(builder) is BuildPhase.MISSING
    assert finish(start(builder, 1))[0] == BUILT
    assert phase(builder) is BuildPhase.READY


def test_many_builders_make_one_build(builder, index):
    index.open.clear()
    first = start(builder, 1)
    assert index.asked.wait(30)
    others = [start(builder, attempt) for attempt in (2, 3, 4)]
    index.open.set()
    answers = [finish(process) for process in (first, *others)]
    assert [code for code, _ in answers] == [BUILT] * 4
    assert sum("Resolving" in words for _, words in answers) == 1
    assert sum("another job built it" in words for _, words in answers) == 3


def test_a_dead_index_is_told_and_never_remembered(builder, index):
    index.broken = True
    code, words = finish(start(builder, 1))
    assert code == UNREACHABLE, words
    assert "could not be fetched" in words
    assert phase(builder) is BuildPhase.MISSING
    index.broken = False
    code, words = finish(start(builder, 2))
    assert code == BUILT, words


def test_an_index_that_is_gone_does_not_matter_when_the_cache_is_warm(builder, index, tmp_path):
    assert finish(start(builder, 1))[0] == BUILT
    other = EnvironmentDefinition(conda={"dependencies": [f"python=3.{MINOR}", "alpha", {"pip": ["alpha>=1"]}]})
    index.broken = True
    prefix = tmp_path / "home/environments" / builder.fingerprint(DEFINITION)
    subprocess.run(["rm", "-rf", str(prefix)], check=True)
    code, words = finish(start(builder, 2))
    assert code == BUILT, words
    assert "The lock is known" in words
    assert imports_alpha(builder)
    code, words = finish(start(builder, 3, other))
    assert code == BUILT, f"a new resolution from the cache alone: {words}"


def test_a_missing_package_is_a_conflict_but_not_when_only_the_cache_was_asked(builder, index):
    definition = EnvironmentDefinition(conda={"dependencies": [f"python=3.{MINOR}", {"pip": ["beta"]}]})
    index.broken = True
    assert finish(start(builder, 1, definition))[0] == UNREACHABLE
    missing = EnvironmentDefinition(conda={"dependencies": [f"python=3.{MINOR}", {"pip": ["nowhere"]}]})
    index.broken = False
    assert finish(start(builder, 1, missing))[0] == CONFLICT
    assert phase(builder, missing) is BuildPhase.FAILED


def test_a_killed_installer_is_no_conflict(builder, index):
    index.open.clear()
    process = start(builder, 1)
    assert index.asked.wait(30)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until(lambda: children.read_text().split())
    os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
    code, words = finish(process)
    assert code == UNREACHABLE, words
    assert phase(builder) is BuildPhase.MISSING


def test_a_request_that_is_no_request(tmp_path):
    (tmp_path / "request.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, "-m", "zaffre.builder", "build", str(tmp_path / "request.json")],
        capture_output=True,
        check=False,
    )
    assert done.returncode == UNREACHABLE
