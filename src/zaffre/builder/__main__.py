"""``python -m zaffre.builder``: ``build <request.json>`` builds, ``enter <engine.json> <command…>`` is a job's process."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from zaffre.builder.build import UNREACHABLE, Request, build
from zaffre.builder.entering import enter


def main(arguments: list[str]) -> int:
    """Exit codes: 0 built, 10 the requirements cannot be met, 11 anything else."""
    if len(arguments) > 2 and arguments[0] == "enter":
        return enter(Path(arguments[1]), arguments[2:])
    if len(arguments) != 2 or arguments[0] != "build":
        sys.stderr.write("usage: python -m zaffre.builder build <request.json>\n")
        return 2
    try:
        path = Path(arguments[1])
        request = Request.from_json(json.loads(path.read_bytes()))
        if request.recipe.logins or request.settings.logins:
            path.unlink()
        return build(request, _say)
    except Exception:  # noqa: BLE001 - a process's main: whatever failed is told, and is not remembered as a conflict
        traceback.print_exc()
        return UNREACHABLE


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
