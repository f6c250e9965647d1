"""A pipeline's verbs: what would run, go on after a failure, decide an approval, run a step again by hand."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

from zaffre.cli import documents, jobs
from zaffre.cli.output import Records
from zaffre.cli.session import Exit, Session
from zaffre.core.errors import Conflict, Invalid
from zaffre.sdk import steering
from zaffre.sdk.resources import flat


def plan(session: Session) -> Any:
    """Which steps would run, and why."""
    written = documents.written(session)
    with written.blamed():
        fields = documents.local_fields("job", written.data)
        rows = steering.plan(session.resources, session.uploads.settle(written.data, fields, written.origin))
    form = session.options.output
    if form == "table" or (form is None and session.terminal.is_watched):
        return Records({"Step": row["step"], "Verdict": row["verdict"], "Why": row["message"]} for row in rows)
    return rows


def resume(session: Session) -> Any:
    """Submit the rest of a pipeline that did not complete."""
    name = _name(session)
    made = steering.resume(session.resources, name, session.option("new_name"))
    taken: list[str] = made.pop("taken_over")
    told = f"taken over: {', '.join(taken)}" if taken else "no step had completed: all run again"
    session.terminal.note(f"{made['name']} goes on with {name}; {told}")
    if session.options.stream:
        jobs.followed(session, made)
    return flat(made)


def approve(session: Session) -> Any:
    """Say yes, or with ``--reject`` no."""
    options = session.options
    return steering.approve(
        session.resources,
        _name(session),
        session.option("step"),
        approved=not options.reject,
        comment=session.option("comment"),
    )


def replay(session: Session) -> None:
    """Run a job's command, or a step's, here and now; the exit code is the command's."""
    name = _name(session)
    told = steering.replay(session.resources, name, session.option("step"))
    folder = Path(told["folder"])
    if not folder.is_dir():
        raise Conflict(f"{told['job']} ran on another machine: a replay runs where the server does.", target=name)
    _put_in_place(told)
    command = told["argv"][-1] if told["argv"][-2:-1] == ["-c"] else shlex.join(told["argv"])
    argv, environ = told["argv"], told["environ"]
    session.terminal.note(f"{told['job']} again, in {told['cwd']}")
    session.terminal.note(f"  {command}")
    if session.options.open_shell:
        argv = ["/bin/bash", "--norc", "-i"]
        environ = {**environ, "PS1": f"{told['job']} $ ", "ZAFFRE_REPLAY_COMMAND": command}
        session.terminal.note('The step\'s shell; eval "$ZAFFRE_REPLAY_COMMAND" runs its command, exit leaves.')
    try:
        code = subprocess.run(argv, cwd=told["cwd"], env=environ, check=False).returncode
    except KeyboardInterrupt:
        code = 130
    session.terminal.note(f"exit code {code}; what it wrote is in {folder}")
    raise Exit(code if code >= 0 else 128 - code)


def _name(session: Session) -> str:
    """The job's, as a word of its own or after ``--name``."""
    name = session.option("job_name") or session.option("name")
    if not name:
        raise Invalid(f"expected the name of a job, found none: zaffre job {session.command.verb} NAME")
    return name


def _put_in_place(told: dict[str, Any]) -> None:
    """Inputs as the job had them, and places for what the command writes."""
    for one in told["inputs"]:
        source, target = Path(one["source"]), Path(one["target"])
        if not source.exists():
            message = (
                f"Input {one['name']} was at {source}, and nothing is there now: it was brought for that run alone."
            )
            raise Conflict(message, target=str(one["name"]))
        target.parent.mkdir(parents=True, exist_ok=True)
        if not one["copy"]:
            target.symlink_to(source)
        elif source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    for one in told["outputs"]:
        place = Path(one["path"])
        os.makedirs(place if one["is_folder"] else place.parent, exist_ok=True)  # noqa: PTH103 - one call for both
