"""The shortest look at Studio: the log-in, the list of jobs, a job that logs while it is watched. Part of ``make test``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import studio_seeds
from playwright.sync_api import Browser, expect

from studio_browser import Tab, link
from zaffre.testing.server import Installation, installation


@pytest.fixture(scope="module")
def rig(environments: Path) -> Iterator[Installation]:
    """One of its own, in which nothing has happened yet."""
    with installation(environments, compute_local_nodes="2", jobs_grace="1") as found:
        yield found


def test_logged_in_by_a_link_a_job_is_found_and_watched_to_its_end(
    opened: Callable[..., Tab], rig: Installation
) -> None:
    tab = opened(rig)
    page = tab.open("/jobs")
    expect(page.get_by_text("zaffre job create -f job.yml")).to_be_visible()
    studio_seeds.curve(rig, "watched", display_name=studio_seeds.HOSTILE)
    row = page.get_by_role("row").filter(has_text="<img src=x")
    row.click()
    expect(page).to_have_url(re.compile("/jobs/watched"))
    expect(page.get_by_role("heading", level=1)).to_have_text(studio_seeds.HOSTILE)
    expect(page.locator(".run-head")).to_contain_text("Completed", timeout=30_000)
    page.get_by_role("tab", name="Metrics").click()
    expect(page.locator(".uplot").first).to_be_visible()
    assert not tab.inaccessible()
    page.get_by_role("tab", name="Outputs + logs").click()
    expect(page.get_by_text("begins with rate 1.0")).to_be_visible()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Jobs").click()
    expect(page.get_by_role("row").filter(has_text="Completed")).to_have_count(1)
    assert page.title() != "1"


def test_who_is_not_logged_in_is_asked_and_then_led_to_the_page(
    built: None, browser: Browser, rig: Installation
) -> None:
    url = f"http://127.0.0.1:{rig.port}"
    page = browser.new_page()
    page.goto(f"{url}/jobs?q=status%3Afailed")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    page.goto(link(url, (rig.home / "token").read_text().strip(), "/jobs?q=status%3Afailed"))
    expect(page).to_have_url(re.compile(r"/jobs\?q=status"))
    page.context.close()
