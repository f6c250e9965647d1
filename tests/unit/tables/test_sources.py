"""Which files a table has, and which it can never have."""

from __future__ import annotations

from pathlib import Path

import pytest

from zaffre.core import mltable
from zaffre.core.errors import Invalid
from zaffre.core.mltable import TablePath
from zaffre.tables.sources import root_of, sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = (
        "MLTable",
        "a.csv",
        "b.csv",
        ".hidden.csv",
        "d/c.csv",
        "d/e/f.csv",
        "d/.git/x.csv",
        "d/_SUCCESS",
        "d/_x.csv",
    )
    for name in names:
        (tmp_path / "t" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "t" / name).write_text(name)
    return tmp_path / "t"


def shown(folder: Path, paths: str, brought: dict[str, str] | None = None) -> list[str]:
    return [source.shown for source in sources(mltable.read(f"paths: {paths}"), folder, brought or {})]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ("[{file: ./a.csv}]", ["a.csv"]),
        ("[{file: b.csv}, {file: a.csv}]", ["b.csv", "a.csv"]),
        ("[{pattern: ./*.csv}]", ["a.csv", "b.csv"]),
        ("[{pattern: './**/*.csv'}]", ["a.csv", "b.csv", "d/_x.csv", "d/c.csv", "d/e/f.csv"]),
        ("[{pattern: '[ab].csv'}]", ["a.csv", "b.csv"]),
        ("[{pattern: d*}]", ["d/_x.csv", "d/c.csv", "d/e/f.csv"]),
        ("[{folder: ./d}]", ["d/_x.csv", "d/c.csv", "d/e/f.csv"]),
        ("[{folder: .}]", ["a.csv", "b.csv", "d/_x.csv", "d/c.csv", "d/e/f.csv"]),
    ],
)
def test_paths(folder: Path, paths: str, expected: list[str]) -> None:
    assert shown(folder, paths) == expected


@pytest.mark.parametrize(
    "paths", ["[{file: /etc/passwd}]", "[{file: ../x}]", "[{pattern: ../*}]", "[{folder: d/../../}]"]
)
def test_ways_out_are_refused(folder: Path, paths: str) -> None:
    with pytest.raises(Invalid, match="leads out of the table's folder"):
        shown(folder, paths)


@pytest.mark.parametrize("paths", ["[{file: link.csv}]", "[{pattern: '*.csv'}]", "[{folder: .}]"])
def test_links_that_lead_out_are_refused(folder: Path, paths: str) -> None:
    (folder.parent / "secret").write_text("s")
    (folder / "link.csv").symlink_to(folder.parent / "secret")
    with pytest.raises(Invalid, match=r"leads? out of the table's folder"):
        shown(folder, paths)


def test_links_inside_are_followed(folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder / "a.csv")
    assert shown(folder, "[{file: link.csv}]") == ["link.csv"]


def test_a_folder_that_is_itself_reached_by_a_link(folder: Path) -> None:
    (folder.parent / "mounted").symlink_to(folder)
    assert shown(folder.parent / "mounted", "[{pattern: ./*.csv}]") == ["a.csv", "b.csv"]


def test_nothing_there_is_named(folder: Path) -> None:
    with pytest.raises(Invalid, match=r"MLTable: paths\[1\]\.pattern: nothing is at \*\.parquet"):
        shown(folder, "[{file: a.csv}, {pattern: '*.parquet'}]")


def test_uris_are_read_where_they_were_brought_to(folder: Path) -> None:
    brought = {"azureml://datastores/s/paths/x": str(folder / "d"), "https://h/a.csv?sig=1": str(folder / "a.csv")}
    paths = "[{pattern: 'azureml://datastores/s/paths/x/*.csv'}, {file: 'https://h/a.csv?sig=1'}]"
    found = sources(mltable.read(f"paths: {paths}"), folder, brought)
    assert [source.shown for source in found] == [
        "azureml://datastores/s/paths/x/_x.csv", "azureml://datastores/s/paths/x/c.csv", "https://h/a.csv?sig=1",
    ]  # fmt: skip
    assert [source.place for source in found] == ["0/_x.csv", "0/c.csv", "1/a.csv"]


def test_a_uri_that_was_not_brought(folder: Path) -> None:
    with pytest.raises(Invalid, match="is not on this machine"):
        shown(folder, "[{file: 'https://h/a.csv'}]")


@pytest.mark.parametrize(
    ("kind", "value", "root"),
    [
        ("pattern", "https://h/a/b*/c/*.csv", "https://h/a"),
        ("pattern", "azureml://datastores/s/paths/x/*.csv", "azureml://datastores/s/paths/x"),
        ("folder", "wasbs://c@a.blob.core.windows.net/x", "wasbs://c@a.blob.core.windows.net/x"),
    ],
)
def test_what_is_brought_for_a_path(kind: str, value: str, root: str) -> None:
    assert root_of(TablePath(**{kind: value})) == root
