"""Our own examples against the bodies the official client sends for them, recorded.

``python tests/wire/record.py`` writes the recordings anew (it needs azure-ai-ml).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import wire_ours as ours

ROOT = Path(__file__).parents[2] / "src" / "zaffre"
RECORDED = Path(__file__).parent / "recorded"
EXAMPLES = sorted(path.relative_to(ROOT) for path in ROOT.glob("*/*/examples/*.yml") if path.parts[-4] != "library")


def spec_of(example: Path) -> ours.Spec:
    return ours.read(ours.kind_of(ROOT / example), ROOT / example)


def test_there_are_examples_of_every_kind() -> None:
    kinds = {ours.kind_of(ROOT / example) for example in EXAMPLES}
    assert set(ours.KINDS.values()) <= kinds


@pytest.mark.parametrize("example", sorted(RECORDED.rglob("*.json")), ids=lambda path: str(path.relative_to(RECORDED)))
def test_our_body_is_the_official_one(example: Path) -> None:
    path = ROOT / example.relative_to(RECORDED).with_suffix(".yml")
    assert ours.body(ours.kind_of(path), path) == json.loads(example.read_text("utf-8"))


@pytest.mark.parametrize("example", [path for path in EXAMPLES if ours.kind_of(ROOT / path)], ids=str)
def test_every_example_survives_yaml_storage_and_arm(example: Path) -> None:
    kind = ours.kind_of(ROOT / example)
    model = ours.model(kind)
    spec = spec_of(example)
    assert model.from_yaml(spec.to_yaml()) == spec
    assert model.from_stored(spec.to_stored()).to_stored() == spec.to_stored()
    body = spec.to_arm(ours.SCOPE)
    again = model.from_arm(body, scope=ours.SCOPE)
    assert again.to_arm(ours.SCOPE) == body


@pytest.mark.parametrize("kind", sorted(set(ours.KINDS.values())))
def test_every_model_has_a_json_schema(kind: str) -> None:
    schema = ours.model(kind).model_json_schema()
    assert schema.get("properties") or schema["oneOf"]
    json.dumps(schema)
