"""One question about a table, answered by a process of its own: ``python -m zaffre.tables < question.json``."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid


def main() -> int:
    """Read the question, keep to its bounds, write the answer."""
    question: dict[str, Any] = json.load(sys.stdin)
    _bound(question)
    try:
        answer: dict[str, Any] = _answer(question)
    except Invalid as error:
        answer = {"problems": [asdict(problem) for problem in error.problems]}
    except MemoryError:  # pyarrow's is one of these
        answer = {"out_of_memory": True}
    answer["peak_memory"] = _peak_memory()
    json.dump(answer, sys.stdout, allow_nan=False)
    return 0


def _bound(question: dict[str, Any]) -> None:
    """The kernel holds us to it: writable memory, processor seconds, and no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if question.get("memory"):
        memory = int(question["memory"])
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    if question.get("seconds"):
        seconds = int(question["seconds"]) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def _peak_memory() -> int:
    """Bytes. Not ``ru_maxrss``: that begins with what the process had which started this one."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    from zaffre.tables.table import open_data  # noqa: PLC0415 - only after the bounds are set

    table = open_data(Path(question["place"]), brought=question.get("brought") or {})
    match question["action"]:
        case "preview":
            from zaffre.tables.preview import preview  # noqa: PLC0415

            return preview(table, int(question["rows"]), int(question.get("skip", 0)))
        case "profile":
            from zaffre.tables.profile import profile  # noqa: PLC0415

            return profile(table)
        case "verify":
            from zaffre.core.expectations import Expectations  # noqa: PLC0415
            from zaffre.tables.verification import verify  # noqa: PLC0415

            return verify(table, Expectations.from_stored(question["expectations"]), float(question["now"]))
        case other:
            raise ValueError(f"no such question: {other!r}")


if __name__ == "__main__":
    sys.exit(main())
