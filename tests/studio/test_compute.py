"""Compute: what there is, its nodes and queue, made from a form, stopped and started."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation


@pytest.fixture
def cluster(seeded: Installation) -> str:
    """A cluster of one node."""
    body = {"name": "seed-cluster", "type": "amlcompute", "max_instances": 1}
    seeded.call("PUT", "computes/seed-cluster", body).raise_for_status()
    return "seed-cluster"


@pytest.mark.parametrize(
    ("tail", "ready"), [("", "[role=gridcell]"), ("/local", "main h3"), ("/seed-cluster?tab=jobs", "main h1")]
)
def test_it_is_accessible_in_both_themes(themed: Tab, cluster: str, tail: str, ready: str) -> None:
    themed.open(f"/compute{tail}", ready)
    assert not themed.inaccessible()


def test_nodes_and_queue_are_those_of_now(tab: Tab, cluster: str, seeded: Installation) -> None:
    for name in ("holds", "waits"):
        seeded.submit(name, "sleep 60", compute=cluster)
    page = tab.open(f"/compute/{cluster}")
    node = page.get_by_role("row").filter(has_text="running")
    expect(node.get_by_role("link", name="holds")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("row").filter(has_text="Queued")).to_contain_text("waits", timeout=30_000)
    for name in ("waits", "holds"):
        seeded.call("POST", f"jobs/{name}/cancel").raise_for_status()
    expect(page.get_by_text("No job waits for it.")).to_be_visible(timeout=30_000)


def test_it_is_stopped_and_started(tab: Tab, cluster: str) -> None:
    page = tab.open(f"/compute/{cluster}")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


def test_a_form_makes_one_and_the_server_refuses_what_cannot_be(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/compute", "[role=gridcell]")
    page.get_by_role("button", name="New compute").click()
    page.get_by_label("Name").fill("from-form")
    page.get_by_label("Nodes at most").fill("many")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("number")
    page.get_by_label("Nodes at most").fill("3")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("from-form")
    assert seeded.call("GET", "computes/from-form").json()["spec"]["max_instances"] == 3
    tab.forgive("400")


def test_this_machine_is_neither_stopped_nor_deleted(tab: Tab) -> None:
    page = tab.open("/compute/local", "main h3")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete this compute")).to_have_count(0)
