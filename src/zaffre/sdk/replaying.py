"""Recorded requests sent to a deployment before it gets any traffic, and a report of how its answers differ.

Recorded are: what the router keeps of another deployment (``record_requests`` of the endpoint), or files of JSON lines: a
saved recording, or the data collector's.
"""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from zaffre.core import drift, likeness
from zaffre.core.errors import Invalid
from zaffre.core.plain import is_dict, is_list
from zaffre.sdk.connection import Connection
from zaffre.sdk.scoring import Door

MOST_EXAMPLES = 5
_PATIENCE = 120.0
_GOOD = 400
_RESPONSES = frozenset({"azureml.inference.response", "azureml.inference.model_outputs"})
_OF_COLLECTOR = "azureml.inference."


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it was asked, and what was answered then, where that is known."""

    body: bytes
    path: str = ""
    """Below the endpoint's address; empty: ``/score``."""
    content_type: str = "application/json"
    answer: bytes | None = None
    status: int = 200
    ms: float | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a deployment says now."""

    status: int
    body: bytes
    ms: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What is replayed, and how."""

    deployment: str
    against: str = ""
    """Asked too, and compared with, instead of what was recorded."""
    at_once: int = 1
    tolerance: float = likeness.TOLERANCE
    told: Callable[[int, int], None] = field(default=lambda done, total: None)


def of_recording(samples: Iterable[Mapping[str, Any]]) -> list[Recorded]:
    """What the router kept; copies that were mirrored there are requests too."""
    return [_of_sample(one) for one in samples if one.get("request") is not None]


def of_files(path: Path) -> list[Recorded]:
    """The requests of a file of JSON lines, or of all below a folder, in the order of their names."""
    if not path.exists():
        raise Invalid(f"--replay: nothing is at {path}; expected a file or folder of JSON lines, or the word recording")
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    lines = [(file, number, line) for file in files for number, line in enumerate(_lines(file), 1)]
    collected: list[dict[str, Any]] = []
    found: list[Recorded] = []
    for file, number, line in lines:
        try:
            one: Any = json.loads(line)
        except ValueError as error:
            raise Invalid(f"{file}, line {number}: expected JSON, found {line[:60]!r} ({error})") from None
        if not is_dict(one):
            raise Invalid(f"{file}, line {number}: expected an object, found {line[:60]!r}")
        if str(one.get("type", "")).startswith(_OF_COLLECTOR):
            collected.append(one)
        elif one.get("request") is not None:
            found.append(_of_sample(one))
        else:
            raise Invalid(
                f"{file}, line {number}: expected a recorded request (request) or collected data (type, data)"
            )
    return [*found, *_of_collected(collected)]


def run(door: Door, recorded: Sequence[Recorded], trial: Trial) -> dict[str, Any]:
    """Send everything; the report."""
    if not recorded:
        raise Invalid("There is nothing to replay: no request was recorded.")
    new = _send_all(door, recorded, trial.deployment, trial)
    old = _send_all(door, recorded, trial.against, trial) if trial.against else [_then(one) for one in recorded]
    pairs = list(zip(recorded, new, old, strict=True))
    report: dict[str, Any] = {
        "deployment": trial.deployment,
        "compared_with": trial.against or "the recorded answers",
        "requests": len(recorded),
        "statuses": dict(sorted(Counter(str(one.status) for one in new).items())),
        "errors": sum(one.status >= _GOOD for one in new),
        "errors_before": sum(one is not None and one.status >= _GOOD for one in old),
        "latency_ms": _latency([one.ms for one in new]),
        "latency_ms_before": _latency([one.ms for one in old if one is not None and one.ms > 0]),
    }
    return report | _compared(pairs, trial) | {"failed": _failures(recorded, new)}


def _compared(pairs: Sequence[tuple[Recorded, Answered, Answered | None]], trial: Trial) -> dict[str, Any]:
    """Where both answered well: how many say something else, and how far the predictions lie apart as a whole."""
    both = [(one, new, old) for one, new, old in pairs if old is not None and max(old.status, new.status) < _GOOD]
    told = [(one, likeness.differences(old.body, new.body, trial.tolerance)) for one, new, old in both]
    different = [{"request": _text(one.body), "differences": found} for one, found in told if found]
    apart = drift.between((old.body for _, _, old in both), (new.body for _, new, _ in both)) if both else None
    return {
        "compared": len(both),
        "different": len(different),
        "examples": different[:MOST_EXAMPLES],
        "prediction_drift": {"distance": round(apart.distance, 4), "field": apart.field} if apart is not None else None,
    }


def _failures(recorded: Sequence[Recorded], new: Sequence[Answered]) -> list[dict[str, Any]]:
    wrong = [(one, answer) for one, answer in zip(recorded, new, strict=True) if answer.status >= _GOOD]
    return [
        {"status": answer.status, "request": _text(one.body), "answer": _text(answer.body)}
        for one, answer in wrong[:MOST_EXAMPLES]
    ]


def _send_all(door: Door, recorded: Sequence[Recorded], deployment: str, trial: Trial) -> list[Answered]:
    """In order, as many at once as the trial says; each line has a connection of its own."""
    lanes = max(1, min(trial.at_once, len(recorded)))
    answers: dict[int, Answered] = {}

    def send(lane: int) -> None:
        connection: Connection | None = None
        for number in range(lane, len(recorded), lanes):
            connection = connection or _dial(door)
            answers[number], alive = _once(connection, door, recorded[number], deployment)
            trial.told(len(answers), len(recorded))
            if not alive:
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    with ThreadPoolExecutor(lanes) as threads:
        list(threads.map(send, range(lanes)))
    return [answers[number] for number in range(len(recorded))]


def _once(connection: Connection, door: Door, one: Recorded, deployment: str) -> tuple[Answered, bool]:
    headers = {
        "Authorization": f"Bearer {door.key}",
        "Content-Type": one.content_type,
        "azureml-model-deployment": deployment,
    }
    begun = time.monotonic()
    try:
        answer = connection.send("POST", door.at(one.path), headers, one.body)
        body = answer.read()
    except OSError as error:
        return Answered(599, f"{type(error).__name__}: {error}".encode(), (time.monotonic() - begun) * 1000), False
    return Answered(answer.status, body, (time.monotonic() - begun) * 1000), not answer.will_close


def _dial(door: Door) -> Connection:
    parts = urlsplit(door.origin)
    return Connection(parts.hostname or "127.0.0.1", parts.port, secure=parts.scheme == "https", timeout=_PATIENCE)


def _then(one: Recorded) -> Answered | None:
    return None if one.answer is None else Answered(one.status, one.answer, one.ms or 0.0)


def _of_sample(one: Mapping[str, Any]) -> Recorded:
    answer = one.get("answer")
    return Recorded(
        base64.b64decode(str(one["request"])),
        str(one.get("path") or ""),
        str(one.get("content_type") or "application/json"),
        base64.b64decode(str(answer)) if answer is not None else None,
        int(one.get("status") or 200),
        float(one["ms"]) if one.get("ms") is not None else None,
    )


def _of_collected(lines: Sequence[Mapping[str, Any]]) -> Iterator[Recorded]:
    """Inputs as requests, with the outputs of the same correlation id as the answers then.

    A payload goes as it came; the records of a collected table go as MLflow's and Azure's no-code hosts read them.
    """
    answers = {str(one.get("correlationid") or ""): one for one in lines if _is_answer(one)}
    for one in lines:
        if _is_answer(one) or one.get("data") is None:
            continue
        then = answers.get(str(one.get("correlationid") or "-"))
        yield Recorded(_body(one["data"]), answer=_payload(then["data"]) if then is not None else None)


def _is_answer(one: Mapping[str, Any]) -> bool:
    return str(one.get("type")) in _RESPONSES


def _body(data: Any) -> bytes:
    if is_list(data) and data and all(is_dict(row) for row in data):
        columns = list(data[0])
        rows = [[row.get(name) for name in columns] for row in data]
        return json.dumps({"input_data": {"columns": columns, "index": [*range(len(rows))], "data": rows}}).encode()
    return _payload(data)


def _payload(data: Any) -> bytes:
    return data.encode() if isinstance(data, str) else json.dumps(data).encode()


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _latency(found: Sequence[float]) -> dict[str, float] | None:
    if not found:
        return None
    ordered = sorted(found)
    marks = {f"p{one}": ordered[min(len(ordered) - 1, len(ordered) * one // 100)] for one in (50, 95, 99)}
    return {name: round(value, 2) for name, value in {**marks, "most": ordered[-1]}.items()}


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= 400 else f"{text[:400]}…"
