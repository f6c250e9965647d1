"""Environments: what they ask for, what became of them, and those that cannot be."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation

NAME = "seed-env"


@pytest.fixture
def environment(seeded: Installation) -> str:
    """One with a Python and nothing else."""
    conda = {"name": "e", "channels": ["conda-forge"], "dependencies": ["python=3.11", "pip"]}
    body = {"name": NAME, "image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04", "conda_file": conda}
    seeded.call("PUT", f"environments/{NAME}/versions/1", body).raise_for_status()
    return NAME


@pytest.mark.parametrize("tail", ["", "/seed-env", "/seed-env?tab=used"])
def test_it_is_accessible_in_both_themes(themed: Tab, environment: str, tail: str) -> None:
    page = themed.open(f"/environments{tail}")
    expect(page.get_by_text("seed-env").first).to_be_visible()
    assert not themed.inaccessible()


def test_its_conda_file_is_shown_as_it_is_written(tab: Tab, environment: str) -> None:
    page = tab.open(f"/environments/{environment}")
    expect(page.locator("pre").first).to_contain_text("dependencies:\n- python=3.11\n- pip")


def test_a_form_makes_one_from_packages(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/environments")
    page.get_by_role("button", name="New environment").click()
    page.get_by_label("Name").fill("from-packages")
    page.get_by_label("Packages").fill("requests==2.32.3\n\n# a remark\nrich")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("from-packages")
    expect(page.get_by_text("Not built yet")).to_be_visible()
    expect(page.get_by_role("button", name="Build now")).to_be_visible()
    spec = seeded.call("GET", "environments/from-packages/versions/1").json()["spec"]
    assert spec["conda_file"]["dependencies"][-1] == {"pip": ["requests==2.32.3", "rich"]}


def test_a_build_is_followed_to_its_lock(tab: Tab, environment: str) -> None:
    page = tab.open(f"/environments/{environment}")
    if page.get_by_role("button", name="Build now").is_visible():
        page.get_by_role("button", name="Build now").click()
    expect(page.get_by_text("Built", exact=True)).to_be_visible(timeout=120_000)
    page.get_by_role("tab", name="Build log").click()
    expect(page.get_by_role("log")).to_contain_text("ready")
    page.get_by_role("tab", name="Lock").click()
    page.get_by_role("button", name="Show the lock").click()
    expect(page.get_by_role("heading", name="Lock")).to_be_visible()


def test_what_cannot_be_made_says_so(tab: Tab, seeded: Installation) -> None:
    body = {"name": "seed-windows", "image": "mcr.microsoft.com/windows/servercore:ltsc2022"}
    seeded.call("PUT", "environments/seed-windows/versions/1", body).raise_for_status()
    page = tab.open("/environments/seed-windows")
    expect(page.get_by_role("heading", level=1)).to_have_text("seed-windows")
    expect(page.get_by_text("Image", exact=True)).to_be_visible()
