"""Every backend, held to the one contract."""

import time

import pytest

from zaffre.backends.local import LocalBackend
from zaffre.testing.backend import BackendContract


class WallClock:
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)


class TestLocalBackend(BackendContract):
    @pytest.fixture
    async def backend(self, tmp_path):
        backend = LocalBackend(tmp_path / "home", WallClock())
        await backend.start()
        yield backend
        await backend.close()
