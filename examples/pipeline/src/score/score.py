"""How far off the estimates are."""

import argparse
import json
from pathlib import Path

import mlflow
import pandas as pd
from sklearn.metrics import mean_absolute_error, r2_score

parser = argparse.ArgumentParser()
parser.add_argument("--predictions")
parser.add_argument("--report", type=Path)
args = parser.parse_args()

cars = pd.read_csv(args.predictions)
found = {"mae": mean_absolute_error(cars["mpg"], cars["estimated"]), "r2": r2_score(cars["mpg"], cars["estimated"])}
mlflow.log_metrics(found)
(args.report / "scores.json").write_text(json.dumps(found, indent=1))
print(f"off by {found['mae']:.2f} miles per gallon on average; R2 {found['r2']:.3f}")
