"""What a sweep asks of its trials' records: the histories of a few metrics, what else was logged, and a last word on params."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zaffre.tracking import dialect
from zaffre.tracking.dialect import Connection
from zaffre.tracking.limits import MAX_PARAM_VALUE

_SYSTEM = "system/"


@dataclass(slots=True)
class Logged:
    """What one run has logged."""

    histories: dict[str, list[float | None]] = field(default_factory=dict[str, list[float | None]])
    """Of the metrics that were asked for, in the order they came; None is NaN."""
    names: list[str] = field(default_factory=list[str])
    """Every metric it has, where one that was asked for is missing."""


def logged(conn: Connection, runs: Sequence[str], metrics: Sequence[str]) -> dict[str, Logged]:
    """By run; one that is not there has logged nothing."""
    found = {run: Logged() for run in runs}
    for some in dialect.chunks(list(found)):
        rows = conn.execute(
            "SELECT run_uuid, key, value, is_nan FROM metrics"
            f" WHERE run_uuid IN ({dialect.marks(some)}) AND key IN ({dialect.marks(metrics)})"
            " ORDER BY run_uuid, key, timestamp, step, value",
            (*some, *metrics),
        ).fetchall()
        for run, key, value, is_nan in rows:
            found[run].histories.setdefault(key, []).append(None if is_nan else float(value))
        lacking = [run for run in some if len(found[run].histories) < len(metrics)]
        _name_others(conn, found, lacking)
    return found


def _name_others(conn: Connection, found: dict[str, Logged], lacking: Sequence[str]) -> None:
    if not lacking:
        return
    rows = conn.execute(
        f"SELECT run_uuid, key FROM latest_metrics WHERE run_uuid IN ({dialect.marks(lacking)}) ORDER BY key",
        tuple(lacking),
    ).fetchall()
    for run, key in rows:
        if not key.startswith(_SYSTEM):
            found[run].names.append(key)


def add_params(conn: Connection, params: Mapping[str, Mapping[str, str]]) -> None:
    """Put params on record (run → name → text) that the runs have not logged themselves: what they said stands."""
    conn.executemany(
        "INSERT INTO params (key, value, run_uuid) SELECT ?, ?, run_uuid FROM runs WHERE run_uuid = ? ON CONFLICT DO NOTHING",
        [(name, value[:MAX_PARAM_VALUE], run) for run, told in params.items() for name, value in told.items()],
    )
