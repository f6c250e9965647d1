"""The text format as people write ``config.pbtxt``, and what is no text format at all."""

import pytest

from zaffre.agent.scoring.pbtxt import Malformed, first, parse

CONFIG = """
# a comment
name: "densenet" platform: 'onnxruntime_onnx'
max_batch_size : 0
input [
  { name: "data_0" data_type: TYPE_FP32 dims: [ 3, 224, 224 ] reshape { shape: [ 1, 3, 224, 224 ] } },
  { name: "two" dims: 1 dims: -1; }
]
output { name: "fc6_1" label_filename: "labels" ".txt" }
parameters: { key: "path" value: { string_value: "a\\tb\\x41\\101\\"" } }
version_policy: { all { } }
ratio: 1.5e-3 on: true
"""


def test_a_configuration_is_read():
    found = parse(CONFIG)
    assert first(found, "name") == "densenet"
    assert first(found, "max_batch_size") == 0
    one, two = found["input"]
    assert one["dims"] == [3, 224, 224]
    assert first(one, "reshape") == {"shape": [1, 3, 224, 224]}
    assert two["dims"] == [1, -1]
    assert first(first(found, "output"), "label_filename") == "labels.txt"
    assert first(first(first(found, "parameters"), "value"), "string_value") == 'a\tbAA"'
    assert first(found, "version_policy") == {"all": [{}]}
    assert (first(found, "ratio"), first(found, "on")) == (0.0015, True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('name: "x', "line 1"),
        ("\ninput {", "ends where }"),
        ("name 3", "line 1: expected :"),
        ("}", "expected a field's name"),
        ("a: [1, 2", "ends where"),
        ("name: $", "'\\$' was not expected"),
        ("a {" * 100, "nested"),
    ],
)
def test_what_is_malformed_is_told_with_its_line(text, why):
    with pytest.raises(Malformed, match=why):
        parse(text)
