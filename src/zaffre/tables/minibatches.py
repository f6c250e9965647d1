"""A table made into mini-batches on disk, a batch in memory at a time: ``python -m zaffre.tables.minibatches < order.json``.

A step before the command of a parallel job. Each mini-batch becomes a file that the job's workers read with the pandas of
their own environment (``agent.parallel.frames``): plain columns as bytes, everything else as Python's own values. The plan
beside them appears last and whole; where it is there already, an earlier attempt made it, and nothing is done.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.tables.cutting import Cutter
from zaffre.tables.libraries import np, pa
from zaffre.tables.partitions import Partitions
from zaffre.tables.table import Table, load

PLAN = "plan.jsonl"
_IN_A_FOLDER = 1000


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of which table."""

    input: str
    """For messages."""
    place: str
    brought: dict[str, str]
    size: int
    """Bytes in memory, at least one row; 0 where ``rows`` or ``keys`` decide."""
    rows: int
    count: int
    """Files of a mini-batch, where the table is a list of files."""
    keys: list[str]
    kept: str
    """Where everything goes."""
    report: str


def main() -> int:
    """0 when the mini-batches are there, 1 when the report says why they are not."""
    order = Order(**json.load(sys.stdin))
    try:
        if not (Path(order.kept) / PLAN).exists():
            made(order)
        return 0
    except Invalid as error:
        told = "; ".join(_said(problem) for problem in error.problems)
    except OSError as error:
        told = f"{error.filename or order.place}: {error.strerror or type(error).__name__}"
    except (ValueError, NotImplementedError, MemoryError) as error:  # pyarrow's are these
        traceback.print_exc()
        told = f"the table could not be made into mini-batches: {error or type(error).__name__}"
    sys.stdout.write(f"failed: {told}\n")
    Path(order.report).write_text(json.dumps({"ok": False, "name": order.input, "message": told}), encoding="utf-8")
    return 1


def _said(problem: Problem) -> str:
    where = problem.file or problem.field
    return f"{where}: {problem.message}" if where else problem.message


def made(order: Order) -> None:
    """Write every mini-batch, then the plan."""
    table = load(order.place, brought=order.brought)
    folder = Path(order.kept)
    folder.mkdir(parents=True, exist_ok=True)
    lines = _files(table, order) if not table.document.reader else _rows(table, order, folder)
    _plan(folder, lines)


def _rows(table: Table, order: Order, folder: Path) -> Iterator[dict[str, Any]]:
    if order.keys:
        for index, (keys, rows) in enumerate(Partitions(table, order.keys, folder).groups()):
            yield {**_written(folder, index, rows), "keys": keys}
        return
    for index, rows in enumerate(Cutter(order.size, order.rows).cut(table.to_pieces())):
        yield _written(folder, index, rows)


def _files(table: Table, order: Order) -> Iterator[dict[str, Any]]:
    """A table without a reader is a list of files: its mini-batches are files as well."""
    where = {source.shown: str(source.path) for source in table.files}
    if order.keys:
        for keys, rows in Partitions(table, order.keys, Path(order.kept)).groups():
            paths = [where[shown] for shown in rows.column("Path").to_pylist()]
            yield {"items": len(paths), "files": paths, "keys": keys}
        return
    if not order.count:
        told = "mini_batch_size is a size, and the table is a list of files; write a number, such as 10"
        raise Invalid([Problem(told, "mini_batch_size")])
    paths = list(where.values())
    for begin in range(0, len(paths), order.count):
        few = paths[begin : begin + order.count]
        yield {"items": len(few), "files": few}


def _plan(folder: Path, lines: Iterator[dict[str, Any]]) -> None:
    """The form that ``agent.parallel.plan`` reads."""
    body, draft = folder / f"{PLAN}.body", folder / f"{PLAN}.draft"
    count = items = 0
    with body.open("w", encoding="utf-8") as stream:
        for line in lines:
            stream.write(json.dumps(line) + "\n")
            count += 1
            items += line["items"]
    with draft.open("w", encoding="utf-8") as stream, body.open(encoding="utf-8") as made_:
        stream.write(json.dumps({"count": count, "items": items}) + "\n")
        stream.writelines(made_)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(folder / PLAN)
    body.unlink()


def _written(folder: Path, index: int, rows: Any) -> dict[str, Any]:
    name = f"tables/{index // _IN_A_FOLDER}/{index}.table"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        pickle.dump({"rows": len(rows), "columns": [_column(rows, at) for at in range(rows.num_columns)]}, stream, 4)
    return {"items": len(rows), "table": name}


def _column(rows: Any, at: int) -> dict[str, Any]:
    """A column as pandas would have it, without an object of pandas in it."""
    name, column = rows.schema.field(at).name, rows.column(at)
    kind = column.type
    moment = pa.types.is_timestamp(kind)
    if moment or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        array = np.asarray((column.cast(pa.timestamp("ns")) if moment else column).to_numpy(zero_copy_only=False))
        if array.dtype != object:
            return {"name": name, "dtype": array.dtype.str, "values": array.tobytes()}
    return {"name": name, "dtype": None, "values": column.to_pylist()}


if __name__ == "__main__":
    sys.exit(main())
