"""The palette finds everything that has a name; keys lead to pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio_browser import Tab


@pytest.mark.parametrize(
    ("typed", "group", "found"),
    [
        ("seed-cars", "Data", "seed-cars"),
        ("seed-model", "Models", "seed-model"),
        ("seed_pre", "Components", "seed_prepare"),
        ("nightly", "Schedules", "seed-nightly"),
        ("local", "Compute", "local"),
        ("seed-curve-2", "Jobs", "seed-curve-2"),
        ("datasets", "Pages", "Data"),
    ],
)
def test_everything_is_found_by_its_name(tab: Tab, typed: str, group: str, found: str) -> None:
    page = tab.open("/jobs")
    page.keyboard.press("Control+k")
    page.get_by_placeholder("A job, a model").fill(typed)
    listed = page.locator("[cmdk-group]", has=page.get_by_text(group, exact=True))
    expect(listed.get_by_text(found, exact=True).first).to_be_visible()


def test_enter_opens_what_is_first(themed: Tab) -> None:
    page = themed.open("/jobs")
    page.keyboard.press("Control+k")
    page.get_by_placeholder("A job, a model").fill("seed-cars")
    expect(page.locator("[cmdk-item]").first).to_contain_text("seed-cars")
    assert not themed.inaccessible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("seed-cars")


def test_nothing_is_said_to_be_nothing(tab: Tab) -> None:
    page = tab.open("/jobs")
    page.keyboard.press("Control+k")
    page.get_by_placeholder("A job, a model").fill("'\" or <b> nothing")
    expect(page.get_by_text("Nothing is called that.")).to_be_visible()


def test_keys_lead_to_pages_and_are_explained(tab: Tab) -> None:
    page = tab.open("/jobs")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Data")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("Fold the navigation")).to_be_visible()
    assert not tab.inaccessible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_letters_in_a_field_stay_there(tab: Tab) -> None:
    page = tab.open("/jobs")
    page.get_by_label("Search jobs").fill("")
    page.get_by_label("Search jobs").press_sequentially("gd?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    expect(page.get_by_role("dialog")).to_have_count(0)
