"""Folders as containers: the order of names, pages, and notes that are about the file as it is."""

import pytest

from zaffre.control import containers
from zaffre.control.containers import Asked, Container, Notes
from zaffre.core.errors import Invalid


@pytest.fixture
def container(tmp_path):
    root = tmp_path / "root"
    for path in ("b", "a-b", "a/1", "a/2/x", "a0", "z/.zaffre-drafts", "ü"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    (root / ".zaffre-drafts").mkdir()
    (root / ".zaffre-drafts/half").write_text("x")
    (root / "link").symlink_to(root / "b")
    (root / "control\x07").write_text("x")
    return Container("c", "w", "d", root)


def paths(container, **asked):
    found, following = containers.page(container, Asked(**asked))
    return [one.path for one in found], following


def test_every_page_size_gives_the_same_names_in_order(container):
    whole, _ = paths(container)
    assert whole == ["a-b", "a/1", "a/2/x", "a0", "b", "z/.zaffre-drafts", "ü"] == sorted(whole)
    for most in range(1, 9):
        found, after = [], ""
        while True:
            some, after = paths(container, most=most, after=after)
            found += some
            if not after:
                break
        assert found == whole, most


def test_prefixes_and_folders(container):
    assert paths(container, prefix="a")[0] == ["a-b", "a/1", "a/2/x", "a0"]
    assert paths(container, prefix="a/")[0] == ["a/1", "a/2/x"]
    assert paths(container, prefix="a/2/x")[0] == ["a/2/x"]
    assert paths(container, by_folder=True)[0] == ["a-b", "a/", "a0", "b", "z/", "ü"]
    assert paths(container, prefix="a", by_folder=True)[0] == ["a-b", "a/", "a0"]
    assert paths(container, prefix="a/", by_folder=True)[0] == ["a/1", "a/2/"]
    assert paths(container, by_folder=True, most=1, after="a/") == (["a0"], "a0")
    assert paths(container, prefix="nothing/")[0] == []
    with pytest.raises(Invalid):
        paths(container, prefix="../")
    assert containers.page(Container("c", "w", "d", container.root / "never"), Asked()) == ([], "")


def test_find(container):
    assert containers.find(container, "a/1").size == 3
    for path in ("a", "a/", "nothing", "link", ".zaffre-drafts/half"):
        assert containers.find(container, path) is None, path


def test_notes_are_void_when_the_file_changed(container, tmp_path):
    notes = Notes(tmp_path / "notes")
    blob = containers.find(container, "a/1")
    assert notes.read("c", blob) == {}
    notes.write("c", blob, {"metadata": {"k": "v"}})
    assert notes.read("c", blob) == {"metadata": {"k": "v"}} and notes.read("d", blob) == {}
    (container.root / "a/1").write_text("other content")
    assert notes.read("c", containers.find(container, "a/1")) == {}
    notes.write("c", blob, {})
    assert notes.read("c", blob) == {}
    notes.write("c", blob, {"md5": "x"})
    notes.forget("c")
    assert notes.read("c", blob) == {}


def test_what_lies_among_uploads_is_fixed(container):
    assert container.is_fixed("LocalUpload/h/x") and not container.is_fixed("LocalUploads/x")
    assert not Container("upload--1", "w", "", container.root).is_fixed("LocalUpload/h/x")


def test_what_is_in_a_folder_and_below_it(container):
    def named(folder, *, whole=False):
        return [(one.path, one.is_folder) for one in containers.within(container, folder, whole=whole)]

    assert named("a") == [("a/1", False), ("a/2/", True)]
    assert named("a", whole=True) == [("a/1", False), ("a/2/", True), ("a/2/x", False)]
    assert [path for path, _ in named("")] == ["a/", "a-b", "a0", "b", "control\x07", "z/", "ü"]
    assert named("nothing") == named("link") == named("b") == []


def test_folders_are_found_and_noted(container, tmp_path):
    folder = containers.find_folder(container, "a/")
    assert folder is not None and (folder.path, folder.is_folder) == ("a/", True)
    assert containers.find_folder(container, "b") is containers.find_folder(container, "nothing") is None
    root = containers.find_folder(container, "")
    assert root is not None and root.path == ""
    notes = Notes(tmp_path / "notes")
    notes.write("c", folder, {"metadata": {"k": "v"}})
    (container.root / "a/new").write_text("x")
    again = containers.find_folder(container, "a")
    assert again is not None and notes.read("c", again) == {"metadata": {"k": "v"}}, "what lies in it is no matter"
