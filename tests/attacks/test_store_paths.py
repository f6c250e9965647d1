"""Names that try to lead outside (RELIABILITY A01 to A05, A09, A10), given to the one path resolver."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from zaffre.core.errors import Conflict, Invalid, NotFound
from zaffre.store.blobs import Blobs, File
from zaffre.store.blobs.paths import Tree, check_relative

CLIMBING = [
    "..",
    "../etc/passwd",
    "../../../../etc/passwd",
    "a/../../b",
    "a/..",
    "./a",
    "a/./b",
    "/etc/passwd",
    "//etc/passwd",
    "a//b",
    "a/",
    "",
    ".",
    "..\\..\\x",
    "a\\..\\b",
    "C:/Windows/win.ini",
    "\\\\host\\share\\x",
    "file:///etc/passwd",
    "//proc/self/root/etc/passwd",
    "a\x00.txt",
    "a\nb",
    "a\x7f",
    "\ud800",
    "x" * 256,
    "é" * 128,
    "x/" * 3000 + "x",
    "/".join("d" * 65),
]
HARMLESS = [
    "a",
    "a/b/c.txt",
    "....//x".replace("//", "/"),
    "%2e%2e%2f",
    "-rf",
    "~root",
    "$HOME",
    "CON",
    "a b",
    "é",
    "．．／",
    "..a",
    "a..",
]


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def outside(tmp_path):
    secret = tmp_path / "outside" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text("canary")
    return secret


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("path", CLIMBING, ids=lambda path: ascii(path)[:40])
def test_climbing_names_are_refused_everywhere(path, root, tmp_path):
    with pytest.raises(Invalid):
        check_relative(path)
    with Tree(root) as tree:
        acts = [tree.open, tree.create, tree.make_folder] + ([tree.entries] if path else [])
        for act in acts:
            with pytest.raises(Invalid):
                act(path)
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.add(b"x")
    with pytest.raises(Invalid):
        blobs.materialise([File("good", digest, 1), File(path, digest, 1)], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert names(tmp_path) == ["blobs", "root"]
    assert names(root) == []


@pytest.mark.parametrize("path", HARMLESS)
def test_harmless_names_stay_inside(path, root):
    with Tree(root) as tree:
        descriptor = tree.create(path)
        os.write(descriptor, b"inside")
        os.close(descriptor)
        descriptor = tree.open(path)
        assert os.read(descriptor, 100) == b"inside"
        os.close(descriptor)
    assert (root / path).read_bytes() == b"inside"


@pytest.mark.parametrize("path", ["link", "folder/secret.txt", "inner/link", "loop", "dangling"])
def test_links_are_not_followed(path, root, outside):
    (root / "link").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "inner").mkdir()
    (root / "inner" / "link").symlink_to("../../outside/secret.txt")
    (root / "loop").symlink_to("loop")
    (root / "dangling").symlink_to(outside.parent / "made")
    with Tree(root) as tree:
        with pytest.raises(NotFound):
            tree.open(path)
        with pytest.raises((NotFound, Conflict)):
            tree.create(path)
        kinds = {entry.name: entry.kind for entry in tree.entries()}
    assert kinds == {"dangling": "link", "folder": "link", "inner": "folder", "link": "link", "loop": "link"}
    assert names(outside.parent) == ["secret.txt"]
    assert outside.read_text() == "canary"


def test_what_is_neither_file_nor_folder_is_not_opened(root):
    os.mkfifo(root / "pipe")
    (root / "folder").mkdir()
    with Tree(root) as tree:
        for path in ("pipe", "folder", "missing", "missing/below"):
            with pytest.raises(NotFound):
                tree.open(path)
        assert [entry.name for entry in tree.entries()] == ["folder"]


def test_a_file_swapped_for_a_link_never_leads_outside(root, outside):
    """A10: while one thread swaps, the other reads; it sees the inside or nothing."""
    (root / "d").mkdir()
    (root / "d" / "secret.txt").write_text("inside")
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            (root / "d").rename(root / "kept")
            (root / "d").symlink_to(outside.parent)
            (root / "d").unlink()
            (root / "kept").rename(root / "d")

    seen = set()
    with ThreadPoolExecutor(1) as pool:
        swapping = pool.submit(swap)
        try:
            deadline = time.monotonic() + 2
            while time.monotonic() < deadline or "inside" not in seen:
                with Tree(root) as tree:
                    try:
                        descriptor = tree.open("d/secret.txt")
                    except NotFound:
                        seen.add("nothing")
                        continue
                    seen.add(os.read(descriptor, 100).decode())
                    os.close(descriptor)
        finally:
            stop.set()
        swapping.result()
    assert seen <= {"inside", "nothing"}


def test_twins_in_one_manifest_are_refused(tmp_path):
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.add(b"x")
    for first, second in (("a", "a"), ("\u00e9", "e\u0301")):
        with pytest.raises(Invalid, match="twice"):
            blobs.materialise([File(first, digest, 1), File(second, digest, 1)], tmp_path / "out")
    with pytest.raises(Invalid, match="as a folder"):
        blobs.materialise([File("a", digest, 1), File("a/b", digest, 1)], tmp_path / "out")
    assert not (tmp_path / "out").exists()
