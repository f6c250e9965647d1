"""Files that a job or a model left, written below a folder and never outside it."""

from __future__ import annotations

from pathlib import Path

from zaffre.cli.session import Session
from zaffre.sdk import files
from zaffre.sdk.resources import Which


def job(session: Session) -> None:
    """``./outputs`` and logs (artifacts/), or a named output (named-outputs/NAME/), as az lays them out."""
    name = session.option("name")
    folder = Path(session.option("download_path"))
    what = files.What(session.option("output_name"), bool(session.options.all))
    written = files.download_job(session.resources, name, folder, what, session.terminal.progress)
    count = "1 file" if len(written) == 1 else f"{len(written)} files"
    session.terminal.note(f"{count} of job {name} in {folder.resolve()}")


def model(session: Session) -> None:
    """A model's files, in a folder of its name."""
    which = Which(session.option("name"), version=session.option("version"))
    folder = Path(session.option("download_path")) / which.name
    written = files.download(session.resources, which, folder, told=session.terminal.progress)
    session.terminal.note(f"{len(written)} files of model {which.name}:{which.version} in {folder.resolve()}")
