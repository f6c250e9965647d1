"""Sizes of Azure's machines: processors, memory and GPUs, for showing them and, where the administrator says so, as limits.

Not all that Azure has: those that Azure ML's own examples and quick starts use, and their families' neighbours. A size that
is not here is taken as it is, with a note.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """One size."""

    name: str
    cores: int
    memory: int
    """Bytes."""
    gpus: int
    disk: int
    """Megabytes of the temporary disk."""
    family: str


_GIB = 1024**3
_TABLE = """
Standard_A1_v2 1 2 0 10 standardAv2Family
Standard_A2_v2 2 4 0 20 standardAv2Family
Standard_A4_v2 4 8 0 40 standardAv2Family
Standard_A8_v2 8 16 0 80 standardAv2Family
Standard_D1 1 3.5 0 50 standardDFamily
Standard_D2 2 7 0 100 standardDFamily
Standard_D3 4 14 0 200 standardDFamily
Standard_D4 8 28 0 400 standardDFamily
Standard_D11 2 14 0 100 standardDFamily
Standard_D12 4 28 0 200 standardDFamily
Standard_D13 8 56 0 400 standardDFamily
Standard_D14 16 112 0 800 standardDFamily
Standard_D1_v2 1 3.5 0 50 standardDv2Family
Standard_D2_v2 2 7 0 100 standardDv2Family
Standard_D3_v2 4 14 0 200 standardDv2Family
Standard_D4_v2 8 28 0 400 standardDv2Family
Standard_D5_v2 16 56 0 800 standardDv2Family
Standard_D11_v2 2 14 0 100 standardDv2Family
Standard_D12_v2 4 28 0 200 standardDv2Family
Standard_D13_v2 8 56 0 400 standardDv2Family
Standard_D14_v2 16 112 0 800 standardDv2Family
Standard_DS1_v2 1 3.5 0 7 standardDSv2Family
Standard_DS2_v2 2 7 0 14 standardDSv2Family
Standard_DS3_v2 4 14 0 28 standardDSv2Family
Standard_DS4_v2 8 28 0 56 standardDSv2Family
Standard_DS5_v2 16 56 0 112 standardDSv2Family
Standard_DS11_v2 2 14 0 28 standardDSv2Family
Standard_DS12_v2 4 28 0 56 standardDSv2Family
Standard_DS13_v2 8 56 0 112 standardDSv2Family
Standard_DS14_v2 16 112 0 224 standardDSv2Family
Standard_DS15_v2 20 140 0 280 standardDSv2Family
Standard_D2_v3 2 8 0 50 standardDv3Family
Standard_D4_v3 4 16 0 100 standardDv3Family
Standard_D8_v3 8 32 0 200 standardDv3Family
Standard_D16_v3 16 64 0 400 standardDv3Family
Standard_D2s_v3 2 8 0 16 standardDSv3Family
Standard_D4s_v3 4 16 0 32 standardDSv3Family
Standard_D8s_v3 8 32 0 64 standardDSv3Family
Standard_D16s_v3 16 64 0 128 standardDSv3Family
Standard_D32s_v3 32 128 0 256 standardDSv3Family
Standard_D2as_v4 2 8 0 16 standardDASv4Family
Standard_D4as_v4 4 16 0 32 standardDASv4Family
Standard_D8as_v4 8 32 0 64 standardDASv4Family
Standard_D16as_v4 16 64 0 128 standardDASv4Family
Standard_D32as_v4 32 128 0 256 standardDASv4Family
Standard_D2ds_v4 2 8 0 75 standardDDSv4Family
Standard_D4ds_v4 4 16 0 150 standardDDSv4Family
Standard_D8ds_v4 8 32 0 300 standardDDSv4Family
Standard_E2s_v3 2 16 0 32 standardESv3Family
Standard_E4s_v3 4 32 0 64 standardESv3Family
Standard_E8s_v3 8 64 0 128 standardESv3Family
Standard_E16s_v3 16 128 0 256 standardESv3Family
Standard_E32s_v3 32 256 0 512 standardESv3Family
Standard_E2ds_v4 2 16 0 75 standardEDSv4Family
Standard_E4ds_v4 4 32 0 150 standardEDSv4Family
Standard_E8ds_v4 8 64 0 300 standardEDSv4Family
Standard_E16ds_v4 16 128 0 600 standardEDSv4Family
Standard_E32ds_v4 32 256 0 1200 standardEDSv4Family
Standard_F2s_v2 2 4 0 16 standardFSv2Family
Standard_F4s_v2 4 8 0 32 standardFSv2Family
Standard_F8s_v2 8 16 0 64 standardFSv2Family
Standard_F16s_v2 16 32 0 128 standardFSv2Family
Standard_F32s_v2 32 64 0 256 standardFSv2Family
Standard_F72s_v2 72 144 0 576 standardFSv2Family
Standard_FX4mds 4 84 0 168 standardFXMDVSFamily
Standard_M64s 64 1024 0 2048 standardMSFamily
Standard_NC6 6 56 1 340 standardNCFamily
Standard_NC12 12 112 2 680 standardNCFamily
Standard_NC24 24 224 4 1440 standardNCFamily
Standard_NC6s_v2 6 112 1 736 standardNCSv2Family
Standard_NC6s_v3 6 112 1 736 standardNCSv3Family
Standard_NC12s_v3 12 224 2 1474 standardNCSv3Family
Standard_NC24s_v3 24 448 4 2948 standardNCSv3Family
Standard_NC24rs_v3 24 448 4 2948 standardNCSv3Family
Standard_NC4as_T4_v3 4 28 1 180 standardNCASv3_T4Family
Standard_NC8as_T4_v3 8 56 1 360 standardNCASv3_T4Family
Standard_NC16as_T4_v3 16 110 1 360 standardNCASv3_T4Family
Standard_NC64as_T4_v3 64 440 4 2880 standardNCASv3_T4Family
Standard_NC24ads_A100_v4 24 220 1 958 standardNCADSA100v4Family
Standard_NC48ads_A100_v4 48 440 2 1916 standardNCADSA100v4Family
Standard_NC96ads_A100_v4 96 880 4 3832 standardNCADSA100v4Family
Standard_NC40ads_H100_v5 40 320 1 3576 standardNCADSH100v5Family
Standard_NC80adis_H100_v5 80 640 2 7152 standardNCADSH100v5Family
Standard_ND40rs_v2 40 672 8 2948 standardNDSv2Family
Standard_ND96asr_v4 96 900 8 6000 standardNDASv4_A100Family
Standard_ND96amsr_A100_v4 96 1900 8 6400 standardNDAMSv4_A100Family
Standard_ND96isr_H100_v5 96 1900 8 28000 standardNDSH100v5Family
Standard_NV6 6 56 1 340 standardNVFamily
Standard_NV12 12 112 2 680 standardNVFamily
Standard_NV24 24 224 4 1440 standardNVFamily
Standard_NV12s_v3 12 112 1 336 standardNVSv3Family
"""


def _read(line: str) -> Size:
    name, cores, memory, gpus, disk, family = line.split()
    return Size(name, int(cores), int(float(memory) * _GIB), int(gpus), int(disk) * 1024, family)


SIZES: dict[str, Size] = {size.name.lower(): size for size in map(_read, _TABLE.split("\n")[1:-1])}
"""By name in lower case: Azure does not mind how a size is written."""


def find(name: str | None) -> Size | None:
    """The size of that name; None where it is not known here."""
    return SIZES.get((name or "").lower())


def near(name: str) -> list[str]:
    """Known names that somebody may have meant."""
    found = difflib.get_close_matches(name.lower(), SIZES, n=3, cutoff=0.75)
    return [SIZES[one].name for one in found]
