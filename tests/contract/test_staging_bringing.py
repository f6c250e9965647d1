"""Inputs brought: once, whole, into place, from a server that misbehaves."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from storage_servers import LOOPBACK, bucket, s3, site

from zaffre.core.errors import Conflict, Forbidden, Invalid, NoSpace, NotFound, Unavailable
from zaffre.staging import cache as caches
from zaffre.staging.bringing import Bringing
from zaffre.staging.cache import Cache
from zaffre.staging.order import Input, StoreSpec
from zaffre.staging.policy import Policy
from zaffre.staging.stores import open_store

__all__ = ["bucket", "s3", "site"]
KEYS = {"access_key_id": "k", "secret_access_key": "s"}


@pytest.fixture
def bring(bucket, tmp_path):
    """Bring a path of the bucket; where it is afterwards."""
    spec = StoreSpec("s3", "lake", container=bucket.name, endpoint=bucket.url)

    def once(path, type_="uri_folder", name="in", limit=10**10):
        target = tmp_path / "job" / name / (Path(path).name or name)
        wanted = Input(name, spec, KEYS, path, type_, str(target))
        Bringing(wanted, open_store(spec, KEYS, Policy(LOOPBACK)), Cache(tmp_path / "cache", limit)).bring()
        return target

    return once


def gets(s3, bucket):
    return [path for method, path in s3.asked if method == "GET" and path.count("/") > 1 and bucket.name in path]


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_folder_and_a_file(bring, bucket):
    files = {"a.csv": b"1,2\n", "sub/ü b.txt": b"hello", "sub/deeper/empty": b""}
    for name, data in files.items():
        bucket.put(f"in/{name}", data)
    bucket.put("inner.txt", b"not of it")
    assert tree(bring("in")) == files
    assert bring("in/sub/ü b.txt", "uri_file", "other").read_bytes() == b"hello"
    assert tree(bring("", name="whole")) == {
        **{f"in/{name}": data for name, data in files.items()},
        "inner.txt": b"not of it",
    }


@pytest.mark.parametrize(("path", "found"), [("m/model.pkl", b"x"), ("m", {"model.pkl": b"x", "MLmodel": b"y"})])
def test_a_custom_model_is_a_file_or_a_folder(bring, bucket, path, found):
    bucket.put("m/model.pkl", b"x")
    bucket.put("m/MLmodel", b"y")
    target = bring(path, "custom_model")
    assert (target.read_bytes() if target.is_file() else tree(target)) == found


def test_the_same_content_is_fetched_once(bring, bucket, s3):
    bucket.put("in/a", b"one")
    bucket.put("in/large", bytes(20_000_000))
    first = bring("in", name="first")
    seen = len(gets(s3, bucket))
    second = bring("in", name="second")
    assert len(gets(s3, bucket)) == seen
    assert (first / "large").stat().st_ino == (second / "large").stat().st_ino
    bucket.put("in/a", b"two")
    assert tree(bring("in", name="third"))["a"] == b"two"
    assert (first / "a").read_bytes() == b"one"


def test_what_a_job_wrote_into_is_fetched_again(bring, bucket):
    bucket.put("in/a", b"one")
    spoilt = bring("in", name="first") / "a"
    spoilt.chmod(0o644)
    spoilt.write_bytes(b"bad")
    assert tree(bring("in", name="second")) == {"a": b"one"}


def test_nothing_there_names_what_is_near(bring, bucket):
    bucket.put("rain/2024.csv", b"x")
    bucket.put("rain/2023.csv", b"x")
    with pytest.raises(NotFound, match=r"nothing is at rain/2042.csv; near it there are rain/2024.csv, rain/2023.csv"):
        bring("rain/2042.csv", "uri_file")
    with pytest.raises(NotFound, match="near it there are rain"):
        bring("rian")


def test_a_folder_is_no_file(bring, bucket):
    bucket.put("in/a", b"x")
    with pytest.raises(NotFound, match="nothing is at in"):
        bring("in", "uri_file")


def test_an_object_that_is_also_a_folder(bring, bucket):
    bucket.put("in/a", b"x")
    bucket.put("in/a/b", b"y")
    with pytest.raises(Invalid, match="both an object and a folder"):
        bring("in")


def test_what_changes_midway_is_fetched_again(bring, bucket, s3):
    bucket.put("in/large", b"a" * 20_000_000)

    def change(method, path):
        if method == "GET" and path.endswith("/large") and len(gets(s3, bucket)) == 2:
            s3.before.clear()
            bucket.put("in/large", b"b" * 20_000_000)

    s3.before.append(change)
    assert set((bring("in") / "large").read_bytes()) == {ord("b")}


def test_what_never_stands_still_is_an_error_and_no_half_file(bring, bucket, s3, tmp_path):
    bucket.put("in/a", b"0")

    def change(method, path):
        if method == "GET" and path.endswith("/a"):
            acts = s3.before[:]
            s3.before.clear()
            bucket.put("in/a", os.urandom(8))
            s3.before[:] = acts

    s3.before.append(change)
    with pytest.raises(Conflict, match="3 times; what is being written cannot be read"):
        bring("in")
    assert not [path for path in (tmp_path / "job").rglob("*") if path.is_file()]


def test_what_vanishes_midway(bring, bucket, s3):
    bucket.put("in/a", b"0")
    bucket.put("in/b", b"0")

    def vanish(method, path):
        if method == "GET" and path.endswith("/b"):
            s3.before.clear()
            bucket.delete("in/b")

    s3.before.append(vanish)
    assert tree(bring("in")) == {"a": b"0"}


def test_a_broken_off_download_goes_on_where_it_was(bring, bucket, s3):
    data = os.urandom(40_000_000)
    bucket.put("in/large", data)

    def refuse(method, path):
        return 403 if method == "GET" and path.endswith("/large") and len(gets(s3, bucket)) > 3 else None

    s3.before.append(refuse)
    with pytest.raises(Forbidden):
        bring("in")
    s3.before.clear()
    before = len(gets(s3, bucket))
    assert (bring("in") / "large").read_bytes() == data
    assert len(gets(s3, bucket)) - before <= 2


def test_a_range_that_is_not_as_it_was_noted_is_asked_for_again(bring, bucket, s3, tmp_path):
    data = os.urandom(20_000_000)
    bucket.put("in/large", data)
    s3.before.append(
        lambda method, path: 403 if method == "GET" and path.endswith("/large") and len(gets(s3, bucket)) > 2 else None
    )
    with pytest.raises(Forbidden):
        bring("in")
    s3.before.clear()
    (partial,) = (tmp_path / "cache" / "objects").glob("*/*.part")
    with partial.open("r+b") as file:
        file.write(bytes(100))
    assert (bring("in") / "large").read_bytes() == data


def test_a_full_disk_is_said_before_anything_is_fetched(bring, bucket, s3, monkeypatch):
    bucket.put("in/a", bytes(1000))
    usage = caches.shutil.disk_usage("/")
    monkeypatch.setattr(caches.shutil, "disk_usage", lambda place: usage._replace(free=10))
    with pytest.raises(NoSpace, match=r"no space left: 1.0 KB are needed on the disk of .* and 10 B are free"):
        bring("in")
    assert gets(s3, bucket) == []


def test_what_was_not_used_for_longest_goes_first(bring, bucket, tmp_path):
    for name in ("old", "new"):
        bucket.put(f"{name}/a", bytes(1000) + name.encode())
        bring(name, name=name)
    objects = sorted((tmp_path / "cache" / "objects").glob("*/*"), key=lambda path: path.read_bytes()[-3:])
    new, old = objects
    os.utime(old, (1, old.stat().st_mtime))
    (tmp_path / "cache" / "swept").unlink(missing_ok=True)
    Cache(tmp_path / "cache", 1500).sweep()
    assert not old.exists() and new.exists()
    assert (tmp_path / "job" / "old" / "old" / "a").exists()  # a job keeps what it has


def web(site, tmp_path, path="/d.csv", **more):
    spec = replace(StoreSpec("http", endpoint=f"{site.url}{path}"), **more)
    target = tmp_path / "job" / "d.csv"
    wanted = Input("d", spec, {}, "", "uri_file", str(target))
    Bringing(wanted, open_store(spec, {}, Policy(LOOPBACK)), Cache(tmp_path / "cache", 10**10)).bring()
    return target


@pytest.mark.parametrize(("ranges", "etags"), [(True, True), (False, True), (False, False), (True, False)])
def test_a_file_from_the_web(site, tmp_path, ranges, etags):
    data = os.urandom(18_000_000)
    site.files["/d.csv"], site.ranges, site.etags = data, ranges, etags
    assert web(site, tmp_path).read_bytes() == data
    before = len(site.asked)
    assert web(site, tmp_path).read_bytes() == data
    assert (len(site.asked) - before == 1) is etags  # without etags nobody can know, and it is fetched again


@pytest.mark.parametrize(
    ("path", "error", "said"),
    [
        ("/none.csv", NotFound, "nothing is at"),
        ("/refused?sig=secret", Forbidden, "403"),
        ("/broken", Unavailable, "500"),
    ],
)
def test_a_failed_answer_is_told_without_its_body(site, tmp_path, path, error, said):
    site.handlers["/refused"] = lambda handler: handler.plain(403, b"body of the site")
    site.handlers["/broken"] = lambda handler: handler.plain(500, b"body of the site")
    with pytest.raises(error) as told:
        web(site, tmp_path, path)
    assert said in told.value.message
    assert "of the site" not in told.value.message and "secret" not in told.value.message
