"""A linear classifier of handwritten digits, trained by gradient descent; logs its accuracy after each epoch."""

import argparse
import gzip
import json
from pathlib import Path

import mlflow
import numpy as np

EPOCHS = 12


def read(path):
    with gzip.open(path, "rt") as file:
        rows = np.loadtxt(file, delimiter=",")
    rows = rows[np.random.default_rng(0).permutation(len(rows))]
    pixels, labels = rows[:, :-1] / 16, rows[:, -1].astype(int)
    cut = len(rows) * 3 // 4
    return pixels[:cut], labels[:cut], pixels[cut:], labels[cut:]


def main():
    parser = argparse.ArgumentParser()
    for name in ("digits", "model"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--decay", type=float, required=True)
    given = parser.parse_args()
    pixels, labels, test_pixels, test_labels = read(given.digits)
    chance = np.random.default_rng(1)
    weights, bias = np.zeros((64, 10)), np.zeros(10)
    accuracy = 0.0
    for epoch in range(EPOCHS):
        for rows in np.array_split(chance.permutation(len(labels)), max(1, len(labels) // given.batch)):
            scores = pixels[rows] @ weights + bias
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            shares[np.arange(len(rows)), labels[rows]] -= 1
            weights -= given.rate * (pixels[rows].T @ shares / len(rows) + given.decay * weights)
            bias -= given.rate * shares.mean(axis=0)
        accuracy = float(((test_pixels @ weights + bias).argmax(axis=1) == test_labels).mean())
        mlflow.log_metric("accuracy", accuracy, step=epoch)
    folder = Path(given.model)
    np.savez(folder / "weights.npz", weights=weights, bias=bias)
    (folder / "about.json").write_text(json.dumps({"accuracy": accuracy, **vars(given)}))


if __name__ == "__main__":
    main()
