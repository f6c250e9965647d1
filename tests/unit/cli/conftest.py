"""Fixtures of the command line's tests: a fake server that ``zaffre`` finds through ``ZAFFRE_URL``."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from zaffre.cli import main

_PROGRAM = Path(__file__).parents[1] / "sdk" / "fake_server.py"


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("zaffre_fake_server", _PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FAKE = _load()


class Ran(NamedTuple):
    code: int
    out: str
    error: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("ZAFFRE_HOME", str(folder))
    for name in ("ZAFFRE_URL", "ZAFFRE_TOKEN", "ZAFFRE_WORKSPACE", "ZAFFRE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def fake(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = FAKE.Fake().start()
    monkeypatch.setenv("ZAFFRE_URL", server.url)
    monkeypatch.setenv("ZAFFRE_TOKEN", FAKE.TOKEN)
    yield server
    server.stop()


@pytest.fixture
def zaffre(home: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs a command in this process."""

    def run(*words: str) -> Ran:
        code = main.main(list(words))
        out, error = capfd.readouterr()
        return Ran(code, out, error)

    return run
