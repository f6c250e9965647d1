"""Runs beside each other: differences, curves, coordinates that choose, points, pictures, and the code they ran."""

from __future__ import annotations

from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation

TWO = "/compare?ids=seed-curve,seed-curve-2"


def test_only_what_differs_is_shown_first(themed: Tab) -> None:
    page = themed.open(TWO, ".diff")
    rate = page.locator(".diff tr", has=page.get_by_role("rowheader", name="rate", exact=True))
    expect(rate.locator("td")).to_have_text(["1.0", "2.0"])
    expect(page.get_by_role("rowheader", name="experiment")).to_have_count(0)
    page.get_by_label("Only differences").uncheck()
    expect(page.get_by_role("rowheader", name="experiment")).to_be_visible()
    assert "all=true" in page.url
    assert not themed.inaccessible()


def test_curves_lie_in_one_chart(tab: Tab) -> None:
    page = tab.open(TWO + "&tab=curves", ".uplot")
    expect(page.get_by_role("img", name="loss, 2 series")).to_be_visible()
    expect(page.locator(".legend").first).to_contain_text("seed-curve-2")


def test_dragging_along_an_axis_chooses(tab: Tab) -> None:
    trials = ",".join(f"seed-sweep_{number}" for number in range(3))
    page = tab.open(f"/compare?ids=seed-curve,seed-curve-2,{trials}&tab=coordinates", "svg .brush")
    expect(page.get_by_text("5 of 5 chosen")).to_be_visible()
    box = page.locator('.brush[data-axis="loss"]').bounding_box()
    assert box is not None
    x, top = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, top + 1)
    page.mouse.down()
    page.mouse.move(x, top + box["height"] * 0.3, steps=5)
    page.mouse.up()
    expect(page.get_by_text("1 of 5 chosen")).to_be_visible()


def test_a_job_is_added_and_left_out(tab: Tab) -> None:
    page = tab.open(TWO, ".diff")
    page.get_by_role("button", name="Add a job").click()
    page.get_by_label("Search jobs to add").fill("seed-failed")
    page.locator(".choice", has_text="seed-failed").click()
    expect(page.locator(".diff thead a")).to_have_count(3)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave out seed-curve-2").click()
    expect(page.locator(".diff thead a")).to_have_text(["seed-curve", "seed-failed"])


def test_chosen_in_the_list_of_jobs_they_are_compared(tab: Tab) -> None:
    page = tab.open("/jobs")
    page.get_by_label("Choose seed-curve", exact=True).check()
    page.get_by_label("Choose seed-curve-2").check()
    page.get_by_role("button", name="Compare 2").click()
    expect(page.locator(".diff thead a")).to_have_count(2)


def test_a_job_that_is_gone_is_said_so(tab: Tab) -> None:
    page = tab.page
    page.goto(f"{tab.url}/compare?ids=seed-curve,no-such-job")
    expect(page.get_by_role("alert")).to_contain_text("no-such-job")
    tab.forgive("404")


CODES = ("compare-code-1", "compare-code-2")


def with_code(rig: Installation) -> None:
    """Two jobs whose code differs in one file, and is short of another."""
    first = {"train.py": "a = 1\nb = 2\nprint(a + b)\n", "same.txt": "same\n", "old.txt": "gone\n"}
    second = {"train.py": "a = 1\nb = 30\nprint(a + b)\n", "same.txt": "same\n"}
    known = {job["name"] for job in rig.call("GET", "jobs?filter=name ~ compare-code").json()["value"]}
    for name, files in zip(CODES, (first, second), strict=True):
        if name in known:
            continue
        code = rig.upload("code", {path: text.encode() for path, text in files.items()})["code"]
        rig.submit(name, "python train.py", code=code)
        rig.ended(name, 60)


def test_code_is_compared_file_by_file(themed: Tab, seeded: Installation) -> None:
    with_code(seeded)
    page = themed.open(f"/compare?ids={','.join(CODES)}&tab=code", ".diff-lines tr")
    expect(page.get_by_text("2 of 3 files differ.")).to_be_visible()
    expect(page.locator(".diff-lines tr.gone")).to_contain_text("b = 2")
    expect(page.locator(".diff-lines tr.new")).to_contain_text("b = 30")
    expect(page.locator(".diff-lines tr.same")).to_have_count(2)
    page.get_by_role("button", name="old.txt").click()
    expect(page.locator(".diff-lines tr.gone")).to_contain_text("gone")
    assert "file=old.txt" in page.url
    assert not themed.inaccessible()


def test_numbers_of_runs_over_each_other(themed: Tab) -> None:
    page = themed.open(f"{TWO}&tab=scatter", ".scatter circle")
    expect(page.locator(".scatter circle")).to_have_count(2)
    page.get_by_label("Up").select_option("Metrics loss")
    expect(page.get_by_role("group", name="loss over rate: 2 runs")).to_be_visible()
    assert "y=Metrics" in page.url
    assert not themed.inaccessible()
    page.get_by_role("link", name="seed-curve-2: rate 2").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("seed-curve-2")


def test_pictures_of_one_name_lie_beside_each_other(themed: Tab) -> None:
    page = themed.open(f"{TWO}&tab=pictures", ".beside img")
    shown = page.get_by_role("region", name="named-outputs/left/dot.png")
    expect(shown.locator("figure")).to_have_count(2)
    expect(shown.get_by_alt_text("named-outputs/left/dot.png of seed-curve", exact=True)).to_be_visible()
    assert not themed.inaccessible()
