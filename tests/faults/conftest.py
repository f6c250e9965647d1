"""A built environment that every server of the session shares, and a server for each file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from zaffre.testing.server import Installation, furnished, installation


@pytest.fixture(scope="session")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return furnished(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="module")
def zaffre(environments: Path) -> Iterator[Installation]:
    with installation(environments, compute_local_nodes="4", jobs_grace="1") as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_lives_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """No process of a job is left when its test is over: the promise that every test here also makes."""
    yield
    if "zaffre" in request.fixturenames:
        rig: Installation = request.getfixturevalue("zaffre")
        assert rig.commands() == {}
