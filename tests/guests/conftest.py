"""A server with TLS, and what the official Azure client must be told to find it; the client itself is not touched.

Flows are scripts that a release of the client runs in a process of its own. Which releases is said by
``ZAFFRE_TEST_CLIENTS``: by default the one that is installed beside the tests; ``make test-guests`` names those of
``tools/client_venvs.py``, each in an environment of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import client_venvs
from zaffre.sdk.azure import Azure
from zaffre.testing.server import Installation, furnished, installation

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
HEAD = f"""
import sys, warnings
warnings.simplefilter("ignore")
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
ml = MLClient(DefaultAzureCredential(), "{SUBSCRIPTION}", "local", "default")
"""
"""How the documentation begins."""
INSTALLED = "installed"
CLIENTS = os.environ.get("ZAFFRE_TEST_CLIENTS", INSTALLED).split(",")
PATIENCE = 100 if CLIENTS == [INSTALLED] else 240
"""Seconds for a script. A release that was just installed has its modules compiled by whoever imports them first."""
_NOT_PASSED = ("AZURE", "ARM_", "IDENTITY_", "MSI_", "ZAFFRE_", "MLFLOW_")
_PROXIES = ("proxy", "PROXY")


@dataclass(slots=True)
class Guest:
    """A server and the environment of somebody who ran ``eval "$(zaffre azure env)"``."""

    rig: Installation
    environ: dict[str, str]
    interpreter: str = sys.executable
    """The Python with the client."""

    @property
    def url(self) -> str:
        """``https://localhost:PORT``."""
        return Azure(self.rig.home).address

    @property
    def bundle(self) -> Path:
        """What to trust."""
        return Path(self.environ["REQUESTS_CA_BUNDLE"])

    def python(self, script: str, *, head: str = HEAD, patience: float = PATIENCE, **more: str) -> str:
        """What a script of the client's prints; ``ml`` is there already. Fails when the script does."""
        done = self.attempt(script, head=head, patience=patience, **more)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def attempt(
        self, script: str, *, head: str = HEAD, patience: float = PATIENCE, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """The same, however it ends."""
        return self.run(self.interpreter, "-c", head + script, patience=patience, **more)

    def run(self, *words: str, patience: float = PATIENCE, **more: str) -> subprocess.CompletedProcess[str]:
        """Any program in the guest's environment."""
        return subprocess.run(
            words, env={**self.environ, **more}, capture_output=True, text=True, timeout=patience, check=False
        )


def told(rig: Installation) -> Guest:
    """The environment for a server that runs; nothing of Azure's that this machine may have gets into it."""
    azure = Azure(rig.home)
    azure.install()
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_NOT_PASSED) and not name.endswith(_PROXIES) and name != "CURL_CA_BUNDLE"
    }
    bare.pop("REQUESTS_CA_BUNDLE", None)
    return Guest(rig, {**bare, **azure.variables(bare), "ZAFFRE_HOME": str(rig.home)})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test may take as long as its script."""
    for item in items:
        if PATIENCE > 100 and "guests" in item.path.parts and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE + 60))


@pytest.fixture(scope="session", params=CLIENTS)
def client_python(request: pytest.FixtureRequest) -> str:
    """The Python of each release of azure-ai-ml."""
    return sys.executable if request.param == INSTALLED else str(client_venvs.interpreter(request.param))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    """One server for a module's tests, whatever the client; jobs in the curated Python environment start at once."""
    with _served(tmp_path_factory) as guest:
        yield guest


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory, client_python: str) -> Iterator[Guest]:
    """One server for a module's tests with one release of the client."""
    with _served(tmp_path_factory) as guest:
        yield replace(guest, interpreter=client_python)


@contextmanager
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    root = tmp_path_factory.getbasetemp()
    root = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    with installation(furnished(root)) as rig:
        yield told(rig)
