"""The list of jobs: searched, filtered, live, and the same again from its address."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from studio_seeds import HOSTILE

from studio_browser import Tab
from zaffre.testing.server import Installation


def rows(page: Page):
    return page.get_by_role("grid", name="Jobs").get_by_role("row").filter(has=page.get_by_role("gridcell"))


def test_it_is_accessible_and_well_behaved_in_both_themes(themed: Tab) -> None:
    themed.open("/jobs", "[role=gridcell]")
    assert not themed.inaccessible()


def test_a_filter_is_in_the_address_and_back_undoes_it(tab: Tab) -> None:
    page = tab.open("/jobs", "[role=gridcell]")
    page.get_by_role("button", name=re.compile("Failed")).click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("seed-failed")
    assert "status=Failed" in page.url
    page.reload()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name=re.compile("Failed")).click()
    page.go_back()
    expect(rows(page)).to_have_count(1)


def test_a_search_understands_tags_and_says_when_nothing_fits(tab: Tab) -> None:
    page = tab.open("/jobs", "[role=gridcell]")
    page.keyboard.press("/")
    page.keyboard.type("tag:team=blue")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("seed-curve")
    page.get_by_role("searchbox").fill("no such words at all")
    expect(page.get_by_text("No job is like that")).to_be_visible()


def test_names_with_markup_are_text(tab: Tab) -> None:
    page = tab.open("/jobs?q=name%3Aseed-hostile", "[role=gridcell]")
    expect(rows(page).filter(has_text=HOSTILE)).to_have_count(1)
    assert page.locator("main img").count() == 0
    assert page.title() != "1"


def test_a_new_job_comes_and_changes_without_reloading(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/jobs", "[role=gridcell]")
    seeded.submit("comes", "read -r line < /dev/zero || true; sleep 30", tags={"test": "comes"})
    row = rows(page).filter(has_text="comes")
    expect(row).to_contain_text("Running", timeout=30_000)
    seeded.call("POST", "jobs/comes/cancel").raise_for_status()
    expect(row).to_contain_text("Canceled", timeout=30_000)
