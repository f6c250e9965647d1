"""Pipelines: the list, the graph with its outline, steps over time, why a step ran, two laid on each other."""

from __future__ import annotations

import pytest
import studio_seeds
from pipeline_steps import of, pipeline, step
from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation

STEPS = 500


@pytest.fixture(scope="module")
def second(seeded: Installation) -> str:
    """The seeds' pipeline again, with another rate and one step more."""
    name = "pipelines-second"
    document = studio_seeds._pipeline()
    document["jobs"]["train"]["inputs"]["rate"] = 0.75
    document["jobs"]["more"] = step("true", inputs={"model": of("train", "model")})
    assert seeded.call("PUT", f"jobs/{name}", document).status_code == 201
    assert seeded.ended(name, 60)["status"] == "Completed"
    return name


def test_the_list_leads_to_the_graph(themed: Tab) -> None:
    page = themed.open("/pipelines", "[role=gridcell]")
    assert not themed.inaccessible()
    page.get_by_role("link", name="Three steps").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Three steps")


def test_a_step_is_found_and_explained(tab: Tab, second: str) -> None:
    page = tab.open(f"/jobs/{second}?tab=graph", ".react-flow__node")
    page.get_by_label("Search steps").fill("tra")
    outline = page.get_by_role("navigation", name="Steps")
    expect(outline.get_by_role("button")).to_have_count(1)
    outline.get_by_role("button", name="train").click()
    pane = page.get_by_role("complementary", name="Step train")
    expect(pane.locator(".badge", has_text="MISS")).to_be_visible()
    expect(pane.get_by_role("row", name="inputs.rate")).to_contain_text("0.25 → 0.75")
    page.get_by_label("Search steps").fill("prepare")
    outline.get_by_role("button", name="prepare").click()
    expect(page.get_by_role("complementary").locator(".badge", has_text="HIT")).to_be_visible()


def test_steps_over_time_mark_what_the_end_waited_for(themed: Tab) -> None:
    page = themed.open("/jobs/seed-pipeline?tab=graph", ".react-flow__node")
    page.get_by_role("button", name="Over time").click()
    expect(page.get_by_text("prepare → train → tell")).to_be_visible()
    expect(page.locator(".gantt .critical")).to_have_count(3)
    assert not themed.inaccessible()


def test_two_pipelines_are_laid_on_each_other(themed: Tab, second: str) -> None:
    page = themed.open(f"/pipelines/compare?a=seed-pipeline&b={second}", ".react-flow__node")
    expect(page.locator(".step.pair-added")).to_contain_text("more")
    expect(page.locator(".step.pair-changed")).to_contain_text("train")
    pane = page.get_by_role("complementary", name="Differences")
    expect(pane.get_by_role("row", name="inputs.rate")).to_contain_text("0.75")
    assert not themed.inaccessible()


def test_a_graph_of_five_hundred_steps_is_soon_there(tab: Tab, seeded: Installation) -> None:
    jobs = {
        f"s{n:03}": step("sleep 60", **({"inputs": {"x": of(f"s{n - 25:03}", "y")}} if n >= 25 else {"inputs": {}}))
        for n in range(STEPS)
    }
    for each in jobs.values():
        each["outputs"] = {"y": {"type": "uri_file"}}
    document = pipeline(jobs, experiment="large")
    assert seeded.call("PUT", "jobs/pipelines-large", document).status_code == 201
    try:
        page = tab.open("/jobs/pipelines-large?tab=graph", ".outline li")
        page.locator(".react-flow__node").first.wait_for(timeout=8000)
        page.get_by_label("Search steps").fill("s487")
        page.get_by_role("button", name="s487").click()
        expect(page.locator(".react-flow__node .chosen")).to_be_visible()
    finally:
        seeded.call("POST", "jobs/pipelines-large/cancel", {})
