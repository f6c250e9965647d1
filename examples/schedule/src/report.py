"""Means of a table's columns, by class: what a nightly report might begin with. Standard library only."""

import csv
import sys
from collections import defaultdict
from pathlib import Path
from statistics import fmean


def main(table: str, when: str, folder: str) -> None:
    with Path(table).open(newline="") as file:
        rows = list(csv.DictReader(file))
    groups = defaultdict(list)
    for row in rows:
        groups[row["cultivar"]].append(float(row["alcohol"]))
    lines = [f"cultivar {name}: {fmean(found):.4f} over {len(found)}" for name, found in sorted(groups.items())]
    report = "\n".join([f"report of {when}", f"rows: {len(rows)}", *lines])
    print(report)
    Path(folder, "report.txt").write_text(report + "\n")


main(*sys.argv[1:])
