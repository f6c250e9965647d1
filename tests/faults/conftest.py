"""A built environment that every server of the session shares, a server for each file, endpoints without a server."""

import pytest
from online_platform import Platform

from zaffre.testing.fixtures import environments, nothing_lives_on, zaffre

__all__ = ["environments", "nothing_lives_on", "zaffre"]


@pytest.fixture
async def platform(tmp_path):
    made = Platform(tmp_path)
    await made.open()
    try:
        await made.workspace()
        await made.endpoint()
        yield made
    finally:
        await made.close()
