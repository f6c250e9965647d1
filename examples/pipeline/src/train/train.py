"""A forest that estimates what a car consumes."""

import argparse
from pathlib import Path

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestRegressor

parser = argparse.ArgumentParser()
parser.add_argument("--train")
parser.add_argument("--trees", type=int)
parser.add_argument("--model", type=Path)
args = parser.parse_args()

cars = pd.read_csv(args.train)
forest = RandomForestRegressor(args.trees, random_state=0).fit(cars.drop(columns="mpg"), cars["mpg"])
args.model.mkdir(parents=True, exist_ok=True)
joblib.dump(forest, args.model / "model.joblib")
print(f"{args.trees} trees on {len(cars)} cars")
