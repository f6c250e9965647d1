"""Home: an empty workspace offers something real to look at, and a full one shows what goes on."""

from __future__ import annotations

from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation


def test_it_shows_what_is_there(themed: Tab) -> None:
    page = themed.open("/", ".home .lines")
    failed = page.locator(".card", has=page.get_by_text("Failed in the last 24 hours"))
    expect(failed.get_by_role("link").first).to_be_visible()
    models = page.locator(".card", has=page.get_by_role("heading", name="Recent models"))
    expect(models.locator("li").first).to_be_visible()
    assert not themed.inaccessible()


def test_first_steps_tick_themselves(tab: Tab, seeded: Installation) -> None:
    seeded.call("PUT", "/api/v1/workspaces/first", {"name": "first"})
    steps = tab.open("/?ws=first", ".home").locator(".card", has_text="First steps")
    data = steps.locator("li", has_text="Bring data in")
    expect(data).to_contain_text("to do")
    stored = {"type": "uri_file", "path": "https://example.org/cars.csv"}
    seeded.call("PUT", "/api/v1/workspaces/first/data/cars/versions/1", stored).raise_for_status()
    expect(data).to_contain_text("done")
    expect(steps.locator("li", has_text="Complete a job")).to_contain_text("to do")


def test_a_new_workspace_gets_samples_by_one_click(tab: Tab, seeded: Installation) -> None:
    seeded.call("PUT", "/api/v1/workspaces/fresh", {"name": "fresh"})
    page = tab.open("/?ws=fresh", ".samples")
    expect(page.get_by_text("Nothing runs.")).to_be_visible()
    page.get_by_role("button", name="Run the samples").click()
    recent = page.locator(".card", has_text="Recent jobs")
    expect(recent.get_by_role("link", name="What a car consumes")).to_be_visible(timeout=60_000)
    expect(recent.get_by_role("link", name="Tell the cultivar of a wine")).to_be_visible()
    expect(page.locator(".samples")).to_have_count(0)
    page.goto(f"{tab.url}/data?ws=fresh")
    expect(page.get_by_role("link", name="quickstart-wine")).to_be_visible()
    for job in seeded.call("GET", "/api/v1/workspaces/fresh/jobs").json()["value"]:
        seeded.call("POST", f"/api/v1/workspaces/fresh/jobs/{job['name']}/cancel", {})


def test_what_runs_is_seen_running(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/", ".home")
    seeded.submit("home-runs", "sleep 60")
    running = page.locator(".card", has_text="Running now")
    expect(running.get_by_role("link", name="home-runs")).to_be_visible()
    expect(running.get_by_role("progressbar")).to_be_visible()
    seeded.call("POST", "jobs/home-runs/cancel", {})
    expect(running.get_by_text("Nothing runs.")).to_be_visible()
