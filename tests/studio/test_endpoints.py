"""Endpoints: made, asked, measured, their traffic moved, their keys shown on request and replaced, their failures told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import CURATED, Installation, until

FAILING = "def init():\n    raise RuntimeError('the weights are <b>gone</b>')\n\ndef run(data):\n    return 1\n"


def percent(tab: Tab, name: str):
    return tab.page.get_by_label(f"Percent of {name}")


@pytest.fixture
def failed(seeded: Installation) -> str:
    """An endpoint whose deployment ends in its init()."""
    name = "seed-broken"
    if seeded.call("GET", f"online-endpoints/{name}").status_code == 404:
        code = seeded.upload("code", {"score.py": FAILING.encode()})["code"]
        seeded.call("PUT", f"online-endpoints/{name}", {"name": name, "auth_mode": "key"}).raise_for_status()
        body = {
            "name": "red",
            "endpoint_name": name,
            "code_configuration": {"code": code, "scoring_script": "score.py"},
            "environment": CURATED,
            "instance_type": "Standard_DS3_v2",
            "instance_count": 1,
        }
        at = f"online-endpoints/{name}/deployments/red"
        seeded.call("PUT", at, body).raise_for_status()
        until(lambda: seeded.call("GET", at).json()["state"]["provisioning_state"] == "Failed", "a failed deployment")
    return name


@pytest.mark.parametrize("tail", ["", "?tab=test", "?tab=use", "?tab=metrics", "?tab=logs"])
def test_it_is_accessible_in_both_themes(themed: Tab, endpoint: str, tail: str) -> None:
    page = themed.open(f"/endpoints/{endpoint}{tail}")
    expect(page.get_by_role("tabpanel")).to_be_visible()
    assert not themed.inaccessible()


def test_the_lists_are_accessible(themed: Tab, endpoint: str) -> None:
    themed.open("/endpoints", "[role=gridcell]")
    assert not themed.inaccessible()
    themed.open("/endpoints?sort=batch", "main h2")
    assert not themed.inaccessible()


def test_it_is_asked_and_says_how_long_that_took(tab: Tab, endpoint: str) -> None:
    page = tab.open(f"/endpoints/{endpoint}?tab=test")
    page.get_by_label("Body of the request").fill('{"data": [1, 2, 39]}')
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".answer")).to_have_text(re.compile(r"42"))
    expect(page.get_by_text("200", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+(\.\d)?m?s$"))).to_be_visible()
    page.get_by_label("Body of the request").fill("no json")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text(re.compile("^(400|424|500)$"))).to_be_visible()
    tab.forgive("400", "424", "500")


def test_keys_are_shown_when_asked_for_and_the_old_one_is_refused_after(
    tab: Tab, endpoint: str, seeded: Installation
) -> None:
    page = tab.open(f"/endpoints/{endpoint}?tab=use")
    before = seeded.call("POST", f"online-endpoints/{endpoint}/keys", {}).json()
    assert before["primary_key"] not in page.content()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text(before["primary_key"])).to_be_visible()
    page.get_by_role("button", name="Replace").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Replace").click()
    expect(page.get_by_text(before["secondary_key"])).to_be_hidden()
    after = seeded.call("POST", f"online-endpoints/{endpoint}/keys", {}).json()
    assert after["secondary_key"] != before["secondary_key"]
    assert after["primary_key"] == before["primary_key"]
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text(after["primary_key"])).to_have_count(0)
    assert after["primary_key"] not in page.content()


def test_a_form_makes_one_and_the_page_says_that_nothing_answers(tab: Tab, seeded: Installation) -> None:
    page = tab.open("/endpoints", "main h1")
    page.get_by_role("button", name="New endpoint").click()
    page.get_by_label("Name").fill("from-form")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("from-form")
    expect(page.get_by_text("Nothing answers here yet")).to_be_visible()
    page.get_by_role("button", name="Delete this endpoint").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("from-form")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/endpoints")
    until(lambda: seeded.call("GET", "online-endpoints/from-form").status_code == 404, "it is gone")
    tab.forgive("404")


def test_a_name_that_cannot_be_is_refused_at_its_field(tab: Tab) -> None:
    page = tab.open("/endpoints", "main h1")
    page.get_by_role("button", name="New endpoint").click()
    page.get_by_label("Name").fill("No Good Name")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("expected")
    tab.forgive("400")


def test_why_a_deployment_failed_stands_first(themed: Tab, failed: str) -> None:
    page = themed.open(f"/endpoints/{failed}")
    card = page.get_by_role("region", name="Why Deployment red failed")
    expect(card).to_contain_text("RuntimeError: the weights are <b>gone</b>")
    expect(card).to_contain_text("score.py")
    assert not themed.inaccessible()
    page.get_by_role("tab", name="Logs").click()
    expect(page.get_by_role("log")).to_contain_text("the weights are")


def test_sliders_are_a_hundred_together_and_the_server_hears_of_it(
    tab: Tab, endpoint: str, seeded: Installation
) -> None:
    at = f"online-endpoints/{endpoint}"
    (blue,) = seeded.call("GET", f"{at}/deployments").json()["value"]
    body = {**blue["spec"], "name": "second"}
    seeded.call("PUT", f"{at}/deployments/second", body).raise_for_status()
    ready = f"{at}/deployments/second"
    until(lambda: seeded.call("GET", ready).json()["state"]["provisioning_state"] == "Succeeded", "the second")
    tab.open(f"/endpoints/{endpoint}", ".shares")
    percent(tab, "second").fill("30")
    expect(percent(tab, blue["name"])).to_have_value("70")
    tab.page.get_by_role("button", name="Move the traffic").click()
    until(lambda: seeded.call("GET", at).json()["spec"]["traffic"] == {blue["name"]: 70, "second": 30}, "70 to 30")
    expect(tab.page.get_by_role("button", name="Move the traffic")).to_be_disabled()
    percent(tab, "second").fill("0")
    tab.page.get_by_label("A copy for").select_option("second")
    tab.page.get_by_role("button", name="Move the traffic").click()
    until(
        lambda: seeded.call("GET", at).json()["spec"].get("mirror_traffic") == {"second": 10}, "a copy for the second"
    )
    tab.page.get_by_label("A copy for").select_option("")
    tab.page.get_by_role("button", name="Move the traffic").click()
    until(lambda: not seeded.call("GET", at).json()["spec"].get("mirror_traffic"), "no copies")
    seeded.call("DELETE", f"{at}/deployments/second").raise_for_status()


def test_requests_are_counted_on_the_page_of_metrics(tab: Tab, endpoint: str, seeded: Installation) -> None:
    for _ in range(5):
        seeded.call("POST", f"online-endpoints/{endpoint}/score", {"data": [1]}).raise_for_status()
    page = tab.open(f"/endpoints/{endpoint}?tab=metrics", ".tile")
    tile = page.locator(".tile").filter(has_text="Requests")
    expect(tile.locator("b")).not_to_have_text("0", timeout=20_000)
    expect(page.get_by_role("img", name=re.compile("Latency"))).to_be_visible()
