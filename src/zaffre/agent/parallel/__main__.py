"""The process mains: ``drive`` runs a parallel job, ``work`` is one of its workers."""

from __future__ import annotations

import sys
from typing import List

from zaffre.agent.parallel import driver, settings, worker


def main(arguments: List[str]) -> int:
    """``drive SETTINGS``, or ``work SETTINGS NAME READING WRITING`` as the driver says it."""
    verb, *rest = arguments
    if verb == "drive":
        return driver.main(settings.manned(settings.read(rest[-1])))
    text, name, reading, writing = rest
    return worker.main(settings.read(text), name, int(reading), int(writing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
