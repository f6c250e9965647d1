"""Small networks in numpy, of any depth: what is searched for, trained by gradient descent with momentum."""

import gzip
import itertools

import numpy as np

SLOPES = {"relu": lambda out: (out > 0).astype(float), "tanh": lambda out: 1 - out * out}
BENDS = {"relu": lambda into: np.maximum(into, 0), "tanh": np.tanh}


def read(path):
    """Training, validation: pixels between 0 and 1, and the digit each shows."""
    with gzip.open(path, "rt") as file:
        rows = np.loadtxt(file, delimiter=",")
    rows = rows[np.random.default_rng(0).permutation(len(rows))]
    pixels, labels = rows[:, :-1] / 16, rows[:, -1].astype(int)
    cut = len(rows) * 2 // 3
    return (pixels[:cut], labels[:cut]), (pixels[cut:], labels[cut:])


class Network:
    """Layers of the given widths, then ten scores."""

    def __init__(self, widths, bend):
        sizes = [64, *widths, 10]
        chance = np.random.default_rng(1)
        self.bend = bend
        self.weights = [
            chance.normal(0, np.sqrt(2 / before), (before, after)) for before, after in itertools.pairwise(sizes)
        ]
        self.biases = [np.zeros(after) for after in sizes[1:]]
        self._speeds = [np.zeros_like(one) for one in (*self.weights, *self.biases)]

    @property
    def size(self):
        """How many numbers it has."""
        return sum(one.size for one in (*self.weights, *self.biases))

    def inherit(self, weights, biases):
        """Take over as much of each layer as both networks have; the output layer by its last place."""
        places = [*range(min(len(self.weights), len(weights)) - 1), -1]
        for place in places:
            rows, columns = np.minimum(self.weights[place].shape, weights[place].shape)
            self.weights[place][:rows, :columns] = weights[place][:rows, :columns]
            self.biases[place][:columns] = biases[place][:columns]

    def outputs(self, pixels):
        """Of every layer."""
        found = [pixels]
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            found.append(BENDS[self.bend](found[-1] @ weights + bias))
        return [*found, found[-1] @ self.weights[-1] + self.biases[-1]]

    def accuracy(self, data):
        """Share of digits that it reads."""
        pixels, labels = data
        return float((self.outputs(pixels)[-1].argmax(axis=1) == labels).mean())

    def learn(self, data, rate, chance):
        """One epoch."""
        pixels, labels = data
        for rows in np.array_split(chance.permutation(len(labels)), len(labels) // 32):
            outputs = self.outputs(pixels[rows])
            scores = np.exp(outputs[-1] - outputs[-1].max(axis=1, keepdims=True))
            wrong = scores / scores.sum(axis=1, keepdims=True)
            wrong[np.arange(len(rows)), labels[rows]] -= 1
            wrong /= len(rows)
            for place in reversed(range(len(self.weights))):
                slopes = outputs[place].T @ wrong, wrong.sum(axis=0)
                if place:
                    wrong = wrong @ self.weights[place].T * SLOPES[self.bend](outputs[place])
                for index, (held, slope) in enumerate(zip((self.weights, self.biases), slopes, strict=True)):
                    speed = self._speeds[place + index * len(self.weights)]
                    speed *= 0.9
                    speed -= rate * slope
                    held[place] += speed
