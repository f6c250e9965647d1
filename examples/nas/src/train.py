"""Train one architecture, beginning with the weights of the best network that was trained before; log accuracy and size."""

import argparse
import json
from pathlib import Path

import mlflow
import numpy as np
from network import Network, read

EPOCHS = 9


def parent(bank):
    """The best network in the bank: what it reached, its weights."""
    found = []
    for about in sorted(Path(bank).glob("*/about.json")):
        told = json.loads(about.read_text())
        found.append((told["accuracy"], about.parent.name, about.with_name("weights.npz")))
    return max(found, default=None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--digits", required=True)
    parser.add_argument("--network", required=True, help="where its weights go")
    parser.add_argument("--architecture", required=True, help="JSON: widths by layer")
    parser.add_argument("--bend", choices=("relu", "tanh"), default="tanh")
    parser.add_argument("--rate", type=float, default=0.02)
    parser.add_argument("--bank", help="networks that were trained before")
    given = parser.parse_args()
    widths = [width for name, width in sorted(json.loads(given.architecture).items()) if name.startswith("layer")]
    training, validation = read(given.digits)
    network = Network(widths, given.bend)
    best = parent(given.bank) if given.bank else None
    if best is not None:
        held = np.load(best[2])
        layers = len(held.files) // 2
        network.inherit([held[f"w{i}"] for i in range(layers)], [held[f"b{i}"] for i in range(layers)])
        mlflow.set_tag("inherits_from", best[1])
    mlflow.log_metric("thousands", network.size / 1000)
    chance, reached = np.random.default_rng(2), 0.0
    for epoch in range(EPOCHS):
        network.learn(training, given.rate, chance)
        reached = network.accuracy(validation)
        mlflow.log_metric("accuracy", reached, step=epoch)
    folder = Path(given.network)
    weights = {f"w{i}": one for i, one in enumerate(network.weights)} | {
        f"b{i}": one for i, one in enumerate(network.biases)
    }
    np.savez(folder / "weights.npz", **weights)
    about = {"accuracy": reached, "widths": widths, "bend": given.bend, "size": network.size}
    (folder / "about.json").write_text(json.dumps(about))
    print(about)


if __name__ == "__main__":
    main()
