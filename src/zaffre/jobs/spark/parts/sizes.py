"""How much a Spark job asks for, read from its settings: the driver, and executors of a size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MEMORY = re.compile(r"(\d+)([kmgtp])b?", re.IGNORECASE)
_MEBIBYTES = {"k": 1 / 1024, "m": 1, "g": 1024, "t": 1024**2, "p": 1024**3}
_USUAL_MEMORY = 1024


@dataclass(frozen=True, slots=True)
class Executors:
    """How many, and how large each is."""

    number: int
    cores: int | None
    """None: no word of it."""
    mebibytes: int

    @property
    def master(self) -> str:
        """The threads of this machine that stand in for one executor."""
        return f"local[{self.cores or '*'}]"


def executors(conf: Mapping[str, Any]) -> Executors:
    """The most there may be: with dynamic allocation that is its upper bound."""
    number = _count(conf.get("spark.executor.instances")) or 1
    if is_dynamic(conf):
        number = max(number, _count(conf.get("spark.dynamicAllocation.maxExecutors")) or 1)
    cores = _count(conf.get("spark.executor.cores"))
    return Executors(number, cores, _mebibytes(str(conf.get("spark.executor.memory") or "")))


def is_dynamic(conf: Mapping[str, Any]) -> bool:
    """Whether Spark itself decides how many."""
    return str(conf.get("spark.dynamicAllocation.enabled")).lower() == "true"


def _count(value: Any) -> int | None:
    try:
        return max(1, int(str(value)))
    except ValueError:
        return None


def _mebibytes(text: str) -> int:
    found = _MEMORY.fullmatch(text.strip())
    return int(int(found[1]) * _MEBIBYTES[found[2].lower()]) if found else _USUAL_MEMORY
