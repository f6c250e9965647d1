"""Tables as users meet them: registered, looked into, held against expectations, read by jobs; the example, word for word."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import Installation, until

EXAMPLE = Path(__file__).parents[2] / "examples" / "tables"
STORE = "azureml://datastores/workspaceblobstore/paths"
WANTED = {"columns": {"n": {"type": "int", "min": 0, "nulls": False}}, "unique": [["n"]]}


def zaffre_cli(rig: Installation, *words: str, cwd: Path = EXAMPLE, code: int = 0) -> tuple[str, str]:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=cwd, env=rig.variables(), capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout, done.stderr


def put(rig: Installation, path: str, text: str) -> str:
    """A file of the default datastore; its URI."""
    file = rig.home / "data" / "default" / "workspaceblobstore" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return f"{STORE}/{path}"


def data(rig: Installation, name: str, uri: str, **more: Any) -> Any:
    return rig.call("PUT", f"data/{name}/versions/1", {"name": name, "path": uri, "type": "uri_file", **more})


@pytest.mark.timeout(300)
def test_the_example(zaffre: Installation) -> None:
    """Its commands in order, the real ``mltable`` package in a job at the end."""
    (block,) = re.findall(r"```bash\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.DOTALL)
    commands = [shlex.split(line, comments=True)[1:] for line in block.strip().splitlines()]
    said = [zaffre_cli(zaffre, *words)[0] for words in commands]
    assert json.loads(said[0])["version"] == "1"
    assert re.search(r"cultivar .*alcohol", said[1])
    assert re.search(r"^alcohol +11\.56 +13\.0388\d+ +14\.83 +0$", said[2], re.MULTILINE)
    assert json.loads(said[3])["passed"]
    assert "files: cultivar=0 cultivar=1 cultivar=2\nrows: 174\nmean alcohol: 13.0389\ncultivars: 0 1 2\n" in said[4]


def test_a_table_with_a_mistake_is_refused_before_anything_is_sent(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "MLTable").write_text("paths:\n  - file: ./a.csv\ntransformations:\n  - read_delimted\n")
    _, told = zaffre_cli(zaffre, "data", "create", "-n", "wrong", "-t", "mltable", "-p", "t", cwd=tmp_path, code=1)
    assert re.search(r't/MLTable:4:5: .*unknown field; did you mean "read_delimited"\?', told)
    (tmp_path / "t" / "MLTable").write_text("paths:\n  - file: ./a.csv\n")
    _, told = zaffre_cli(zaffre, "data", "create", "-n", "wrong", "-t", "mltable", "-p", "t", cwd=tmp_path, code=1)
    assert re.search(r"t/MLTable:2:11: .*nothing is at .*a\.csv", told)
    assert zaffre.call("GET", "data/wrong").status_code == 404


def test_and_by_the_server(zaffre: Installation) -> None:
    uri = put(zaffre, "bad/MLTable", "paths:\n  - file: ../../secret\n").rpartition("/")[0]
    answer = data(zaffre, "wrong", uri, type="mltable")
    assert answer.status_code == 400
    assert "MLTable:2:11: paths[0].file: '../../secret' leads out of the table's folder" in answer.text
    put(zaffre, "none/x.csv", "x\n1\n")
    answer = data(zaffre, "wrong", f"{STORE}/none", type="mltable")
    assert "a table is a folder with a file named MLTable in it" in answer.text


def test_data_that_breaks_its_expectations_is_not_registered(zaffre: Installation) -> None:
    uri = put(zaffre, "broken.csv", "n,s\n1,a\n-2,b\n1,c\noops,d\n")
    answer = data(zaffre, "broken", uri, expectations=WANTED)
    assert answer.status_code == 400
    told = answer.json()["error"]["message"]
    assert "data broken:1" in told
    assert "column n, type: expected int; 1 row does not\n    row 4: oops" in told
    assert "column n, min: expected at least 0; 1 row does not\n    row 2: -2" in told
    assert "row 3: 1, as in row 1" in told
    assert zaffre.call("GET", "data/broken").status_code == 404
    arm = (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers"
        "/Microsoft.MachineLearningServices/workspaces/default/data/broken/versions/1?api-version=2024-04-01"
    )
    body = {"properties": {"dataType": "uri_file", "dataUri": uri, "expectations": WANTED}}
    assert zaffre.call("PUT", arm, body).status_code == 400
    assert data(zaffre, "broken", uri, expectations=WANTED, verify="never").status_code == 201
    report = zaffre.call("GET", "data/broken/versions/1/verification").raise_for_status().json()
    assert not report["passed"]
    out, told = zaffre_cli(zaffre, "data", "verify", "-n", "broken", code=1)
    assert json.loads(out)["violations"]
    assert "row 2: -2" in told


def test_unchanged_data_is_read_once(zaffre: Installation) -> None:
    uri = put(zaffre, "once.csv", "n\n1\n2\n")
    assert data(zaffre, "once", uri, expectations=WANTED).status_code == 201
    report = zaffre.call("POST", "data/once/versions/1/verify", {}).json()
    assert (report["passed"], report["cached"], report["text"]) == (True, True, "data once:1: 2 rows keep all 5 rules.")
    put(zaffre, "once.csv", "n\n1\n2\n3\n")
    report = zaffre.call("POST", "data/once/versions/1/verify", {}).json()
    assert (report["cached"], report["rows"]) == (False, 3)


def test_a_job_does_not_start_on_data_that_became_bad(zaffre: Installation) -> None:
    uri = put(zaffre, "later.csv", "n\n1\n2\n")
    assert data(zaffre, "later", uri, expectations=WANTED, verify=True).status_code == 201
    inputs = {"table": {"type": "uri_file", "path": "azureml:later:1"}}
    zaffre.submit("good-data", "cat ${{inputs.table}}", inputs=inputs)
    assert zaffre.ended("good-data")["status"] == "Completed"
    put(zaffre, "later.csv", "n\n1\n-7\n")
    zaffre.submit("bad-data", "cat ${{inputs.table}}", inputs=inputs)
    state = zaffre.ended("bad-data")
    assert state["status"] == "Failed"
    assert state["reason"]["code"] == "InputFailed"
    assert "row 2: -7" in json.dumps(state["reason"])


@pytest.mark.parametrize("mode", ["eval_mount", "eval_download"])
def test_a_job_gets_the_files_that_a_table_names(zaffre: Installation, mode: str) -> None:
    put(zaffre, f"{mode}/MLTable", f"paths:\n  - pattern: ./*/w.csv\n  - file: {STORE}/{mode}-other.csv\n")
    for name in (f"{mode}/a/w.csv", f"{mode}/b/w.csv", f"{mode}/b/x.csv", f"{mode}-other.csv"):
        put(zaffre, name, name)
    inputs = {"t": {"type": "mltable", "path": f"{STORE}/{mode}", "mode": mode}}
    command = "cd ${{inputs.t}} && find . \\( -type f -o -type l \\) | sort && cat a/w.csv && echo changed > b/w.csv"
    name = mode.replace("_", "-")
    zaffre.submit(name, command, inputs=inputs)
    state = zaffre.ended(name)
    assert state["status"] == "Completed", state
    assert zaffre.text(name) == f"./1/{mode}-other.csv\n./a/w.csv\n./b/w.csv\n{mode}/a/w.csv"
    own = zaffre.home / "data" / "default" / "workspaceblobstore" / mode / "b" / "w.csv"
    assert (own.read_text() == "changed\n") is (mode == "eval_mount")


def test_looking_into_what_cannot_be_read(zaffre: Installation) -> None:
    uri = put(zaffre, "photo.png", "no table")
    data(zaffre, "photo", uri)
    for what in ("preview", "profile"):
        answer = zaffre.call("GET", f"data/photo/versions/1/{what}")
        assert answer.status_code == 400
        assert "photo.png is of no tabular format" in answer.text
    answer = zaffre.call("GET", "data/photo/versions/1/verification")
    assert "has no expectations" in answer.text
    answer = zaffre.call("GET", "data/photo/versions/1/preview", params={"rows": "0"})
    assert "expected a whole number from 1 to 1000" in answer.text
    broken = put(zaffre, "broken.parquet", "PAR1 not really")
    data(zaffre, "broken-parquet", broken)
    answer = zaffre.call("GET", "data/broken-parquet/versions/1/preview")
    assert answer.status_code == 400
    assert "broken.parquet: expected a parquet file" in answer.text
    uri = put(zaffre, "gone.csv", "n\n1\n")
    data(zaffre, "gone", uri)
    (zaffre.home / "data" / "default" / "workspaceblobstore" / "gone.csv").unlink()
    answer = zaffre.call("GET", "data/gone/versions/1/preview")
    assert answer.status_code == 400
    assert "nothing is at" in answer.text


def test_data_goes_when_its_time_is_over(zaffre: Installation) -> None:
    uri = put(zaffre, "brief.csv", "n\n1\n")
    setting = {"condition": "created_greater_than", "value": "30d"}
    made = data(zaffre, "brief", uri, auto_delete_setting=setting).json()
    assert made["state"]["expires_at"] > made["system"]["created_at"]
    assert made["spec"]["auto_delete_setting"] == setting
    shown = zaffre.call("GET", "data/brief/versions").json()["value"][0]
    assert shown["state"]["expires_at"] == made["state"]["expires_at"]
    answer = data(zaffre, "brief2", uri, auto_delete_setting={**setting, "value": "soon"})
    assert 'expected a number of days, e.g. 30d, found "soon"' in answer.json()["error"]["message"]


def test_many_ask_and_one_process_answers(zaffre: Installation) -> None:
    uri = put(zaffre, "many.csv", "n\n" + "1\n" * 1000)
    data(zaffre, "many", uri)
    assert zaffre.call("GET", "data/many/versions/1/profile").json()["cached"] is False
    assert zaffre.call("GET", "data/many/versions/1/profile").json()["cached"] is True
    kept = zaffre.home / "tables"
    until(lambda: not list(kept.glob("fetched-*")), "nothing fetched to be left")
