"""Verbs of online deployments that watch and try: logs, numbers, replay."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from zaffre.cli.session import Exit, Session
from zaffre.core.errors import Invalid
from zaffre.sdk import replaying, scoring
from zaffre.sdk.resources import Which

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
RECORDING = "recording"


def get_logs(session: Session) -> None:
    """The last lines of a deployment's log; with ``--follow`` what is written, until interrupted."""
    options = session.options
    if options.lines < 1:
        raise Invalid(f"--lines: expected a number above 0, found {options.lines}")
    container = session.option("container")
    if not options.follow_log:
        text = scoring.logs(session.resources, session.which, options.lines, container)
        session.terminal.write(text if text.endswith("\n") or not text else text + "\n")
        return
    try:
        for text in scoring.follow(session.resources, session.which, options.lines, container):
            session.terminal.write(text)
    except KeyboardInterrupt:
        return


def metrics(session: Session) -> Any:
    """Rate, latencies, errors, queue, processor and memory of a stretch of time."""
    window = _seconds(session.option("window") or "5m", "--window")
    step = _seconds(session.option("time_step"), "--step") if session.option("time_step") else 0
    return scoring.metrics(session.resources, session.which, window, step)


def test(session: Session) -> Any:
    """Replay recorded requests against a deployment; the report. Exit code 1 where it fails more than what served."""
    which, options = session.which, session.options
    source = session.option("replay") or RECORDING
    against = session.option("against")
    session.resources.get(which)  # says that it is not there before anything is read
    recorded = _recorded(session, source, against)
    most = options.max_requests
    kept = recorded[-most:] if most else recorded
    trial = replaying.Trial(
        which.name,
        against,
        options.at_once,
        told=lambda done, total: _progress(session, which.name, done, total),
    )
    report = replaying.run(scoring.door(session.of("online-endpoint"), which.parent), kept, trial)
    if report["errors"] > report["errors_before"] or _differs(report, options.max_different):
        raise Exit(1, report)
    return report


def _progress(session: Session, name: str, done: int, total: int) -> None:
    """Ten times in all: where there is no terminal, each is a line."""
    if done == total or done % max(1, total // 10) == 0:
        session.terminal.status(f"{name}: {done} of {total} requests")


def _recorded(session: Session, source: str, against: str) -> list[replaying.Recorded]:
    if source != RECORDING:
        return replaying.of_files(Path(source))
    endpoint = session.of("online-endpoint").get(Which(session.which.parent))
    traffic: dict[str, int] = endpoint["spec"].get("traffic") or {}
    origin = against or max(traffic, key=lambda name: traffic[name], default="")
    if not origin:
        raise Invalid("--replay recording: no deployment has traffic; name one with --against, or give a file")
    samples = scoring.recording(session.resources, Which(origin, session.which.parent))
    if not samples:
        told = f"the router has recorded nothing of {origin}"
        hint = f"zaffre online-endpoint update -n {session.which.parent} --set record_requests=1000"
        raise Invalid(f"--replay recording: {told}; have it record from now on: {hint}")
    if session.option("save_recording"):
        lines = "".join(json.dumps(one) + "\n" for one in samples)
        Path(session.option("save_recording")).write_text(lines, encoding="utf-8")
    return replaying.of_recording(samples)


def _differs(report: dict[str, Any], most: float | None) -> bool:
    """More answers that differ than ``--max-different`` percent."""
    return most is not None and report["different"] * 100 > most * max(1, report["compared"])


def _seconds(text: str, flag: str) -> int:
    found = re.fullmatch(r"(\d+)([smhd]?)", text.strip())
    if found is None or int(found[1]) < 1:
        raise Invalid(f"{flag}: expected a time such as 90s, 5m, 1h or 1d, found {text}")
    return int(found[1]) * _UNITS[found[2]]
