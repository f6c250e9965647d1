"""Lineage as a graph: drawn around the thing that is looked at, walked by the keyboard, and told as a list as well."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from studio_browser import Tab


def test_a_model_leads_to_the_job_that_made_it_and_its_list_says_the_same(tab: Tab) -> None:
    page = tab.open("/jobs/seed-pipeline_train?tab=lineage", ".thing-node")
    graph = page.locator(".lineage-graph")
    expect(graph.locator(".thing-node.is-self")).to_have_count(1)
    expect(graph.get_by_role("link", name="seed-pipeline", exact=True)).to_be_visible()
    drawn = sorted(graph.locator(".thing-node a, .thing-node b").all_inner_texts())
    page.get_by_role("button", name="List").click()
    assert sorted(page.locator(".lineage li a, .lineage li b").all_inner_texts()) == drawn


def test_the_keyboard_goes_from_thing_to_thing(tab: Tab) -> None:
    page = tab.open("/jobs/seed-pipeline_train?tab=lineage", ".thing-node")
    page.locator(".lineage-graph").get_by_role("link", name="seed-pipeline", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/jobs/seed-pipeline(\?|$)"))


def test_it_is_accessible_in_both_themes(themed: Tab) -> None:
    page = themed.open("/jobs/seed-pipeline_train?tab=lineage", ".thing-node")
    assert not themed.inaccessible()
    page.get_by_role("button", name="List").click()
    page.locator(".lineage").wait_for()
    assert not themed.inaccessible()
    themed.open("/models/seed-model?tab=lineage", ".thing-node")
    assert not themed.inaccessible()
