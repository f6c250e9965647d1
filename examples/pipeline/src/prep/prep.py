"""One table of all that are complete."""

import argparse
from pathlib import Path

import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--raw", type=Path)
parser.add_argument("--merged")
args = parser.parse_args()

tables = [pd.read_csv(path).assign(table=path.stem) for path in sorted(args.raw.glob("*.csv"))]
merged = pd.concat(tables, ignore_index=True)
complete = merged.dropna(subset=["mpg", "horsepower"])
complete.to_csv(args.merged, index=False)
print(f"{len(complete)} of {len(merged)} cars are complete")
