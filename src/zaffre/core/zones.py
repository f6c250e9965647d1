"""Time zones by the names that Azure has for them (Windows') and by those that everybody else has (IANA's)."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from zaffre.core.problems import closest

_IANA = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}")
_STANDARD = " standard time"

# Unicode's CLDR has this table; names without "Standard Time" stand here as they are.
_TABLE = """
Dateline=Etc/GMT+12|UTC-11=Etc/GMT+11|Aleutian=America/Adak|Hawaiian=Pacific/Honolulu|Marquesas=Pacific/Marquesas
Alaskan=America/Anchorage|UTC-09=Etc/GMT+9|Pacific Standard Time (Mexico)=America/Tijuana|UTC-08=Etc/GMT+8
Pacific=America/Los_Angeles|US Mountain=America/Phoenix|Mountain Standard Time (Mexico)=America/Mazatlan
Mountain=America/Denver|Yukon=America/Whitehorse|Central America=America/Guatemala|Central=America/Chicago
Easter Island=Pacific/Easter|Central Standard Time (Mexico)=America/Mexico_City|Canada Central=America/Regina
SA Pacific=America/Bogota|Eastern Standard Time (Mexico)=America/Cancun|Eastern=America/New_York
Haiti=America/Port-au-Prince|Cuba=America/Havana|US Eastern=America/Indiana/Indianapolis|Paraguay=America/Asuncion
Turks And Caicos=America/Grand_Turk|Atlantic=America/Halifax|Venezuela=America/Caracas
Central Brazilian=America/Cuiaba|SA Western=America/La_Paz|Pacific SA=America/Santiago
Newfoundland=America/St_Johns|Tocantins=America/Araguaina|E. South America=America/Sao_Paulo
E. South American=America/Sao_Paulo|SA Eastern=America/Cayenne|Argentina=America/Argentina/Buenos_Aires
Greenland=America/Nuuk|Montevideo=America/Montevideo|Magallanes=America/Punta_Arenas|Saint Pierre=America/Miquelon
Bahia=America/Bahia|UTC-02=Etc/GMT+2|Mid-Atlantic=Etc/GMT+2|Azores=Atlantic/Azores|Cape Verde=Atlantic/Cape_Verde
Coordinated Universal Time=Etc/UTC|UTC=Etc/UTC|Morocco=Africa/Casablanca|GMT=Europe/London|Greenwich=Africa/Abidjan
Sao Tome=Africa/Sao_Tome|W. Europe=Europe/Berlin|Central Europe=Europe/Budapest|Romance=Europe/Paris
Central European=Europe/Warsaw|W. Central Africa=Africa/Lagos|Namibia=Africa/Windhoek|Jordan=Asia/Amman
GTB=Europe/Bucharest|Middle East=Asia/Beirut|Egypt=Africa/Cairo|E. Europe=Europe/Chisinau|Syria=Asia/Damascus
West Bank=Asia/Hebron|South Africa=Africa/Johannesburg|South Sudan=Africa/Juba|FLE=Europe/Kyiv|Turkey=Europe/Istanbul
Israel=Asia/Jerusalem|Kaliningrad=Europe/Kaliningrad|Sudan=Africa/Khartoum|Libya=Africa/Tripoli|Arabic=Asia/Baghdad
Arab=Asia/Riyadh|Belarus=Europe/Minsk|Russian=Europe/Moscow|E. Africa=Africa/Nairobi|Volgograd=Europe/Volgograd
Iran=Asia/Tehran|Arabian=Asia/Dubai|Astrakhan=Europe/Astrakhan|Azerbaijan=Asia/Baku|Russia Time Zone 3=Europe/Samara
Mauritius=Indian/Mauritius|Saratov=Europe/Saratov|Georgian=Asia/Tbilisi|Caucasus=Asia/Yerevan
Afghanistan=Asia/Kabul|West Asia=Asia/Tashkent|Ekaterinburg=Asia/Yekaterinburg|Pakistan=Asia/Karachi
Qyzylorda=Asia/Qyzylorda|India=Asia/Kolkata|Sri Lanka=Asia/Colombo|Nepal=Asia/Kathmandu|Central Asia=Asia/Bishkek
Bangladesh=Asia/Dhaka|Omsk=Asia/Omsk|Myanmar=Asia/Yangon|SE Asia=Asia/Bangkok|Altai=Asia/Barnaul
W. Mongolia=Asia/Hovd|North Asia=Asia/Krasnoyarsk|N. Central Asia=Asia/Novosibirsk|Tomsk=Asia/Tomsk
China=Asia/Shanghai|North Asia East=Asia/Irkutsk|Singapore=Asia/Singapore|W. Australia=Australia/Perth
Taipei=Asia/Taipei|Ulaanbaatar=Asia/Ulaanbaatar|North Korea=Asia/Pyongyang|Aus Central W.=Australia/Eucla
Transbaikal=Asia/Chita|Tokyo=Asia/Tokyo|Korea=Asia/Seoul|Yakutsk=Asia/Yakutsk|Cen. Australia=Australia/Adelaide
AUS Central=Australia/Darwin|E. Australia=Australia/Brisbane|AUS Eastern=Australia/Sydney
West Pacific=Pacific/Port_Moresby|Tasmania=Australia/Hobart|Vladivostok=Asia/Vladivostok
Lord Howe=Australia/Lord_Howe|Bougainville=Pacific/Bougainville|Russia Time Zone 10=Asia/Srednekolymsk
Magadan=Asia/Magadan|Norfolk=Pacific/Norfolk|Sakhalin=Asia/Sakhalin|Central Pacific=Pacific/Guadalcanal
Russia Time Zone 11=Asia/Kamchatka|New Zealand=Pacific/Auckland|UTC+12=Etc/GMT-12|Fiji=Pacific/Fiji
Kamchatka=Asia/Kamchatka|Chatham Islands=Pacific/Chatham|UTC+13=Etc/GMT-13|Tonga=Pacific/Tongatapu
Samoa=Pacific/Apia|Line Islands=Pacific/Kiritimati
"""
WINDOWS = {
    name.lower(): zone for pair in _TABLE.replace("\n", "|").split("|") if pair for name, zone in [pair.rsplit("=", 1)]
}
"""Lower-cased name, without "Standard Time" at its end → IANA's zone."""


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of either name, in any case; raises ``ValueError`` with what was expected."""
    said = name.strip()
    found = WINDOWS.get(said.lower().removesuffix(_STANDARD)) or _iana(said)
    if found is None:
        hint = closest(said, [*(f"{known.title()} Standard Time" for known in WINDOWS), *available_timezones()])
        told = f"there is no time zone {said[:80]!r}; expected a name such as Europe/Paris or Romance Standard Time"
        raise ValueError(f"{told}; {hint}" if hint else told)
    return ZoneInfo(found)


def _iana(said: str) -> str | None:
    """IANA's own spelling; only names in its list are looked for, so that no other file is ever opened."""
    if _IANA.fullmatch(said) is None:
        return None
    found = next((name for name in available_timezones() if name.lower() == said.lower()), None)
    try:
        return ZoneInfo(found).key if found else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
