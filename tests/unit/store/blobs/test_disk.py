"""Copies are equal and independent, however they are made; flushing many is flushing all."""

import errno
import fcntl
import os

import pytest

from zaffre.store.blobs import disk


@pytest.fixture(params=["as this file system does", "never by reflink", "disk full"])
def cloning(request, monkeypatch):
    code = {"never by reflink": errno.EOPNOTSUPP, "disk full": errno.ENOSPC}.get(request.param)
    if code is not None:

        def refuse(*_):
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(fcntl, "ioctl", refuse)
    return code


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_copy(tmp_path, size, cloning):
    content = os.urandom(size)
    (tmp_path / "source").write_bytes(content)
    with (tmp_path / "source").open("rb") as source, (tmp_path / "target").open("xb") as target:
        if cloning == errno.ENOSPC:
            with pytest.raises(OSError, match="No space"):
                disk.copy(source.fileno(), target.fileno())
            return
        assert disk.copy(source.fileno(), target.fileno()) == size
    (tmp_path / "source").write_bytes(b"changed")
    assert (tmp_path / "target").read_bytes() == content


@pytest.mark.parametrize("count", [1, 100])
def test_flush(tmp_path, count):
    paths = [tmp_path / f"{number}" for number in range(count)]
    for path in paths:
        path.write_bytes(b"x")
    disk.flush([*paths, tmp_path])
    paths[0].unlink()
    if count == 1:
        with pytest.raises(FileNotFoundError):
            disk.flush(paths)
