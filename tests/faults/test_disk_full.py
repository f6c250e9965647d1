"""A whole installation on a disk of its own that fills up: what is asked is refused in words, nothing accepted is lost,
and with space again everything goes on alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SMALL_DISK = 'mount -t tmpfs -o size=96m none "$1" && exec "$2" -c "$3" "$1" "$4"'
STORY = """
import json, pathlib, sys
import httpx
from zaffre.testing.server import Installation, job, until

disk, environments = map(pathlib.Path, sys.argv[1:])
home = disk / "home"
home.mkdir(mode=0o700)
(home / "environments").symlink_to(environments)
rig = Installation(home, {"ZAFFRE_JOBS_GRACE": "1", "ZAFFRE_JOBS_RETRIES": "2"})
told = {}
try:
    rig.start()
    rig.submit("before", "echo kept > ${{outputs.o}}/x", outputs={"o": {"type": "uri_folder"}})
    told["before"] = rig.ended("before")["status"]

    # A job fills the disk that its folder, the database and the blobs share.
    rig.submit("greedy", "head -c 1G /dev/zero > big")
    until(lambda: list(home.glob("**/big")), "the job's file")
    until(lambda: [size for file in home.glob("**/big") if (size := file.stat().st_size) > 50_000_000], "a full disk")
    def refused():
        (disk / "ballast").open("ab").write(bytes(100_000))
        return False
    try:
        until(refused, "no space left")
    except OSError as error:
        told["full"] = error.errno
    more = {f"f{number}": bytes([number]) * 300_000 for number in range(20)}
    try:
        rig.upload("data", more)
    except httpx.HTTPStatusError as error:
        told["upload"] = (error.response.status_code, error.response.json()["error"]["message"].replace(str(home), "HOME"))
    told["read"] = rig.state("before")["status"]

    # Space again: the job's end is told, what was refused is taken, what was there is whole.
    (disk / "ballast").unlink()
    for file in home.glob("**/big"):
        file.write_bytes(b"")
    state = rig.ended("greedy", 15)
    told["greedy"] = (state["status"], state["reason"]["code"], state["attempt"])
    told["upload again"] = "path" in rig.upload("data", more)
    rig.submit("after", "true")
    told["after"] = rig.ended("after")["status"]
    told["kept"] = [file.read_text() for file in home.glob("data/**/before/o/x")]
finally:
    rig.end()
print(json.dumps(told))
"""


def test_everything_on_a_full_disk_is_said_so_and_heals(environments: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", str(disk), sys.executable, STORY, str(environments)]
    # Inside there is one user only, and PostgreSQL wants to be another: the full disk is one of SQLite's either way.
    around = {**os.environ, "ZAFFRE_TEST_DATABASE": "sqlite"}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, env=around)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    status, words = told.pop("upload")
    assert told.pop("greedy") == ["Failed", "DiskFull", 1]
    assert status == 507 and "is full; free some space" in words
    assert told == {
        "before": "Completed",
        "full": 28,
        "read": "Completed",
        "upload again": True,
        "after": "Completed",
        "kept": ["kept\n"],
    }


ALONE = """
import json, os, pathlib, subprocess, sys, time
from zaffre.backends.local import record
from zaffre.core.tasks import Deposit, Rank, Task

disk, waits = pathlib.Path(sys.argv[1]), sys.argv[2] == "waits"
run = disk / "run"
ranks = (Rank(str(run / "log")),)
kept = (Deposit("outputs", str(run / "wd" / "outputs"), str(disk / "kept" / "outputs"), merge=True, always=True),)
argv = (sys.executable, "-c", os.environ["COMMAND"])
task = Task("run", 1, "token", str(run), argv, str(run / "wd"), {}, ranks, deposits=kept)
record.order(task, "boot")
ballast = disk / "ballast"
if waits:
    with ballast.open("wb", 0) as stream:
        try:
            while True: stream.write(bytes(4096))
        except OSError:
            pass
agent = subprocess.Popen([sys.executable, "-c", "import sys; from zaffre.agent import task; task.run(sys.argv[1])", str(run)])
told = {}
if waits:
    deadline = time.monotonic() + 20
    while not (run / "claim").exists() and time.monotonic() < deadline: time.sleep(0.02)
    told["waited"] = agent.poll() is None and not (run / "exit.json").exists()
    ballast.unlink()
agent.wait(30)
end = record.ending(record.handle_of(task))
told |= {"code": end.exit_code, "error": end.error, "full": end.disk_full.replace(str(disk), "DISK")}
told["still full"] = os.statvfs(disk).f_bavail < 8
print(json.dumps(told))
"""


FILL = """
import os
with open("big", "wb", 0) as stream:
    while True:
        stream.write(bytes(min(1 << 16, os.statvfs(".").f_bavail * 4096 or 1)))
"""
ENDS_WELL = f"try:\n  exec({FILL!r})\nexcept OSError:\n  pass"


@pytest.mark.parametrize(
    ("command", "case", "said"),
    [
        (FILL, "at once", {"code": 1, "error": "", "full": "DISK/run/wd", "still full": True}),
        (ENDS_WELL, "at once", {"code": 0, "error": "", "full": "", "still full": True}),
        ("print('ran')", "waits", {"waited": True, "code": 0, "error": "", "full": "", "still full": False}),
    ],
)
def test_an_agent_outlives_the_disk_that_its_command_filled(
    command: str, case: str, said: object, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    small = SMALL_DISK.replace("96m", "4m")
    words = ["unshare", "-rm", "sh", "-c", small, "sh", str(disk), sys.executable, ALONE, case]
    around = {**os.environ, "COMMAND": command}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, env=around)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == said
