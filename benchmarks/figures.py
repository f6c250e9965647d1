"""Figures as the benchmarks give them: median (min–max), ratios pair by pair with the limit, as JSON and Markdown."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


@dataclass
class Row:
    """One system: named columns of samples, in the order they were taken."""

    system: str
    samples: dict[str, list[float]] = field(default_factory=dict)
    note: str = ""
    error: str = ""

    def add(self, **values: float) -> None:
        for column, value in values.items():
            self.samples.setdefault(column, []).append(value)


def three(samples: Sequence[float]) -> dict[str, float]:
    """What is told of samples: never only an average."""
    return {"median": statistics.median(samples), "min": min(samples), "max": max(samples)}


def write(samples: Sequence[float]) -> str:
    """``12.3 (11.9–14.0)`` with as many digits as mean something."""
    if not samples:
        return "–"
    told = three(samples)
    return f"{digits(told['median'])} ({digits(told['min'])}–{digits(told['max'])})"


def digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """Markdown, one line a system; a column that a system lacks stays empty."""
    columns = list(dict.fromkeys(column for row in rows for column in row.samples))
    lines = ["| " + " | ".join(["system", *columns, "note"]) + " |", "|" + "---|" * (len(columns) + 2)]
    for row in rows:
        cells = [write(row.samples.get(column, [])) for column in columns]
        lines.append("| " + " | ".join([row.system, *cells, row.error or row.note]) + " |")
    return "\n".join(lines)


def machine() -> str:
    """Where the figures were taken: absolute times mean nothing without it."""
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    load = os.getloadavg()[0]
    return (
        f"{processor}, {len(os.sched_getaffinity(0))} cores, {memory / 1024**2:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, load at the start {load:.1f}"
    )


def report(name: str, title: str, where: str, rows: Sequence[Row]) -> None:
    """Print the table and keep both forms under ``benchmarks/results``."""
    text = f"{title}\n\n{where}\n\n{table(rows)}\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text)
    kept = {
        "title": title,
        "machine": where,
        "at": time.time(),
        "argv": sys.argv[1:],
        "rows": [asdict(row) for row in rows],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=1))
    print("\n" + text)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
