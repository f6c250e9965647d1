"""Outputs sent: all of them, or nothing new."""

import os

import pytest
from storage_servers import LOOPBACK, bucket, s3, sftp

from zaffre.core.errors import Forbidden, Invalid
from zaffre.staging.order import Output, StoreSpec
from zaffre.staging.policy import Policy
from zaffre.staging.sending import Sending
from zaffre.staging.stores import open_store

__all__ = ["bucket", "s3", "sftp"]
KEYS = {"access_key_id": "k", "secret_access_key": "s"}


@pytest.fixture
def made(tmp_path):
    folder = tmp_path / "saved" / "o"
    (folder / "sub ü").mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"1,2\n")
    (folder / "sub ü" / "large").write_bytes(os.urandom(20_000_000))
    return folder


def store_of(bucket):
    return open_store(StoreSpec("s3", "lake", container=bucket.name, endpoint=bucket.url), KEYS, Policy(LOOPBACK))


def send(store, source, path="out/x"):
    Sending(Output("o", StoreSpec("s3"), KEYS, path, str(source)), store).send()


def test_a_folder_is_sent_and_gone_from_here(bucket, made):
    large = (made / "sub ü" / "large").read_bytes()
    send(store_of(bucket), made)
    assert bucket.get("out/x/a.csv") == b"1,2\n"
    assert bucket.get("out/x/sub ü/large") == large
    assert not made.exists()


def test_a_single_file(bucket, tmp_path):
    (tmp_path / "one").write_bytes(b"x")
    send(store_of(bucket), tmp_path / "one", "out/one.csv")
    assert bucket.get("out/one.csv") == b"x"


def test_what_was_not_written_is_no_failure(bucket, tmp_path):
    send(store_of(bucket), tmp_path / "none")
    assert list(store_of(bucket).list("")) == []


@pytest.mark.parametrize("refused", ["/large", "/a.csv"])
def test_a_failure_takes_back_what_is_new_and_keeps_the_files(bucket, made, s3, refused):
    bucket.put("out/x/before.csv", b"stays")
    (made / "z.csv").write_bytes(b"z")
    s3.before.append(lambda method, path: 403 if method in ("PUT", "POST") and path.endswith(refused) else None)
    with pytest.raises(Forbidden, match="s3:PutObject"):
        send(store_of(bucket), made)
    s3.before.clear()
    assert [item.path for item in store_of(bucket).list("")] == ["out/x/before.csv"]
    assert (made / "a.csv").read_bytes() == b"1,2\n" and (made / "sub ü" / "large").stat().st_size == 20_000_000


def test_links_count_as_what_they_lead_to_inside(bucket, made, tmp_path):
    (made / "inside").symlink_to("a.csv")
    send(store_of(bucket), made)
    assert bucket.get("out/x/inside") == b"1,2\n"


def test_no_link_leads_out(bucket, made, tmp_path):
    (tmp_path / "secret").write_text("x")
    (made / "outside").symlink_to(tmp_path / "secret")
    with pytest.raises(Invalid, match=r"outside is a link to .*secret, which a store cannot hold"):
        send(store_of(bucket), made)
    assert list(store_of(bucket).list("")) == []


def test_over_sftp_everything_is_renamed_into_place(sftp, made):
    spec = StoreSpec("sftp", host="127.0.0.1", port=sftp.port, username="ann", host_key=sftp.host_key, root="/")
    store = open_store(spec, {"password": "secret"}, Policy(LOOPBACK))
    send(store, made, "out")
    found = sorted(str(path.relative_to(sftp.root)) for path in sftp.root.rglob("*") if path.is_file())
    assert found == ["out/a.csv", "out/sub ü/large"]
    store.close()
