"""Data: rows a page at a time, columns in numbers, who uses it, and files dropped on the page that become a version."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.sync_api import expect

from studio_browser import Tab
from zaffre.testing.server import Installation

ASSET = "/data/seed-cars"


def test_the_list_of_data(themed: Tab) -> None:
    page = themed.open("/data", "[role=gridcell]")
    expect(page.get_by_role("link", name="seed-cars")).to_be_visible()
    assert not themed.inaccessible()


def test_rows_come_a_page_at_a_time(themed: Tab) -> None:
    page = themed.open(ASSET, ".rows-line")
    expect(page.get_by_text("Rows 1 to 200, and more")).to_be_visible()
    assert not themed.inaccessible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Rows 401 to 500")).to_be_visible()
    assert "from=400" in page.url
    expect(page.get_by_role("row", name="401 make1 9,400")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()


def test_every_column_in_numbers(themed: Tab) -> None:
    page = themed.open(f"{ASSET}?tab=profile", ".profile td")
    price = page.locator(".profile").get_by_role("row", name="price")
    expect(price).to_contain_text("9,000")
    expect(price).to_contain_text("9,249.5")
    expect(price).to_contain_text("9,499")
    expect(price.get_by_role("img")).to_be_visible()
    expect(page.locator(".profile").get_by_role("row", name="make").first).to_contain_text("make0")
    assert not themed.inaccessible()


def test_who_uses_it(tab: Tab, seeded: Installation) -> None:
    seeded.submit(
        "data-uses", "wc -l ${{inputs.cars}}", inputs={"cars": {"type": "uri_file", "path": "azureml:seed-cars:1"}}
    )
    seeded.ended("data-uses", 60)
    page = tab.open(f"{ASSET}?tab=lineage", ".thing-node")
    expect(page.locator(".lineage-graph").get_by_role("link", name="data-uses")).to_be_visible()
    assert not tab.inaccessible()


def test_a_file_becomes_data(tab: Tab, tmp_path: Path) -> None:
    file = tmp_path / "My trees (2).csv"
    file.write_text('kind,height\noak,20\n"<b>fir</b>",30\n')
    page = tab.open("/data", "[role=gridcell]")
    page.get_by_role("button", name="Upload").click()
    page.get_by_label("choose files").set_input_files(file)
    expect(page.get_by_label("Name of the data asset")).to_have_value("My-trees-2")
    page.get_by_role("dialog").get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My-trees-2")
    expect(page.get_by_role("cell", name="<b>fir</b>")).to_be_visible()


def test_dropped_files_become_a_version(tab: Tab) -> None:
    page = tab.open(ASSET, ".rows-line")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["make,price\\nA,1\\n"], "cars.csv"));
          for (const type of ["dragenter", "drop"])
            document.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.get_by_role("dialog").get_by_role("button", name="Upload").click()
    expect(page.get_by_role("button", name="Version 2")).to_be_visible()
    expect(page.get_by_text("Rows 1 to 1")).to_be_visible()


def test_a_broken_table_says_why(tab: Tab, seeded: Installation) -> None:
    folder = seeded.home / "data" / "default" / "workspaceblobstore" / "seeds"
    (folder / "broken.parquet").write_bytes(b"this is no parquet")
    uri = "azureml://datastores/workspaceblobstore/paths/seeds/broken.parquet"
    seeded.call("PUT", "data/data-broken/versions/1", {"path": uri, "type": "uri_file"})
    page = tab.page
    page.goto(f"{tab.url}/data/data-broken")
    expect(page.get_by_role("alert")).to_contain_text("parquet")
    tab.forgive("400", "422")


def test_datastores_are_walked_through(themed: Tab) -> None:
    page = themed.open("/datastores", "[role=gridcell]")
    assert not themed.inaccessible()
    page.get_by_role("link", name="workspaceblobstore").click()
    page.get_by_role("button", name="seeds").click()
    page.get_by_role("button", name="cars.csv").click()
    expect(page.get_by_role("cell", name="make1").first).to_be_visible()
    assert "at=seeds" in page.url
    assert not themed.inaccessible()


def test_how_numbers_go_together(themed: Tab, seeded: Installation) -> None:
    folder = seeded.home / "data" / "default" / "workspaceblobstore" / "seeds"
    (folder / "pairs.csv").write_text("up,down,still\n" + "".join(f"{n},{-2 * n},1\n" for n in range(20)))
    uri = "azureml://datastores/workspaceblobstore/paths/seeds/pairs.csv"
    seeded.call("PUT", "data/data-pairs/versions/1", {"path": uri, "type": "uri_file"})
    page = themed.open("/data/data-pairs?tab=profile", ".matrix td")
    matrix = page.get_by_role("region", name="Correlation of numeric columns")
    expect(matrix.get_by_title("up and down: -1.0000")).to_have_text("−1.00")
    expect(matrix.get_by_title("up and still: none")).to_have_text("–")
    assert not themed.inaccessible()


def test_a_folder_becomes_data_and_comes_back_as_one_zip(tab: Tab, tmp_path: Path) -> None:
    folder = tmp_path / "My forest"
    (folder / "deep").mkdir(parents=True)
    (folder / "oak.txt").write_text("oak")
    (folder / "deep" / "fir tree.txt").write_text("fir")
    page = tab.open("/data", "[role=gridcell]")
    page.get_by_role("button", name="Upload").click()
    page.get_by_label("or a folder").set_input_files(folder)
    expect(page.get_by_label("Name of the data asset")).to_have_value("My-forest")
    page.get_by_role("dialog").get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My-forest")
    page.get_by_role("tab", name="Files").click()
    with page.expect_download() as got:
        page.get_by_role("link", name="Download all").click()
    assert got.value.suggested_filename == "My-forest-1.zip"
    with zipfile.ZipFile(got.value.path()) as found:
        assert {name: found.read(name) for name in found.namelist()} == {"oak.txt": b"oak", "deep/fir tree.txt": b"fir"}
