"""``zaffre backup`` and ``zaffre restore``: the work is done by a process of the server's, which knows the databases."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from zaffre.cli.session import Session
from zaffre.core.errors import Invalid
from zaffre.sdk.settings import child_environment

_PROGRAM = "zaffre.server.backup"
_SHOWN = 5


def backup(session: Session) -> Any:
    """Write the archive; the server may run meanwhile."""
    told = _asked(session, "create", *(["--files"] if session.options.files else []))
    size = f"{told['files']} files ({told['bytes'] / 1e6:,.1f} MB)"
    session.terminal.note(
        f"{told['rows']} rows and {size} are in {told['archive']}."
        if told["files_inside"]
        else f"{told['rows']} rows are in {told['archive']}; {size} of datastores and code are listed there, not kept: "
        "copy data/ and blobs/ of the home too, or back up with --files."
    )
    return told


def restore(session: Session) -> Any:
    """Fill the home; says what is missing then."""
    told = _asked(session, "restore")
    session.terminal.note(f"{told['rows']} rows were restored into {session.settings.home}; zaffre up starts it.")
    if missing := told["missing"]:
        shown = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        session.terminal.note(
            f"{len(missing)} of {told['files']} files are not there yet ({shown}): copy data/ and blobs/ of the home that "
            "was backed up."
        )
    return told


def _asked(session: Session, what: str, *flags: str) -> dict[str, Any]:
    if session.settings.url:
        raise Invalid(
            f"ZAFFRE_URL names a server elsewhere, {session.settings.url}; a backup is made on its own machine."
        )
    done = subprocess.run(
        [sys.executable, "-m", _PROGRAM, what, session.options.archive, *flags],
        env=child_environment(session.settings.home, database=getattr(session.options, "database", None) or ""),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Invalid(done.stderr.strip())
    told: dict[str, Any] = json.loads(done.stdout)
    return told
