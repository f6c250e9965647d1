"""The quickstart, run for you: data, training, registered model, endpoint, deployment, answer, each with its time."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import zaffre
from zaffre.cli import browser, parse
from zaffre.cli.session import Exit, Session
from zaffre.core.errors import NotFound
from zaffre.sdk.stream import web_view

STEPS = (
    ("Bring the data in", ("data", "create", "-f", "data.yml")),
    ("Train: run the job and watch it", ("job", "create", "-f", "job.yml", "--stream")),
    ("See the model that the job registered", ("model", "list")),
    ("Make an endpoint", ("online-endpoint", "create", "-f", "endpoint.yml")),
    ("Deploy the model to it", ("online-deployment", "create", "-f", "deployment.yml", "--all-traffic")),
    ("Ask it", ("online-endpoint", "invoke", "-n", "quickstart", "--request-file", "sample-request.json")),
)
_QUIET = frozenset({"data", "online-deployment"})


def run(session: Session) -> None:
    """Every step of ``examples/quickstart``, as a user would type it."""
    folder = quickstart()
    say = session.terminal.note
    begun = time.monotonic()
    address = session.transport.address
    say(f"Zaffre {zaffre.__version__} at {address.url} ({time.monotonic() - begun:.1f} s)")
    for number, (title, words) in enumerate(STEPS, 1):
        say(f"\n[{number}/{len(STEPS)}] {title}\n$ zaffre {' '.join(words)}")
        started = time.monotonic()
        code = _step(session, folder, words)
        say(f"    {time.monotonic() - started:.1f} s")
        if code:
            say(f"The demo stops here: that step ended with code {code}.")
            raise Exit(code)
    say(f"\nDone in {time.monotonic() - begun:.1f} s.")
    for line in _afterwards(session, folder):
        say(line)


def quickstart() -> Path:
    """Where the example lies: inside the installed package, else in the clone."""
    package = Path(zaffre.__file__).parent
    for folder in (package / "quickstart", package.parents[1] / "examples" / "quickstart"):
        if (folder / "job.yml").is_file():
            return folder
    raise NotFound("The quickstart example is not part of this installation; get it from the repository's examples/.")


def _step(session: Session, folder: Path, words: tuple[str, ...]) -> int:
    """One command with its files named absolutely; the demo may be run from anywhere."""
    placed = [str(folder / word) if (folder / word).is_file() else word for word in words]
    quiet = ["-o", "none"] if words[0] in _QUIET else ["-o", "table"] if words[1] == "list" else []
    command = parse.parse([*placed, *quiet, *_passed(session)], {"groups": session.groups})
    assert isinstance(command, parse.Command)
    if words[0] == "online-endpoint" and words[1] == "create":
        command.options.output = "none"
    return Session(command, session.terminal, session.settings).run()


def _passed(session: Session) -> list[str]:
    return ["-w", session.workspace]


def _afterwards(session: Session, folder: Path) -> list[str]:
    address = session.transport.address
    latest = next(session.of("job").list(limit=1), None)
    page = web_view(latest) if latest else ""
    lines = [
        f"  server     {address.url}",
        f"  MLflow     MLFLOW_TRACKING_URI={address.url}/mlflow",
        *([f"  job        {page}"] if page else []),
        f"  files      {folder}",
        f"  Studio     {browser.link(session)}",
        "             opens logged in, once and within five minutes; zaffre ui prints another",
    ]
    if Path(sys.prefix) != Path(sys.base_prefix):
        lines += ["To use the zaffre command in this shell:", f"  source {sys.prefix}/bin/activate"]
    return [*lines, "zaffre --help shows what there is; zaffre down stops the server."]
