"""Typed inputs and outputs: what a command or a component takes, and whether given values fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaffre.core import problems
from zaffre.core.errors import Problem
from zaffre.core.io import JobInput, JobOutput

DATA_TYPES = ("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model")
SCALAR_TYPES = ("string", "number", "integer", "boolean")


@dataclass(frozen=True, slots=True)
class Port:
    """One declared input or output."""

    type: str
    """One of ``DATA_TYPES`` or ``SCALAR_TYPES``."""
    optional: bool = False
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[Any, ...] = ()
    mode: str = ""

    @property
    def is_data(self) -> bool:
        """Whether it stands for a path."""
        return self.type not in SCALAR_TYPES


@dataclass(frozen=True, slots=True)
class Signature:
    """Everything that a command's expressions may name."""

    inputs: Mapping[str, Port] = field(default_factory=dict[str, Port])
    outputs: Mapping[str, Port] = field(default_factory=dict[str, Port])
    extra: frozenset[str] = frozenset()
    """Expressions known besides inputs and outputs, e.g. ``search_space.lr``."""


def of_job(inputs: Mapping[str, Any], outputs: Mapping[str, JobOutput]) -> Signature:
    """The signature that a job's own inputs and outputs make."""
    taken = {
        name: Port(value.type, mode=value.mode or "") if isinstance(value, JobInput) else Port(_type_of(value))
        for name, value in inputs.items()
    }
    return Signature(taken, {name: Port(value.type, mode=value.mode or "") for name, value in outputs.items()})


def coerce(port: Port, value: Any) -> Any:
    """``value`` as the port's type; raises ``ValueError`` saying what was expected and found."""
    if port.is_data:
        return value
    result = _SCALARS[port.type](value)
    if port.enum and result not in port.enum:
        choices = ", ".join(map(str, port.enum))
        raise ValueError(f"expected one of {choices}, found {problems.found(value)}")
    if port.minimum is not None and result < port.minimum:
        raise ValueError(f"expected at least {port.minimum:g}, found {problems.found(value)}")
    if port.maximum is not None and result > port.maximum:
        raise ValueError(f"expected at most {port.maximum:g}, found {problems.found(value)}")
    return result


def fit(signature: Signature, given: Mapping[str, Any], at: str = "inputs") -> tuple[dict[str, Any], list[Problem]]:
    """Given values with defaults filled in and scalars coerced, and every problem with them."""
    wrong = [
        Problem("unknown input", f"{at}.{name}", hint=problems.closest(name, signature.inputs))
        for name in given
        if name not in signature.inputs
    ]
    values: dict[str, Any] = {}
    for name, port in signature.inputs.items():
        value = given.get(name, port.default)
        if value is None:
            if not port.optional:
                wrong.append(Problem(f"required {port.type} input, but missing", f"{at}.{name}"))
            continue
        try:
            values[name] = coerce(port, value)
        except ValueError as error:
            wrong.append(Problem(str(error), f"{at}.{name}"))
    return values, wrong


def text(value: Any) -> str:
    """A scalar as a command line gets it, spelt as Azure does."""
    return str(value)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "number" if isinstance(value, float) else "string"


def _string(value: Any) -> str:
    if isinstance(value, str | int | float | bool):
        return str(value)
    raise ValueError(f"expected text, found {problems.found(value)}")


def _number(value: Any) -> float:
    try:
        if not isinstance(value, bool):
            return float(value)
    except (TypeError, ValueError):
        pass
    raise ValueError(f"expected a number, found {problems.found(value)}")


def _integer(value: Any) -> int:
    try:
        if not isinstance(value, bool) and float(value) == int(float(value)):
            return int(value) if isinstance(value, str | int) else int(float(value))
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"expected a whole number, found {problems.found(value)}")


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError(f"expected true or false, found {problems.found(value)}")


_SCALARS: dict[str, Any] = {"string": _string, "number": _number, "integer": _integer, "boolean": _boolean}
