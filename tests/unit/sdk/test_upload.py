from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from zaffre.core.errors import Invalid, Problem
from zaffre.sdk import upload
from zaffre.sdk.transport import Transport
from zaffre.sdk.upload import Origin, Uploads

FIELDS = (("code", "code"), ("inputs.*.path", "data"), ("environment.conda_file", "yaml"))


@pytest.fixture
def uploads(transport: Transport, tmp_path: Path) -> Uploads:
    return Uploads(transport, "default", tmp_path / "cache")


def document(folder: Path) -> dict[str, Any]:
    (folder / "src").mkdir()
    (folder / "src" / "main.py").write_text("print()")
    (folder / "x.csv").write_text("1,2")
    (folder / "conda.yml").write_text("dependencies: [pip]")
    return {
        "code": "./src",
        "inputs": {"data": {"type": "uri_file", "path": "x.csv"}, "n": 3, "far": {"path": "azureml:a:1"}},
        "environment": {"image": "i", "conda_file": "conda.yml"},
    }


def test_local_paths_become_references_and_the_document_stays(uploads: Uploads, fake: Any, tmp_path: Path) -> None:
    written = document(tmp_path)
    settled = uploads.settle(written, FIELDS, Origin(tmp_path))
    assert settled["code"].startswith("azureml:code-")
    assert settled["inputs"]["data"]["path"].endswith("/x.csv")
    assert settled["inputs"]["far"] == {"path": "azureml:a:1"}
    assert settled["environment"]["conda_file"] == {"dependencies": ["pip"]}
    assert written["code"] == "./src"
    assert sorted(fake.blobs.values()) == [b"1,2", b"print()"]


def test_equal_content_is_not_sent_again(uploads: Uploads, fake: Any, tmp_path: Path) -> None:
    first = uploads.settle(document(tmp_path), FIELDS, Origin(tmp_path))
    packs = len(fake.calls("PUT"))
    assert uploads.settle({"code": "src"}, FIELDS, Origin(tmp_path))["code"] == first["code"]
    assert len(fake.calls("PUT")) == packs == 2


def test_every_missing_path_is_told_before_anything_is_sent(uploads: Uploads, fake: Any, tmp_path: Path) -> None:
    wanted = {"code": "nowhere", "inputs": {"a": {"path": "gone.csv"}, "b": {"type": "uri_folder", "path": "x.csv"}}}
    (tmp_path / "x.csv").write_text("1")
    with pytest.raises(Invalid) as caught:
        uploads.settle(wanted, FIELDS, Origin(tmp_path, lambda field, text: Problem(text, field=field, line=7)))
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["code", "inputs.a.path", "inputs.b.path"]
    assert "gone.csv does not exist" in str(caught.value)
    assert "is a file, but type is uri_folder" in str(caught.value)
    assert fake.bodies == []


def test_a_folder_with_nothing_to_send_is_refused(uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / ".gitignore").write_text("*\n")
    with pytest.raises(Invalid, match="holds no file to upload"):
        uploads.settle({"code": "src"}, FIELDS, Origin(tmp_path))


def test_files_go_in_packs_and_large_ones_in_pieces(
    uploads: Uploads, fake: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "PACK", 100)
    folder = tmp_path / "data"
    folder.mkdir()
    contents = {f"{number}.bin": bytes([number]) * 40 for number in range(5)} | {
        "big.bin": b"x" * (3 * 1024 * 1024 + 5)
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    uploads.settle({"inputs": {"d": {"path": "data"}}}, FIELDS, Origin(tmp_path))
    assert fake.blobs == {hashlib.sha256(content).hexdigest(): content for content in contents.values()}
    assert len(fake.calls("PUT")) == 4


def test_an_upload_lost_on_the_way_is_begun_again(uploads: Uploads, fake: Any, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a").write_text("a")
    fake.failures = [{"drop": True}]
    assert uploads.settle({"code": "src"}, FIELDS, Origin(tmp_path))["code"].startswith("azureml:")


def test_conda_file_that_is_no_yaml_is_told_with_its_place(uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "conda.yml").write_text("a: [")
    with pytest.raises(Invalid, match=r"environment\.conda_file: .*is not YAML"):
        uploads.settle({"environment": {"conda_file": "conda.yml"}}, FIELDS, Origin(tmp_path))


@pytest.mark.parametrize("value", ["azureml:x:1", "https://a/b", "azureml://jobs/a/outputs/b", "${{inputs.x}}"])
def test_what_is_no_local_path_stays(uploads: Uploads, tmp_path: Path, value: str) -> None:
    assert uploads.settle({"code": value}, FIELDS, Origin(tmp_path)) == {"code": value}
