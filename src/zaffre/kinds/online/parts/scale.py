"""How many replicas a deployment wants, from its two ways to say so. Pure."""

from __future__ import annotations

from typing import Any

from zaffre.core.errors import Invalid, Problem

MOST = 64
"""Replicas of one deployment: they all run on this machine."""
_FIELDS = {"least": "scale_settings.min_instances", "most": "scale_settings.max_instances"}


def count(spec: Any) -> int:
    """``instance_count``, kept between the bounds of ``target_utilization``; raises ``Invalid``."""
    wanted = _number(spec.instance_count, "instance_count", 1)
    settings = spec.scale_settings
    if settings is None or settings.type == "default":
        return wanted
    least = _number(settings.min_instances, _FIELDS["least"], 1)
    most = _number(settings.max_instances, _FIELDS["most"], max(least, wanted))
    if least > most:
        told = f"expected at most max_instances, {most}, found {least}"
        raise Invalid([Problem(told, field=_FIELDS["least"])])
    return min(max(least, wanted), most)


def _number(value: int | None, field: str, usual: int) -> int:
    found = usual if value is None else value
    if not 1 <= found <= MOST:
        hint = "its replicas are processes of this machine" if found > MOST else ""
        raise Invalid([Problem(f"expected 1 to {MOST}, found {found}", field=field, hint=hint)])
    return found
