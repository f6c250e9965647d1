"""What an invocation's arguments, as azure.ai.ml has them, become."""

from __future__ import annotations

import pytest

from zaffre import Input
from zaffre.core.errors import Invalid
from zaffre.sdk.batching import _document

DATA = Input(type="uri_folder", path="azureml:images:1")


def test_data_and_literals_of_an_invocation():
    asked = {"data": DATA, "mode": Input(type="string", default="append"), "plain": 3}
    said = {"data": {"type": "uri_folder", "path": "azureml:images:1"}, "mode": "append", "plain": 3}
    assert _document({"inputs": asked, "outputs": None}) == {"inputs": said}
    assert _document({"input": DATA}) == {"inputs": {"data": said["data"]}}


def test_one_input_and_several_exclude_each_other():
    with pytest.raises(Invalid, match="exclude each other"):
        _document({"input": DATA, "inputs": {"data": DATA}})
