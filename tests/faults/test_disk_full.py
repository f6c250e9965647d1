"""A whole installation on a disk of its own that fills up: what is asked is refused in words, nothing accepted is lost,
and with space again everything goes on alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SMALL_DISK = 'mount -t tmpfs -o size=96m none "$1" && exec "$2" -c "$3" "$1" "$4"'
STORY = """
import json, pathlib, sys
import httpx
from zaffre.testing.server import Installation, job, until

disk, environments = map(pathlib.Path, sys.argv[1:])
home = disk / "home"
home.mkdir(mode=0o700)
(home / "environments").symlink_to(environments)
rig = Installation(home, {"ZAFFRE_JOBS_GRACE": "1", "ZAFFRE_JOBS_RETRIES": "0"})
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
    told["greedy"] = (state["status"], state["reason"]["code"])
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
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    status, words = told.pop("upload")
    assert told.pop("greedy") in (
        ["Failed", "ExitCode"],
        ["Failed", "AgentLost"],
    )  # its agent had no space to write either
    assert status == 507 and "is full; free some space" in words
    assert told == {
        "before": "Completed",
        "full": 28,
        "read": "Completed",
        "upload again": True,
        "after": "Completed",
        "kept": ["kept\n"],
    }
