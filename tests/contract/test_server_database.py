"""Which database a home uses, that it is remembered, and that its password stays with us."""

import os
import stat
import subprocess
import sys

import pytest

from zaffre.server import database
from zaffre.server.clock import SystemClock
from zaffre.server.database import SharedClock
from zaffre.server.settings import Settings


def settings(home, **environ):
    home.mkdir(exist_ok=True)
    return Settings.load({"ZAFFRE_HOME": str(home), **environ})


def test_a_home_uses_sqlite_until_told_otherwise_and_then_what_it_was_told(tmp_path):
    home, url = tmp_path / "home", "postgresql://me:secret@there/zaffre"
    assert database.chosen(settings(home)) == f"sqlite:///{home}/zaffre.db"
    database.remember(settings(home))
    assert list(home.iterdir()) == []
    database.remember(settings(home, ZAFFRE_DATABASE=url))
    assert database.chosen(settings(home)) == url
    assert [stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()] == [0o600]
    assert database.chosen(settings(home, ZAFFRE_DATABASE="postgresql://other/z")) == "postgresql://other/z"


def test_a_server_keeps_its_name(tmp_path):
    clock = database.clock("postgresql://x/y")
    names = {database.server(tmp_path, clock).place for _ in range(2)}
    assert len(names) == 1
    assert database.server(tmp_path, database.clock("sqlite:////x")) is None


def test_clocks_that_differ_agree_with_the_database():
    clock, own = SharedClock(), SystemClock()
    clock.follow(own.now() + 0.1)
    assert abs(clock.now() - own.now()) < 0.05  # the way there may take so long
    clock.follow(own.now() - 40)
    assert abs(clock.now() - own.now() + 40) < 0.05
    clock.follow(own.now())
    assert abs(clock.now() - own.now()) < 0.05


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://zaffre:horse@127.0.0.1:1/db", "cannot be used: connection"),
        ("postgresql://zaffre:ho/rse@host/db", "expected postgresql://user:password@host"),
        ("mysql://zaffre:horse@host/db", "not one this version can use"),
    ],
)
def test_a_database_that_cannot_be_used_ends_the_start_with_one_sentence(tmp_path, url, said):
    environ = {**os.environ, "ZAFFRE_HOME": str(tmp_path / "home"), "ZAFFRE_SERVER_PORT": "0", "ZAFFRE_DATABASE": url}
    command = [sys.executable, "-m", "zaffre.server"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "rse@" not in done.stderr
    assert not (tmp_path / "home" / "database").exists()
