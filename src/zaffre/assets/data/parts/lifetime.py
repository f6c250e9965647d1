"""When a data asset goes by itself: Azure's ``auto_delete_setting``."""

from __future__ import annotations

import re
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.resource import Resource

_VALUE = re.compile(r"(\d{1,5})\s*d", re.IGNORECASE)
_DAY = 86_400.0


def seconds(setting: Any) -> float:
    """The time that a setting gives; refuses what is no count of days."""
    said = str((setting.value if hasattr(setting, "value") else setting.get("value")) or "")
    found = _VALUE.fullmatch(said.strip())
    if found is None or not int(found[1]):
        told = f'expected a number of days, e.g. 30d, found "{said}"'
        raise Invalid([Problem(told, "auto_delete_setting.value")])
    return int(found[1]) * _DAY


def expires_at(resource: Resource) -> float | None:
    """Unix time after which it is deleted. Reading is not recorded, so ``last_accessed_greater_than`` names no moment."""
    setting: dict[str, Any] | None = resource.spec.get("auto_delete_setting")
    if not setting or setting.get("condition") != "created_greater_than":
        return None
    try:
        return resource.created_at + seconds(setting)
    except Invalid:
        return None  # stored by a version that checked less
