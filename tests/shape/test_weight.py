"""What a start loads, and what a request costs: the two things that make a platform feel heavy."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from zaffre.testing.server import Installation

HEAVY = (
    "mlflow", "pandas", "numpy", "sklearn", "scipy", "pyarrow", "httpx", "requests", "rich", "fastapi", "alembic",
    "matplotlib", "IPython", "zaffre.api.openapi", "zaffre.sdk", "zaffre.cli",
)  # fmt: skip


def loaded(code: str, among: tuple[str, ...]) -> list[str]:
    look = f"{code}; import sys; print(*[m for m in {among!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    return told.stdout.splitlines()[-1].split()


def test_the_server_loads_nothing_that_only_jobs_need() -> None:
    assert loaded("import zaffre.server.main", HEAVY) == []


def test_a_client_of_a_server_on_this_machine_loads_no_tls_and_no_mail() -> None:
    code = "import zaffre.cli.submit, zaffre.cli.session, zaffre.sdk.transport"
    assert loaded(code, ("http.client", "email", "ssl", "pydantic", "httpx")) == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(Path(tmp_path_factory.mktemp("weight")) / "home")
    try:
        installation.start()
        yield installation
    finally:
        installation.close()


def test_a_request_on_a_kept_connection_is_answered_at_once(server: Installation) -> None:
    """Without TCP_NODELAY a kept-alive request takes 40 ms, the delay of an acknowledgement."""
    took: list[float] = []
    for _ in range(40):
        begun = time.perf_counter()
        server.call("GET", "jobs").raise_for_status()
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.02  # a busy machine slows many of them, a delayed acknowledgement all
