"""An upload becomes code by its content, or files of a datastore."""

import hashlib

import pytest

from zaffre.control.arriving import Arrived
from zaffre.control.containers import Container
from zaffre.core.asset import SourceFile, code_hash
from zaffre.core.errors import Invalid
from zaffre.store.blobs import Blobs

FILES = {"main.py": b"print(1)", "Inner/ü.py": b"", "b.py": b"print(1)"}


@pytest.fixture
def container(tmp_path):
    root = tmp_path / "files"
    for path, content in FILES.items():
        (root / "src" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "src" / path).write_bytes(content)
    (root / "src/link").symlink_to("/etc/passwd")
    return Container("upload--1", "w", "", root)


def test_code(container, tmp_path):
    arrived = Arrived(container, "src/")
    wanted = [SourceFile(path, len(content), lambda content=content: [content]) for path, content in FILES.items()]
    assert arrived.code_hash == code_hash(wanted)
    assert {file.path: file.digest for file in arrived.files} == {
        path: hashlib.sha256(content).hexdigest() for path, content in FILES.items()
    }
    blobs = Blobs(tmp_path / "blobs")
    for _ in range(2):
        arrived.keep(blobs)
    blobs.materialise(arrived.files, tmp_path / "out")
    assert (tmp_path / "out/Inner/ü.py").read_bytes() == b"" and (tmp_path / "out/b.py").read_bytes() == b"print(1)"


def test_files_of_a_datastore(container, tmp_path):
    arrived = Arrived(container, "src")
    path = arrived.settle(tmp_path / "store", "src")
    assert path == f"LocalUpload/{arrived.digest}/src"
    assert (tmp_path / "store" / path / "main.py").read_bytes() == b"print(1)"
    assert not (container.root / "src").exists()


def test_one_file(container):
    arrived = Arrived(container, "src/main.py")
    assert [(file.path, file.size) for file in arrived.files] == [("main.py", 8)]


@pytest.mark.parametrize("path", ["nothing", "src/link"])
def test_nothing(container, path):
    with pytest.raises(Invalid):
        Arrived(container, path)
