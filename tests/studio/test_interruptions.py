"""A server that goes away while a page is open, and a session that is over: the page says so and goes on from where it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from zaffre.testing.server import Installation, installation


@pytest.fixture
def own(environments: Path) -> Iterator[Installation]:
    """A server that a test may stop."""
    with installation(environments, jobs_grace="1") as found:
        yield found


def test_a_server_that_restarts_is_waited_for(opened, own: Installation) -> None:
    own.submit("before", "echo before")
    own.ended("before", 60)
    tab = opened(own)
    page = tab.open("/", ".home")
    expect(page.get_by_role("link", name="before")).to_be_visible()
    own.stop()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    expect(page.get_by_role("link", name="before")).to_be_visible()
    own.start()
    own.submit("after", "echo after")
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="after")).to_be_visible(timeout=30_000)
    tab.forgive("ERR_", "Failed to load", "network")


def test_an_expired_session_leads_back_to_where_one_was(opened, own: Installation) -> None:
    own.submit("kept", "echo kept")
    own.ended("kept", 60)
    tab = opened(own)
    page = tab.open("/jobs/kept?tab=events", ".happenings")
    page.context.clear_cookies()
    page.get_by_role("tab", name="Outputs").click()
    page.wait_for_url("**/login?next=**")
    page.get_by_label("Token").fill((own.home / "token").read_text().strip())
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/jobs/kept*")
    expect(page.get_by_role("heading", level=1)).to_have_text("kept")
    tab.forgive("401", "FileView", "preload", "dynamically imported")
