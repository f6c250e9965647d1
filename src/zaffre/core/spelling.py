"""How a value is spelt in the two dialects: YAML (snake_case, what users write) and ARM (camelCase, what Azure sends).

A model's field says what differs by its annotation: ``Annotated[int, Duration()]`` is 3600 in YAML and ``PT1H`` in ARM.
These markers mean nothing to pydantic, which validates the YAML spelling only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Protocol, runtime_checkable

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from zaffre.core import refs
from zaffre.core.refs import Scope


@runtime_checkable
class Spelling(Protocol):
    """A value's way out to ARM and back."""

    def out(self, value: Any, scope: Scope) -> Any:
        """The ARM spelling."""
        ...

    def back(self, value: Any, scope: Scope | None) -> Any:
        """The YAML spelling; ``scope`` is the workspace whose ids become short references."""
        ...


@dataclass(frozen=True, slots=True)
class Arm:
    """Where a field lies in the ARM body, if not under its own camelCase name: a dotted path, or ``""`` for nowhere."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class LocalPath:
    """The field may name a file or folder of the writer's machine, to be uploaded and replaced."""

    purpose: str
    """``code``, ``data``, ``model``, ``build`` (a folder with a Dockerfile), ``yaml`` (to be read and put inline), or what
    such a file describes: ``environment``, ``component`` (the paths in it are relative to that file);
    ``steps`` (no path: a mapping of jobs, whose paths are found by the type of each)."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A count of seconds (or of ``per_second`` parts of one) in YAML, an ISO 8601 duration in ARM. Zero is not sent."""

    per_second: int = 1

    def out(self, value: Any, scope: Scope) -> Any:
        """``3600`` → ``PT1H``."""
        if isinstance(value, str):
            return value
        return iso_duration(Decimal(str(value)) / self.per_second) if value else None

    def back(self, value: Any, scope: Scope | None) -> Any:
        """``PT1H`` → ``3600``."""
        return int(seconds_of(value) * self.per_second) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference into a collection: ``azureml:name:version`` in YAML, a resource id in ARM."""

    collection: str

    def out(self, value: Any, scope: Scope) -> Any:
        """``azureml:name:version`` → ``/subscriptions/…``; anything else as it is."""
        return refs.to_arm(value, self.collection, scope) if isinstance(value, str) else value

    def back(self, value: Any, scope: Scope | None) -> Any:
        """``/subscriptions/…`` → ``azureml:name:version``; anything else as it is."""
        return refs.from_arm(value, scope) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Renamed:
    """A word with another spelling in ARM. Case and underscores do not matter to readers of either spelling."""

    words: tuple[tuple[str, Any], ...]
    aliases: tuple[tuple[str, str], ...] = ()

    def out(self, value: Any, scope: Scope) -> Any:
        """``aml_token`` → ``AMLToken``."""
        return next((arm for word, arm in self.words if word == value), value)

    def back(self, value: Any, scope: Scope | None) -> Any:
        """``AMLToken`` → ``aml_token``."""
        exact = next((word for word, arm in self.words if arm == value), None)
        return exact if exact is not None else self.word(value)

    def word(self, value: Any) -> Any:
        """The YAML word that ``value`` means in either spelling; ``value`` itself when none."""
        if not isinstance(value, str):
            return value
        folded = _fold(dict(self.aliases).get(value.lower(), value))
        return next((word for word, arm in self.words if folded in (_fold(word), _fold(str(arm)))), value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.word, handler(source))


def renamed(words: dict[str, Any], **aliases: str) -> Renamed:
    """YAML word → ARM word; ``aliases`` are other YAML words for one of them."""
    return Renamed(tuple(words.items()), tuple(aliases.items()))


@dataclass(frozen=True, slots=True)
class Texts:
    """A mapping whose values are any scalars in YAML and texts in ARM."""

    def out(self, value: Any, scope: Scope) -> Any:
        """Every value as text; absent ones left out."""
        return {key: str(item) for key, item in value.items() if item is not None}

    def back(self, value: Any, scope: Scope | None) -> Any:
        """As it is."""
        return value


Seconds = Annotated[int, Duration()]
Milliseconds = Annotated[int, Duration(1000)]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Version = Annotated[str, BeforeValidator(_text)]
"""A text that may be written as a number, e.g. ``version: 1``."""


def iso_duration(seconds: Decimal) -> str:
    """ISO 8601 as Azure writes it: ``P1DT2H3M4.5S``."""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    clock = "".join(f"{int(count)}{unit}" for count, unit in ((hours, "H"), (minutes, "M")) if count)
    if rest:
        clock += f"{rest.normalize():f}S"
    day = f"{int(days)}D" if days else ""
    return f"P{day}T{clock}" if clock else f"P{day or '0D'}"


def seconds_of(text: str) -> Decimal:
    """The seconds of an ISO 8601 duration of days and smaller; raises ``ValueError`` for anything else."""
    date, has_clock, clock = text.upper().removeprefix("P").partition("T")
    if not text.upper().startswith("P") or not (date or clock):
        raise ValueError(f"expected an ISO 8601 duration such as PT1H, found {text!r}")
    total = _units(date, {"W": 604_800, "D": 86_400}, text)
    return total + _units(clock, {"H": 3_600, "M": 60, "S": 1}, text) if has_clock else total


def _units(part: str, sizes: dict[str, int], text: str) -> Decimal:
    total, digits = Decimal(0), ""
    for char in part:
        if char.isdigit() or char == ".":
            digits += char
        elif char in sizes and digits:
            total, digits = total + Decimal(digits) * sizes[char], ""
        else:
            raise ValueError(f"expected an ISO 8601 duration such as PT1H, found {text!r}")
    if digits:
        raise ValueError(f"expected an ISO 8601 duration such as PT1H, found {text!r}")
    return total


def _fold(word: str) -> str:
    return word.replace("_", "").lower()
