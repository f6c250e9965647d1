"""The page of a job: every part of it, in every kind of job."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from studio_seeds import HOSTILE

from studio_browser import Tab

TABS = {
    "seed-curve": ("overview", "metrics", "outputs", "code", "events"),
    "seed-pipeline": ("graph", "children"),
    "seed-sweep": ("overview", "metrics", "children"),
    "seed-failed": ("overview",),
    "seed-hostile": ("overview",),
}


@pytest.mark.parametrize("name", TABS)
def test_every_part_is_accessible_in_both_themes(themed: Tab, name: str) -> None:
    for part in TABS[name]:
        page = themed.open(f"/jobs/{name}?tab={part}", "[role=tabpanel][data-state=active]")
        page.wait_for_load_state("networkidle") if part == "code" else page.locator("[aria-busy=true]").wait_for(
            state="detached"
        )
        assert not themed.inaccessible(), part


def test_a_failed_job_says_first_why(tab: Tab) -> None:
    page = tab.open("/jobs/seed-failed")
    expect(page.get_by_text("the label column is missing").first).to_be_visible()


def test_what_is_chosen_is_in_the_address(tab: Tab) -> None:
    page = tab.open("/jobs/seed-curve")
    page.get_by_role("tab", name="Metrics").click()
    expect(page.locator(".uplot")).to_have_count(2)
    assert "tab=metrics" in page.url
    page.reload()
    expect(page.locator(".uplot")).to_have_count(2)


def test_the_graph_of_a_pipeline_leads_to_its_steps(tab: Tab) -> None:
    page = tab.open("/jobs/seed-pipeline?tab=graph", ".react-flow__node")
    expect(page.locator(".react-flow__node")).to_have_count(3)


def test_html_of_others_is_text(tab: Tab) -> None:
    page = tab.open("/jobs/seed-hostile")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    assert page.locator("main img").count() == 0
    assert page.title() != "1"


def test_a_job_that_is_not_there_is_said_so(tab: Tab) -> None:
    page = tab.page
    page.goto(f"{tab.url}/jobs/nothing-of-the-kind")
    expect(page.get_by_text("zaffre job list")).to_be_visible()
    tab.forgive("404")
