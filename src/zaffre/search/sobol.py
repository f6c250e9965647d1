"""Sobol's sequence: trial n is its n-th point, so that trials cover the space evenly. Needs scipy, in a process of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import qmc

from zaffre.search.space import Dimension, assemble, at_quantile, dimensions
from zaffre.search.trial import Search, seed_of


def along(search: Search, number: int) -> dict[str, Any]:
    """The parameters of one trial; every branch has coordinates of its own."""
    names = [one.name for one in dimensions(search.spaces)]
    sequence = qmc.Sobol(len(names), scramble=True, rng=np.random.default_rng(seed_of(search.seed, "sobol")))
    point = sequence.fast_forward(number).random(1)[0] if number else sequence.random(1)[0]
    shares = dict(zip(names, (float(share) for share in point), strict=True))

    def pick(dimension: Dimension) -> Any:
        return at_quantile(dimension.space, shares[dimension.name], search.base)

    return assemble(search.spaces, pick)
