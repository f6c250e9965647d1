"""Artifacts through MLflow's proxy: where they lie, how they come back, and that an upload is whole or not there."""

import pytest

import mlflow_server


@pytest.fixture
async def session(tmp_path, tracking_url):
    service = await mlflow_server.opened(tmp_path, database=tracking_url)
    yield mlflow_server.Session(service)
    await service.close()


async def test_artifacts_lie_where_azure_puts_them(session, tmp_path):
    run = await session.run()
    proxy = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    data = bytes(range(256)) * 20_000
    answer = await session.client.put(f"{proxy}/deep/er/file%20%25.bin", content=data)
    assert (answer.status_code, answer.json()) == (200, {})
    assert (tmp_path / f"artifacts/ExperimentRun/dcid.{run}/deep/er/file %.bin").read_bytes() == data
    back = await session.client.get(f"{proxy}/deep/er/file%20%25.bin")
    assert back.content == data
    assert back.headers["x-content-type-options"] == "nosniff"
    assert back.headers["content-disposition"].startswith("attachment")
    part = await session.client.get(f"{proxy}/deep/er/file%20%25.bin", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, data[10:20])
    top = await session.get("artifacts/list", run_id=run)
    assert top == {"root_uri": f"mlflow-artifacts:/0/{run}/artifacts", "files": [{"path": "deep", "is_dir": True}]}
    inner = await session.get("artifacts/list", run_id=run, path="deep/er")
    assert inner["files"] == [{"path": "deep/er/file %.bin", "is_dir": False, "file_size": len(data)}]
    by_path = await session.get("/api/2.0/mlflow-artifacts/artifacts", path=f"0/{run}/artifacts/deep/er")
    assert by_path["files"] == [{"path": "file %.bin", "is_dir": False, "file_size": len(data)}]
    assert (await session.ask("GET", "/get-artifact", run_uuid=run, path="deep/er/file %.bin")).content == data
    assert (await session.client.delete(f"{proxy}/deep")).status_code == 200
    assert (await session.client.get(f"{proxy}/deep/er/file%20%25.bin")).status_code == 404
    assert list((tmp_path / "artifacts/.uploads").iterdir()) == []


async def test_an_upload_that_breaks_off_leaves_nothing(session, tmp_path):
    run = await session.run()

    async def torn():
        yield b"x" * 2_000_000
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        await session.client.put(f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/f", content=torn())
    assert [path for path in (tmp_path / "artifacts").rglob("*") if path.is_file()] == []
