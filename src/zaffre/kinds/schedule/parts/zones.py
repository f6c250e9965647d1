"""Time zones of schedules: ``core.zones``, by the name under which schedules know them."""

from zaffre.core.zones import WINDOWS, zone

__all__ = ["WINDOWS", "zone"]
