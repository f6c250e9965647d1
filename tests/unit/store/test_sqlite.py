"""SQLite's side of the store: where it refuses to work, what its files look like, what its errors mean."""

import sqlite3
import stat

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from zaffre.core.errors import Conflict, Invalid, NoSpace, Unavailable
from zaffre.store import sqlite
from zaffre.store.mounts import Mount
from zaffre.store.sqlite import Sqlite


@pytest.fixture
def database(tmp_path):
    made = Sqlite(f"{tmp_path}/home/zaffre.db")
    made.prepare()
    return made


def failure(code, kind=sqlite3.OperationalError):
    error = kind("made for a test")
    error.sqlite_errorcode = code
    return DBAPIError("SELECT", None, error)


def test_a_network_file_system_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "network_mount", lambda path: Mount("/mnt", "nfs4"))
    with pytest.raises(Invalid, match=r"nfs4.*ZAFFRE_HOME"):
        Sqlite(f"{tmp_path}/zaffre.db").prepare()
    assert list(tmp_path.iterdir()) == []


def test_the_log_has_its_size_from_the_beginning(database, tmp_path):
    log = tmp_path / "home" / "zaffre.db-wal"
    writer = database.writer()
    with writer.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        size = log.stat().st_size
        connection.execute(text("INSERT INTO t VALUES (1)"))
    assert size > 4 * 1024 * 1024
    assert log.stat().st_size == size
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in ("zaffre.db", "zaffre.db-wal"):  # what a power cut leaves
        (crashed / file).write_bytes((tmp_path / "home" / file).read_bytes())
    with sqlite3.connect(crashed / "zaffre.db") as found:
        assert found.execute("SELECT x FROM t").fetchall() == [(1,)]
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    writer.dispose()


def test_the_files_are_their_owners_alone(database, tmp_path):
    writer = database.writer()
    with writer.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "home").iterdir()}
    writer.dispose()
    assert modes == {"zaffre.db": 0o600, "zaffre.db-wal": 0o600, "zaffre.db-shm": 0o600}


def test_writes_are_durable_and_reads_do_not_write(database):
    writer, reader = database.writer(), database.reader(1)
    for engine, only_read in ((writer, 0), (reader, 1)):
        with engine.connect() as connection:
            found = [
                connection.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout")
            ]
        assert found == ["wal", 2, 1, only_read, 5000]
        engine.dispose()


def test_a_writer_shuts_others_out_from_its_first_moment(database, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.05)
    first, second = database.writer(), database.writer()
    with first.connect() as one, second.connect() as other, one.begin():
        with pytest.raises(DBAPIError) as caught:
            other.begin()
        assert isinstance(database.translate(caught.value), Unavailable)
    first.dispose()
    second.dispose()


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (sqlite3.SQLITE_BUSY, Unavailable, "busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Unavailable, "busy"),
        (sqlite3.SQLITE_LOCKED, Unavailable, "busy"),
        (sqlite3.SQLITE_FULL, NoSpace, "full"),
        (sqlite3.SQLITE_IOERR_FSYNC, Unavailable, "disk"),
        (sqlite3.SQLITE_READONLY, Unavailable, "disk"),
        (sqlite3.SQLITE_CORRUPT, Unavailable, "backup"),
    ],
)
def test_codes_have_meanings(database, code, kind, said):
    translated = database.translate(failure(code))
    assert type(translated) is kind
    assert said in translated.message


def test_a_failing_write_on_a_full_disk_is_a_full_disk(database, monkeypatch):
    monkeypatch.setattr(Sqlite, "_is_full", lambda self: True)
    assert isinstance(database.translate(failure(sqlite3.SQLITE_IOERR_WRITE)), NoSpace)


def test_clashes_are_conflicts_and_mistakes_of_ours_stay_mistakes(database):
    assert isinstance(database.translate(IntegrityError("INSERT", None, sqlite3.IntegrityError())), Conflict)
    assert database.translate(failure(sqlite3.SQLITE_ERROR)) is None


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path):
    (tmp_path / "zaffre.db").write_bytes(b"hello" * 1000)
    with pytest.raises(Unavailable, match="backup"):
        Sqlite(f"{tmp_path}/zaffre.db").prepare()


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be opened"):
        Sqlite(f"{tmp_path}/file/home/zaffre.db").prepare()
