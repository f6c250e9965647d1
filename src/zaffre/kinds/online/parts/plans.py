"""What an endpoint's document says of rollouts and of recording, as it is stored. Pure.

Azure's own client knows no such fields: through it the same stands, as JSON, in ``properties``: ``zaffre.rollout`` and
``zaffre.record_requests``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.serving import Rollout
from zaffre.kinds.online.parts.rollout import USUAL_INTERVAL, USUAL_LEAST, USUAL_STEPS, Guards, Plan

PROPERTY = "zaffre.rollout"
RECORD = "zaffre.record_requests"
MOST_RECORDED = 10_000


def has_plan(spec: Mapping[str, Any]) -> bool:
    """Whether traffic is to move in steps."""
    return bool(_document(spec))


def plan(spec: Mapping[str, Any]) -> Plan:
    """The plan of a stored specification; the usual one where it says nothing."""
    said = _document(spec)
    guards = mapping_of(said.get("guardrails"))
    return Plan(
        tuple(int(one) for one in said.get("steps") or USUAL_STEPS),
        float(said.get("interval") or USUAL_INTERVAL),
        Guards(
            _number(guards.get("error_rate")),
            _seconds(guards.get("latency_p95_ms")),
            _seconds(guards.get("latency_p99_ms")),
            _number(guards.get("prediction_drift")),
            int(guards.get("min_requests") or USUAL_LEAST),
        ),
    )


def recording(spec: Mapping[str, Any]) -> int:
    """Exchanges of each deployment that the router keeps."""
    said = spec.get("record_requests") or mapping_of(spec.get("properties")).get(RECORD) or 0
    return min(MOST_RECORDED, int(said))


def problems(spec: Any) -> list[Problem]:
    """What is wrong with what ``properties`` say of it."""
    properties: Mapping[str, Any] = spec.properties or {}
    found: list[Problem] = []
    if properties.get(PROPERTY):
        try:
            found += Rollout.from_yaml(_parsed(properties[PROPERTY])).check()
        except Invalid as error:
            found += error.problems
        except ValueError as error:
            found.append(Problem(f"expected a rollout as JSON: {error}", f"properties.{PROPERTY}"))
    if properties.get(RECORD) and not str(properties[RECORD]).isdigit():
        found.append(Problem(f"expected a number, found {properties[RECORD]!r}", f"properties.{RECORD}"))
    return found


def _document(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    said = spec.get("rollout")
    if said is None:
        text = mapping_of(spec.get("properties")).get(PROPERTY)
        said = _parsed(text) if text else None
    return mapping_of(said)


def _parsed(text: Any) -> Mapping[str, Any]:
    found: Any = json.loads(text) if isinstance(text, str) else text
    if not isinstance(found, Mapping):
        raise ValueError(f"found {text!r}")
    return found  # pyright: ignore[reportUnknownVariableType] - JSON


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _seconds(milliseconds: Any) -> float | None:
    return None if milliseconds is None else float(milliseconds) / 1000
