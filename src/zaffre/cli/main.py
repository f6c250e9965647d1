"""The command's process: parse, do, answer, and end with a code that a script can rely on.

0 done · 1 the platform refused or a streamed job did not complete · 2 the command line is wrong · 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from zaffre.cli import parse, table

_COLLECT_AFTER = 50_000
"""A command lives a tenth of a second, and a twentieth of that would go to looking for garbage among its imports."""
OK, FAILED, USAGE, INTERRUPTED, CUT_OFF = 0, 1, 2, 130, 141


def run() -> NoReturn:
    """The console script."""
    gc.set_threshold(_COLLECT_AFTER)
    code = complete(sys.argv[2:]) if sys.argv[1:2] == ["__complete"] else main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def complete(words: list[str]) -> int:
    """A shell asks what may come next. It has no use for an error, and nobody to show it to."""
    from zaffre.cli import completion  # noqa: PLC0415 - weight

    try:
        return completion.answer(words)
    except (Exception, KeyboardInterrupt):  # noqa: BLE001 a process main
        return FAILED


def main(words: list[str]) -> int:
    """Do what ``words`` say; returns the exit code."""
    debug = "--debug" in words or bool(os.environ.get("ZAFFRE_DEBUG"))  # noqa: TID251 - a process main
    try:
        command = parse.parse(words, table.load())
        if isinstance(command, str):
            sys.stdout.write(command)
            return OK
        return _do(command)
    except parse.Usage as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return INTERRUPTED
    except BrokenPipeError:
        return CUT_OFF
    except Exception as error:  # a process main: nothing may reach a user as a traceback
        if debug:
            raise
        return _told(error)


def _do(command: parse.Command) -> int:
    # weight: help and usage errors need none of this
    from zaffre.cli.session import Session  # noqa: PLC0415

    return Session(command).run()


def _told(error: Exception) -> int:
    from zaffre.cli.output import BadQuery  # noqa: PLC0415
    from zaffre.core.errors import ZaffreError  # noqa: PLC0415

    if isinstance(error, BadQuery):
        sys.stderr.write(f"zaffre: {error}\n")
        return USAGE
    if isinstance(error, ZaffreError):
        sys.stderr.write(f"{error.message}\n")
        return FAILED
    if isinstance(error, OSError) and error.filename:
        sys.stderr.write(f"zaffre: {error.filename}: {error.strerror}\n")
        return FAILED
    sys.stderr.write(
        f"zaffre: a mistake of Zaffre's own: {type(error).__name__}: {error}. ZAFFRE_DEBUG=1 shows where.\n"
    )
    return FAILED
