"""A bucket that answers slowly, not at all, or no: waited for, asked again, told in words; never hung."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from storage_servers import LOOPBACK, bucket, s3

from zaffre.core.errors import Forbidden, Unavailable
from zaffre.staging.order import StoreSpec
from zaffre.staging.policy import Policy
from zaffre.staging.stores import objects, open_store

__all__ = ["bucket", "s3"]
KEYS = {"access_key_id": "k", "secret_access_key": "hunter2-of-the-lake"}
PATIENCE = 1.0
SLOW = 10.0


@pytest.fixture
def store(bucket, monkeypatch):
    """Its patience is short: a second without a byte, four in all."""
    monkeypatch.setattr(objects, "_PATIENCE", {**objects._PATIENCE, "read_timeout": f"{PATIENCE:.0f}s"})
    short = {**objects._RETRIES, "retry_timeout": timedelta(seconds=3 * PATIENCE), "max_retries": 2}
    monkeypatch.setattr(objects, "_RETRIES", short)
    return open_store(StoreSpec("s3", "lake", container=bucket.name, endpoint=bucket.url), KEYS, Policy(LOOPBACK))


@pytest.fixture
def asleep(s3):
    """Keeps the first so many requests for a key waiting until the test is over."""
    awake = threading.Event()

    def fall(key, times):
        held = []

        def act(method, path):
            if path.endswith(key) and len(held) < times:
                held.append(method)
                awake.wait(SLOW)

        s3.before.append(act)
        return held

    yield fall
    awake.set()


def test_what_was_not_answered_is_asked_again(store, bucket, asleep):
    bucket.put("in/a.csv", b"1,2\n")
    held = asleep("a.csv", 1)
    assert store.read("in/a.csv") == b"1,2\n"
    assert held == ["GET"]


def test_a_bucket_that_never_answers_is_given_up_in_words(store, bucket, asleep):
    bucket.put("in/a.csv", b"1,2\n")
    held, begun = asleep("a.csv", 99), time.monotonic()
    with pytest.raises(Unavailable) as caught:
        store.read("in/a.csv")
    assert time.monotonic() - begun < SLOW
    assert len(held) > 1
    assert str(caught.value) == f"datastore lake (s3 {bucket.name}): in/a.csv failed: it did not answer in time"


def test_a_list_that_never_comes_too(store, bucket, asleep):
    asleep(bucket.name, 99)
    with pytest.raises(Unavailable, match="listing in failed: it did not answer in time"):
        list(store.list("in"))


@pytest.mark.parametrize("status", [403, 401])
def test_a_refusal_says_what_was_shown_and_what_is_missing(store, bucket, s3, status):
    s3.before.append(lambda method, path: status)
    for call in (lambda: store.read("in/a.csv"), lambda: list(store.list("in")), lambda: store.look("in/a.csv")):
        with pytest.raises(Forbidden) as caught:
            call()
        told = str(caught.value)
        assert "refused an access key (k)" in told and "it needs s3:ListBucket on the bucket and s3:GetObject" in told
        assert "hunter2" not in told


def test_an_answer_that_is_no_answer_is_tried_again_and_then_told(store, bucket, s3):
    s3.before.append(lambda method, path: 503)
    with pytest.raises(Unavailable, match=r"in/a\.csv failed: it answered 503"):
        store.read("in/a.csv")
    assert len([path for _, path in s3.asked if path.endswith("a.csv")]) == 3
