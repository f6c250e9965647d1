"""A reader in the browser: every page is whole and complains of nothing, and what changes something says why it may not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, TimeoutError, expect
from studio_seeds import HOSTILE

from studio_browser import THEMES, Tab
from zaffre.testing.server import Installation

WHY = "rita is a reader here"
PAGES = [
    "/", "/jobs", "/jobs/seed-curve", "/jobs/seed-pipeline?tab=graph", "/pipelines", "/compare?ids=seed-curve,seed-curve-2",
    "/data", "/data/seed-cars", "/datastores", "/models", "/models/seed-model", "/endpoints", "/components",
    "/components/seed_train", "/environments", "/compute", "/compute/local", "/schedules", "/schedules/seed-nightly",
    "/designer", *(f"/settings?tab={part}" for part in ("workspace", "connections", "access", "use", "looks", "keys", "about")),
]  # fmt: skip


@pytest.fixture(scope="module")
def token(seeded: Installation) -> str:
    """Of somebody who may only look."""
    seeded.call("PUT", "/api/v1/people/rita", {"role": "reader"}).raise_for_status()
    made = seeded.call("POST", "/api/v1/tokens", {"name": "rita-browser", "person": "rita"})
    return made.raise_for_status().json()["token"]


def logged_in(browser: Browser, server: Installation, token: str, theme: str = "light") -> Tab:
    """A tab of whoever has the token, which was typed into the page to log in."""
    context = browser.new_context(color_scheme=theme, viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    tab = Tab(context.new_page(), f"http://127.0.0.1:{server.port}")
    page = tab.open("/login", "h1")
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Log in").click()
    page.locator("nav.nav").wait_for()
    return tab


@pytest.fixture
def reader(built: None, browser: Browser, seeded: Installation, token: str) -> Iterator[Tab]:
    """A reader's tab, whose complaints fail the test."""
    tab = logged_in(browser, seeded, token)
    yield tab
    tab.page.context.close()
    assert not tab.wrong, "\n".join(tab.wrong)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_for_a_reader(reader: Tab, path: str) -> None:
    page = reader.open(path)
    expect(page.locator(".who")).to_have_text("rita · reader")
    page.wait_for_timeout(300)  # what is asked for late is asked for too
    expect(page.get_by_role("main").get_by_text("may not")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/jobs/seed-curve", "Run again"), ("/data", "Upload"), ("/models", "Register a model"),
        ("/models/seed-model", "Deploy"), ("/compute", "New compute"), ("/schedules/seed-nightly", "Trigger now"),
        ("/environments", "New environment"), ("/schedules", "New schedule"), ("/settings", "New workspace"),
        ("/settings?tab=connections", "New connection"), ("/designer", "New draft"),
    ],
)  # fmt: skip
def test_what_changes_something_says_why_it_may_not(reader: Tab, path: str, button: str) -> None:
    found = reader.open(path).get_by_role("button", name=button).first
    expect(found).to_be_disabled()
    assert WHY in (found.get_attribute("title") or "")


@pytest.mark.parametrize("theme", THEMES)
def test_it_is_accessible_to_a_reader(
    browser: Browser, built: None, seeded: Installation, token: str, theme: str
) -> None:
    tab = logged_in(browser, seeded, token, theme)
    for path in ("/jobs/seed-curve", "/settings?tab=access"):
        tab.open(path)
        assert not tab.inaccessible()
    tab.page.context.close()


def test_a_token_that_is_revoked_leads_to_the_log_in(browser: Browser, built: None, seeded: Installation) -> None:
    made = seeded.call("POST", "/api/v1/tokens", {"name": "soon-gone", "role": "reader"}).raise_for_status().json()
    tab = logged_in(browser, seeded, made["token"])
    page = tab.open("/jobs", "[role=gridcell]")
    seeded.call("DELETE", "/api/v1/tokens/soon-gone").raise_for_status()
    with suppress(TimeoutError):  # what the page asks by itself may have led there already
        page.get_by_role("link", name="Models").click(timeout=3000)
    page.wait_for_url("**/login?next=**")
    page.context.close()


@pytest.mark.parametrize("path", ["/", "/jobs", "/jobs/seed-hostile"])
def test_names_with_markup_and_right_to_left_are_text_everywhere(tab: Tab, path: str) -> None:
    page = tab.open(path)
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert page.locator("main img[src=x], main b:text('bold')").count() == 0
    assert page.title() != "1"
