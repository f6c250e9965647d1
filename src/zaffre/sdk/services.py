"""The services of a job as the server tells of them."""

from __future__ import annotations

from typing import Any

from zaffre.sdk.parsed import is_list, mapping


def instances(answer: Any) -> dict[str, Any]:
    """Name → type, status, endpoint, port and properties, and the error where there is one."""
    listed = mapping(answer).get("value")
    found = [mapping(each) for each in listed] if is_list(listed) else []
    return {str(each["name"]): {key: value for key, value in each.items() if key != "name"} for each in found}
