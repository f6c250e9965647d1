"""The environments folder."""

import json
import subprocess
import sys

from zaffre.builder.store import Environments, write
from zaffre.core.ports import BuildPhase, Interpreter

FINGERPRINT = "a" * 32


def publish(environments, notes=()):
    final = environments.prefix(FINGERPRINT)
    with environments.building(FINGERPRINT, 1) as building:
        environments.publish(
            building, FINGERPRINT, Interpreter(str(final), sys.executable, (f"{final}/bin",), {"A": "1"}, notes)
        )


def test_missing_then_failed_then_ready(tmp_path):
    environments = Environments(tmp_path)
    assert environments.look(FINGERPRINT, [11]).phase is BuildPhase.MISSING
    environments.save_failure(FINGERPRINT, "no", [11])
    assert environments.look(FINGERPRINT, [11]).message == "no"
    assert environments.look(FINGERPRINT, [11, 12]).phase is BuildPhase.MISSING
    publish(environments, ("told",))
    state = environments.look(FINGERPRINT, [11])
    assert (state.phase, state.interpreter.notes, state.interpreter.environ) == (
        BuildPhase.READY,
        ("told",),
        {"A": "1"},
    )
    assert not environments.file(FINGERPRINT, "failed").exists()


def test_a_look_sees_a_rebuild(tmp_path):
    environments = Environments(tmp_path)
    publish(environments, ("one",))
    assert environments.look(FINGERPRINT, []).interpreter.notes == ("one",)
    publish(environments, ("two",))
    assert environments.look(FINGERPRINT, []).interpreter.notes == ("two",)


def test_a_look_is_two_system_calls_once_known(tmp_path, monkeypatch):
    environments = Environments(tmp_path)
    publish(environments)
    environments.look(FINGERPRINT, [])
    monkeypatch.setattr(json, "loads", lambda _: 1 / 0)
    assert environments.look(FINGERPRINT, []).phase is BuildPhase.READY


def test_a_build_that_fails_clears_up(tmp_path):
    environments = Environments(tmp_path)
    try:
        with environments.building(FINGERPRINT, 7) as building:
            (building / "x").mkdir()
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert not list(environments.root.glob("*.building.*"))


def test_only_one_builds(tmp_path):
    environments = Environments(tmp_path)
    program = (
        "import fcntl, sys\n"
        "file = open(sys.argv[1], 'a')\n"
        "try: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "except BlockingIOError: sys.exit(3)\n"
    )
    lock = environments.root / f"{FINGERPRINT}.lock"
    with environments.building(FINGERPRINT, 1):
        assert subprocess.run([sys.executable, "-c", program, lock], check=False).returncode == 3
    assert subprocess.run([sys.executable, "-c", program, lock], check=False).returncode == 0


def test_files_are_written_whole(tmp_path):
    write(tmp_path / "deep/file", "one")
    inode = (tmp_path / "deep/file").stat().st_ino
    write(tmp_path / "deep/file", "two")
    assert (tmp_path / "deep/file").read_text() == "two"
    assert (tmp_path / "deep/file").stat().st_ino != inode
    assert len(list((tmp_path / "deep").iterdir())) == 1
