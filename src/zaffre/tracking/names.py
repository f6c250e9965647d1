"""Names for runs and models that came without one: the same for the same id, and easy to say."""

from __future__ import annotations

_FIRST = (
    "able amber brave bright brisk calm clear clever crisp deft eager early fair fine fleet fond frank fresh gentle glad"
    " golden grand green happy hardy honest jolly keen kind lively loyal lucky mellow merry mild neat noble placid polite"
    " proud quick quiet rare ready rosy shiny silver sleek smart snug solid steady sunny swift tidy upbeat vivid warm wise"
    " witty young"
).split()
_SECOND = (
    "ant auk bear bee bison boar colt crab crane crow deer dove duck eagle elk falcon finch fox frog gnu goat goose grouse"
    " gull hare hawk hen heron ibis jay kite koala lark lemur lion lynx mole moose moth mouse newt otter owl panda perch"
    " quail ram raven robin seal shark sheep shrew skunk sloth snail stork swan tern toad trout vole wasp whale wolf wren"
    " yak zebra"
).split()


def random_name(identity: str) -> str:
    """A name made from a random hexadecimal id."""
    number = int(identity[-15:], 16)
    first, number = number % len(_FIRST), number // len(_FIRST)
    second, number = number % len(_SECOND), number // len(_SECOND)
    return f"{_FIRST[first]}-{_SECOND[second]}-{number % 1000}"
