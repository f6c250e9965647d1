"""Fixtures for tests against a running server: a ``conftest.py`` imports those it wants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zaffre.testing.server import Installation, furnished, installation


@pytest.fixture(scope="session")
def environments(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built environment that every server of the session shares."""
    base = tmp_path_factory.getbasetemp()
    return furnished(base.parent if hasattr(request.config, "workerinput") else base)


@pytest.fixture(scope="module")
def zaffre(environments: Path) -> Iterator[Installation]:
    """A server for each file."""
    with installation(environments, compute_local_nodes="4", jobs_grace="1") as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_lives_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """No process of a job is left when its test is over: a promise that every test makes beside its own."""
    yield
    if "zaffre" in request.fixturenames:
        rig: Installation = request.getfixturevalue("zaffre")
        assert rig.commands() == {}
