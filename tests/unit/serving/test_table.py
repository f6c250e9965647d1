import json

import pytest

from zaffre.core.errors import Invalid
from zaffre.serving.table import Auth, Deployment, Endpoint, Replica, Table, name_of, parse, read, to_json, write

FULL = Table(
    7,
    {
        "ws/e": Endpoint(
            Auth(("ab" * 32,), "PEM", ("endpoint:ws/e",)),
            {"blue": 90, "green": 10},
            {"green": 5},
            {"blue": Deployment((Replica("1-1", "/s"),), 1.5, 60.0, 4, 0, 30.0, 4.5, 7), "green": Deployment()},
            "pass",
        )
    },
)


def test_a_table_survives_its_file(tmp_path):
    write(tmp_path / "deep" / "table.json", FULL)
    assert read(tmp_path / "deep" / "table.json") == FULL
    assert (tmp_path / "deep" / "table.json").stat().st_mode & 0o777 == 0o600
    assert [found.name for found in (tmp_path / "deep").iterdir()] == ["table.json"]


def test_no_file_is_an_empty_table(tmp_path):
    assert read(tmp_path / "table.json") == Table()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"version": "x", "endpoints": {}}', '{"version": 1, "endpoints": 3}']
)
def test_what_is_no_table_is_refused(tmp_path, text):
    (tmp_path / "table.json").write_text(text)
    with pytest.raises(Invalid):
        read(tmp_path / "table.json")


def test_defaults_are_azures_and_names_are_lower_case():
    table = parse({"version": 1, "endpoints": {"WS/E": {"deployments": {"blue": {}}}}})
    assert table.endpoints["ws/e"].deployments["blue"] == Deployment((), 0.5, 5.0, 1, 1)
    assert name_of("WS", "E") == "ws/e"
    assert parse(json.loads(json.dumps(to_json(FULL)))) == FULL
