"""The table is written when it says something new, and then only."""

from __future__ import annotations

from pathlib import Path

import pytest

from zaffre.serving import process, table
from zaffre.serving.process import Launch
from zaffre.serving.publisher import Publisher


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    async def nothing_to_start(launch: Launch) -> None:
        del launch

    monkeypatch.setattr(process, "ensure", nothing_to_start)
    return Publisher(lambda: Launch(tmp_path, tmp_path / "r.sock", 1, {}), "http://here")


def endpoint(share: int) -> table.Endpoint:
    return table.Endpoint(traffic={"blue": share}, deployments={"blue": table.Deployment()})


async def test_what_says_nothing_new_is_not_written(publisher: Publisher, tmp_path: Path):
    assert await publisher.publish({"ws/e": endpoint(100)}) == 1
    file = tmp_path / table.FILE
    before = file.stat().st_ino
    assert await publisher.publish({"ws/e": endpoint(100)}) == 1
    assert file.stat().st_ino == before
    assert await publisher.publish({"ws/e": endpoint(90)}) == 2
    assert table.read(file).endpoints == {"ws/e": endpoint(90)}


async def test_another_server_goes_on_from_the_file(publisher: Publisher, tmp_path: Path):
    await publisher.publish({"ws/e": endpoint(100)})
    later = Publisher(lambda: Launch(tmp_path, tmp_path / "r.sock", 1, {}), "http://here")
    assert await later.publish({"ws/e": endpoint(100)}) == 1
    assert await later.publish({}) == 2


async def test_a_file_that_was_removed_is_written_again(publisher: Publisher, tmp_path: Path):
    await publisher.publish({"ws/e": endpoint(100)})
    (tmp_path / table.FILE).unlink()
    await publisher.publish({"ws/e": endpoint(100)})
    assert table.read(tmp_path / table.FILE).endpoints == {"ws/e": endpoint(100)}
