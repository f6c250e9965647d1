"""One server for all clusters, with environments that the machine keeps between runs of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zaffre.testing.server import Installation, installation


@pytest.fixture(scope="session")
def zaffre() -> Iterator[Installation]:
    with installation() as found:
        yield found
