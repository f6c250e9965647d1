"""Contents by digest: complete or absent, laid out as own files, kept from interrupted uploads."""

import hashlib
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from zaffre.core.errors import Conflict, Invalid, NotFound, TooLarge
from zaffre.store.blobs import Blobs, Budget, File


def record(content, digest=None):
    return (digest or hashlib.sha256(content).digest()) + len(content).to_bytes(8, "big") + content


def digest(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def stored(blobs):
    return sorted(path for path in blobs._root.rglob("*") if path.is_file())


def test_a_pack_is_kept_and_what_is_missing_shrinks(blobs):
    contents = [b"", b"a", os.urandom(3_000_000)]
    digests = [digest(content) for content in contents]
    assert blobs.missing([*digests, digests[0]]) == digests
    assert blobs.add_pack([b"".join(map(record, contents))]) == 3
    assert blobs.missing(digests) == []
    assert [blobs.path(each).read_bytes() for each in digests] == contents
    assert {stat.S_IMODE(path.stat().st_mode) for path in stored(blobs)} == {0o600}
    assert blobs.add_pack([record(b"a"), record(b"a")]) == 2
    assert len(stored(blobs)) == 3


def test_many_files_are_kept(blobs):
    contents = [f"{number}".encode() for number in range(300)]
    assert blobs.add_pack([record(content) for content in contents]) == 300
    assert blobs.missing(digest(content) for content in contents) == []


async def test_a_pack_is_received_from_a_network(blobs):
    contents = [os.urandom(700_000) for _ in range(5)]

    async def pieces():
        body = b"".join(map(record, contents))
        for start in range(0, len(body), 65_537):
            yield body[start : start + 65_537]

    wanted = {hashlib.sha256(content).digest() for content in contents}
    assert await blobs.receive(pieces(), wanted) == 5
    assert blobs.missing(digest(content) for content in contents) == []

    async def large():
        yield record(b"x" * 2000) + record(b"never" * 1_000_000)

    with pytest.raises(TooLarge):
        await Blobs(blobs._root, Budget(bytes=1000)).receive(large())

    async def broken():
        yield record(b"whole") + record(b"x" * 100)[:60]
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        await blobs.receive(broken())
    assert blobs.missing([digest(b"whole"), digest(b"x" * 100)]) == [digest(b"x" * 100)]
    assert len(stored(blobs)) == 6


@pytest.mark.parametrize(
    ("body", "wanted", "kind", "said"),
    [
        (record(b"ok") + record(b"x", digest=b"y" * 32), None, Invalid, "changed while"),
        (record(b"ok") + record(b"x" * 50)[:70], None, Invalid, "middle of a file"),
        (record(b"ok") + b"short", None, Invalid, "middle of a file"),
        (record(b"ok") + record(b"x" * 2000), None, TooLarge, "send several"),
        (record(b"ok") + record(b"x", digest=b"z" * 32)[:32] + b"\xff" * 8, None, TooLarge, "send several"),
        (record(b"ok") + b"".join(record(b"%d" % n) for n in range(20)), None, TooLarge, "10 files"),
        (record(b"ok") + record(b"x"), {hashlib.sha256(b"ok").digest()}, Invalid, "does not name"),
    ],
    ids=["wrong digest", "cut content", "cut header", "large", "huge", "many", "unwanted"],
)
def test_bad_packs_are_refused_and_what_was_whole_is_kept(tmp_path, body, wanted, kind, said):
    blobs = Blobs(tmp_path / "blobs", Budget(bytes=1000, files=10))
    with pytest.raises(kind, match=said):
        blobs.add_pack([body], wanted)
    assert blobs.missing([digest(b"ok")]) == []
    assert blobs.missing([digest(b"x"), digest(b"x" * 50)]) == [digest(b"x"), digest(b"x" * 50)]
    assert [path.name for path in (tmp_path / "blobs" / "arriving").iterdir()] == []


def test_writers_of_one_content_do_no_harm(blobs):
    contents = [os.urandom(1000) for _ in range(50)]
    body = b"".join(map(record, contents))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: blobs.add_pack([body]), range(8))) == [50] * 8
    assert len(stored(blobs)) == 50
    assert all(blobs.path(digest(content)).read_bytes() == content for content in contents)


def test_a_killed_writer_leaves_no_half_content(blobs, tmp_path):
    program = (
        "import hashlib, os, signal, sys; from pathlib import Path; from zaffre.store.blobs import Blobs\n"
        "def pieces():\n"
        "    yield hashlib.sha256(b'x' * 999).digest() + (999).to_bytes(8, 'big') + b'x' * 500\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "Blobs(Path(sys.argv[1])).add_pack(pieces())\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path / "blobs"], check=False, timeout=60)
    assert done.returncode == -9
    assert blobs.missing([digest(b"x" * 999)]) == [digest(b"x" * 999)]
    blobs.add(b"x" * 999)
    assert blobs.path(digest(b"x" * 999)).read_bytes() == b"x" * 999


def test_files_are_laid_out_as_the_folders_own(blobs, tmp_path):
    large = os.urandom(2_500_000)
    files = [
        File("b/c/large.bin", blobs.add(large), len(large)),
        File("a.py", blobs.add(b"print(1)"), 8),
        File("b/run.sh", blobs.add(b"#!/bin/sh"), 9, executable=True),
        File("b/copy.py", blobs.add(b"print(1)"), 8),
        File("empty", blobs.add(b""), 0),
    ]
    target = tmp_path / "runs" / "work"
    blobs.materialise(files, target)
    found = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if path.is_file()}
    assert set(found) == {file.path for file in files}
    assert found["b/c/large.bin"].read_bytes() == large
    assert [os.access(found[name], os.X_OK) for name in ("b/run.sh", "a.py")] == [True, False]
    assert {path.stat().st_nlink for path in found.values()} == {1}
    found["a.py"].write_text("changed by the job")
    assert blobs.path(files[1].digest).read_bytes() == b"print(1)"
    assert found["b/copy.py"].read_bytes() == b"print(1)"
    assert [path.name for path in target.parent.iterdir()] == ["work"]


def test_an_empty_folder_is_filled_and_a_full_one_is_not(blobs, tmp_path):
    file = File("a", blobs.add(b"a"), 1)
    (tmp_path / "out").mkdir()
    blobs.materialise([file], tmp_path / "out")
    with pytest.raises(Conflict):
        blobs.materialise([file], tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (File("b", "0" * 64, 1), NotFound),
        (File("b", digest(b"a"), 2), Invalid),
        (File("b", "../../etc/passwd", 1), Invalid),
        (File("b", digest(b"a").upper(), 1), Invalid),
    ],
    ids=["not uploaded", "another size", "no digest", "upper case"],
)
def test_nothing_is_laid_out_when_one_file_cannot_be(blobs, tmp_path, bad, kind):
    good = File("a", blobs.add(b"a"), 1)
    with pytest.raises(kind):
        blobs.materialise([good, bad], tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blobs"]


def test_contents_can_be_given_away_without_a_copy(blobs, tmp_path):
    known = blobs.add(b"once")
    files = [File("a/x", known, 4, executable=True), File("a/y", known, 4)]
    blobs.materialise(files, tmp_path / "out", give=True)
    first, second = (tmp_path / "out" / name for name in ("a/x", "a/y"))
    assert first.samefile(blobs.path(known)) and not second.samefile(first)
    assert [file.read_bytes() for file in (first, second)] == [b"once", b"once"]
    assert [bool(file.stat().st_mode & stat.S_IXUSR) for file in (first, second)] == [True, False]
    assert first.stat().st_mode & 0o666 == second.stat().st_mode & 0o666
    with pytest.raises(Invalid, match="announced with 9 bytes"):
        blobs.materialise([File("z", known, 9)], tmp_path / "wrong", give=True)
    with pytest.raises(NotFound, match="has not been uploaded"):
        blobs.materialise([File("z", digest(b"?"), 1)], tmp_path / "gone", give=True)
    assert not (tmp_path / "wrong").exists() and not (tmp_path / "gone").exists()
