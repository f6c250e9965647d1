"""The process mains: ``task`` watches one task, ``nursery`` forks watchers, ``reap`` ends what a dead watcher left."""

from __future__ import annotations

import argparse
import sys

from zaffre.agent import failpoint, nursery, reap, task


def main(arguments: list[str]) -> int:
    """Run one verb; the exit code is for a human with a shell, the truth lies in the run directory."""
    parser = argparse.ArgumentParser(prog="agent.pyz")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("task")
    verb.add_argument("directory")
    verb.add_argument("--nudge", type=int, default=-1, help="descriptor told 'r' at the start and 'x' at the end")
    verb.add_argument("--failpoint", default="", help="die at NAME:NTH, for tests of what a crash there leaves")
    verb = verbs.add_parser("nursery")
    verb.add_argument("descriptor", type=int)
    verb.add_argument("--failpoint", default="")
    verb = verbs.add_parser("reap")
    verb.add_argument("directory")
    verb.add_argument("--boot-id", default="")
    chosen = parser.parse_args(arguments)
    if chosen.verb == "reap":
        return reap.run(chosen.directory, chosen.boot_id)
    failpoint.arm(chosen.failpoint)
    if chosen.verb == "nursery":
        return nursery.serve(chosen.descriptor)
    return task.run(chosen.directory, chosen.nudge)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
