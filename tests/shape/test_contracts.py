"""The import contracts hold, and each of them can fail: a violation of every rule is planted into a toy house."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "core", "store", "testing", "library", "agent", "inside", "serving", "backends", "search", "builder", "tables", "tracking",
    "control", "api", "assets", "jobs", "kinds", "server", "sdk", "cli",
)  # fmt: skip
MODULES = (
    "store.tables", "store.resources", "backends.local", "backends.ray", "assets.data.spec", "assets.data.rules",
    "assets.model.spec", "jobs.command.spec", "jobs.command.plan", "jobs.sweep.plan", "kinds.job.spec",
    "kinds.job.rules", "kinds.job.parts.checks", "kinds.online.rules", "kinds.online.reconcile", "api.native",
    "core.refs", "core.wire",
)  # fmt: skip
PLANTED = {
    "upwards": ("core.refs", "zaffre.store.resources", "Imports point down"),
    "upwards, inside a function": ("store.resources", "zaffre.control", "Imports point down"),
    "neighbouring floor": ("tracking", "zaffre.builder", "Imports point down"),
    "server knows sdk": ("server", "zaffre.sdk", "Imports point down"),
    "kind knows kind": ("kinds.job.rules", "zaffre.kinds.online.rules", "A kind does not know"),
    "asset knows asset": ("assets.data.rules", "zaffre.assets.model.spec", "An asset does not know"),
    "job type knows job type": ("jobs.sweep.plan", "zaffre.jobs.command.plan", "A job type does not know"),
    "backend knows backend": ("backends.ray", "zaffre.backends.local", "A backend stands alone"),
    "cycle": ("core.refs", "zaffre.core.wire", "No cycles"),
    "core does I/O": ("core.refs", "sqlalchemy", "What decides is pure"),
    "spec does I/O": ("assets.data.spec", "httpx", "What decides is pure"),
    "plan does I/O": ("jobs.command.plan", "asyncio", "What decides is pure"),
    "parts do I/O": ("kinds.job.parts.checks", "subprocess", "What decides is pure"),
    "rules fetch": ("kinds.job.rules", "zaffre.store.resources", "Rules and plans are given facts"),
    "job type runs things": ("jobs.sweep.plan", "zaffre.control", "A job type is data and a plan"),
    "heavy sdk": ("sdk", "pandas", "Command line and SDK start fast"),
    "cli knows the engine": ("cli", "zaffre.control", "Command line and SDK start fast"),
    "cli reaches rules": ("cli", "zaffre.kinds.online.rules", "Command line and SDK start fast"),
    "heavy server": ("tracking", "mlflow", "The server's process never imports"),
    "agent knows core": ("agent", "zaffre.core.refs", "The agent imports nothing"),
    "what jobs find knows core": ("inside", "zaffre.core.refs", "What comes into users' interpreters"),
    "router reads SQL": ("serving", "zaffre.store.resources", "The router reads a snapshot"),
    "backend reads the store": ("backends.local", "zaffre.store.resources", "Backends and the builder are ports"),
    "tables read the store": ("tables", "zaffre.store.resources", "Tables are read on the vocabulary alone"),
    "tables leak": ("control", "zaffre.store.tables", "Only the store knows its tables"),
}


@pytest.fixture
def house(tmp_path):
    for name in PACKAGES:
        put(tmp_path, f"{name}.__init__", "")
    for name in MODULES:
        put(tmp_path, name, "")
    put(tmp_path, "core.wire", "from zaffre.core import refs\n")
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def put(root, module, text):
    path = root / "zaffre" / Path(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.relative_to(root).parents[:-1]:
        (root / folder / "__init__.py").touch()
    path.write_text(text)


def broken(root):
    program = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as c; c()"
    command = [sys.executable, "-c", program, "--no-logo", "--no-cache"]
    wide = os.environ | {"COLUMNS": "300"}  # or long names are wrapped
    done = subprocess.run(command, cwd=root, env=wide, check=False, capture_output=True, text=True, timeout=60)
    verdicts = [line for line in done.stdout.splitlines() if line.rstrip().endswith(("KEPT", "BROKEN"))]
    assert verdicts, done.stdout + done.stderr
    return [line for line in verdicts if line.rstrip().endswith("BROKEN")]


def test_contracts_hold():
    assert broken(ROOT) == []


def test_toy_house_without_a_violation_is_clean(house):
    assert broken(house) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_violation_is_caught(house, planted):
    importer, imported, contract = PLANTED[planted]
    statement = f"import {imported}\n"
    put(house, importer, f"def f():\n    {statement}" if "function" in planted else statement)
    assert any(line.startswith(contract) for line in broken(house))
