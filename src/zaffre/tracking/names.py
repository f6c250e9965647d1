"""Names for runs and models that came without one: the same for the same id, and easy to say."""

from __future__ import annotations

_FIRST = (
    *(
        "able",
        "amber",
        "brave",
        "bright",
        "brisk",
        "calm",
        "clear",
        "clever",
        "crisp",
        "deft",
        "eager",
        "early",
        "fair",
    ),
    *(
        "fleet",
        "fond",
        "frank",
        "fresh",
        "gentle",
        "glad",
        "golden",
        "grand",
        "green",
        "happy",
        "hardy",
        "jolly",
        "keen",
    ),
    *(
        "kind",
        "lively",
        "loyal",
        "lucky",
        "mellow",
        "merry",
        "mild",
        "neat",
        "noble",
        "polite",
        "proud",
        "quick",
        "quiet",
    ),
    *("rare", "ready", "rosy", "silver", "sleek", "smart", "snug", "solid", "steady", "sunny", "swift", "tidy", "wise"),
)
_SECOND = (
    *("auk", "bear", "bee", "bison", "boar", "colt", "crab", "crane", "crow", "deer", "dove", "duck", "eagle", "elk"),
    *(
        "falcon",
        "finch",
        "fox",
        "frog",
        "goat",
        "goose",
        "gull",
        "hare",
        "hawk",
        "heron",
        "ibis",
        "jay",
        "kite",
        "koala",
    ),
    *(
        "lark",
        "lemur",
        "lion",
        "lynx",
        "mole",
        "moose",
        "moth",
        "newt",
        "otter",
        "owl",
        "panda",
        "perch",
        "quail",
        "raven",
    ),
    *(
        "robin",
        "seal",
        "shark",
        "skunk",
        "sloth",
        "snail",
        "stork",
        "swan",
        "tern",
        "toad",
        "trout",
        "whale",
        "wren",
        "yak",
    ),
)


def random_name(identity: str) -> str:
    """A name made from a random hexadecimal id."""
    number = int(identity[-15:], 16)
    first, number = number % len(_FIRST), number // len(_FIRST)
    second, number = number % len(_SECOND), number // len(_SECOND)
    return f"{_FIRST[first]}-{_SECOND[second]}-{number % 1000}"
