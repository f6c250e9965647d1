"""Fixtures of the client's tests: a fake server in this process."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from zaffre.sdk.transport import Address, Transport

PROGRAM = Path(__file__).with_name("fake_server.py")


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("zaffre_fake_server", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FAKE = _load()


@pytest.fixture
def fake() -> Iterator[Any]:
    server = FAKE.Fake().start()
    yield server
    server.stop()


@pytest.fixture
def waits() -> list[float]:
    """What the transport slept between attempts."""
    return []


@pytest.fixture
def transport(fake: Any, waits: list[float]) -> Iterator[Transport]:
    made = Transport(Address(fake.url, FAKE.TOKEN), sleep=waits.append)
    yield made
    made.close()
