"""The end of a data asset."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.assets.data.parts import lifetime
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key, Resource

DAY = 86_400.0


def resource(setting: dict[str, Any] | None) -> Resource:
    return Resource(
        Key("w", "data", "x", "", "1"), {"auto_delete_setting": setting}, "", {}, 1, False, 100.0, "", 0, ""
    )


@pytest.mark.parametrize(("value", "days"), [("30d", 30), ("1 D", 1), ("365d", 365)])
def test_days(value: str, days: int) -> None:
    assert lifetime.seconds({"value": value}) == days * DAY
    assert lifetime.expires_at(resource({"condition": "created_greater_than", "value": value})) == 100 + days * DAY


@pytest.mark.parametrize("value", ["0d", "", None, "30", "1w", "-1d", "999999d"])
def test_what_is_no_count_of_days(value: Any) -> None:
    with pytest.raises(Invalid, match="expected a number of days"):
        lifetime.seconds({"value": value})
    assert lifetime.expires_at(resource({"condition": "created_greater_than", "value": value})) is None


def test_no_end() -> None:
    assert lifetime.expires_at(resource(None)) is None
    assert lifetime.expires_at(resource({"condition": "last_accessed_greater_than", "value": "1d"})) is None
