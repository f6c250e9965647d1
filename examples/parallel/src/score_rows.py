"""Classifies the rows of a table: a mini-batch is a pandas DataFrame."""

import argparse
from pathlib import Path

import joblib


def init():
    """Once in each worker process."""
    global model
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    args, _ = parser.parse_known_args()
    model = joblib.load(next(args.model.rglob("model.joblib")))


def run(mini_batch):
    """A row for each digit: its number, what it is, and what the model makes of it."""
    found = model.predict(mini_batch.drop(columns=["digit", "target"]).to_numpy(dtype=float))
    return mini_batch[["digit", "target"]].assign(predicted=found)
