"""Folders as people have them: names with blanks, Unicode and worse, links in circles; uploaded, and made by jobs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.sdk.transport import Address, Transport
from zaffre.sdk.upload import Origin, Uploads
from zaffre.testing.server import Installation

NAME = "ö ü/漢 字 \U0001f600.csv"
LINKS = (("self", "self"), ("one", "other"), ("other", "one"), ("dangling", "nowhere"))
COMMAND = (
    "mkdir -p 'ö ü'; echo 1 > 'ö ü/漢 字 \U0001f600.csv'; "
    "ln -s . loop; ln -s self self; ln -s b a; ln -s a b; ln -s nowhere dangling; printf x > \"$(printf 'bad\\377.bin')\""
)


def _send(zaffre: Installation, folder: Path) -> dict[str, Any]:
    token = (zaffre.home / "token").read_text().strip()
    uploads = Uploads(Transport(Address(f"http://127.0.0.1:{zaffre.port}", token)), "default", folder / "../cache")
    document = {"type": "uri_folder", "path": folder.name}
    return uploads.settle(document, (("path", "data"),), Origin(folder.parent))


def test_a_folder_is_uploaded_without_the_links_that_lead_nowhere(zaffre: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / NAME).parent.mkdir(parents=True)
    (folder / NAME).write_text("1")
    for link, target in LINKS:
        (folder / link).symlink_to(target)
    sent = _send(zaffre, folder)
    spec = {"type": "uri_folder", "path": sent["path"]}
    zaffre.submit("reads", "cd ${{inputs.d}}; find . -type f; find . -type l", inputs={"d": spec})
    assert zaffre.ended("reads")["status"] == "Completed"
    assert zaffre.text("reads").split("\n") == [f"./{NAME}", ""]


def test_a_name_that_is_not_text_is_named(zaffre: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / os.fsdecode(b"bad\xff.csv")).write_text("1")
    with pytest.raises(Invalid, match=r"bad\\xff\.csv' has a name that is not UTF-8"):
        _send(zaffre, folder)


def test_a_job_may_leave_all_of_that_behind(zaffre: Installation) -> None:
    into = {"o": {"type": "uri_folder"}}
    zaffre.submit("makes", f"cd ${{{{outputs.o}}}}; {COMMAND}", outputs=into)
    zaffre.submit("keeps", f"mkdir -p outputs; cd outputs; {COMMAND}")
    assert zaffre.ended("makes")["status"] == zaffre.ended("keeps")["status"] == "Completed"
    assert [file.read_text() for file in zaffre.home.glob(f"data/**/makes/o/{NAME}")] == ["1\n"]
    listed = zaffre.call("GET", "jobs/keeps/files?path=outputs").json()["value"]
    assert f"artifacts/outputs/{NAME}" in [file["path"] for file in listed]
