"""What one replica may use: ``resources.limits`` of Kubernetes deployments, or ``properties`` of any. Pure.

Azure takes it from ``instance_type``, whose sizes mean nothing on other machines; so a managed deployment says it in
``zaffre.memory`` and ``zaffre.cpus`` of its properties, which Azure's own client passes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zaffre.core.errors import Invalid, Problem

MEMORY, CPUS = "zaffre.memory", "zaffre.cpus"
LEAST_MEMORY = 16 * 1024**2
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)")
_BYTES = {"": 1, "k": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4} | {
    f"{letter}i": 1024**power for power, letter in enumerate("KMGT", 1)
}
_CORES = {"": 1.0, "m": 0.001}


def limits(spec: Any) -> tuple[int | None, float | None]:
    """Bytes of memory, and processors; None is no limit. Raises ``Invalid``."""
    return _first(spec, "memory", MEMORY, _memory), _first(spec, "cpu", CPUS, _cpus)


def _first(spec: Any, name: str, key: str, read: Callable[[str], Any]) -> Any:
    properties: Mapping[str, Any] = spec.properties or {}
    said: tuple[tuple[str, Any], ...] = (
        (f"resources.limits.{name}", getattr(getattr(spec.resources, "limits", None), name, None)),
        (f"properties.{key}", properties.get(key)),
    )
    for field, text in said:
        if text is not None:
            try:
                return read(str(text).strip())
            except ValueError as error:
                raise Invalid([Problem(f"expected {error}, found {text!r}", field=field)]) from error
    return None


def _memory(text: str) -> int:
    amount, unit = _parts(text)
    if unit not in _BYTES:
        raise ValueError("an amount of memory such as 512Mi or 2Gi")
    found = int(amount * _BYTES[unit])
    if found < LEAST_MEMORY:
        raise ValueError("16Mi or more")
    return found


def _cpus(text: str) -> float:
    amount, unit = _parts(text)
    if unit not in _CORES or not 0.01 <= amount * _CORES[unit] <= 4096:
        raise ValueError("a number of processors such as 2, 0.5 or 500m")
    return amount * _CORES[unit]


def _parts(text: str) -> tuple[float, str]:
    found = _QUANTITY.fullmatch(text)
    return (float(found[1]), found[2]) if found is not None else (0.0, "?")
