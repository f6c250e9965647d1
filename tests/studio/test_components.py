"""Components: the catalogue, the interface, the document, who uses one, and the way into the designer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio_browser import Tab


@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("/components", "[role=gridcell]"),
        ("/components/seed_prepare", "main td"),
        ("/components/seed_prepare?tab=source", "pre"),
        ("/components/seed_prepare?tab=used", "main td"),
    ],
)
def test_it_is_accessible_in_both_themes(themed: Tab, path: str, ready: str) -> None:
    themed.open(path, ready)
    assert not themed.inaccessible()


def test_the_interface_tells_data_from_parameters(tab: Tab) -> None:
    page = tab.open("/components/seed_prepare", "main td")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prepare")
    row = page.get_by_role("row").filter(has_text="rows")
    expect(row).to_contain_text("1 to 1000")
    expect(row).to_contain_text("How many rows")
    expect(page.get_by_role("row").filter(has_text="shape")).to_contain_text("long or wide")
    expect(page.get_by_role("heading", name="Data out")).to_be_visible()


def test_it_knows_the_pipeline_that_uses_it(tab: Tab) -> None:
    page = tab.open("/components/seed_prepare?tab=used", "main td")
    expect(page.get_by_role("link", name="Three steps")).to_be_visible()
    page = tab.open("/components/seed_score?tab=used")
    expect(page.get_by_text("No job has used this version yet.")).to_be_visible()


def test_its_document_is_shown_and_the_designer_takes_it(tab: Tab) -> None:
    page = tab.open("/components/seed_train?tab=source", "pre")
    expect(page.locator("pre")).to_contain_text("rate:\n    type: number")
    expect(page.get_by_role("link", name="Use in designer")).to_have_attribute(
        "href", "/designer?component=seed_train%3A1"
    )
