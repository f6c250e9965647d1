"""What the platform is to make mini-batches of before the command: the rows of a table. Files the driver shares out. Pure."""

from __future__ import annotations

from typing import Any

from zaffre.jobs.parallel.parts import amounts
from zaffre.jobs.parallel.parts.naming import iterated


def wanted(spec: Any) -> dict[str, Any] | None:
    """The input, and how much of it is a mini-batch; None where the input is files."""
    name = iterated(spec)
    if not amounts.is_table(spec.inputs[name]):
        return None
    keys = list(spec.partition_keys or ())
    amount = amounts.Amount() if keys else amounts.amount(spec.mini_batch_size, table=True)
    files = 0 if keys else amounts.files_of_table(spec.mini_batch_size)
    return {"input": name, "size": amount.size, "rows": amount.rows, "count": files, "keys": keys}
