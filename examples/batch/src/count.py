"""Counts what a model makes of the rows of a table; what seldom occurs is left out."""

import argparse
from pathlib import Path

import joblib
import pandas as pd

parser = argparse.ArgumentParser()
for name in ("model", "table", "counts"):
    parser.add_argument(f"--{name}", type=Path)
parser.add_argument("--at_least", type=int)
args = parser.parse_args()

model = joblib.load(next(args.model.rglob("model.joblib")))
rows = pd.read_csv(next(args.table.rglob("*.csv")))
counts = pd.Series(model.predict(rows), name="digit").value_counts().sort_index()
counts[counts >= args.at_least].to_csv(args.counts / "counts.csv")
print(counts.to_string())
