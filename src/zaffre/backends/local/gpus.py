"""The GPUs of this machine, as ``nvidia-smi`` tells them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

_PATIENCE = 20.0
_QUERY = ("nvidia-smi", "-q", "-x")


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU that a job may be given as a whole."""

    uuid: str
    name: str
    memory: int
    """Bytes."""


def found(environ: Mapping[str, str]) -> tuple[Gpu, ...]:
    """Those that a process with these variables would see; none where there is no driver that answers."""
    try:
        done = subprocess.run(_QUERY, capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return visible(read(done.stdout), environ.get("CUDA_VISIBLE_DEVICES")) if done.returncode == 0 else ()


def read(text: bytes) -> tuple[Gpu, ...]:
    """What ``nvidia-smi -q -x`` wrote; a GPU without a UUID (lost, or not ready) cannot be given to anybody."""
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - from the driver's own tool
    except ElementTree.ParseError:
        return ()
    made: list[Gpu] = []
    for one in root.iter("gpu"):
        uuid = (one.findtext("uuid") or "").strip()
        if uuid.startswith("GPU-"):
            name = (one.findtext("product_name") or "").strip()
            made.append(Gpu(uuid, name, _bytes(one.findtext("fb_memory_usage/total") or "")))
    return tuple(made)


def visible(gpus: tuple[Gpu, ...], chosen: str | None) -> tuple[Gpu, ...]:
    """Those that ``CUDA_VISIBLE_DEVICES`` leaves, in its order; as CUDA does, up to the first that is none."""
    if chosen is None:
        return gpus
    left: list[Gpu] = []
    for word in (word.strip() for word in chosen.split(",")):
        by_number = word.isdigit() and int(word) < len(gpus)
        one = gpus[int(word)] if by_number else next((gpu for gpu in gpus if word and gpu.uuid.startswith(word)), None)
        if one is None:
            break
        left.append(one)
    return tuple(left)


def _bytes(text: str) -> int:
    amount, _, unit = text.strip().partition(" ")
    return int(amount) * (1024**2 if unit == "MiB" else 1) if amount.isdigit() else 0
