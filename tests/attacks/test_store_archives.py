"""Archives that try to get out or to burst (RELIABILITY A06 to A08): refused whole, with nothing left behind."""

import bz2
import gzip
import io
import os
import subprocess
import sys
import tarfile
import zipfile

import pytest

from zaffre.core.errors import Invalid, TooLarge
from zaffre.store.blobs.archive import Limits, extract

MIB = 1024 * 1024


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def tar(*members, mode="w", **options):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode, **options) as archive:
        for name, changes, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for field, value in changes.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def zipped(*members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, mode, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return packed.getvalue()


GOOD = ("good.txt", {}, b"good")
LINK = {"type": tarfile.SYMTYPE, "linkname": "/etc"}


def chain():
    """The shape of CVE-2025-4517: links so long that resolving them gives up, then a climb through them."""
    long = "d" * 247
    members, path = [], ""
    for step in "abcdefghijklmnop":
        members.append((path + long, {"type": tarfile.DIRTYPE}, b""))
        members.append((path + step, {"type": tarfile.SYMTYPE, "linkname": long}, b""))
        path += long + "/"
    links = "/".join("abcdefghijklmnop")
    members.append((links + "/" + "l" * 254, {"type": tarfile.SYMTYPE, "linkname": "../" * 16}, b""))
    members.append(("escape", {"type": tarfile.SYMTYPE, "linkname": links + "/" + "l" * 254 + "/../../outside"}, b""))
    members.append(("escape/pwned", {}, b"pwned"))
    return tar(*members)


def lying_zip():
    """The name in the table of contents is harmless, the one before the content is not."""
    return zipped(("aaaaaa.txt", 0o644, b"x")).replace(b"aaaaaa.txt", b"../../.txt", 1)


def huge_name_tar():
    """A long name that claims to be 8 GiB long."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 8 * 1024**3 - 1
    return info.tobuf(tarfile.GNU_FORMAT) + b"x" * 2048


HOSTILE = {
    "climb": tar(GOOD, ("../x", {}, b"x")),
    "absolute": tar(GOOD, ("/tmp/x", {}, b"x")),
    "inner climb": tar(GOOD, ("a/../../x", {}, b"x")),
    "symlink": tar(GOOD, ("link", LINK, b"")),
    "symlink and through it": tar(GOOD, ("link", LINK, b""), ("link/x", {}, b"x")),
    "hard link": tar(GOOD, ("hard", {"type": tarfile.LNKTYPE, "linkname": "/etc/shadow"}, b"")),
    "device": tar(GOOD, ("null", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3}, b"")),
    "fifo": tar(GOOD, ("pipe", {"type": tarfile.FIFOTYPE}, b"")),
    "setuid": tar(GOOD, ("su", {"mode": 0o4755}, b"x")),
    "twice": tar(GOOD, GOOD),
    "file then folder": tar(GOOD, ("good.txt/x", {}, b"x")),
    "folder then file": tar(("d", {"type": tarfile.DIRTYPE}, b""), ("d", {}, b"x")),
    "link chain": chain(),
    "sparse": tar(GOOD, ("s", {"type": tarfile.GNUTYPE_SPARSE}, b"")),
    "pax climb": tar(("x", {"pax_headers": {"path": "../" * 40 + "x"}}, b"x"), format=tarfile.PAX_FORMAT),
    "pax size": tar(("x", {"pax_headers": {"size": "-5"}}, b"x"), format=tarfile.PAX_FORMAT),
    "name of 8 GiB": huge_name_tar(),
    "cut off": tar(("x", {}, b"x" * 5000))[:2000],
    "no archive": b"hello" * 500,
    "tar.gz climb": gzip.compress(tar(("../x", {}, b"x"))),
    "gz cut off": gzip.compress(tar(("x", {}, os.urandom(5000))))[:3000],
    "bz2 garbage": bz2.compress(b"hello" * 500),
    "zip climb": zipped(("good", 0o644, b""), ("../x", 0o644, b"x")),
    "zip backslash": zipped(("..\\x", 0o644, b"x")),
    "zip absolute": zipped(("/etc/x", 0o644, b"x")),
    "zip symlink": zipped(("link", 0o120777, b"/etc")),
    "zip setuid": zipped(("su", 0o104755, b"x")),
    "zip two names": lying_zip(),
    "zip twice": zipped(("aaaa", 0o644, b"1"), ("bbbb", 0o644, b"2")).replace(b"bbbb", b"aaaa"),
    "zip cut off": zipped(("a", 0o644, os.urandom(5000)))[:4000],
    "zip damaged": zipped(("a", 0o644, b"hello" * 50)).replace(b"PK\x01\x02", b"PK\x01\x03"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_leave_nothing(name, tmp_path):
    archive = tmp_path / "archive"
    archive.write_bytes(HOSTILE[name])
    with pytest.raises(Invalid) as caught:
        extract(archive, tmp_path / "in" / "out")
    assert "\x00" not in caught.value.message
    assert names(tmp_path) == ["archive", "in"]
    assert names(tmp_path / "in") == []


def many_members_zip(count):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}", b"")
    return packed.getvalue()


BURSTING = {
    "zeros.tar.gz": (lambda: gzip.compress(tar(("zeros", {}, bytes(100 * MIB))), 1), Limits(free=8 * MIB)),
    "zeros.zip": (lambda: zipped(("zeros", 0o644, bytes(100 * MIB))), Limits(free=8 * MIB)),
    "zeros.tar.bz2": (lambda: bz2.compress(tar(("zeros", {}, bytes(20 * MIB)))), Limits(free=8 * MIB)),
    "bytes": (lambda: tar(*((f"{n}", {}, bytes(MIB)) for n in range(5))), Limits(bytes=3 * MIB)),
    "files": (lambda: tar(*((f"{n}", {}, b"") for n in range(50))), Limits(files=20)),
    "files.zip": (lambda: many_members_zip(50), Limits(files=20)),
    "zip64 table": (lambda: many_members_zip(70_000), Limits(files=1000)),
}


@pytest.mark.parametrize("name", BURSTING)
def test_bombs_are_stopped_at_the_budget(name, tmp_path):
    make, limits = BURSTING[name]
    archive = tmp_path / "archive"
    archive.write_bytes(make())
    with pytest.raises(TooLarge):
        extract(archive, tmp_path / "in" / "out", limits)
    assert names(tmp_path / "in") == []


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_bomb_takes_no_memory(tmp_path, kind):
    """A process of its own meets a quarter of a GiB of zeros, as a content and as a name."""
    archive = tmp_path / "bomb.tar.gz"
    head = tarfile.TarInfo("zeros")
    head.type, head.size = kind, 256 * MIB
    with gzip.open(archive, "wb", 1) as packed:
        packed.write(head.tobuf(tarfile.GNU_FORMAT))
        for _ in range(256):
            packed.write(bytes(MIB))
    program = (
        "import resource, sys; from pathlib import Path; from zaffre.store.blobs.archive import extract;"
        "from zaffre.core.errors import Invalid, TooLarge\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: extract(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except (Invalid, TooLarge): print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    command = [sys.executable, "-c", program, archive, tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) < 50 * 1024  # kilobytes
    assert not (tmp_path / "out").exists()


def test_honest_archives_come_out_whole(tmp_path):
    content = os.urandom(300_000)
    deep = "/".join(["folder"] * 30) + "/" + "n" * 200
    members = [
        ("./", {"type": tarfile.DIRTYPE}, b""),
        ("./a.txt", {}, b"hello"),
        ("./empty/", {"type": tarfile.DIRTYPE, "mode": 0o2755}, b""),
        ("./run.sh", {"mode": 0o755}, b"#!/bin/sh\n"),
        (deep, {}, content),
        ("é/ü.bin", {}, b""),
    ]
    packed = {
        "gnu": tar(*members, format=tarfile.GNU_FORMAT),
        "pax": tar(*members, format=tarfile.PAX_FORMAT, pax_headers={"comment": "x"}),
        "gz": gzip.compress(tar(*members)),
        "bz2": bz2.compress(tar(*members)),
        "zip": zipped(*((n.removeprefix("./"), c.get("mode", 0o644), b) for n, c, b in members if n != "./")),
    }
    for name, archive in packed.items():
        (tmp_path / name).write_bytes(archive)
        assert extract(tmp_path / name, tmp_path / "out" / name) == 4
        out = tmp_path / "out" / name
        assert (out / deep).read_bytes() == content
        assert (out / "a.txt").read_text() == "hello"
        assert (out / "empty").is_dir()
        assert [os.access(out / each, os.X_OK) for each in ("run.sh", "a.txt")] == [True, False]
