"""Where data lies, and when it counts as changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from zaffre.control.located import Locator, lay_out, read_document
from zaffre.core.errors import Invalid
from zaffre.tables.sources import Source

STORE = "azureml://datastores/s/paths/"


class Places:
    """One datastore."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, workspace: str, uri: str) -> str | None:
        assert workspace == "w"
        return str(self._root / uri.removeprefix(STORE)) if uri.startswith(STORE) else None


class Web:
    """A server of files, which counts."""

    def __init__(self, **files: str) -> None:
        self.files = files
        self.asked: list[tuple[str, str]] = []

    async def bring(self, workspace: str, uri: str, type_: str, target: Path) -> Path | None:
        if not uri.startswith("https://"):
            return None
        self.asked.append((uri, type_))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.files[target.stem])
        return target


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "store" / "t").mkdir(parents=True)
    (tmp_path / "store" / "t" / "a.csv").write_text("x\n1\n")
    (tmp_path / "store" / "other.csv").write_text("x\n2\n")
    return tmp_path / "store"


def locator(root: Path, web: Web | None = None) -> Any:
    return Locator(Places(root), web or Web())  # type: ignore[arg-type]


async def test_a_file_and_a_folder(root: Path, tmp_path: Path) -> None:
    for uri, place in ((f"{STORE}t/a.csv", root / "t" / "a.csv"), (f"{STORE}t", root / "t")):
        found = await locator(root).find("w", uri, tmp_path / "scratch")
        assert (found.place, found.brought) == (place, {})


async def test_the_paths_of_a_table_are_found_and_fetched(root: Path, tmp_path: Path) -> None:
    web = Web(w="x\n3\n")
    text = f"paths: [{{file: a.csv}}, {{file: '{STORE}other.csv'}}, {{file: 'https://h/w.csv?sig=s'}}]\n"
    (root / "t" / "MLTable").write_text(text)
    found = await locator(root, web).find("w", f"{STORE}t", tmp_path / "scratch")
    assert found.brought == {
        f"{STORE}other.csv": str(root / "other.csv"),
        "https://h/w.csv?sig=s": str(tmp_path / "scratch" / "3" / "w.csv"),
    }
    assert web.asked == [("https://h/w.csv?sig=s", "uri_file")]
    files = await locator(root, web).files("w", f"{STORE}t", tmp_path / "scratch")
    assert [source.place for source in files] == ["a.csv", "1/other.csv", "2/w.csv"]


async def digest(root: Path, scratch: Path, web: Web | None = None) -> str:
    return (await locator(root, web).find("w", f"{STORE}t", scratch)).digest


async def test_any_change_is_seen_and_nothing_else(root: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    (root / "t" / "MLTable").write_text("paths: [{pattern: ./*.csv}]\n")
    before = await digest(root, scratch)
    assert await digest(root, scratch) == before
    (root / "t" / "notes.txt").write_text("no data of the table's")
    assert await digest(root, scratch) == before
    seen = {before}
    os.utime(root / "t" / "a.csv", (1, 1))
    seen.add(await digest(root, scratch))
    (root / "t" / "b.csv").write_text("x\n1\n")
    seen.add(await digest(root, scratch))
    (root / "t" / "MLTable").write_text("paths: [{pattern: ./*.csv}]\ntransformations: [read_delimited]\n")
    seen.add(await digest(root, scratch))
    assert len(seen) == 4


async def test_what_was_fetched_counts_by_its_content(root: Path, tmp_path: Path) -> None:
    (root / "t" / "MLTable").write_text("paths: [{file: 'https://h/w.csv'}]\n")
    first = await digest(root, tmp_path / "1", Web(w="x\n3\n"))
    again = await digest(root, tmp_path / "1", Web(w="x\n3\n"))
    other = await digest(root, tmp_path / "1", Web(w="x\n4\n"))
    assert first == again != other


async def test_what_is_no_place(root: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="gopher://x cannot be read as a table"):
        await locator(root).find("w", "gopher://x", tmp_path)
    with pytest.raises(Invalid, match="there is no MLTable at"):
        await locator(root).files("w", f"{STORE}t", tmp_path)


@pytest.mark.parametrize("copy", [False, True])
def test_files_are_laid_out_whole(tmp_path: Path, copy: bool) -> None:
    (tmp_path / "a").write_text("one")
    target = tmp_path / "run" / "t"
    for content in ("one", "two"):  # a second attempt begins anew
        (tmp_path / "a").write_text(content)
        lay_out([Source(tmp_path / "a", "a", "d/a.csv")], target, copy=copy)
        assert (target / "d" / "a.csv").read_text() == content
        assert (target / "d" / "a.csv").is_symlink() is not copy
        assert [path.name for path in target.parent.iterdir()] == ["t"]


def test_what_is_a_table_and_what_is_not(root: Path) -> None:
    assert read_document(root / "t") is None
    assert read_document(root / "t" / "a.csv") is None
    (root / "t" / "MLTable").write_text("paths: [{file: a}]\n")
    assert read_document(root / "t") == read_document(root / "t" / "MLTable") is not None
