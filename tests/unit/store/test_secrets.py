"""The vault: nothing readable at rest, nothing movable, keys that can be replaced."""

import json
import stat

import pytest
from sqlalchemy import text

from zaffre.core.errors import Invalid, Unavailable
from zaffre.store import Store
from zaffre.store.secrets import Vault
from zaffre.testing.clock import ManualClock

SECRET = "canary-7f3a"


@pytest.fixture
async def store(tmp_path):
    opened = await Store.open(f"sqlite:///{tmp_path}/zaffre.db", ManualClock())
    yield opened
    await opened.close()


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "keys" / "secrets.key")


async def test_values_are_kept_replaced_and_forgotten(store, vault):
    assert await store.read(lambda tx: vault.get(tx, "ws", "a")) is None
    for value in (SECRET, "", "ключ" * 1000):
        await store.write(lambda tx, value=value: vault.put(tx, "ws", "a", value))
        assert await store.read(lambda tx: vault.get(tx, "ws", "a")) == value
    assert await store.read(lambda tx: vault.get(tx, "other", "a")) is None
    assert await store.write(lambda tx: (vault.delete(tx, "ws", "a"), vault.delete(tx, "ws", "a"))) == (True, False)
    assert await store.read(lambda tx: vault.get(tx, "ws", "a")) is None


async def test_nothing_readable_lies_on_the_disk(store, vault, tmp_path):
    await store.write(lambda tx: vault.put(tx, "ws", "a", SECRET))
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()
    key = tmp_path / "keys" / "secrets.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in key.parent.iterdir()] == ["secrets.key"]


async def test_equal_values_look_different(store, vault):
    await store.write(lambda tx: [vault.put(tx, "ws", name, SECRET) for name in "ab"])
    rows = await store.read(lambda tx: tx.connection.execute(text("SELECT sealed, wrapped_key FROM secrets")).all())
    assert len({value for row in rows for value in row}) == 4


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE secrets SET name = 'b'",
        "UPDATE secrets SET workspace = 'other', name = 'b'",
        "UPDATE secrets SET name = 'b', sealed = zeroblob(40)",
        "UPDATE secrets SET name = 'b', wrapped_key = substr(wrapped_key, 1, 50)",
    ],
)
async def test_a_row_that_was_moved_or_changed_does_not_open(store, vault, change):
    await store.write(lambda tx: vault.put(tx, "ws", "a", SECRET))
    await store.write(lambda tx: tx.connection.execute(text(change)).rowcount)
    workspace = "other" if "other" in change else "ws"
    with pytest.raises(Unavailable, match="does not open"):
        await store.read(lambda tx: vault.get(tx, workspace, "b"))


async def test_keys_are_replaced_under_the_feet_of_another_server(store, vault, tmp_path):
    file = tmp_path / "keys" / "secrets.key"
    other = Vault(file)
    await store.write(lambda tx: vault.put(tx, "ws", "a", SECRET))
    first = set(json.loads(file.read_text())["keys"])
    second = await store.write(vault.rotate)
    assert await store.read(lambda tx: other.get(tx, "ws", "a")) == SECRET
    third = await store.write(vault.rotate)
    # The first key has served; the second is kept in case the third's transaction had been undone.
    assert set(json.loads(file.read_text())["keys"]) == {second, third}
    assert not first & {second, third}
    assert await store.read(lambda tx: Vault(file).get(tx, "ws", "a")) == SECRET
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_rotation_that_is_undone_loses_nothing(store, vault, tmp_path):
    await store.write(lambda tx: vault.put(tx, "ws", "a", SECRET))

    def undone(tx):
        vault.rotate(tx)
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            await store.write(undone)
    assert await store.read(lambda tx: Vault(tmp_path / "keys" / "secrets.key").get(tx, "ws", "a")) == SECRET
    await store.write(lambda tx: vault.put(tx, "ws", "b", SECRET))
    assert await store.read(lambda tx: vault.get(tx, "ws", "b")) == SECRET


async def test_a_key_file_that_does_not_belong_is_said_so(store, vault, tmp_path):
    await store.write(lambda tx: vault.put(tx, "ws", "a", SECRET))
    stranger = Vault(tmp_path / "other.key")
    with pytest.raises(Unavailable, match="restore the key file"):
        await store.read(lambda tx: stranger.get(tx, "ws", "a"))


@pytest.mark.parametrize("content", ["", "{}", '{"keys": {}}', '{"keys": {"a": "AAAA"}}', '{"keys": []}', "[1]"])
def test_a_damaged_key_file_is_refused(tmp_path, content):
    file = tmp_path / "secrets.key"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(Invalid, match="restore"):
        Vault(file)


def test_a_key_file_others_can_read_is_refused(tmp_path):
    Vault(tmp_path / "secrets.key")
    (tmp_path / "secrets.key").chmod(0o640)
    with pytest.raises(Invalid, match="chmod 600"):
        Vault(tmp_path / "secrets.key")
