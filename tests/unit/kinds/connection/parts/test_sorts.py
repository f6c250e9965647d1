"""The table of connections is whole."""

from __future__ import annotations

from zaffre.kinds.connection.parts import sorts


def test_defaults_are_among_what_a_type_takes():
    for name, sort in sorts.SORTS.items():
        assert sort.default in sort.credentials, name
        assert set(sort.credentials) <= set(sorts.ANY), name
        assert set(sort.fields) <= set(sorts.PARTICULAR), name
        assert not sort.target or sort.target in sorts.TARGETS, name


def test_two_types_of_one_category_are_told_apart():
    assert sorts.of_category("cognitiveservice", {"Kind": "speech"}) == "azure_speech_services"
    assert sorts.of_category("CognitiveService", {"Kind": "Content Safety"}) == "azure_content_safety"
    assert sorts.of_category("Unheard", {}) == "Unheard"
