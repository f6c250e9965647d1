import os

import pytest

from zaffre.agent import copying


def beat():
    pass


def test_a_copy_keeps_links_and_permissions_and_can_be_written(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "run").write_bytes(b"x" * 100)
    (source / "deep" / "run").chmod(0o555)
    (source / "out").symlink_to("/etc/passwd")
    copying.tree(str(source), str(target), beat)
    assert os.readlink(target / "out") == "/etc/passwd"
    assert (target / "deep" / "run").read_bytes() == b"x" * 100
    assert (target / "deep" / "run").stat().st_mode & 0o777 == 0o755
    (target / "deep" / "run").write_bytes(b"mine")
    assert (source / "deep" / "run").read_bytes() == b"x" * 100


def test_special_files_are_left_out(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    os.mkfifo(source / "pipe")
    copying.tree(str(source), str(tmp_path / "target"), beat)
    assert os.listdir(tmp_path / "target") == []


def test_a_beat_can_end_a_copy_within_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "_CHUNK", 10)
    monkeypatch.setattr(copying, "_shared", lambda reader, writer: False)
    (tmp_path / "source").write_bytes(b"x" * 1000)
    beats = []

    def impatient():
        beats.append(1)
        if len(beats) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        copying.file(str(tmp_path / "source"), str(tmp_path / "target"), impatient)
    assert (tmp_path / "target").stat().st_size == 30


def test_a_link_is_not_written_through(tmp_path):
    (tmp_path / "source").write_text("new")
    (tmp_path / "precious").write_text("old")
    (tmp_path / "target").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="target"):
        copying.file(str(tmp_path / "source"), str(tmp_path / "target"), beat)
    assert (tmp_path / "precious").read_text() == "old"
