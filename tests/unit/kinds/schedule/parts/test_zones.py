"""Time zones by either name."""

from zoneinfo import available_timezones

import pytest

from zaffre.kinds.schedule.parts import zones


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("pacific standard time", "America/Los_Angeles"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Standard Time (Mexico)", "America/Cancun"),
        ("Aus Central W. Standard Time", "Australia/Eucla"),
        ("UTC", "Etc/UTC"),
        ("UTC-11", "Etc/GMT+11"),
        ("UTC+12", "Etc/GMT-12"),
        ("Russia Time Zone 3", "Europe/Samara"),
        ("europe/paris", "Europe/Paris"),
        ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
    ],
)
def test_windows_and_iana_names(said: str, key: str) -> None:
    assert zones.zone(said).key == key


def test_every_windows_name_leads_to_a_zone_there_is() -> None:
    assert len(zones.WINDOWS) > 130
    assert set(zones.WINDOWS.values()) <= available_timezones()


@pytest.mark.parametrize(
    "said", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "a" * 5000, "UTC\0"]
)
def test_what_is_no_zone_is_told(said: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone") as refused:
        zones.zone(said)
    assert len(str(refused.value)) < 400


def test_a_slip_is_answered_with_the_name() -> None:
    with pytest.raises(ValueError, match=r"Europe/Berlin"):
        zones.zone("Europe/Berln")
