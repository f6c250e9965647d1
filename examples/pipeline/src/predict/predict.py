"""What the model says of cars that it has not seen."""

import argparse
from pathlib import Path

import joblib
import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--model", type=Path)
parser.add_argument("--test")
parser.add_argument("--predictions")
args = parser.parse_args()

cars = pd.read_csv(args.test)
forest = joblib.load(args.model / "model.joblib")
cars["estimated"] = forest.predict(cars.drop(columns="mpg"))
cars.to_csv(args.predictions, index=False)
print(cars[["mpg", "estimated"]].head().to_string(index=False))
