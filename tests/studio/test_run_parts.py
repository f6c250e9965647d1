"""The page of a job, further parts: what it used, where it stands, its trials; and what can be done with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation

PARTS = {"seed-curve": ("images", "lineage", "monitoring"), "seed-sweep": ("children",)}


@pytest.mark.parametrize("name", PARTS)
def test_they_are_accessible_in_both_themes(themed: Tab, name: str) -> None:
    for part in PARTS[name]:
        page = themed.open(f"/jobs/{name}?tab={part}", "[role=tabpanel][data-state=active] > *")
        page.locator(".waiting").wait_for(state="detached")
        assert not themed.inaccessible(), part


def test_a_sweep_names_its_best_trial(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/jobs/seed-sweep?tab=children", "svg .brush")
    best = seeded.state("seed-sweep")["best"]["job"]
    expect(page.get_by_text("3 of at most 3 trials have ended")).to_be_visible()
    expect(page.get_by_role("link", name=best).first).to_be_visible()
    assert page.locator("path[data-run]").count() == 3


def test_lineage_leads_to_what_it_made(tab: Tab, seeded: Installation) -> None:
    outputs = {"table": {"type": "uri_folder", "name": "parts-made"}}
    seeded.submit("parts-makes", "touch ${{outputs.table}}/x", outputs=outputs)
    seeded.ended("parts-makes", 60)
    page = tab.open("/jobs/parts-makes?tab=lineage", ".thing-node")
    page.locator(".lineage-graph").get_by_role("link", name="parts-made version 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("parts-made")
    page.get_by_role("tab", name="Lineage").click()
    expect(page.locator(".lineage-graph").get_by_role("link", name="parts-makes")).to_be_visible()


def test_run_again_tag_and_archive(tab: Tab, seeded: Installation) -> None:
    seeded.submit("parts-again", "echo again")
    seeded.ended("parts-again", 60)
    page = tab.open("/jobs/parts-again")
    page.get_by_role("button", name="Run again").click()
    expect(page.locator(".run-head code")).to_contain_text("parts-again-again-")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Tags and description").click()
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_label("Tag", exact=True).fill("<b>team</b>")
    page.get_by_label("Value of <b>team</b>").fill('"><script>alert(1)</script> 🚗')
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text('<b>team</b>: "><script>alert(1)</script> 🚗')).to_be_visible()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Archive").click()
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Restore")).to_be_visible()


def test_a_model_is_registered_from_an_output(tab: Tab) -> None:
    page = tab.open("/jobs/seed-curve")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Register a model").click()
    page.get_by_label("Name of the model").fill("parts-model")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("parts-model")


def test_the_job_is_written_in_three_ways(tab: Tab) -> None:
    page = tab.open("/jobs/seed-curve")
    page.get_by_role("button", name="Copy as").click()
    dialog = page.get_by_role("dialog")
    for way, part in (
        ("YAML", "command: python run.py"),
        ("Python", "load_job"),
        ("Command line", "zaffre job create"),
    ):
        dialog.get_by_role("tab", name=way).click()
        expect(dialog.locator("pre:visible")).to_contain_text(part)


def test_what_is_refused_says_why_and_the_page_stays(tab: Tab) -> None:
    page = tab.open("/jobs/seed-curve")
    told = '{"error": {"code": "Forbidden", "message": "reader may not do this: it needs the permission write."}}'
    page.route("**/jobs/seed-curve-again-*", lambda route: route.fulfill(status=403, body=told))
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("alert")).to_contain_text("it needs the permission write")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    tab.forgive("403")
