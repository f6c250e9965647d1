"""Every public name of azure.ai.ml is ours too, with the same constructor arguments; what is missing is written down here."""

from __future__ import annotations

import enum
import inspect
import warnings

import pytest

import zaffre
import zaffre.constants
import zaffre.entities
import zaffre.sweep
from zaffre.core.errors import NotBuilt
from zaffre.sdk.arguments import accepted
from zaffre.sdk.unbuilt import UNBUILT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import azure.ai.ml
    import azure.ai.ml.constants
    import azure.ai.ml.entities
    import azure.ai.ml.sweep

MISSING = {
    "AzureOpenAIConnection": {"api_type"},
    "IntellectualProperty": {"protection_level"},
    "ManagedIdentityConfiguration": {"principal_id", "resource_id"},
    "ParallelComponent": {"code"},
    "RegistryRegionDetails": {"acr_config"},
    "SynapseSparkCompute": {"node_count", "node_family", "node_size", "spark_version"},
}
"""Arguments that azure.ai.ml takes and Zaffre does not; a line goes when it does."""
PAIRS = [
    (azure.ai.ml, zaffre),
    (azure.ai.ml.entities, zaffre.entities),
    (azure.ai.ml.constants, zaffre.constants),
    (azure.ai.ml.sweep, zaffre.sweep),
]


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=lambda module: module.__name__)
def test_every_name_can_be_imported(theirs, ours):
    assert [name for name in theirs.__all__ if not hasattr(ours, name)] == []


def arguments(made):
    given = inspect.signature(made.__init__).parameters.values()
    kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return {one.name for one in given if one.kind in kinds and one.name != "self" and not one.name.startswith("_")}


def test_constructors_take_the_same_arguments():
    found = {}
    for name in azure.ai.ml.entities.__all__:
        ours = getattr(zaffre.entities, name)
        if name not in UNBUILT:
            lacking = arguments(getattr(azure.ai.ml.entities, name)) - set(ours.model_fields) - accepted(name)
            found |= {name: lacking} if lacking else {}
    assert found == MISSING


def values(made):
    if isinstance(made, type) and issubclass(made, enum.Enum):
        return {member.name: member.value for member in made}
    plain = {name: value for name, value in vars(made).items() if not name.startswith("_")}
    return {name: value for name, value in plain.items() if isinstance(value, str)}


@pytest.mark.parametrize("name", sorted(azure.ai.ml.constants.__all__))
def test_constants_have_the_same_words(name):
    assert values(getattr(zaffre.constants, name)) == values(getattr(azure.ai.ml.constants, name))


def test_what_is_not_built_says_so_when_it_is_made():
    known = {*azure.ai.ml.__all__, *azure.ai.ml.entities.__all__}
    assert set(UNBUILT) <= known, "a name that azure.ai.ml does not have"
    for name in UNBUILT:
        module = zaffre.entities if hasattr(azure.ai.ml.entities, name) else zaffre
        with pytest.raises(NotBuilt, match=f"^{name}: .+\\.$"):
            getattr(module, name)(name="x")


def test_a_name_that_nobody_knows_is_an_attribute_error():
    for module in (zaffre, zaffre.entities):
        with pytest.raises(AttributeError, match="nonsense"):
            _ = module.nonsense
