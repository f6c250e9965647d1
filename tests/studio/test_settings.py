"""Settings: the workspace, connections whose secrets nobody sees again, use, looks, keys and what runs here."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation

SECRET = "a-word-that-nobody-sees"


@pytest.mark.parametrize("part", ["workspace", "connections", "access", "use", "audit", "looks", "keys", "about"])
def test_every_part_is_accessible_in_both_themes(themed: Tab, part: str) -> None:
    page = themed.open(f"/settings?tab={part}")
    expect(page.get_by_role("tabpanel").locator("h3").first).to_be_visible()
    assert not themed.inaccessible()


def test_a_secret_is_written_and_never_read(tab: Tab, seeded: Installation) -> None:
    heard: list[str] = []
    tab.page.on("response", lambda answer: "/api/" in answer.url and heard.append(answer.text()))
    page = tab.open("/settings?tab=connections")
    page.get_by_role("button", name="New connection").click()
    page.get_by_label("Sort").select_option("snowflake")
    page.get_by_label("Name", exact=True).fill("warehouse")
    page.get_by_label("Where the service is").fill("jdbc:snowflake://x")
    page.get_by_label("User name").fill("anna")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Copy as").click()
    expect(page.get_by_role("dialog").last.get_by_text("zaffre connection create")).to_be_visible()
    assert SECRET not in page.get_by_role("dialog").last.inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("row").filter(has_text="warehouse")).to_contain_text("sealed")
    page.get_by_role("button", name="Change").click()
    assert page.get_by_label("Password").input_value() == ""
    page.get_by_label("User name").fill("bert")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert SECRET not in page.content() + "".join(heard)
    whole = seeded.call("POST", "connections/warehouse/secrets").json()["spec"]["credentials"]
    assert whole["username"] == "bert"
    assert whole["password"] == SECRET


def test_a_workspace_is_made_and_shown(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/settings")
    page.get_by_role("button", name="New workspace").click()
    page.get_by_label("Name").fill("team-blue")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/settings?ws=team-blue")
    expect(page.get_by_text("-w team-blue")).to_be_visible()


def test_the_theme_is_kept(tab: Tab) -> None:
    page = tab.open("/settings?tab=looks")
    page.get_by_role("tabpanel").get_by_role("button", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_runs_here_names_its_licences(tab: Tab) -> None:
    page = tab.open("/settings?tab=about")
    expect(page.get_by_text("Apache-2.0").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="aiohttp").first).to_be_visible()


def test_a_link_lets_another_browser_in_once(tab: Tab, browser: object) -> None:
    page = tab.open("/settings?tab=access")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("code").filter(has_text="/login").inner_text()
    other = browser.new_context()
    second = other.new_page()
    second.goto(link)
    second.locator("main").first.wait_for()
    second.wait_for_url(lambda url: "/login" not in url)
    other.close()


def test_an_address_of_nothing_says_so_and_leads_home(themed: Tab) -> None:
    page = themed.open("/models/a/b/c", "main h1")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    assert not themed.inaccessible()
    page.get_by_role("main").get_by_role("link", name="Home").click()
    expect(page).to_have_url(f"{themed.url}/")
    themed.forgive("404")


def test_a_token_is_made_shown_once_and_revoked(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/settings?tab=access")
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_role("dialog").get_by_label("Name").fill("nora")
    page.get_by_role("dialog").get_by_label("Role").select_option("reader")
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    expect(page.get_by_label("Role of nora")).to_have_value("reader")
    page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("nora-desk")
    dialog.get_by_label("Whose").select_option("nora")
    dialog.get_by_label("Days").fill("7")
    dialog.get_by_role("button", name="Make").click()
    secret = page.get_by_role("dialog").locator("code").first.inner_text()
    asked = {"headers": {"authorization": f"Bearer {secret}"}}
    assert seeded.http.get(f"{tab.url}/api/v1/me", **asked).json()["role"] == "reader"
    assert not tab.inaccessible()
    page.get_by_role("button", name="Done").click()
    assert secret not in page.content()
    page.get_by_label("Role of nora").select_option("contributor")
    expect(page.get_by_label("Role of nora")).to_be_enabled()
    assert seeded.http.get(f"{tab.url}/api/v1/me", **asked).json()["role"] == "reader"  # the token's own, at most
    page.get_by_role("button", name="Revoke nora-desk").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("row").filter(has_text="nora-desk")).to_contain_text("revoked")
    assert seeded.http.get(f"{tab.url}/api/v1/me", **asked).status_code == 401


def test_a_quota_is_set_and_goes_back_to_the_settings(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/settings?tab=use")
    page.get_by_role("button", name="Change the quota of default").click()
    page.get_by_label("Nodes of default").fill("3")
    page.get_by_role("button", name="Save").click()
    line = page.get_by_role("row").filter(has=page.get_by_role("button", name="Change the quota of default"))
    expect(line).to_contain_text("3")
    said = {one["workspace"]: one["nodes"] for one in seeded.call("GET", "/api/v1/quotas").json()["value"]}
    assert said["default"] == 3
    page.get_by_role("button", name="By the settings").click()
    expect(line).to_contain_text("no limit")


def test_the_audit_log_tells_what_was_refused(tab: Tab, seeded: Installation) -> None:
    seeded.call("PUT", "/api/v1/people/otto", {"role": "reader"}).raise_for_status()
    made = seeded.call("POST", "/api/v1/tokens", {"name": "otto-1", "person": "otto"}).json()
    refused = {"headers": {"authorization": f"Bearer {made['token']}"}, "json": {}}
    assert seeded.http.put(f"{tab.url}/api/v1/workspaces/default/jobs/none-of-his", **refused).status_code == 403
    page = tab.open("/settings?tab=audit")
    page.get_by_label("Who").select_option("otto")
    expect(page.get_by_role("row").filter(has_text="jobs/none-of-his")).to_contain_text("Request denied")
    assert made["token"] not in page.content()
