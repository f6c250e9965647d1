"""Schedules: the next times, switched off and on, triggered, written with a cron editor that the server reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation


@pytest.mark.parametrize(
    ("tail", "ready"),
    [("", "[role=gridcell]"), ("/seed-nightly", ".times li"), ("/seed-nightly?tab=history", "main h1")],
)
def test_it_is_accessible_in_both_themes(themed: Tab, tail: str, ready: str) -> None:
    themed.open(f"/schedules{tail}", ready)
    assert not themed.inaccessible()


def test_the_editor_is_accessible_too(themed: Tab) -> None:
    page = themed.open("/schedules", "[role=gridcell]")
    page.get_by_role("button", name="New schedule").click()
    expect(page.locator(".times li")).to_have_count(5)
    assert not themed.inaccessible()


def test_the_next_five_times_are_told(tab: Tab) -> None:
    page = tab.open("/schedules/seed-nightly", ".times li")
    expect(page.locator(".times li")).to_have_count(5)
    expect(page.locator(".times li").first).to_contain_text("1 Jan 2030")


def test_one_is_made_switched_triggered_and_remembered(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/schedules", "[role=gridcell]")
    page.get_by_role("button", name="New schedule").click()
    page.get_by_label("Name").fill("again-and-again")
    page.get_by_label("Job to repeat").select_option("seed-curve-2")
    page.get_by_label("Hour", exact=True).fill("25")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("'25' is no hour")
    page.get_by_label("Hour", exact=True).fill("23")
    expect(page.locator(".times li")).to_have_count(5)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("again-and-again")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("It is disabled.")).to_be_visible()
    assert seeded.call("GET", "schedules/again-and-again").json()["spec"]["is_enabled"] is False
    page.get_by_role("button", name="Trigger now").click()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_role("cell", name="manual")).to_be_visible()
    expect(page.get_by_role("cell", name="Completed")).to_be_visible(timeout=60_000)
    tab.forgive("400")


def test_a_cron_line_is_changed_in_place(tab: Tab, seeded: Installation) -> None:
    seeded_body = seeded.call("GET", "schedules/seed-nightly").json()["spec"] | {"name": "changed"}
    seeded.call("PUT", "schedules/changed", seeded_body).raise_for_status()
    page = tab.open("/schedules/changed", ".times li")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Mondays at six").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert seeded.call("GET", "schedules/changed").json()["spec"]["trigger"]["expression"] == "0 6 * * 1"
