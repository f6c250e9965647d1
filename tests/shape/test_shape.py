"""The checkout keeps the house rules; tests/unit/tools/shape shows that each check can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

from shape import code, documented, folders, leaks, sizes

ROOT = Path(__file__).parents[2]
HEAVY = ("mlflow", "pandas", "sklearn", "numpy", "scipy", "pyarrow", "matplotlib")


def test_no_file_is_longer_than_a_reader_can_hold():
    assert sizes.long_files(ROOT, sizes.read_list(Path(__file__).with_name("long_files.txt"))) == []


@pytest.mark.parametrize(
    "rule",
    [
        sizes.long_functions,
        folders.odd_names,
        folders.loose_modules,
        folders.unmirrored_tests,
        folders.banned_names,
        code.stray_models,
        code.broad_excepts,
        code.coloured,
        code.agent_imports,
        code.banned_classes,
        documented.dead_links,
    ],
    ids=lambda rule: rule.__name__,
)
def test_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is tracked is known only in a clone")
def test_nothing_of_one_machine_is_tracked():
    assert leaks.leaks(ROOT) == []


def test_server_process_imports_nothing_heavy():
    program = f"import sys, zaffre.server.app; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    assert _output_of(program) == ""


@pytest.mark.parametrize("module", ["zaffre.cli.main", "zaffre.sdk"])
def test_command_line_and_sdk_import_nothing_heavy(module):
    forbidden = (*HEAVY, "sqlalchemy", "alembic", "starlette", "uvicorn", "asyncio")
    program = f"import sys, {module}; print(*sorted(set({forbidden!r}) & set(sys.modules)))"
    assert _output_of(program) == ""


def _output_of(program):
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
