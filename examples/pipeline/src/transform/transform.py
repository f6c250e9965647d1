"""Features that a model can use, and a part of the rows that it will not see."""

import argparse

import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--merged")
parser.add_argument("--test-share", type=float)
parser.add_argument("--train")
parser.add_argument("--test")
args = parser.parse_args()

cars = pd.read_csv(args.merged)
cars["power_by_weight"] = cars["horsepower"] / cars["weight"]
cars = pd.get_dummies(cars.drop(columns=["name", "table"]), columns=["origin"], dtype=float)
test = cars.sample(frac=args.test_share, random_state=0)
train = cars.drop(test.index)
train.to_csv(args.train, index=False)
test.to_csv(args.test, index=False)
print(f"{len(train)} cars to learn from, {len(test)} set aside, {len(cars.columns) - 1} features")
