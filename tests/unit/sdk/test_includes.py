"""What additional_includes puts beside a component's code."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.sdk import includes
from zaffre.sdk.load import load
from zaffre.sdk.transport import Transport
from zaffre.sdk.upload import Origin, Uploads

FIELDS = (("component", "component"), ("component.code", "code"), ("code", "code"))


@pytest.fixture
def uploads(transport: Transport, tmp_path: Path) -> Uploads:
    return Uploads(transport, "default", tmp_path / "cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "src/main.py": "import common",
        "src/.amlignore": "*.log\nsecret/\n",
        "shared/common/__init__.py": "X = 1",
        "shared/common/secret/key.txt": "k",
        "shared/common/noise.log": "n",
        "shared/.amlignore": "drafts",
        "shared/drafts/a.txt": "a",
        "LICENSE": "free",
    }.items():
        (tmp_path / "at" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "at" / name).write_text(text)
    return tmp_path / "at"


def merged(folder: Path, said: list[Any], code: str | None = "src") -> dict[str, bytes]:
    made = folder.parent / "made"
    made.mkdir(exist_ok=True)
    found = includes.of({"additional_includes": said}, folder)
    entries = includes.merged(folder / code if code else None, found, folder.parent / "cache", made)
    return {entry.path: Path(entry.source).read_bytes() for entry in entries}


def test_files_and_folders_come_to_lie_in_the_root_under_their_own_names(folder: Path) -> None:
    found = merged(folder, ["LICENSE", "shared/common", "./src/../shared"])
    assert {name: content for name, content in found.items() if not name.endswith(".amlignore")} == {
        "common/__init__.py": b"X = 1",
        "LICENSE": b"free",
        "main.py": b"import common",
        "shared/common/__init__.py": b"X = 1",
    }


def test_the_codes_ignore_file_holds_for_all_and_a_folders_own_for_it(folder: Path) -> None:
    names = merged(folder, ["shared"])
    assert "shared/common/__init__.py" in names
    assert not [name for name in names if "secret" in name or name.endswith(".log") or "drafts" in name]


def test_without_code_there_is_what_is_included(folder: Path) -> None:
    assert merged(folder, ["LICENSE"], code=None) == {"LICENSE": b"free"}


def test_a_zip_that_is_not_there_is_made_of_the_folder_and_equal_content_is_an_equal_file(folder: Path) -> None:
    first = merged(folder, ["shared/common.zip"])["common.zip"]
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["common/", "common/__init__.py"]
        assert archive.read("common/__init__.py") == b"X = 1"
    (folder / "shared/common/__init__.py").touch()
    assert merged(folder, ["shared/common.zip"])["common.zip"] == first
    (folder / "shared/common.zip").write_bytes(b"own")
    assert merged(folder, ["shared/common.zip"])["common.zip"] == b"own"


@pytest.mark.parametrize(
    ("said", "words"),
    [("gone", "gone does not exist"), ("gone.zip", "does not exist"), ("other/main.py", "rename one")],
)
def test_what_cannot_be_included_is_told_at_its_entry(folder: Path, uploads: Uploads, said: str, words: str) -> None:
    (folder / "other").mkdir()
    (folder / "other/main.py").write_text("")
    component = {"code": "src", "additional_includes": ["LICENSE", said]}
    with pytest.raises(Invalid) as caught:
        uploads.settle({"component": component}, FIELDS, Origin(folder))
    (problem,) = caught.value.problems
    assert problem.field == "component.additional_includes[1]"
    assert words in problem.message


def test_an_upload_sends_both_and_keeps_the_field(folder: Path, uploads: Uploads, fake: Any) -> None:
    settled = uploads.settle({"code": "./src", "additional_includes": ["LICENSE"]}, FIELDS, Origin(folder))
    assert settled["code"].startswith("azureml:code-")
    assert settled["additional_includes"] == ["LICENSE"]
    assert {b"free", b"import common"} <= set(fake.blobs.values())
    alone = uploads.settle({"additional_includes": ["LICENSE"]}, FIELDS, Origin(folder))
    assert alone["code"].startswith("azureml:code-") and alone["code"] != settled["code"]
    far = uploads.settle({"code": "azureml:code-1:1", "additional_includes": ["gone"]}, FIELDS, Origin(folder))
    assert far["code"] == "azureml:code-1:1"


@pytest.mark.parametrize("text", ["LICENSE\n\nshared/common\n", "additional_includes:\n- LICENSE\n- shared/common\n"])
def test_a_file_beside_a_component_is_read(folder: Path, uploads: Uploads, fake: Any, text: str) -> None:
    (folder / "greet.yml").write_text("type: command\ncommand: 'true'\nenvironment: azureml:e:1\ncode: src\n")
    (folder / "greet.additional_includes").write_text(text)
    settled = uploads.settle({"component": "file:./greet.yml"}, FIELDS, Origin(folder))
    assert settled["component"]["additional_includes"] == ["LICENSE", "shared/common"]
    assert {b"free", b"X = 1", b"import common"} <= set(fake.blobs.values())
    assert load("component", folder / "greet.yml").additional_includes == ["LICENSE", "shared/common"]


def test_a_list_in_both_places_is_refused(folder: Path) -> None:
    (folder / "greet.additional_includes").write_text("LICENSE\n")
    with pytest.raises(Invalid, match="keep one of the two"):
        includes.read_beside({"additional_includes": []}, folder / "greet.yml")
