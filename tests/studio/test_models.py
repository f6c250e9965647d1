"""Models: listed, looked into, described, given aliases, registered, archived; names with markup stay text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from studio_seeds import HOSTILE

from studio_browser import Tab
from zaffre.testing.server import Installation

PATH = "azureml://jobs/seed-curve/outputs/left"


def rows(page: Page):
    return page.get_by_role("grid", name="Models").get_by_role("row").filter(has=page.get_by_role("gridcell"))


def made(rig: Installation, name: str, version: str = "1", **more: object) -> None:
    body = {"name": name, "path": PATH, "type": "custom_model", **more}
    rig.call("PUT", f"models/{name}/versions/{version}", body).raise_for_status()


@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("/models", "[role=gridcell]"),
        ("/models/seed-model", "main h1"),
        ("/models/seed-model?tab=signature", "main h2"),
        ("/models/seed-model?tab=files", ".tree"),
        ("/models/seed-model?tab=versions", "main td"),
    ],
)
def test_it_is_accessible_in_both_themes(themed: Tab, path: str, ready: str) -> None:
    themed.open(path, ready)
    assert not themed.inaccessible()


def test_a_search_narrows_the_list_and_is_in_the_address(tab: Tab, seeded: Installation) -> None:
    made(seeded, "found-by-tag", tags={"team": "violet"})
    page = tab.open("/models", "[role=gridcell]")
    page.keyboard.press("/")
    page.keyboard.type("violet")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("found-by-tag")
    page.wait_for_url("**/models?q=violet")
    page.reload()
    expect(rows(page)).to_have_count(1)


def test_a_row_leads_to_the_model_and_its_files(tab: Tab) -> None:
    page = tab.open("/models", "[role=gridcell]")
    page.get_by_role("link", name="seed-model").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("seed-model")
    page.get_by_role("tab", name="Files").click()
    page.get_by_role("button", name="weights.json").click()
    expect(page.get_by_text('"weights"')).to_be_visible()


def test_description_and_tags_are_changed_and_kept(tab: Tab, seeded: Installation) -> None:
    made(seeded, "described")
    page = tab.open("/models/described")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Description").fill(HOSTILE)
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_label("Tag 1", exact=True).fill("owner")
    page.get_by_label("Value of tag 1").fill("ada & bob")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    expect(page.get_by_text("owner: ada & bob")).to_be_visible()
    assert page.locator("main img").count() == 0
    spec = seeded.call("GET", "models/described/versions/1").json()["spec"]
    assert spec["description"] == HOSTILE
    assert spec["tags"] == {"owner": "ada & bob"}


def test_an_alias_moves_from_version_to_version(tab: Tab, seeded: Installation) -> None:
    made(seeded, "aliased")
    made(seeded, "aliased", "2")
    page = tab.open("/models/aliased?version=1")
    page.get_by_label("New alias").fill("champion")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_role("button", name="Remove alias champion")).to_be_visible()
    page.goto(f"{tab.url}/models/aliased")
    expect(page.get_by_text("champion is version 1")).to_be_visible()
    page.get_by_label("New alias").fill("latest")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_role("alert")).to_contain_text("reserved")
    tab.forgive("400")


def test_a_model_is_registered_from_the_form(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/models", "[role=gridcell]")
    page.get_by_role("button", name="Register a model").click()
    page.get_by_label("Name", exact=True).fill("from-the-form")
    page.get_by_label("Type", exact=True).select_option("custom_model")
    page.get_by_label("Where its files are").fill(PATH)
    page.get_by_role("button", name="Copy as").click()
    expect(page.get_by_text("zaffre model create -f /dev/stdin")).to_be_visible()
    page.get_by_role("tab", name="Python").click()
    expect(page.get_by_text("client.models.create_or_update")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("from-the-form")
    assert seeded.call("GET", "models/from-the-form/versions/1").status_code == 200


def test_what_the_server_refuses_stands_at_its_field(tab: Tab) -> None:
    page = tab.open("/models", "[role=gridcell]")
    page.get_by_role("button", name="Register a model").click()
    page.get_by_label("Name", exact=True).fill("x/y <b>")
    page.get_by_label("Where its files are").fill(PATH)
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_visible()
    tab.forgive("400", "404", "405", "501")


def test_several_are_archived_at_once_and_brought_back(tab: Tab, seeded: Installation) -> None:
    made(seeded, "old-one")
    made(seeded, "old-two")
    page = tab.open("/models?q=old-", "[role=gridcell]")
    page.get_by_label("Choose old-one").check()
    page.get_by_label("Choose old-two").check()
    page.get_by_role("button", name="Archive 2").click()
    expect(page.get_by_text("Nothing is like that")).to_be_visible()
    page.get_by_role("button", name="Archived").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Choose old-one").check()
    page.get_by_role("button", name="Restore 1").click()
    expect(rows(page)).to_have_count(1)


def test_a_version_is_deleted_after_its_name_was_typed(tab: Tab, seeded: Installation) -> None:
    made(seeded, "goes")
    page = tab.open("/models/goes")
    page.get_by_role("button", name="Delete this version").click()
    last = page.get_by_role("dialog").get_by_role("button", name="Delete")
    expect(last).to_be_disabled()
    page.get_by_role("dialog").get_by_role("textbox").fill("goes")
    last.click()
    page.wait_for_url("**/models")
    assert seeded.call("GET", "models/goes/versions/1").status_code == 404
    tab.forgive("404")


def test_a_model_that_is_not_there_is_said_so(tab: Tab) -> None:
    page = tab.open("/models/no-such-model", "[role=alert]")
    expect(page.get_by_role("alert")).to_contain_text("no-such-model")
    tab.forgive("404")
