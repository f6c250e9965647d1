import os

from zaffre.agent import files


def test_a_file_is_whole_or_absent(tmp_path):
    files.write(str(tmp_path), files.EXIT, {"a": 1})
    files.settle(str(tmp_path), files.EXIT)
    files.write(str(tmp_path), files.EXIT, {"a": 2})
    assert files.read(str(tmp_path), files.EXIT) == {"a": 2}
    assert os.listdir(tmp_path) == [files.EXIT]


def test_what_cannot_be_understood_reads_as_absent(tmp_path):
    assert files.read(str(tmp_path), files.STOP) is None
    for content in (b"", b"[1]", b"{", b"\xff"):
        (tmp_path / files.STOP).write_bytes(content)
        assert files.read(str(tmp_path), files.STOP) is None


def test_a_claim_is_held_by_one_and_signed_once(tmp_path):
    first = files.Claim.take(str(tmp_path))
    assert first is not None
    assert not first.signed
    assert files.Claim.take(str(tmp_path)) is None
    first.sign({"agent_pid": 1})
    os.close(first._descriptor)
    second = files.Claim.take(str(tmp_path))
    assert second is not None
    assert second.signed
    assert files.read(str(tmp_path), files.CLAIM) == {"agent_pid": 1}


def test_touching_makes_and_renews(tmp_path):
    files.touch(str(tmp_path), files.HEARTBEAT)
    os.utime(tmp_path / files.HEARTBEAT, (1, 1))
    files.touch(str(tmp_path), files.HEARTBEAT)
    assert (tmp_path / files.HEARTBEAT).stat().st_mtime > 1e9


def test_what_is_reserved_is_written_into(tmp_path):
    files.reserve(str(tmp_path), files.EXIT, 1 << 14)
    (draft,) = tmp_path.iterdir()
    assert draft.stat().st_blocks * 512 >= 1 << 14
    room = draft.stat().st_ino
    for size in (10, 100_000):
        files.write(str(tmp_path), files.EXIT, {"a": "x" * size})
        assert files.read(str(tmp_path), files.EXIT) == {"a": "x" * size}
        assert (tmp_path / files.EXIT).stat().st_ino == room or size > 10
    assert os.listdir(tmp_path) == [files.EXIT]


def test_what_was_reserved_and_not_needed_is_given_back(tmp_path):
    files.reserve(str(tmp_path), files.SPAWNED, 4096)
    files.release(str(tmp_path), files.SPAWNED)
    files.release(str(tmp_path), files.SPAWNED)
    assert os.listdir(tmp_path) == []
