"""``python -m zaffre.builder build <request.json>``: the program of a build task."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from zaffre.builder.build import UNREACHABLE, Request, build


def main(arguments: list[str]) -> int:
    """Exit codes: 0 built, 10 the requirements cannot be met, 11 anything else."""
    if len(arguments) != 2 or arguments[0] != "build":
        sys.stderr.write("usage: python -m zaffre.builder build <request.json>\n")
        return 2
    try:
        request = Request.from_json(json.loads(Path(arguments[1]).read_bytes()))
        return build(request, _say)
    except Exception:  # noqa: BLE001 - a process's main: whatever failed is told, and is not remembered as a conflict
        traceback.print_exc()
        return UNREACHABLE


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
