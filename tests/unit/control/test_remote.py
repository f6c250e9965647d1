"""Orders for staging processes: for this user alone, and gone when nobody takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from zaffre.control import remote
from zaffre.control.remote import Remote, Settings
from zaffre.core.targets import Database
from zaffre.staging.order import Input, Query, StoreSpec
from zaffre.staging.policy import Policy

SECRET = "hunter2-of-the-lake"


@pytest.fixture
def stores(tmp_path):
    return Remote(Settings(tmp_path, Policy(), {"LANG": "C"}, 1), None)


def query(stores, folder):
    asked = Query(
        Database("postgresql", "h", 5432, "d"), str(folder / "out"), "mltable", password=SECRET, statement="x"
    )
    return stores.order("query", folder / "imported.json", query=asked)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_order_is_for_this_user_alone_and_nothing_secret_is_in_the_step(stores, tmp_path):
    step = stores.step(query(stores, tmp_path), tmp_path, tmp_path / "log", "ImportFailed")
    file = Path(step.order)
    assert file.stat().st_mode & 0o777 == 0o600 and SECRET in file.read_text()
    assert SECRET not in repr(step) and SECRET not in repr(query(stores, tmp_path).query)
    assert names(tmp_path) == [file.name]


def test_an_order_that_no_agent_took_is_forgotten(stores, tmp_path):
    one = Input("d", StoreSpec("s3"), {"secret_access_key": SECRET}, "p", "uri_folder", str(tmp_path / "t"))
    for verb in ("bring", "send", "copy"):
        stores.step(stores.order(verb, tmp_path / "r", inputs=(one,)), tmp_path, tmp_path / "log", "InputFailed")
    stores.step(query(stores, tmp_path), tmp_path, tmp_path / "log", "ImportFailed")
    assert len(names(tmp_path)) == 4
    stores.forget(tmp_path)
    stores.forget(tmp_path / "absent")
    assert names(tmp_path) == []


def test_an_order_is_not_written_again_for_an_agent_that_has_begun(stores, tmp_path):
    (tmp_path / "claim").touch()
    stores.step(query(stores, tmp_path), tmp_path, tmp_path / "log", "ImportFailed")
    assert names(tmp_path) == ["claim"]


def test_a_secret_that_cannot_be_written_whole_leaves_no_half(tmp_path, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        remote.write_secret(tmp_path / "order.json", SECRET)
    assert names(tmp_path) == []
