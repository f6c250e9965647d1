"""``zaffre schema``."""

import json


def test_one_all_and_none(zaffre, tmp_path):
    listed = json.loads(zaffre("schema", "-o", "json").out)
    assert {
        "name": "commandJob",
        "describes": listed[[each["name"] for each in listed].index("commandJob")]["describes"],
    } in listed
    one = json.loads(zaffre("schema", "commandJob").out)
    assert "command" in one["properties"]
    ran = zaffre("schema", "--folder", str(tmp_path / "schemas"), "-o", "json")
    assert json.loads(ran.out)["schemas"] == len(listed)
    files = {file.name for file in (tmp_path / "schemas").iterdir()}
    assert files == {f"{each['name']}.schema.json" for each in listed}
    assert zaffre("schema", "commandJob.schema.json").out == zaffre("schema", "commandJob").out
    ran = zaffre("schema", "comandJob")
    assert (ran.code, "commandJob" in ran.error) == (1, True)
