"""Studio in Chromium before a real server: pages that are logged in, and that fail their test when they misbehave.

``page`` is a tab in light colours, ``tab`` the same with what it noted; ``both`` is one in each theme. Ask for
``seeded`` (or for a page, which brings it) and the workspace holds the things of ``tests/servers/studio_seeds.py``.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import studio_seeds
from playwright.sync_api import Browser, Page

from studio_browser import THEMES, Tab, Theme, chromium, entered
from zaffre.testing.fixtures import environments
from zaffre.testing.server import Installation, installation

__all__ = ["environments"]
TOOLS = Path(__file__).parents[2] / "tools"
Opener = Callable[..., Tab]


@pytest.fixture(scope="session")
def built() -> None:
    """Studio as its sources say; ``STUDIO_AS_BUILT=1`` takes what lies there, while others write sources."""
    if not os.environ.get("STUDIO_AS_BUILT"):
        subprocess.run([TOOLS / "studio.sh", "fresh"], check=True, timeout=600)


@pytest.fixture(scope="session")
def rig(environments: Path) -> Iterator[Installation]:
    """One server for all pages, with nothing in it yet."""
    with installation(environments, compute_local_nodes="4", jobs_grace="1") as found:
        yield found


@pytest.fixture(scope="session")
def seeded(rig: Installation) -> Installation:
    """That server, with what the pages show."""
    studio_seeds.everything(rig)
    return rig


@pytest.fixture(scope="session")
def endpoint(seeded: Installation) -> str:
    """The name of an online endpoint that answers."""
    return studio_seeds.endpoint(seeded)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file's tests; it ends with them, since its event loop would bar others' from running."""
    subprocess.run([TOOLS / "chromium.sh"], check=True, timeout=600)
    with chromium() as found:
        yield found


@pytest.fixture
def opened(built: None, browser: Browser) -> Iterator[Opener]:
    """Opens logged-in tabs: ``opened(rig, theme="dark")``; what any of them complains about fails the test."""
    tabs: list[Tab] = []

    def open_one(server: Installation, theme: Theme = "light", **more: object) -> Tab:
        token = (server.home / "token").read_text().strip()
        tabs.append(entered(browser, f"http://127.0.0.1:{server.port}", token, theme, **more))
        return tabs[-1]

    yield open_one
    wrong = [line for tab in tabs for line in tab.wrong]
    for tab in tabs:
        tab.page.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def tab(opened: Opener, seeded: Installation) -> Tab:
    """A tab with the seeded workspace: ``tab.open("/jobs")``."""
    return opened(seeded)


@pytest.fixture
def page(tab: Tab) -> Page:
    """The page of ``tab``."""
    return tab.page


@pytest.fixture(params=THEMES)
def themed(request: pytest.FixtureRequest, opened: Opener, seeded: Installation) -> Tab:
    """``tab`` in each theme, one test after the other: for looks and accessibility."""
    return opened(seeded, request.param)
