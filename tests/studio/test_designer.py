"""The Designer: a pipeline drawn of registered components, checked while it is drawn, submitted, and watched where it lies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from studio_browser import Tab
from zaffre.testing.server import Installation


def new_draft(tab: Tab) -> Page:
    page = tab.open("/designer")
    page.get_by_role("button", name="New draft").click()
    expect(page).to_have_url(re.compile(r"/designer/[\w-]+"))
    page.get_by_role("button", name=re.compile("^Prepare")).wait_for()
    return page


def node(page: Page, name: str):
    return page.locator(f".react-flow__node[data-id={name}]")


def handle(page: Page, name: str, port: str):
    return node(page, name).locator(f".react-flow__handle[data-handleid={port}]")


def bind(page: Page, one: tuple[str, str], other: tuple[str, str]) -> None:
    """As the mouse does it: from an output's handle to an input's."""
    page.keyboard.press("f")
    start, end = handle(page, *one), handle(page, *other)
    expect(end).to_be_visible()
    start.hover()
    page.mouse.down()
    end.hover()
    end.hover()
    page.mouse.up()


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()


def stored(rig: Installation, page: Page) -> dict:
    name = page.url.split("/designer/")[1].split("?")[0]
    return rig.call("GET", f"drafts/{name}").raise_for_status().json()["spec"]


def test_two_components_are_bound_given_a_value_submitted_and_seen_to_run(tab: Tab, seeded: Installation) -> None:
    page = new_draft(tab)
    for title in ("Prepare", "Train"):
        page.get_by_role("button", name=re.compile(f"^{title}")).click()
    expect(page.get_by_text("to do before it can be submitted")).to_be_visible()
    expect(page.get_by_role("button", name="Submit")).to_be_disabled()
    bind(page, ("seed_prepare", "table"), ("seed_train", "table"))
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    node(page, "seed_prepare").locator(".drawn-head").click()
    page.get_by_label(re.compile("^rows")).fill("2000")
    expect(page.get_by_text("expected 1000 or less")).to_be_visible()
    page.get_by_label(re.compile("^rows")).fill("7")
    page.get_by_label(re.compile("^shape")).select_option("wide")
    page.get_by_label(re.compile("^noisy")).select_option("true")
    page.get_by_label(re.compile("^note")).fill("typed <b>here</b>")
    expect(page.get_by_role("button", name="Submit")).to_be_enabled()
    saved(page)
    page.get_by_role("button", name="Submit").click()
    for step in ("seed_prepare", "seed_train"):
        expect(node(page, step)).to_contain_text("Completed", timeout=60_000)
    job = page.url.split("job=")[1]
    given = seeded.call("GET", f"jobs/{job}").json()["spec"]["jobs"]["seed_prepare"]["inputs"]
    assert given == {"rows": 7, "shape": "wide", "noisy": True, "note": "typed <b>here</b>"}
    page.reload()
    expect(node(page, "seed_train")).to_contain_text("Completed")


def test_what_does_not_fit_is_refused_with_the_reason(tab: Tab) -> None:
    page = new_draft(tab)
    for title in ("Prepare", "Score", "Train"):
        page.get_by_role("button", name=re.compile(f"^{title}")).click()
    bind(page, ("seed_prepare", "table"), ("seed_score", "model"))
    expect(page.get_by_text("this output is a uri_file, and the input takes a custom_model")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    bind(page, ("seed_train", "model"), ("seed_score", "model"))
    expect(page.locator(".react-flow__edge")).to_have_count(1)


def test_by_the_keyboard_alone(tab: Tab, seeded: Installation) -> None:
    page = new_draft(tab)
    for words in ("Writes as many", "Counts what"):
        page.keyboard.press("p")
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    expect(page.locator(".react-flow__node")).to_have_count(2)
    node(page, "seed_train").focus()
    page.keyboard.press("Enter")
    source = page.get_by_label(re.compile("^table"))
    source.focus()
    source.select_option(label="seed_prepare.table")
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    node(page, "seed_prepare").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__node")).to_have_count(1)
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    page.keyboard.press("Control+y")
    expect(page.locator(".react-flow__node")).to_have_count(1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(page.locator(".react-flow__node")).to_have_count(4)
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    saved(page)
    assert set(stored(seeded, page)["document"]["jobs"]) == {
        "seed_prepare", "seed_train", "seed_prepare_2", "seed_train_2",
    }  # fmt: skip


def test_yaml_goes_out_is_changed_and_is_drawn_again(tab: Tab, seeded: Installation) -> None:
    page = new_draft(tab)
    page.get_by_role("button", name=re.compile("^Prepare")).click()
    page.get_by_role("button", name="YAML").click()
    area = page.get_by_role("dialog").get_by_role("textbox")
    expect(area).to_have_value(re.compile("azureml:seed_prepare:1"))
    text = area.input_value()
    area.fill(text + "  broken: [")
    page.get_by_role("button", name="Draw it").click()
    expect(page.get_by_role("alert")).to_contain_text("pipeline.yml:")
    tab.forgive("400")
    area.fill(text.replace("  seed_prepare:\n", "  first:\n"))
    page.get_by_role("button", name="Draw it").click()
    expect(node(page, "first")).to_be_visible()
    saved(page)
    assert list(stored(seeded, page)["document"]["jobs"]) == ["first"]


def test_a_job_is_drawn_on(tab: Tab) -> None:
    page = tab.open("/designer?from=seed-pipeline", ".react-flow__node")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    expect(page.get_by_role("button", name="Submit")).to_be_enabled()


def test_of_two_people_nobody_s_work_is_lost(tab: Tab, opened: Callable[..., Tab], seeded: Installation) -> None:
    page = new_draft(tab)
    page.get_by_role("button", name=re.compile("^Prepare")).click()
    saved(page)
    spec = stored(seeded, page)
    name = page.url.split("/designer/")[1]
    tab.page.context.set_offline(True)  # ours does not hear of theirs, and cannot save
    page.get_by_label("Title of the draft").fill("Ours")
    theirs = {**spec, "display_name": "Theirs", "revision": spec["revision"] + 1}
    seeded.call("PUT", f"drafts/{name}", theirs).raise_for_status()
    tab.page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("was saved by")
    page.get_by_role("button", name="Save mine as a copy").click()
    expect(page).not_to_have_url(re.compile(f"{name}$"))
    expect(page.get_by_label("Title of the draft")).to_have_value("Ours (mine)")
    assert seeded.call("GET", f"drafts/{name}").json()["spec"]["display_name"] == "Theirs"
    tab.forgive("409", "ERR_INTERNET_DISCONNECTED", "ERR_NETWORK", "ERR_INCOMPLETE")


def test_notes_and_groups_stay(tab: Tab, seeded: Installation) -> None:
    page = new_draft(tab)
    page.get_by_role("button", name=re.compile("^Prepare")).click()
    node(page, "seed_prepare").locator(".drawn-head").click()
    page.get_by_role("button", name="Group the chosen steps").click()
    page.get_by_label("Title of the group").fill("Data")
    page.get_by_role("button", name="Add a note").click()
    page.get_by_label("Note", exact=True).fill("<script>alert(1)</script>")
    saved(page)
    layout = stored(seeded, page)["layout"]
    assert json.dumps(layout["groups"][0]["steps"]) == '["seed_prepare"]'
    page.reload()
    expect(page.get_by_label("Title of the group")).to_have_value("Data")
    expect(page.get_by_label("Note", exact=True)).to_have_value("<script>alert(1)</script>")


def test_it_is_accessible_in_both_themes(themed: Tab) -> None:
    page = themed.open("/designer?from=seed-pipeline", ".react-flow__node")
    page.get_by_role("button", name="Submit").wait_for()
    assert not themed.inaccessible()
    page.locator(".drawn-head").first.click()
    page.get_by_role("button", name="Remove step").wait_for()
    assert not themed.inaccessible()
    themed.open("/designer", "[role=gridcell]")
    assert not themed.inaccessible()


def test_an_input_of_the_pipeline_goes_to_a_step_and_an_output_of_a_step_is_the_pipeline_s(
    tab: Tab, seeded: Installation
) -> None:
    page = new_draft(tab)
    for title in ("Prepare", "Train"):
        page.get_by_role("button", name=re.compile(f"^{title}")).click()
    bind(page, ("seed_prepare", "table"), ("seed_train", "table"))
    page.locator(".react-flow__pane").click(position={"x": 5, "y": 5})
    page.get_by_role("button", name="Add input").click()
    page.get_by_label("Name of input input").fill("rate")
    page.keyboard.press("Enter")
    page.get_by_label("Type of rate").select_option("number")
    page.get_by_label("Value of rate").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("0.75")
    node(page, "seed_train").locator(".drawn-head").click()
    page.get_by_label("Where rate comes from").select_option(label="Input rate of the pipeline")
    page.get_by_role("button", name="model is an output of the pipeline").click()
    expect(page.get_by_role("button", name="Submit")).to_be_enabled()
    saved(page)
    document = stored(seeded, page)["document"]
    assert document["inputs"] == {"rate": 0.75}
    assert document["outputs"] == {"model": {"type": "custom_model"}}
    page.get_by_role("button", name="Submit").click()
    expect(node(page, "seed_train")).to_contain_text("Completed", timeout=60_000)
    assert "rate 0.75" in seeded.text(page.url.split("job=")[1] + "_seed_train")


def test_far_out_a_step_is_its_name_alone(tab: Tab) -> None:
    page = tab.open("/designer?from=seed-pipeline", ".react-flow__node")
    saved(page)  # tidied up, and all of it in sight
    port = node(page, "train").locator(".port.left > span")
    expect(port).to_be_visible()
    for _ in range(6):
        page.get_by_role("button", name="Zoom Out").click()
    expect(port).to_be_hidden()
    expect(node(page, "train").locator(".drawn-head > span").first).to_be_visible()
