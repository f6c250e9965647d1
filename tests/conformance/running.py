"""L1 and L2: an example is prepared, submitted, comes to its end or answers, and what its note promises is there."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import scheduled
from clients import Client, Streamed
from family import Family
from installation import Installation, fetch
from listing import Entry
from loading import Verdict, kind_of
from observing import Look, looks
from preparing import NotPrepared, Preparer
from trials import Trials

_ENDED_SECONDS = 1800
_TAIL = 600
_NOT_BUILT = "are not built in this version"
"""What the server says of a step of a type that is only read so far."""


def run(entry: Entry, preparer: Preparer, client: Client) -> Verdict:
    """What becomes of one example that ``client`` submits."""
    kind = kind_of(entry)
    if kind is None or not kind.built:
        return Verdict("not built", f"{entry['kind']}: submitting it answers 501")
    try:
        wrong = _ran(entry, preparer, client)
    except NotPrepared as error:
        return Verdict("not prepared", str(error))
    except subprocess.TimeoutExpired as error:
        wrong = [f"no end after {error.timeout:g} s: {' '.join(map(str, error.cmd[3:]))}"]
    except (RuntimeError, ValueError, LookupError, OSError) as error:
        if _NOT_BUILT in str(error):
            return Verdict("not built", str(error)[-_TAIL:].splitlines()[-1])
        wrong = [f"{type(error).__name__}: {error}"[-_TAIL:]]
    return Verdict("failed", "; ".join(wrong)) if wrong else Verdict("passed")


def _ran(entry: Entry, preparer: Preparer, client: Client) -> list[str]:
    """What went wrong."""
    way = next((way for said, way in _WAYS.items() if entry["kind"].startswith(said)), None)
    if way is None:
        raise NotPrepared(f"the runner knows no way to run {entry['kind']}")
    observations, unread = looks(str(entry.get("success", ""))) if entry["level"] == "L2" else ([], [])
    if unread:
        raise NotPrepared(f"the runner cannot observe: {'; '.join(unread)}")
    preparer.check_machine(entry)
    preparer.prepare(entry["path"])
    return way(entry, preparer, client, observations)


def _job(entry: Entry, preparer: Preparer, client: Client, observations: list[Look]) -> list[str]:
    file, document = preparer.document(entry["path"])
    name = client.submit(file, preparer.settings(entry["path"]))
    return _followed(name, preparer, client, document, observations)


def _followed(
    name: str, preparer: Preparer, client: Client, document: dict[str, Any], observations: list[Look]
) -> list[str]:
    """A job to its end, and what it left."""
    try:
        streamed = client.stream(name, _ENDED_SECONDS)
    except subprocess.TimeoutExpired:
        client.cancel(name)
        raise
    job = client.job(name)
    if job["status"] != "Completed":
        return [f"{job['status']}: {_said(streamed)}"]
    if not observations:
        return []
    folder = preparer.site.downloads / name
    client.download(name, folder)
    seen = Seen(preparer.site, folder, job, document)
    return [told for look in observations if (told := seen.unmet(look))]


def _said(streamed: Streamed) -> str:
    """The reason of an end, and the last that the job itself, or its build, had to say."""
    reason = streamed.reason
    reason = reason if len(reason) < 2 * _TAIL else f"{reason[: _TAIL // 2]} … {reason[-_TAIL:].strip()}"
    log = streamed.log.strip()[-_TAIL:]
    return f"{reason}; its log ends: {log}" if log else reason


class Seen:
    """What a completed job left in a folder and in its record, looked at as often as needed."""

    def __init__(self, site: Installation, folder: Path, job: dict[str, Any], document: dict[str, Any]) -> None:
        self.job, self.document, self.folder = job, document, folder
        name = folder.name
        self.family = Family(site, name, folder / "children") if job.get("type") == "pipeline" else None
        self.trials = Trials(site, job, document) if job.get("type") == "sweep" else None
        self.files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        data = site.ask(f"runs/get?run_id={name}")["run"]
        self.outputs = data.get("outputs", {})
        self.metrics = {one["key"]: one["value"] for one in data["data"].get("metrics", [])}
        self.params = {one["key"]: one["value"] for one in data["data"].get("params", [])}
        self.artifacts = {one["path"] for one in site.ask(f"artifacts/list?run_id={name}").get("files", [])}
        self.logs = [path for path in self.files if path.name.startswith("std_log") and path.suffix == ".txt"]

    def unmet(self, look: Look) -> str:
        """What an observation finds wrong; empty where it is as the note says."""
        if look.at in _OF_SWEEPS:
            return self.trials.unmet(look) if self.trials else "it has no trials"
        if look.at in _OF_FAMILIES:
            return self.family.unmet(look, self.files) if self.family else "it has no steps"
        return _LOOKS[look.at](self, look)

    def found(self, name: str) -> Path | None:
        """The downloaded file or folder at the end of this path."""
        wanted = Path(name).parts
        every = (path for path in sorted(self.folder.rglob(wanted[-1])) if path.parts[-len(wanted) :] == wanted)
        return next(every, None)

    def log(self, look: Look) -> str:
        """A line of the log has this text."""
        return "" if look.name in "".join(map(_text, self.logs)) else f"the log lacks {look.name!r}"

    def ranks(self, look: Look) -> str:
        """So many processes left a log each."""
        return "" if len(self.logs) == look.value else f"{len(self.logs)} processes left a log, expected {look.value}"

    def file(self, look: Look) -> str:
        """A file or folder was kept, with this text or this many rows where the note says one."""
        path = self.found(look.name)
        if path is None:
            return f"{look.name} was not kept"
        if look.at == "text" and _text(path).strip() != look.value:
            return f"{look.name} is {_text(path)[:100]!r}, expected {look.value!r}"
        if look.at == "rows" and (rows := len(list(csv.DictReader(io.StringIO(_text(path)))))) != look.value:
            return f"{look.name} has {rows} rows, expected {look.value}"
        return ""

    def parts(self, look: Look) -> str:
        """The parts of a table that a cluster wrote have so many rows together, the same header, and no empty cell."""
        found = [list(csv.reader(io.StringIO(_text(path)))) for path in self.files if path.match("part-*.csv")]
        if not found or any(part[0] != found[0][0] for part in found):
            return "no parts with one header were kept"
        rows = [row for part in found for row in part[1:]]
        if look.value is not None and len(rows) != look.value:
            return f"the parts have {len(rows)} rows, expected {look.value}"
        return "a cell is empty" if look.name == "no nulls" and not all(map(all, rows)) else ""

    def printed(self, look: Look) -> str:
        """A cell of the notebook that was kept has printed something."""
        books = [json.loads(_text(path)) for path in self.files if path.suffix == ".ipynb" and "outputs" in path.parts]
        return "" if any(cell.get("outputs") for book in books for cell in book["cells"]) else "no cell printed"

    def field(self, look: Look) -> str:
        """The job says this, or (``kept``) what its document said."""
        expected = _at(self.document, look.name) if look.at == "kept" else look.value
        found = _at(self.job, look.name)
        return "" if found == expected else f"{look.name} is {found!r}, expected {expected!r}"

    def metric(self, look: Look) -> str:
        """A metric lies between two numbers."""
        least, most = look.value
        found = self.metrics.get(look.name, math.nan)
        return "" if least <= found <= most else f"metric {look.name} is {found}, expected {least:g} to {most:g}"

    def param(self, look: Look) -> str:
        """A parameter was logged."""
        found = self.params.get(look.name)
        return "" if found == look.value else f"param {look.name} is {found!r}, expected {look.value!r}"

    def column(self, look: Look) -> str:
        """A table below a folder of this name has such a column."""
        tables = [path for path in self.files if look.name in path.parts and path.suffix == ".csv"]
        heads = [next(csv.reader(io.StringIO(_text(path))), []) for path in tables]
        return "" if any(look.value in head for head in heads) else f"{look.name} has no table with {look.value}"

    def artifact(self, look: Look) -> str:
        """The run has an artifact of this name."""
        return "" if look.name in self.artifacts or self.found(look.name) else f"the run has no artifact {look.name}"

    def model(self, look: Look) -> str:
        """A model was logged: an artifact in MLflow 2, a logged model in MLflow 3."""
        return "" if self.found("MLmodel") or self.outputs.get("model_outputs") else "no model was logged"


def _nothing(seen: Seen, look: Look) -> str:
    return ""


_OF_SWEEPS = ("trials", "best", "within")
_OF_FAMILIES = ("children", "left", "models", "said", "registered")
_LOOKS: dict[str, Callable[[Seen, Look], str]] = {
    "status": _nothing,  # nothing is looked at before a job has completed
    "ranks": Seen.ranks,
    "log": Seen.log,
    "file": Seen.file,
    "text": Seen.file,
    "rows": Seen.file,
    "parts": Seen.parts,
    "printed": Seen.printed,
    "field": Seen.field,
    "kept": Seen.field,
    "metric": Seen.metric,
    "param": Seen.param,
    "column": Seen.column,
    "artifact": Seen.artifact,
    "model": Seen.model,
}


def _deployment(entry: Entry, preparer: Preparer, client: Client, observations: list[Look]) -> list[str]:
    """Deploys, waits until it is ready, asks it something, and makes room again."""
    file, document = preparer.document(entry["path"])
    there = document["endpoint_name"], document["name"]
    try:
        if wrong := client.deploy(file, *there):
            return [wrong[-_TAIL:]]
        answers = [look for look in observations if look.at == "answer"] or [Look("answer")]
        request = preparer.request(entry["path"])
        found = [_unanswered(look, client.invoke(*there, request)) for look in answers]
        found += [_undescribed(look, there[0], preparer.site) for look in observations if look.at == "swagger"]
        return [told for told in found if told]
    finally:
        client.remove(*there)


def _batch(entry: Entry, preparer: Preparer, client: Client, observations: list[Look]) -> list[str]:
    """Deploys, asks, and follows the job that comes of it."""
    file, document = preparer.document(entry["path"])
    there = document["endpoint_name"], document["name"]
    if wrong := client.deploy_batch(file, *there):
        return [wrong[-_TAIL:]]
    name = client.ask(*there, *preparer.asked(entry["path"]))
    return _followed(name, preparer, client, document, observations)


def _unanswered(look: Look, answer: str) -> str:
    """How the answer to the example's own request differs from what the note says."""
    if look.value is None:
        return ""
    found = json.loads(answer)
    found = json.loads(found) if isinstance(found, str) else found
    return "" if _alike(found, look.value) else f"it answered {found!r}, expected {look.value!r}"


def _undescribed(look: Look, endpoint: str, site: Installation) -> str:
    """What is wrong with an endpoint's description of itself."""
    shown = site.tell("online-endpoint", "show", "-n", endpoint)
    key = site.tell("online-endpoint", "get-credentials", "-n", endpoint)["primaryKey"]
    try:
        told = json.loads(fetch(shown["scoring_uri"].removesuffix("/score") + look.name, key))
    except (urllib.error.URLError, ValueError) as error:
        return f"{look.name}: {error}"
    described = any(path.endswith("/score") for path in told.get("paths", {}))
    return "" if described else f"{look.name} describes no /score: {str(told)[:200]}"


def _alike(found: Any, expected: Any) -> bool:
    """Equal, numbers up to the last digits."""
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_alike, found, expected))
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return math.isclose(found, expected, rel_tol=1e-6)
    return found == expected


def _at(value: Any, dotted: str) -> Any:
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


_WAYS: dict[str, Callable[[Entry, Preparer, Client, list[Look]], list[str]]] = {
    "job.": _job,
    "schedule": scheduled.run,
    "deployment.online.": _deployment,
    "deployment.batch": _batch,
}
