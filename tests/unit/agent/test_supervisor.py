"""What ends a task's processes, who is right when two do, and that none is left; each case in a process of its own.

A supervisor takes the signals of its process and waits for all of its children, so it cannot run in the tests' own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SCRIPT = """
import json, os, signal, sys, threading, time
from zaffre.agent import files
from zaffre.agent.bell import Bell
from zaffre.agent.order import Order, Rank
from zaffre.agent.supervisor import Supervisor

said = json.loads(sys.argv[1])
folder = said["folder"]
ranks = [
    Rank(os.path.join(folder, "rank%d.txt" % number), {}, [sys.executable, "-c", code])
    for number, code in enumerate(said["codes"])
]
order = Order(
    run="r", attempt=1, token="token-of-this-test", directory=folder, argv=[], cwd=folder, environ=dict(os.environ),
    ranks=ranks, intakes=[], deposits=[], timeout=said["timeout"], grace=said["grace"], memory=None,
    log_limit=1 << 20, boot_id="b",
)
watched = Supervisor(order, Bell())
watched.start()
if said["stop"] is not None:
    files.write(folder, files.STOP, {"grace": said["stop"]})
    ready = os.path.join(folder, "ready")
    def stop():
        while not os.path.exists(ready):
            time.sleep(0.01)
        time.sleep(said["after"])
        os.kill(os.getpid(), signal.SIGTERM)
    threading.Thread(target=stop, daemon=True).start()
watched.watch()
watched.close()
end = watched.first_failed()
print(json.dumps({
    "why": watched.why._asdict(), "succeeded": watched.succeeded, "survivors": watched.survivors,
    "number": watched.ranks.index(end), "code": end.exit_code, "signal": end.signal,
}))
"""
FOREVER = "import time; time.sleep(300)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('ready', 'w').close(); time.sleep(300)"
POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
open('ready', 'w').close()
time.sleep(300)
"""
PARENT = "import subprocess, sys; subprocess.Popen(['sleep', '300'])"


@pytest.fixture
def watch(tmp_path: Path) -> Any:
    """Runs a supervisor over ranks that run this code; what it found, and how long it took."""

    def run(*codes: str, timeout: float | None = None, grace: float = 20.0, **stop: float) -> dict[str, Any]:
        said = {"folder": str(tmp_path), "codes": codes, "timeout": timeout, "grace": grace}
        said |= {"stop": stop.get("stop"), "after": stop.get("after", 0.0)}
        began = time.monotonic()
        words = [sys.executable, "-c", SCRIPT, json.dumps(said)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        found["seconds"] = time.monotonic() - began
        found["why"] = [name for name, is_so in found["why"].items() if is_so]
        return found

    return run


def test_all_ranks_end_by_themselves(watch: Any) -> None:
    told = watch("", "")
    assert (told["succeeded"], told["why"], told["survivors"]) == (True, [], 0)


def test_the_rank_that_fails_ends_the_others_and_is_the_one_named(watch: Any) -> None:
    told = watch(FOREVER, "raise SystemExit(3)", FOREVER)
    assert (told["succeeded"], told["number"], told["code"], told["why"]) == (False, 1, 3, [])
    assert told["seconds"] < 15


def test_the_time_limit_ends_them(watch: Any) -> None:
    assert watch(FOREVER, timeout=0.5)["why"] == ["timed_out"]


def test_who_is_asked_to_end_may_end_well_and_was_stopped_all_the_same(watch: Any) -> None:
    told = watch(POLITE, stop=20.0)
    assert (told["why"], told["succeeded"], told["code"]) == (["stopped"], False, 0)


def test_the_grace_is_that_of_the_wish_and_who_ignores_it_is_killed(watch: Any) -> None:
    told = watch(DEAF, stop=0.3)
    assert (told["why"], told["signal"], told["survivors"]) == (["stopped"], 9, 0)
    assert told["seconds"] < 15


def test_the_first_reason_stays_and_the_shortest_grace_holds(watch: Any) -> None:
    """Its time is up first; then a stop comes that leaves it less time than it has."""
    told = watch(DEAF, timeout=1.0, stop=0.2, after=2.0)
    assert (told["why"], told["signal"]) == (["timed_out"], 9)
    assert told["seconds"] < 15


def test_what_a_rank_leaves_behind_does_not_live_on(watch: Any) -> None:
    told = watch(PARENT)
    assert (told["succeeded"], told["survivors"]) == (True, 0)
    assert told["seconds"] < 15
