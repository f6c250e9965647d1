"""What an agent does first, done once with nothing at stake, in a process that waits to become one.

A forked process shares its pages until it writes to them, and then pays for each with a fault; an agent meets hundreds
between its order and the start of the command, more time than its work takes. The spare agent has that time.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess

from zaffre.agent import files, procs
from zaffre.agent.order import Deposit, Order, Rank

_DEPOSIT = Deposit("name", "staging", "final", "folder", True, True)
_ORDER = Order("run", 1, "token", os.sep, [""], os.sep, {}, [Rank("", {})], [], [_DEPOSIT], None, 0.0, None, 0, "")


def rehearse() -> None:
    """Read an order, look at a process, start a program that does not exist; nothing is left behind."""
    text = json.dumps({"task": dict(_ORDER._asdict(), environ={str(number): "" for number in range(32)})})
    Order(**json.loads(text)["task"]).identity  # noqa: B018 read for the pages it touches
    procs.stat(os.getpid())
    files.read(os.sep, "")
    selectors.DefaultSelector().close()
    null = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        subprocess.Popen([os.devnull], cwd=os.sep, env={}, stdin=null, stdout=null, stderr=null, start_new_session=True)
