from __future__ import annotations

from zaffre.core import sizes


def test_sizes_are_found_however_they_are_written():
    size = sizes.find("STANDARD_DS3_V2")
    assert size is sizes.find("Standard_DS3_v2")
    assert size is not None
    assert (size.cores, size.memory, size.gpus) == (4, 14 * 1024**3, 0)
    assert sizes.find("Standard_NC24s_v3").gpus == 4


def test_what_is_not_known_has_near_names():
    assert sizes.find("STANDARD_DS3_V9") is None
    assert "Standard_DS3_v2" in sizes.near("STANDARD_DS3_V9")
    assert sizes.near("x") == []
    assert sizes.find(None) is None
