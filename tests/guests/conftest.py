"""A server with TLS, and what the official Azure client must be told to find it; the client itself is not touched."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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
_NOT_PASSED = ("AZURE", "ARM_", "IDENTITY_", "MSI_", "ZAFFRE_", "MLFLOW_")
_PROXIES = ("proxy", "PROXY")


@dataclass(slots=True)
class Guest:
    """A server and the environment of somebody who ran ``eval "$(zaffre azure env)"``."""

    rig: Installation
    environ: dict[str, str]

    @property
    def url(self) -> str:
        """``https://localhost:PORT``."""
        return Azure(self.rig.home).address

    @property
    def bundle(self) -> Path:
        """What to trust."""
        return Path(self.environ["REQUESTS_CA_BUNDLE"])

    def python(self, script: str, *, head: str = HEAD, patience: float = 100, **more: str) -> str:
        """What a script of the client's prints; ``ml`` is there already. Fails when the script does."""
        done = self.attempt(script, head=head, patience=patience, **more)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def attempt(
        self, script: str, *, head: str = HEAD, patience: float = 100, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """The same, however it ends."""
        return self.run(sys.executable, "-c", head + script, patience=patience, **more)

    def run(self, *words: str, patience: float = 100, **more: str) -> subprocess.CompletedProcess[str]:
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


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    """One server for a module's tests; jobs in the curated Python environment start at once."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    with installation(furnished(root)) as rig:
        yield told(rig)
