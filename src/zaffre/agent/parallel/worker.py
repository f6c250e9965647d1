"""A worker process: loads the script, takes one mini-batch after the other, keeps the rows and says how it went."""

from __future__ import annotations

import logging
import os
import sys
import time
import traceback
from typing import Any, Dict

from zaffre.agent.parallel import frames, ledger, plan, rows, wire
from zaffre.agent.parallel.script import BadScript, Context, Script
from zaffre.agent.parallel.settings import Settings

_MOST = 16_000
"""Characters of a traceback that are told."""


def main(settings: Settings, process: str, reading: int, writing: int) -> int:
    """Until the driver closes its end; what goes wrong with a mini-batch is told, and is not the end."""
    os.chdir(settings.code)
    logging.basicConfig(
        level=settings.level, stream=sys.stdout, format="%(asctime)s|%(levelname)s|%(name)s|%(message)s"
    )
    try:
        script = _started(settings, process)
    except BadScript as bad:
        wire.send(writing, {"what": "hopeless", "message": str(bad)})
        return 1
    except BaseException as error:  # noqa: BLE001 - a process main: whatever loading it or init() raises is told
        wire.send(writing, dict(_told(error), what="unable"))
        return 1
    wire.send(writing, {"what": "ready"})
    for order in wire.Incoming(reading).all():
        wire.send(writing, _one(settings, script, order, writing))
    script.shutdown()
    return 0


def _started(settings: Settings, process: str) -> Script:
    if not settings.source and frames.library() is None:
        raise BadScript(frames.NEEDED)
    return Script(settings, process)


def _one(settings: Settings, script: Script, order: Dict[str, Any], writing: int) -> Dict[str, Any]:
    """The answer about one mini-batch."""
    index, batch = order["batch"], order["of"]
    try:
        data = (
            frames.read(os.path.join(settings.kept, batch["table"]))
            if "table" in batch
            else plan.paths(settings, batch)
        )
        wire.send(writing, {"what": "loaded", "batch": index})
        begun, busy = time.monotonic(), time.process_time()
        result = script.run(data, Context(index, batch.get("keys")))
        seconds, busy = time.monotonic() - begun, time.process_time() - busy
        returned = rows.of(result)
    except BadScript as bad:
        return {"what": "hopeless", "batch": index, "message": str(bad)}
    except rows.NoRows as wrong:
        return {"what": "failed", "batch": index, "message": str(wrong), "final": True}
    except BaseException as error:  # noqa: BLE001 - sys.exit() in run() is a failure of the mini-batch like any other
        return dict(_told(error), what="failed", batch=index)
    kept = _keep(settings.kept, index, returned.text) if settings.rows_to else _keep(settings.kept, index, "")
    header = {"header": returned.header} if settings.header else {}
    return dict(kept, what="done", batch=index, out=returned.number, seconds=seconds, busy=busy, **header)


def _keep(folder: str, index: int, text: str) -> Dict[str, int]:
    """Write the rows, whole or not at all; their size and checksum tell later whether they lasted."""
    path = ledger.rows_of(folder, index)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    draft = "%s.%d" % (path, os.getpid())
    with open(draft, "w", encoding="utf-8", errors="surrogatepass", newline="") as stream:
        stream.write(text)
    os.replace(draft, path)
    with open(path, "rb") as stream:
        size, total = ledger.checksum(stream)
    return {"size": size, "sum": total}


def _told(error: BaseException) -> Dict[str, str]:
    """An exception in words, and with the lines of the user's own code."""
    sys.stdout.flush()
    traceback.print_exc()
    words = "".join(traceback.format_exception_only(type(error), error)).strip()
    trace = traceback.extract_tb(error.__traceback__)
    here = os.path.dirname(__file__)
    own = [frame for frame in trace if not frame.filename.startswith((here, "<frozen "))]
    lines = "".join(traceback.format_list(own[-20:]))
    return {"message": words[-_MOST:], "trace": lines[-_MOST:]}
